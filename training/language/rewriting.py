"""Texts built from a scene, so that what a rewriting must say is known."""

from __future__ import annotations

from dataclasses import dataclass

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.tables import COLORS, JOBS, WEEKDAYS

_DEEDS = (
    ("bought a {x}", "buys a {x}", "buying a {x}"),
    ("lost a {x}", "loses a {x}", "losing a {x}"),
    ("found a {x}", "finds a {x}", "finding a {x}"),
    ("painted a {x}", "paints a {x}", "painting a {x}"),
    ("repaired a {x}", "repairs a {x}", "repairing a {x}"),
    ("sold a {x}", "sells a {x}", "selling a {x}"),
    ("drew a {x}", "draws a {x}", "drawing a {x}"),
    ("cleaned the {x}", "cleans the {x}", "cleaning the {x}"),
    ("opened a shop", "opens a shop", "opening a shop"),
    ("wrote a letter", "writes a letter", "writing a letter"),
    ("baked a cake", "bakes a cake", "baking a cake"),
    ("saw a {x}", "sees a {x}", "seeing a {x}"),
    ("met an old friend", "meets an old friend", "meeting an old friend"),
)
_PLACES = (
    "in the garden",
    "at the station",
    "in the park",
    "in the kitchen",
    "at the market",
    "in the library",
    "by the sea",
    "at school",
    "in the old house",
    "on the bridge",
)
_FILLERS = (
    "It was a long day.",
    "The sun was shining.",
    "It rained a little.",
    "Nobody else was there.",
    "The dog was barking.",
    "There was music in the air.",
    "It smelled of coffee.",
    "People walked by.",
    "The bells were ringing.",
)
_MOODS = (
    "very happy",
    "quite tired",
    "a little sad",
    "really surprised",
    "rather proud",
    "so glad",
)


@dataclass(frozen=True)
class Scene:
    """Who did what, where and when, and how it felt."""

    who: str
    job: str
    deed: tuple[str, str, str]
    place: str
    day: str
    mood: str
    fillers: tuple[str, ...]

    @property
    def core(self) -> str:
        """What happened, in the fewest words."""
        return f"{self.who} {self.deed[0]}."

    @property
    def full(self) -> str:
        """What happened, with place and day."""
        return f"On {self.day}, {self.who}, a {self.job}, {self.deed[0]} {self.place}."

    @property
    def story(self) -> str:
        """Three sentences or four."""
        return " ".join((self.full, *self.fillers, f"{self.who} was {self.mood}."))


def draw_scene(draw: Draw) -> Scene:
    """A scene with a hero of its own."""
    rng = draw.rng
    thing = draw.thing() if draw.chance(0.7) else f"{rng.choice(COLORS)} {draw.thing()}"
    deed = tuple(
        form.replace("a {x}", f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}").replace(
            "{x}", thing
        )
        for form in rng.choice(_DEEDS)
    )
    job = rng.choice([job for job in JOBS if job[0] not in "aeiou"])
    fillers = tuple(rng.sample(_FILLERS, rng.choice((0, 1, 1, 2))))
    return Scene(
        draw.name(),
        job,
        (deed[0], deed[1], deed[2]),
        rng.choice(_PLACES),
        rng.choice(WEEKDAYS),
        rng.choice(_MOODS),
        fillers,
    )


_VERB_FIRST = (
    "send me the {x}",
    "open the {x}",
    "close the {x}",
    "bring me a {x}",
    "give me the {x}",
    "call me back",
    "wait for me",
    "help me with the {x}",
    "tell me your name",
    "be quiet",
    "pay the bill",
    "clean the {x}",
    "show me the {x}",
    "answer my question",
    "repair the {x}",
    "stop the noise",
    "move your car",
    "read this",
    "come to the office",
    "turn off the {x}",
)
_ASK = {
    "short": (
        "[Make this shorter|Shorten this|Make it shorter|Say it shorter|Shorten|Cut this "
        "down][:|.] {t}",
        "[Shorter|Make this brief][:|.] {t}",
        "{t} [Make it shorter.|Shorten that.|Say that in fewer words.]",
    ),
    "one": (
        "[Summarize|Summarise|Sum up] [this|the text|the following] in [one|a single|1] "
        "sentence[:|.] {t}",
        "[Summarize|Summary|Sum up|TL;DR|In short][:|.] {t}",
        "{t} [Summarize that.|In one sentence, please.|What happened, in one sentence?|TLDR]",
        "What [happened|is this about]? {t}",
        "[Give me|Write] a [summary|short summary] [of this|][:|.] {t}",
    ),
    "bullets": (
        "[Turn this into|Write this as|Make|As] [bullet points|bullets|a bullet list][:|.] {t}",
        "{t} [As bullets, please.|Make bullet points of it.]",
    ),
    "title": (
        "[Give this|Find|Write|Suggest] a [title|headline] [for this|to this text|for it][:|.] {t}",
        "{t} [What would be a good title?|A title, please.|Title?]",
        "[Title|Headline] for: {t}",
    ),
    "caps": ("[Write|Put] this in [capital letters|capitals|upper case][:|.] {t}",),
    "now": ("[Put|Write|Change] this [in|into|to] [the present|present tense][:|.] {t}",),
    "who": ("Who is [this|the text] about? {t}", "{t} Who did that?"),
    "where": ("Where did [this|it] happen? {t}", "{t} Where was that?"),
    "when": ("When did [this|it] happen? {t}", "{t} When was that?", "On which day was that? {t}"),
    "polite": (
        "[Make this|Say this|Write this] [more polite|politer|more politely|in a polite way|"
        "politely|friendlier|nicer][:|.] {t}",
        "[More polite|Politer][:|,] [please: |]{t}",
        "{t} [Make it polite.|Say that politely.]",
        "[Rewrite|Rephrase] [this|] politely: {t}",
    ),
    "formal": ("[Make this|Write this] [more |]formal[:|.] {t}",),
    "question": ("[Turn|Make|Change] this [into|to] a question: {t}",),
    "exclaim": ("[Make this|Write this] [more exciting|louder|more enthusiastic]: {t}",),
    "not": (
        "[Make this|Turn this|Write this] [negative|into the opposite|into its opposite]: {t}",
        "Negate: {t}",
    ),
}


def rewriting(draw: Draw) -> Chat:
    """A text and what is to be made of it."""
    rng = draw.rng
    scene = draw_scene(draw)
    kind = rng.choice(
        (
            "short",
            "one",
            "one",
            "bullets",
            "title",
            "now",
            "who",
            "where",
            "when",
            "polite",
            "polite",
            "polite",
            "formal",
            "question",
            "exclaim",
            "not",
        )
    )
    if kind in ("polite", "formal"):
        order = rng.choice(_VERB_FIRST).replace("{x}", draw.thing())
        text = f"{order[:1].upper()}{order[1:]}{rng.choice(('.', '!', '!', ' now!', ' now.', ''))}"
        answer = draw.phrase(
            (
                "Could you please {o}?",
                "Would you please {o}?",
                "Please {o}, if you can.",
                "Would you be so kind as to {o}?",
            )
            if kind == "polite"
            else ("I would like to ask you to {o}.", "You are kindly asked to {o}."),
            o=order,
        )
        return _asked(draw, kind, text, answer)
    if kind in ("question", "exclaim", "not"):
        thing, color = draw.thing(), rng.choice(COLORS)
        text = f"The {thing} is {color}."
        answer = {
            "question": f"Is the {thing} {color}?",
            "exclaim": f"The {thing} is so wonderfully {color}!",
            "not": f"The {thing} is not {color}.",
        }[kind]
        return _asked(draw, kind, text, answer)
    if kind == "short":
        return _asked(draw, kind, scene.full, scene.core)
    if kind == "one":
        return _asked(
            draw,
            kind,
            scene.story,
            f"{scene.who} {scene.deed[0]} {scene.place} and was {scene.mood}.",
        )
    if kind == "bullets":
        return _asked(
            draw,
            kind,
            scene.story,
            f"- {scene.who} {scene.deed[0]}\n- place: {scene.place}\n- day: {scene.day}",
        )
    if kind == "title":
        words = scene.deed[2].split()
        return _asked(draw, kind, scene.story, f"{scene.who} and the {words[-1].capitalize()}")
    if kind == "now":
        return _asked(draw, kind, scene.core, f"{scene.who} {scene.deed[1]}.")
    answer = {
        "who": f"{scene.who}, a {scene.job}.",
        "where": f"{scene.place[:1].upper()}{scene.place[1:]}.",
        "when": f"On {scene.day}.",
    }[kind]
    return _asked(draw, kind, scene.story, answer)


def _asked(draw: Draw, kind: str, text: str, answer: str) -> Chat:
    shown = draw.rng.choice(("{}", "{}", '"{}"', "'{}'")).format(text)
    return turns(
        draw.phrase(_ASK[kind]).replace("{t}", keep(shown) if draw.chance(0.8) else shown), answer
    )


_TRAITS = "little brave lonely old tired happy green red magic shy".split()
_STORY_ASK = (
    "[Tell|Write|Give] me a [short |very short |little |tiny |]story about {h}[.|, please.| in "
    "three sentences.|!]",
    "[Write|Can you write|Please write] a [short |three-sentence |little |]story about {h}[.|?]",
    "A [short |]story about {h}[, please|][.|]",
    "[Once upon a time|Story time]: {h}[.|]",
    "[Tell me a|I want a|Do you know a] story [with|about] {h}[.|?]",
    "Make up a [short |]story [about|with] {h}[.|]",
)
_ANY_STORY = (
    "[Tell|Write] me a [short |bedtime |funny |]story[.|, please.|!]",
    "[A story, please|Story|Tell a story][.|!|]",
    "Do you know a story?",
)
_BEGINNINGS = (
    "[Once upon a time there was {h} who lived {p}.|There was once {h} {p}.|{H} lived {p}.|"
    "Long ago, {h} lived {p}.]",
)
_WISHES = (
    "{it} wanted to [see the sea|learn to fly|find a friend|bake the biggest cake|sing a song|"
    "climb a mountain|find a treasure|write a poem|see the stars|win a race]",
)
_TWISTS = (
    "but [nobody would help|it was raining|the way was long|a river was in the way|the night "
    "was dark|the map was wrong|time ran out|the wind was strong]",
)
_HELPERS = (
    "[Then|One day|In the morning|At last] [a small bird|an old owl|a kind baker|a friendly "
    "dog|a little girl|a wise snail|a passing sailor] [came by and helped|showed the way|had a "
    "good idea|brought a lantern|shared some bread].",
)
_ENDS = (
    "[In the end|So|From that day on] [they became friends|all was well|everybody laughed|they "
    "lived happily|nobody was sad any more|they sang together|the wish came true].",
)
_WHERE = (
    "in a small house",
    "by the river",
    "at the edge of the forest",
    "in a big city",
    "on a green hill",
    "near the sea",
    "under an old bridge",
    "in a quiet village",
)


def story(draw: Draw) -> Chat:
    """A tiny story with a given hero, of three or four sentences."""
    rng = draw.rng
    if draw.chance(0.25):
        hero = rng.choice(
            (
                "a little fox",
                "an old robot",
                "a young llama",
                "a brave mouse",
                "a lonely teapot",
                "a small cloud",
                "a tired baker",
            )
        )
        asked = draw.phrase(_ANY_STORY)
    elif draw.chance(0.3):
        hero = draw.name()
        asked = draw.phrase(_STORY_ASK, h=keep(hero))
    else:
        thing = draw.thing()
        if draw.chance(0.4):
            thing = f"{rng.choice(_TRAITS)} {thing}"
        hero = f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"
        asked = draw.phrase(_STORY_ASK, h=keep(hero))
    pronoun = "It" if hero.startswith(("a ", "an ")) else hero
    sentences = [
        draw.phrase(_BEGINNINGS, h=hero, H=hero[:1].upper() + hero[1:], p=rng.choice(_WHERE)),
        f"{draw.phrase(_WISHES, it=pronoun)}, {draw.phrase(_TWISTS)}.",
    ]
    if draw.chance(0.6):
        sentences.append(draw.phrase(_HELPERS))
    sentences.append(draw.phrase(_ENDS))
    return turns(asked, " ".join(sentences))


_HAIKU = (
    (
        "An old silent pond",
        "The first morning light",
        "Snow on the dark hill",
        "A cloud over trees",
        "Soft rain on the roof",
        "The moon in the lake",
        "One leaf on the path",
        "Cold wind from the north",
        "The sea far below",
        "A bird in the reeds",
    ),
    (
        "a frog jumps into the water",
        "the garden is slowly waking",
        "nobody has walked here before",
        "somewhere a small dog is barking",
        "the kettle begins to whistle",
        "a boat drifts along the still shore",
        "the children run home together",
        "an owl looks down at the village",
    ),
    (
        "and all is quiet.",
        "then comes the evening.",
        "spring is on its way.",
        "I hold my warm cup.",
        "a star falls slowly.",
        "the day has an end.",
        "time stands still for once.",
        "how far away home.",
    ),
)


def haiku(draw: Draw) -> Chat:
    """Three short lines about nature."""
    asked = draw.phrase(
        (
            "[Write|Can you write|Please write|Tell me|Give me] a haiku[| about {t}| for me][.|"
            ", please.|?]",
            "[Haiku|A haiku][, please|][.|!]",
        ),
        t=draw.rng.choice(
            ("nature", "the sea", "the rain", "spring", "the moon", "winter", "morning")
        ),
    )
    return turns(asked, "\n".join(draw.rng.choice(lines) for lines in _HAIKU))


_NOTES = {
    "thank-you note": (
        "thank you so much for [the {x}|your help|the lovely evening|your kind words]. [It "
        "made my day.|I am very happy about it.|You are a good friend.]",
    ),
    "birthday card": (
        "happy birthday! [I wish you a wonderful day.|May all your wishes come true.|Have a "
        "happy year.]",
        "all the best for your birthday! [Enjoy the day.|Have lots of cake.]",
    ),
    "invitation": (
        "please come to my [party|dinner|concert] on {d}. [I would be happy to see you.|There "
        "will be cake.|It starts at eight.]",
    ),
    "apology": (
        "I am sorry that I [was late|forgot the {x}|broke the {x}|missed the meeting]. [It "
        "will not happen again.|Please forgive me.]",
    ),
    "get-well card": (
        "get well soon! [I am thinking of you.|We all miss you.|Rest and drink tea.]",
    ),
    "message": (
        "I [will be late|cannot come|am ill] on {d}. [Please start without me.|I am sorry.|See "
        "you soon.]",
    ),
    "reminder": ("please remember [the {x}|our meeting] on {d}. [Thank you!|See you then.]",),
}


def note(draw: Draw) -> Chat:
    """A card, a short letter or an e-mail to somebody."""
    kind = draw.rng.choice(tuple(_NOTES))
    name, sender = draw.name(), draw.name()
    values = {"x": draw.thing(), "d": draw.rng.choice(WEEKDAYS)}
    article = "an" if kind[0] in "aeiou" else "a"
    how = draw.rng.choice(("", "", "", "short ", "nice "))
    asked = draw.phrase(
        (
            "[Write|Please write|Can you write|Draft|Help me write] {a} {h}{k}[| e-mail| as an "
            "e-mail] [to|for] {n}[.|, please.|?]",
            "{a} {h}{k} [for|to] {n}[, please|][.|]",
        ),
        a=article if not how else "a",
        h=how,
        k=kind,
        n=keep(name),
    )
    end = draw.phrase(("Best wishes", "Yours", "See you soon", "Kind regards"))
    if draw.chance(0.3):
        asked += f" My name is {keep(sender)}."
        end += f"\n{sender}"
    return turns(
        asked[:1].upper() + asked[1:],
        f"Dear {name},\n\n{draw.phrase(_NOTES[kind], **values)}\n\n{end}",
    )
