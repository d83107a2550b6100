"""Stories about a hero of the user's own, of whom the request says something."""

from __future__ import annotations

from dataclasses import dataclass

from training.language.articles import with_article
from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.tables import ANIMALS, COLORS, FOODS, JOBS

_TRAITS = (
    "",
    "",
    "tiny",
    "little",
    "young",
    "old",
    "clever",
    "shy",
    "lazy",
    "curious",
    "sleepy",
    "friendly",
    "clumsy",
    "proud",
    "silver",
    "forgetful",
    "very small",
    "hungry",
)
_HEROES = (
    "robot",
    "dragon",
    "giant",
    "wizard",
    "ghost",
    "king",
    "queen",
    "knight",
    "pirate",
    "monster",
    "boy",
    "girl",
    "tree",
    "cloud",
    "star",
    "snowman",
    "house",
    "boat",
    "train",
    "clock",
    "spoon",
    "pencil",
)
_DEEDS = (
    ("learns to {v}", "learned to {v}"),
    ("wants to {v}", "wanted to {v}"),
    ("tries to {v}", "tried to {v}"),
    ("cannot {v}", "could not {v}"),
    ("dares not {v}", "dared not {v}"),
    ("never wants to {v}", "never wanted to {v}"),
    ("has to {v}", "had to {v}"),
    ("forgets how to {v}", "forgot how to {v}"),
    ("dreams of {x}", "dreamed of {x}"),
    ("loves {x}", "loved {x}"),
    ("hates {x}", "hated {x}"),
    ("is afraid of {x}", "was afraid of {x}"),
    ("is tired of {x}", "was tired of {x}"),
    ("cannot stand {x}", "could not stand {x}"),
    ("looks for {o}", "looked for {o}"),
    ("finds {o}", "found {o}"),
    ("loses {o}", "lost {o}"),
    ("builds {o}", "built {o}"),
    ("paints {o}", "painted {o}"),
    ("saves {o}", "saved {o}"),
    ("meets {o}", "met {o}"),
    ("eats only {f}", "ate only {f}"),
    ("sells {f} {p}", "sold {f} {p}"),
    ("lives {p}", "lived {p}"),
    ("gets lost {p}", "got lost {p}"),
    ("falls asleep {p}", "fell asleep {p}"),
    ("opens a shop {p}", "opened a shop {p}"),
    ("enters a race", "entered a race"),
    ("misses the bus", "missed the bus"),
    ("wins a prize", "won a prize"),
)
_ACTS = (
    "bake",
    "swim",
    "fly",
    "sing",
    "dance",
    "whistle",
    "read",
    "sleep",
    "skate",
    "cook soup",
    "ride a bicycle",
    "play the drum",
    "count to ten",
    "climb a tower",
    "cross the sea",
    "grow up",
    "stop the rain",
    "tell jokes",
)
_LIKES = (
    "the rain",
    "the dark",
    "the daylight",
    "the snow",
    "thunder",
    "water",
    "loud music",
    "old books",
    "the sea",
    "mountains",
    "birthdays",
    "Mondays",
    "the wind",
    "spiders",
    "winter",
    "flowers",
)
_PLACES = (
    "on the moon",
    "in a lighthouse",
    "under a bridge",
    "in the library",
    "at the market",
    "in a school",
    "in the forest",
    "by the sea",
    "on a roof",
    "in the museum",
    "at the station",
    "in a teapot",
)
_WISHES = (
    "[Tell|Write|Give] me a [short |little |bedtime |]story about {w}[.|, please.| in three "
    "sentences.]",
    "[a|one] [short |bedtime |]story [pls|please][,| with] three sentences[, about|:] {w}",
    "[Story|Bedtime story|Tiny tale][:|,] {w}[.|]",
    "[Can|Could|Would] you [tell me|tell us|invent|make up] a story [about|with] {w}[?| Three "
    "sentences are enough.|? Three sentences, no more.]",
    "[Three sentences|Three sentences, please|In three sentences]: [a story about|tell me about] "
    "{w}[.|]",
    "my [son|daughter|little brother] wants [a story|to hear a story] about {w}",
    "[I need|We want|The children want] a [tale|story] [of|about] {w}[.|, please.]",
)
_BEGINNINGS = (
    "Once upon a time there was {w}.",
    "There was once {w}.",
    "Long ago there was {w}.",
)
_MIDDLES = (
    "Everybody laughed, but {t} did not give up.",
    "One morning {t} met an old friend, who had a good idea.",
    "Nobody could help {t} until a small bird came by.",
    "Then a storm came, and {t} had to be very brave.",
    "So {t} set out to ask the wise owl for advice.",
    "One day {t} heard somebody crying and went to look.",
)
_ENDS = (
    "In the end all was well, and everybody cheered for {t}.",
    "From that day on {t} was never alone again.",
    "That evening there was a big party for {t}.",
    "And if you listen at night, you can still hear {t} laugh.",
    "Since then {t} has been the happiest of all.",
)


@dataclass(frozen=True)
class Hero:
    """Somebody, with and without what is said of them."""

    asked: str
    told: str
    short: str


def draw_hero(draw: Draw) -> Hero:
    """Somebody who does something: in the present as it is asked, in the past as it is told."""
    rng = draw.rng
    kind = rng.choice((rng.choice(_HEROES), rng.choice(ANIMALS), rng.choice(JOBS), draw.thing()))
    noun = f"{rng.choice(_TRAITS)} {kind}".strip()
    values = {
        "v": rng.choice(_ACTS),
        "x": rng.choice((rng.choice(_LIKES), f"{rng.choice(COLORS)} {draw.thing()}s")),
        "o": with_article(rng.choice((draw.thing(), f"{rng.choice(COLORS)} {draw.thing()}"))),
        "f": rng.choice(FOODS),
        "p": rng.choice(_PLACES),
    }
    now, past = (text.format(**values) for text in rng.choice(_DEEDS))
    link = rng.choice(("who", "who", "that"))
    somebody = with_article(noun)
    return Hero(f"{somebody} {link} {now}", f"{somebody} {link} {past}", f"the {kind}")


def hero_story(draw: Draw) -> Chat:
    """A story of three sentences, the first of which says what the request said of its hero."""
    rng = draw.rng
    hero = draw_hero(draw)
    sentences = (
        rng.choice(_BEGINNINGS).format(w=hero.told),
        rng.choice(_MIDDLES).format(t=hero.short),
        rng.choice(_ENDS).format(t=hero.short),
    )
    asked = draw.phrase(_WISHES).replace("{w}", keep(hero.asked))
    return turns(asked, " ".join(sentences))
