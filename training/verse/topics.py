"""What a poem can be about: known topics, made-up topics, and the topics kept for evaluation."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cache

from training.language.articles import article
from training.language.words import ADJECTIVES, CODAS, ENDINGS, ONSETS, PLAIN_TOPICS, VOWELS, WORDS
from training.verse.couplets import ANY
from training.verse.topic_tables import MORE, NOUNS, PLURAL, SIGNS, SINGULAR

HELD_OUT = {
    "volcanoes": True, "lighthouses": True, "tractors": True, "zebras": True,
    "saxophones": True, "windmills": True, "sandcastles": True, "crocodiles": True,
    "suitcases": True, "helicopters": True, "blueberry muffins": True, "rubber boots": True,
    "quantum physicists": True, "vending machines": True, "hot air balloons": True,
    "honey": False, "ballet": False, "photosynthesis": False, "democracy": False,
    "electrical tape": False, "sourdough": False, "skateboarding": False, "archery": False,
    "nostalgia": False, "velcro": False, "Kubernetes": False, "Copenhagen": False,
    "my red scooter": False, "the aurora": False, "a rusty key": False, "my cousin": False,
    "the northern lights": True, "a lost umbrella": False, "the toothpick": False,
    "reinforcement learning": False, "functional programming": False, "the dentist": False,
    "object detection": False, "maple syrup": False, "the stock exchange": False,
    "my left glove": False, "jellyfish": True,
    "zorbels": True, "the quimbat": False, "flanterium": False, "mivodos": True,
    "a green drolp": False, "tishy vundles": True,
}  # fmt: skip
"""Topics for evaluation only, and whether each is plural. Training never sees one of them.

Results on them guided the generator, as on a development set; ``BLIND`` did not.
"""

BLIND = (
    "submarines", "broccoli", "my landlord", "traffic lights", "bureaucracy", "Elasticsearch",
    "Reykjavik", "graph theory", "solar panels", "wallabies", "pickpockets", "compost",
    "my driving test", "kombucha", "stamp collectors", "hedge funds", "prompt engineering",
    "the alarm", "grelwins", "the dorvast", "a blue smaggit", "uncertainty",
)  # fmt: skip
"""Topics that were written after the last change of the requests, kept out of all tuning."""


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

    for category, nouns in NOUNS.items():
        for noun in nouns.split():
            one, many = noun.split("/")
            add(many, True, category)
            for determiner in ("my",) if category == "love" else ("the", article(one), "my"):
                add(f"{determiner} {one}", False, category)
            add(f"my {many}", True, category)
    for table, plural in ((SINGULAR, False), (PLURAL, True)):
        for category, phrases in table.items():
            for phrase in phrases.split(","):
                add(phrase, plural, category)
    for category, (singular, plurals) in MORE.items():
        for text, plural in ((singular, False), (plurals, True)):
            for phrase in filter(None, text.split(",")):
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
    cores = "|".join(re.escape(core(phrase)) for phrase in (*HELD_OUT, *BLIND))
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
    if rng.random() < 0.1:
        # Pieces that come twice in a row are what copying stumbles over.
        word += word[-rng.randint(2, 4) :]
    return word[:14]


_JOINTS = ("{} and {}", "{} in the {}", "the {} of {}", "my {}'s {}", "{} with {}",
           "{} without {}", "the {} on my {}", "{} at {}", "the last {} of {}",
           "my {}'s old {}", "{} vs {}", "the first {} in {}", "{}, {} and {}")  # fmt: skip


def _joined(rng: random.Random) -> str:
    """Two or three things in one topic: "tofu and castles", "my lawyer's zeppelin"."""
    pattern = rng.choice(_JOINTS)
    nouns = [
        rng.choice((rng.choice(WORDS), made_up_word(rng), rng.choice(known_topics()).phrase))
        for _ in range(pattern.count("{}"))
    ]
    return pattern.format(*(core(noun) if noun.islower() else noun for noun in nouns))


def _with_signs(rng: random.Random, word: str) -> str:
    """A made-up word with digits, a hyphen, a dot, capitals, an accent or a picture in it."""
    style = rng.randrange(6)
    if style == 0:
        return f"{word}-{rng.randint(1, 99)}"
    if style == 1:
        return f"{word}{rng.randint(2, 2099)}"
    if style == 2:
        return f"{word}{rng.choice('-./')}{made_up_word(rng, syllables=1)}"
    if style == 5:
        return f"{word} {rng.choice(_PICTURES)}"
    if style == 3:
        return "".join(rng.choice(_CAPITALS) for _ in range(rng.randint(2, 4)))
    return word.translate(str.maketrans("aeou", rng.choice(_ACCENTS)))


_PICTURES = "🍕🐱🌊🌸🍵🎉🚀🐶🌙🔥🍎🎸🚲🌈🦊🐸📚💻🌻🍰🎈🦉🌍"
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
            words[0] = article(words[1])
        phrase = " ".join(words)
        if not is_held_out(phrase):
            return Topic(phrase, topic.plural, topic.category)
    return topic


def draw_unknown(rng: random.Random) -> Topic:
    """A topic that the model cannot know: made-up words and unlikely combinations."""
    while True:
        kind = rng.random()
        if kind < 0.08:
            words = rng.choice((*PLAIN_TOPICS, rng.choice(SIGNS))).split()
            return Topic(" ".join(words), False, ANY)
        if kind < 0.15:
            phrase = _joined(rng)
            if is_held_out(phrase):
                continue
            return Topic(phrase, False, ANY)
        if kind < 0.18:
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
