"""What a poem can be about: known topics, made-up topics, and the topics kept for evaluation."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache

from local_endpoints.training.gemma.couplets import ANY
from local_endpoints.training.gemma.words import (
    ADJECTIVES,
    CODAS,
    ENDINGS,
    ONSETS,
    PLAIN_TOPICS,
    VOWELS,
    WORDS,
)

_NOUNS = {
    "river": "river/rivers stream/streams brook/brooks creek/creeks waterfall/waterfalls "
    "spring/springs canal/canals",
    "sea": "sea/seas ocean/oceans beach/beaches harbour/harbours wave/waves sailor/sailors "
    "island/islands ship/ships whale/whales dolphin/dolphins tide/tides coast/coasts shell/shells",
    "sky": "star/stars moon/moons planet/planets comet/comets galaxy/galaxies rocket/rockets "
    "astronaut/astronauts constellation/constellations satellite/satellites meteor/meteors",
    "weather": "storm/storms cloud/clouds raindrop/raindrops breeze/breezes puddle/puddles "
    "shower/showers thunderstorm/thunderstorms",
    "winter": "snowflake/snowflakes snowstorm/snowstorms",
    "summer": "meadow/meadows picnic/picnics sunbeam/sunbeams",
    "plant": "tree/trees flower/flowers rose/roses garden/gardens forest/forests oak/oaks "
    "daisy/daisies tulip/tulips sunflower/sunflowers fern/ferns willow/willows bush/bushes "
    "cherry_tree/cherry_trees wood/woods leaf/leaves seed/seeds daffodil/daffodils lily/lilies",
    "mountain": "mountain/mountains hill/hills cliff/cliffs peak/peaks summit/summits "
    "glacier/glaciers ridge/ridges",
    "bird": "bird/birds owl/owls robin/robins sparrow/sparrows swan/swans goose/geese duck/ducks "
    "eagle/eagles crow/crows blackbird/blackbirds parrot/parrots swallow/swallows pigeon/pigeons",
    "cat": "cat/cats kitten/kittens tomcat/tomcats black_cat/black_cats",
    "dog": "dog/dogs puppy/puppies sheepdog/sheepdogs hound/hounds terrier/terriers",
    "wild": "fox/foxes bear/bears rabbit/rabbits hare/hares llama/llamas deer/deer "
    "elephant/elephants hedgehog/hedgehogs squirrel/squirrels wolf/wolves "
    "horse/horses pony/ponies badger/badgers mouse/mice lion/lions tiger/tigers "
    "otter/otters panda/pandas cow/cows sheep/sheep goat/goats giraffe/giraffes",
    "insect": "bee/bees butterfly/butterflies ant/ants ladybird/ladybirds "
    "beetle/beetles bumblebee/bumblebees cricket/crickets firefly/fireflies",
    "music": "song/songs guitar/guitars violin/violins drum/drums flute/flutes choir/choirs "
    "trumpet/trumpets cello/cellos melody/melodies orchestra/orchestras",
    "school": "teacher/teachers lesson/lessons classroom/classrooms pencil/pencils",
    "book": "book/books story/stories novel/novels fairy_tale/fairy_tales letter/letters "
    "comic/comics diary/diaries notebook/notebooks",
    "code": "program/programs algorithm/algorithms script/scripts function/functions",
    "learning": "neural_network/neural_networks language_model/language_models robot/robots "
    "chatbot/chatbots classifier/classifiers transformer/transformers learning_machine/"
    "learning_machines pocket_model/pocket_models",
    "server": "server/servers endpoint/endpoints computer/computers replica/replicas "
    "laptop/laptops data_centre/data_centres machine/machines GPU/GPUs",
    "city": "city/cities town/towns street/streets village/villages market/markets "
    "bridge/bridges square/squares",
    "travel": "train/trains journey/journeys road/roads trip/trips ferry/ferries "
    "adventure/adventures",
    "bike": "bicycle/bicycles bike/bikes tandem/tandems",
    "home": "house/houses kitchen/kitchens window/windows candle/candles door/doors "
    "blanket/blankets lamp/lamps teapot/teapots chair/chairs sofa/sofas clock/clocks",
    "love": "friend/friends grandmother/grandmothers sister/sisters brother/brothers "
    "neighbour/neighbours uncle/uncles aunt/aunts father/fathers mother/mothers",
    "tale": "dragon/dragons knight/knights wizard/wizards princess/princesses "
    "pirate/pirates unicorn/unicorns giant/giants witch/witches king/kings queen/queens "
    "ghost/ghosts fairy/fairies mermaid/mermaids goblin/goblins",
    "vehicle": "car/cars truck/trucks bus/buses fire_engine/fire_engines taxi/taxis van/vans "
    "motorbike/motorbikes",
    "clothes": "hat/hats shoe/shoes jacket/jackets scarf/scarves sweater/sweaters shirt/shirts "
    "coat/coats sock/socks boot/boots dress/dresses cap/caps",
    "pond": "frog/frogs turtle/turtles toad/toads snail/snails fish/fish newt/newts "
    "dragonfly/dragonflies goldfish/goldfish duckling/ducklings",
    "worker": "doctor/doctors nurse/nurses baker/bakers farmer/farmers postman/postmen "
    "gardener/gardeners engineer/engineers carpenter/carpenters fireman/firemen cook/cooks "
    "programmer/programmers cleaner/cleaners",
    "time": "birthday/birthdays morning/mornings weekend/weekends sunrise/sunrises "
    "holiday/holidays",
    "science": "microscope/microscopes telescope/telescopes experiment/experiments "
    "magnet/magnets discovery/discoveries",
}

_SINGULAR = {
    "sea": "the open sea, the seaside, sailing, sea air",
    "sky": "space, the night sky, the universe, starlight, moonlight, the full moon, outer space, "
    "the milky way, the sky, astronomy",
    "weather": "rain, thunder, the wind, fog, wind, bad weather, the weather, drizzle, lightning, "
    "april rain, mist",
    "winter": "snow, winter, frost, december, january, fresh snow, the first snow",
    "summer": "spring, summer, june, july, sunshine, the sun, the month of may, warm weather",
    "autumn": "autumn, fall, october, november, september, the harvest",
    "plant": "moss, grass, ivy, nature, lavender, clover, bamboo, the rainforest",
    "mountain": "Mount Everest, the high plateau",
    "food": "bread, soup, chocolate, pizza, cake, cheese, pasta, rice, breakfast, ice cream, "
    "dinner, apple pie, fresh bread, spaghetti, jam, butter, tomato soup, curry, lunch",
    "drink": "tea, coffee, cocoa, green tea, hot chocolate, black coffee, mint tea, "
    "ginger tea, milk",
    "music": "music, jazz, the piano, singing, dancing, the blues, folk music, rock and roll, "
    "my old guitar, opera",
    "school": "school, homework, mathematics, maths, the alphabet, geography, algebra, grammar, "
    "spelling, the university",
    "book": "poetry, the dictionary, my favourite book",
    "code": "code, programming, python, software, debugging, coding, source code, clean code, "
    "version control, recursion, git, JavaScript, Rust, SQL",
    "open": "open source, open source software, free software, open code, open science, "
    "the open source community, open knowledge, open data, Linux",
    "learning": "machine learning, deep learning, artificial intelligence, AI, gradient descent, "
    "the transformer, generative AI",
    "server": "the cloud, the internet, cloud computing, the network, the web, hardware",
    "city": "London, Paris, Berlin, New York, Tokyo, Rome, the city at night, my home town, "
    "Lisbon, Madrid, the old town",
    "travel": "travel, the night train, the open road, the last train home, camping, flying",
    "bike": "my old bicycle, cycling, my bike, my red bicycle",
    "home": "my garden gate, my old house, my room, the fireplace, my armchair",
    "joy": "happiness, joy, laughter, hope, kindness, courage, curiosity, gratitude, wonder, "
    "freedom, peace, luck, trust, confidence, imagination, a good mood, good humour",
    "love": "love, friendship, my family, my best friend, my grandfather, my daughter, my son, "
    "true love, my wife, my husband",
    "night": "the night, sleep, evening, midnight, bedtime, silence, twilight, dusk, rest, "
    "the quiet hour, darkness",
    "time": "time, the morning, monday, tomorrow, the new year, sunday, friday, today, dawn, "
    "my birthday, a new day, Christmas, the weekend, the future, sunday morning",
    "sport": "football, running, hiking, climbing, tennis, basketball, hockey, "
    "cricket, soccer, rugby, volleyball, "
    "badminton, baseball, the marathon, athletics, table tennis",
    "craft": "knitting, painting, pottery, sewing, drawing, origami, carpentry, woodwork, art, "
    "weaving, embroidery, design, photography",
    "work": "work, teamwork, paperwork, project work, office work",
    "science": "science, physics, chemistry, biology, electricity, gravity, evolution, light, "
    "the periodic table, research, magnetism",
}

_PLURAL = {
    "sea": "the seven seas, sea shells, sailing boats, fishes",
    "sky": "the northern stars, shooting stars, the planets, the stars above",
    "weather": "rainy days, summer storms, grey clouds, stormy nights",
    "winter": "winter days, winter nights, snowy days, cold mornings, polar nights",
    "summer": "summer days, sunny days, summer holidays, spring mornings, long summer evenings",
    "autumn": "autumn leaves, falling leaves, autumn days, fallen leaves, golden leaves",
    "plant": "wild flowers, the woods, mushrooms, old trees, house plants, forest paths",
    "mountain": "the alps, snowy mountains, rolling hills, the hills",
    "food": "pancakes, cookies, noodles, apples, strawberries, potatoes, waffles, sandwiches, "
    "dumplings, cherries, tomatoes, cakes, pies, vegetables, bananas, lemons, oranges, pears",
    "music": "the drums, old songs, love songs, piano lessons",
    "school": "numbers, fractions, exams, school days, languages, students",
    "book": "bedtime stories, old books, poems, tales of dragons",
    "code": "bugs, unit tests, bug fixes, compiler errors, semicolons, for loops, variables",
    "open": "open source projects, open models, open standards, shared models, pull requests",
    "learning": "neural nets, large language models, tiny models, word vectors, smart machines, "
    "diffusion models, image models, embeddings",
    "server": "inference endpoints, web servers, small computers",
    "city": "big cities, city lights, city streets, busy streets, small towns",
    "travel": "steam trains, old maps, long journeys, holidays abroad, travels",
    "home": "old houses, curtains, slippers",
    "love": "old friends, good friends, my parents, my children, grandparents, my friends",
    "night": "dreams, quiet nights, summer nights, sweet dreams",
    "time": "the holidays, birthdays, busy days, mornings",
    "sport": "ball games, team sports, the olympic games, football matches",
    "work": "long meetings, meetings, deadlines, spreadsheets, emails",
    "science": "atoms, molecules, electrons, crystals, fossils, dinosaurs",
}


_SIGNS = ("GPT-4", "C++", "café life", "Zürich", "R2-D2", "5G", "São Paulo", "the year 2030",
          "naïve ideas", "Web 3.0", "jalapeños", "a 3D printer", "e-mail", "Co-pilots", "Malmö",
          "F-16s", "the number 7", "42", "smörgåsbord", "TCP/IP", "rock 'n' roll", "K-pop",
          "crème brûlée", "AC/DC", "my mother-in-law", "self-driving cars", "Mario's hat",
          "time-travel", "llama.cpp", "node.js", "🍕", "🐱", "日本", "München")  # fmt: skip
"""Topics with signs beyond plain letters."""

HELD_OUT = {
    "volcanoes": True, "lighthouses": True, "tractors": True, "zebras": True,
    "saxophones": True, "windmills": True, "sandcastles": True, "crocodiles": True,
    "suitcases": True, "helicopters": True, "blueberry muffins": True, "rubber boots": True,
    "quantum physicists": True, "vending machines": True, "hot air balloons": True,
    "honey": False, "ballet": False, "photosynthesis": False, "democracy": False,
    "electrical tape": False, "sourdough": False, "skateboarding": False, "archery": False,
    "nostalgia": False, "velcro": False, "Kubernetes": False, "Copenhagen": False,
    "my red scooter": False, "the aurora": False, "a rusty key": False, "my cousin": False,
    "the northern lights": True, "a lost umbrella": False, "the elevator": False,
    "reinforcement learning": False, "functional programming": False, "the dentist": False,
    "object detection": False, "maple syrup": False, "the stock exchange": False,
    "my left glove": False, "jellyfish": True,
    "zorbels": True, "the quimbat": False, "flanterium": False, "mivodos": True,
    "a green drolp": False, "tishy vundles": True,
}  # fmt: skip
"""Topics for evaluation only, and whether each is plural. Training never sees one of them."""


@dataclass(frozen=True)
class Topic:
    """A noun phrase as a request names it. ``category`` is ``any`` for an unknown topic."""

    phrase: str
    plural: bool
    category: str


@cache
def known_topics() -> tuple[Topic, ...]:
    """Every topic with couplets of its own, in a fixed order, without held-out ones."""
    found: dict[str, Topic] = {}

    def add(phrase: str, plural: bool, category: str) -> None:
        phrase = " ".join(phrase.replace("_", " ").split())
        if not is_held_out(phrase):
            found.setdefault(phrase, Topic(phrase, plural, category))

    for category, nouns in _NOUNS.items():
        for noun in nouns.split():
            one, many = noun.split("/")
            article = "an" if one[0] in "aeio" else "a"
            add(many, True, category)
            for determiner in ("my",) if category == "love" else ("the", article, "my"):
                add(f"{determiner} {one}", False, category)
            add(f"my {many}", True, category)
    for table, plural in ((_SINGULAR, False), (_PLURAL, True)):
        for category, phrases in table.items():
            for phrase in phrases.split(","):
                add(phrase, plural, category)
    return tuple(found.values())


@cache
def _by_category() -> dict[str, tuple[Topic, ...]]:
    groups: dict[str, list[Topic]] = {}
    for topic in known_topics():
        groups.setdefault(topic.category, []).append(topic)
    return {name: tuple(topics) for name, topics in groups.items()}


def is_held_out(text: str) -> bool:
    """Whether a text contains a held-out topic (without its article or possessive)."""
    return bool(_held_out_pattern().search(text))


def core(phrase: str) -> str:
    """A topic without a leading article or possessive, in lower case: "my cat" is "cat"."""
    words = phrase.lower().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an", "my") else words)


@cache
def _held_out_pattern() -> re.Pattern[str]:
    cores = "|".join(re.escape(core(phrase)) for phrase in HELD_OUT)
    return re.compile(rf"(?<!\w)(?:{cores})(?!\w)", re.IGNORECASE)


def made_up_word(rng: random.Random, *, syllables: int | None = None) -> str:
    """A pronounceable word that means nothing, of one to three syllables."""
    count = syllables or rng.choices((1, 2, 3), (3, 5, 2))[0]
    word = ""
    for index in range(count):
        word += rng.choice(ONSETS) + rng.choice(VOWELS)
        if index == count - 1 or rng.random() < 0.25:
            word += rng.choice(CODAS)
    if rng.random() < 0.15:
        word += rng.choice(ENDINGS)
    return word[:14]


def _with_signs(rng: random.Random, word: str) -> str:
    """A made-up word with digits, a hyphen, a dot, capitals or an accent in it."""
    style = rng.randrange(5)
    if style == 0:
        return f"{word}-{rng.randint(1, 99)}"
    if style == 1:
        return f"{word}{rng.randint(2, 2099)}"
    if style == 2:
        return f"{word}{rng.choice('-./')}{made_up_word(rng, syllables=1)}"
    if style == 3:
        return "".join(rng.choice(_CAPITALS) for _ in range(rng.randint(2, 4)))
    return word.translate(str.maketrans("aeou", rng.choice(_ACCENTS)))


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTS = ("áéóú", "äëöü", "àèòù", "åéøü")


def draw_known(rng: random.Random) -> Topic:
    """A topic with couplets of its own; categories are equally likely, then topics within."""
    groups = _by_category()
    topic = rng.choice(groups[rng.choice(list(groups))])
    words = topic.phrase.split()
    if rng.random() < 0.12 and (len(words) == 1) == topic.plural and len(words) < 3:
        words.insert(len(words) - 1, rng.choice(ADJECTIVES))
        if words[0] in ("a", "an"):
            words[0] = "an" if words[1][0] in "aeio" else "a"
        phrase = " ".join(words)
        if not is_held_out(phrase):
            return Topic(phrase, topic.plural, topic.category)
    return topic


def draw_unknown(rng: random.Random) -> Topic:
    """A topic that the model cannot know: made-up words and unlikely combinations."""
    while True:
        kind = rng.random()
        if kind < 0.08:
            words = rng.choice((*PLAIN_TOPICS, rng.choice(_SIGNS))).split()
            return Topic(" ".join(words), False, ANY)
        if kind < 0.11:
            words = [_with_signs(rng, made_up_word(rng))]
        elif kind < 0.45:
            words = [made_up_word(rng)]
        elif kind < 0.65:
            words = [rng.choice(WORDS)]
        elif kind < 0.8:
            words = [rng.choice(WORDS), rng.choice(WORDS)]
        else:
            words = [rng.choice((made_up_word(rng), *rng.sample(ADJECTIVES, 2)))]
            words.append(rng.choice((made_up_word(rng), rng.choice(WORDS))))
        if rng.random() < 0.03:
            words.append(rng.choice(WORDS))
        if rng.random() < 0.35 and not words[-1].endswith("s"):
            words[-1] += "s"
        if rng.random() < 0.25:
            words.insert(0, rng.choice(("the", "the", "my", "my", "a", "your", "our")))
        if words[0] == "a" and words[1][0] in "aeiou":
            words[0] = "an"
        phrase = " ".join(words)
        if rng.random() < 0.12:
            phrase = rng.choice((phrase.title(), phrase.capitalize(), phrase.upper()))
        if not is_held_out(phrase):
            return Topic(phrase, False, ANY)
