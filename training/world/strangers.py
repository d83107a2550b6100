"""What the pocket world has not: subjects and places that prompts ask for all the same."""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


THINGS = _names("""
    car, house, map, bicycle, castle, robot, guitar, chair, table, boat, train, bridge, clock,
    telephone, pizza, apple, mountain, volcano, city, street, spaceship, rocket, lamp, mirror, shoe,
    statue, logo, church, ship, truck, kitchen, bowl of fruit, cup of coffee, vase, mushroom,
    skyscraper, airplane, bus, tractor, scooter, skateboard, submarine, sailboat, canoe, ferry,
    fire engine, ambulance, tram, van, jeep, race car, airship, drone, satellite, telescope,
    microscope, tower, temple, palace, pyramid, windmill, tent, igloo, factory, school, library,
    museum, hospital, market, theater, stadium, airport, station, harbor, fountain, garden, park,
    forest, jungle, desert, lake, river, island, cave, canyon, glacier, swamp, cliff, valley, tree,
    palm tree, oak, cactus, leaf, bush, bamboo, fern, pine cone, planet, galaxy, comet, rainbow,
    tornado, storm, lightning, iceberg, campfire, candle, lantern, torch, fireplace, oven,
    fridge, toaster, kettle, pan, spoon, fork, knife, bottle, jar, glass of milk, sandwich, burger,
    hot dog, soup, salad, noodles, ramen, rice, bread, loaf of bread, croissant, cheese, egg, steak,
    ice cream, lollipop, chocolate bar, candy, honey, banana, apple juice, lemon, grapes, melon,
    watermelon, pineapple, strawberry, carrot, tomato, potato, onion, corn, broccoli, avocado,
    pepper, apple pie, bed, desk, bookshelf, cupboard, wardrobe, carpet, curtain, pillow, blanket,
    bathtub, shower, toilet, sink, window, staircase, ladder, fence, gate, wheel, engine, gear,
    hammer, saw, axe, wrench, drill, shovel, rake, bucket, rope, chain, anchor, key, lock,
    padlock, bell, drum, trumpet, flute, harp, saxophone, cello, microphone, radio, television,
    camera, printer, keyboard, screen, server, headphones, battery, light bulb, magnet, pencil,
    pen, brush, newspaper, letter, stamp, coin, banknote, wallet, suitcase, backpack,
    handbag, watch, ring, necklace, diamond, crystal, jewel, crown, mask, shield, sword, bow and
    arrow, cannon, helmet, armor, boots, sneakers, socks, gloves, trousers, jeans, dress, skirt,
    coat, jacket, suit, uniform, ball, football, basketball, tennis racket, chess board, dice,
    puzzle, kite, doll, toy train, swing, slide, carousel, roller coaster, ferris wheel, trophy,
    medal, flag, sign, poster, pie chart, bar chart, graph, diagram, floor plan, blueprint, brain,
    heart, hand, eye, tooth, skull, skeleton, molecule, cell, tattoo, mandala, pattern, alphabet,
    number, business card, web page, app icon, album cover, book cover, comic strip, coat of arms
""")
PEOPLE = _names("""
    woman, man, girl, boy, child, person, king, queen, wizard, knight, astronaut, pirate, doctor,
    teacher, dancer, old man, young woman, baby, princess, prince, witch, fairy, elf, dwarf, giant,
    mermaid, vampire, zombie, ghost, angel, devil, alien, superhero, ninja, samurai, viking,
    cowboy, gladiator, emperor, pharaoh, monk, nun, priest, judge, lawyer, policeman, firefighter,
    detective, spy, thief, sailor, captain, pilot, driver, mechanic, engineer, scientist,
    professor, student, librarian, painter, sculptor, musician, drummer, singer, guitarist,
    conductor, actor, model, ballerina, acrobat, magician, athlete, runner, swimmer, boxer,
    football player, skier, surfer, climber, hunter, fisherman, gardener, baker, chef, cook, waiter,
    butcher, carpenter, blacksmith, tailor, barber, dentist, surgeon, grandmother, grandfather,
    mother, father, sister, brother, family, couple, bride, groom, wedding couple, crowd, teenager,
    toddler, boss, manager, secretary, businesswoman, politician, president, programmer, gamer,
    photographer, tourist, neighbor, friend, stranger, lady, gentleman, hero, villain, monster,
    Albert Einstein, Cleopatra, Napoleon, Shakespeare, Mozart, Frida Kahlo, Marie Curie, Santa Claus
""")
OTHER_ANIMALS = _names("""
    dog, puppy, horse, lion, tiger, elephant, giraffe, mouse, wolf, deer, duck, chicken, fish,
    shark, dolphin, turtle, snake, cow, pig, sheep, monkey, zebra, dragon, unicorn, butterfly, bee,
    spider, parrot, eagle, goldfish, octopus, squid, jellyfish, starfish, crab, lobster, shrimp,
    snail, slug, worm, ant, beetle, ladybug, dragonfly, mosquito, fly, moth, caterpillar, scorpion,
    lizard, gecko, chameleon, iguana, cobra, alligator, dinosaur, t-rex, mammoth, rhino, hippo,
    buffalo, bison, moose, elk, reindeer, goat, donkey, mule, pony, foal, calf, lamb, piglet, boar,
    rat, hamster, guinea pig, gerbil, ferret, weasel, otter, beaver, badger, skunk, mole, bat,
    koala, kangaroo, wombat, platypus, sloth, panda, leopard, cheetah, jaguar, panther, lynx, puma,
    hyena, jackal, coyote, seal, walrus, manatee, stingray, eel, salmon, tuna, goose, swan, pelican,
    flamingo, stork, heron, crane, peacock, turkey, rooster, hen, chick, pigeon, dove, sparrow,
    robin, crow, raven, magpie, vulture, falcon, hawk, ostrich, emu, toucan, hummingbird, gorilla,
    chimpanzee, orangutan, lemur, meerkat, poodle, bulldog, labrador, dachshund, corgi, griffin,
    phoenix, centaur, yeti, kraken, pegasus
""")
MATTERS = _names("""
    freedom, justice, love, time, happiness, music, democracy, chaos, loneliness, the future,
    the meaning of life, the fall of Rome, artificial intelligence, climate change, sales per month,
    profit and loss, a yearly budget, a project plan, an organization chart, a list of prices,
    a weather forecast, a recipe for pancakes, how a motor works, the solar system, world war two,
    a mathematical formula, a poem about autumn, an algorithm, hello world, a traffic jam,
    rush hour, a birthday party, a concert, a wedding, a battle, an earthquake, a summer holiday,
    a job interview, breakfast, dinner for two, coffee and cake, a busy crossing, ruins
""")
"""Subjects that stand as they are, without another article."""
UNKNOWN = (*THINGS, *PEOPLE, *OTHER_ANIMALS, *MATTERS)
"""Subjects that no picture of the pocket world has."""

UNCOUNTED = frozenset(_names("""
    noodles, ramen, rice, bread, cheese, soup, salad, candy, honey, broccoli, corn, apple juice,
    ice cream, lightning, armor, bamboo, grapes, headphones, boots, sneakers, socks, gloves,
    trousers, jeans, Albert Einstein, Cleopatra, Napoleon, Shakespeare, Mozart, Frida Kahlo,
    Marie Curie, Santa Claus
"""))  # fmt: skip
"""Nouns without an article, of which there are never two."""
_PLURALS = {
    "woman": "women", "man": "men", "child": "children", "old man": "old men",
    "young woman": "young women", "person": "people", "policeman": "policemen",
    "fisherman": "fishermen", "gentleman": "gentlemen", "businesswoman": "businesswomen",
    "mouse": "mice", "wolf": "wolves", "deer": "deer", "fish": "fish", "sheep": "sheep",
    "goose": "geese", "calf": "calves", "elf": "elves", "thief": "thieves", "leaf": "leaves",
    "knife": "knives", "tooth": "teeth", "shrimp": "shrimp", "salmon": "salmon", "moose": "moose",
    "bison": "bison", "elk": "elk", "reindeer": "reindeer", "goldfish": "goldfish",
    "jellyfish": "jellyfish", "starfish": "starfish", "bookshelf": "bookshelves",
    "loaf of bread": "loaves of bread", "bowl of fruit": "bowls of fruit",
    "cup of coffee": "cups of coffee", "glass of milk": "glasses of milk", "potato": "potatoes",
    "tomato": "tomatoes", "hero": "heroes", "volcano": "volcanoes", "coat of arms": "coats of arms",
    "bow and arrow": "bows and arrows", "squid": "squid",
}  # fmt: skip


def plural(noun: str) -> str:
    """Several of a noun: "cities", "wolves"."""
    if noun in _PLURALS:
        return _PLURALS[noun]
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


DOINGS = _names("""
    running, sleeping, jumping, dancing, swimming, flying, singing, playing chess, cooking dinner,
    riding a bicycle, driving a car, looking at the camera, climbing a mountain, reading a
    newspaper, painting a fence, fighting a dragon, on fire, made of glass, made of chocolate, from
    above, at work, in love, with big eyes, with a long beard, with blue hair, with two heads,
    with a sword, with a suitcase, eating pizza, drinking coffee, on a throne, on a horse
""")
"""What the unknown do, or are like."""
ELSEWHERE = _names("""
    in a city, in the city, in a kitchen, in the kitchen, in an office, at school, in a museum,
    on a street, in the street, on a bridge, by a lake, at the lake, in a forest, in the woods,
    in the jungle, in the desert, on the moon, on mars, in space, under water, at the airport,
    at the station, in a supermarket, in a garden, in a park, in a cave, in a castle, in Paris,
    in Tokyo, in New York, on a table, on a shelf, in a box, in the rain, on a boat, in a library,
    at the theater, on a stage, in a factory, on the roof
""")
"""Places that no picture of the pocket world has."""
