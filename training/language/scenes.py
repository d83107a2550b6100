"""Small texts of everyday life, written by hand, and what may be made of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from training.language.articles import fitted, mended
from training.language.blocks import blocks, rooms
from training.language.lexicon import Draw, many
from training.language.tables import ANIMALS, COLORS, FOODS, WEEKDAYS
from training.language.wording import vary

_SMALL = frozenset(
    "a about above after against an and as at because before behind by for from if in instead into "
    "near nor of off on or over than the through to under until with without".split()
)
"""Words of a title that have no capital, but at its beginning."""
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_VARIABLE = re.compile(r"(\w+)=(.+?)(?= \w+=|$)")


@dataclass(frozen=True)
class Scene:
    """One block: the values of its own variables, and texts by what they are of the scene."""

    variables: dict[str, tuple[str, ...]]
    texts: dict[str, tuple[str, ...]]


def _scene(block: str) -> Scene:
    variables: dict[str, tuple[str, ...]] = {}
    texts: dict[str, tuple[str, ...]] = {}
    for line in block.splitlines():
        if line.startswith("@ "):
            found = _VARIABLE.findall(line[2:])
            variables |= {name: tuple(values.split("|")) for name, values in found}
        else:
            key, _, text = line.partition(": ")
            texts[key] = (*texts.get(key, ()), text)
    return Scene(variables, texts)


@cache
def scenes() -> tuple[Scene, ...]:
    """Texts, each with a short form, a title and other things."""
    return tuple(_scene(block) for name in rooms("scenes") for block in blocks(name))


@cache
def orders() -> tuple[Scene, ...]:
    """Orders: rude, polite and formal."""
    return tuple(map(_scene, blocks("orders.txt")))


@cache
def tales() -> tuple[Scene, ...]:
    """Stories: three sentences about a hero."""
    found = map(_scene, blocks("tales.txt"))
    return tuple(replace(tale, texts={**tale.texts, "hero": ("{hero}",)}) for tale in found)


def draw_texts(draw: Draw, scene: Scene) -> dict[str, str]:
    """One text for each key of a scene, all of them with the same values."""
    rng = draw.rng
    first, second, third = draw.name(), draw.name(), draw.name()
    thing = draw.thing()
    values = {
        "n": first,
        "m": second,
        "o": third,
        "city": draw.city(),
        "thing": thing,
        "things": many(thing),
        "weekday": rng.choice(WEEKDAYS),
        "number": str(rng.randint(2, 20)),
        "color": rng.choice(COLORS),
        "animal": rng.choice(ANIMALS),
        "food": rng.choice(FOODS),
    }
    for name, choices in scene.variables.items():
        values[name] = _filled(rng.choice(choices), values)
    if "hero" in values:
        values["the"] = re.sub(r"^(an?|one) ", "the ", values["hero"])
    drawn = {
        key: _filled(vary(rng, rng.choice(texts)), values) for key, texts in scene.texts.items()
    }
    return drawn | {"title": as_title(drawn["title"])} if "title" in drawn else drawn


_BEGINNERS = frozenset(
    "A An After All At Before Both Everybody Every For From He Her His How In It Its Many My No "
    "Nobody On One Only Our She Some Somebody Something Ten That The Their There These They This "
    "Three Two Under We When With You Your".split()
)
"""Words that have a capital only at the beginning of a sentence."""


@cache
def _tellers() -> tuple[Scene, ...]:
    """Scenes whose short texts are one sentence that begins with a name, or with a word that is
    a small one elsewhere."""

    def tells(text: str) -> bool:
        begins = text.startswith("{") or text.split(" ")[0] in _BEGINNERS
        return begins and not re.search(r"[.!?] ", text)

    return tuple(scene for scene in scenes() if all(map(tells, scene.texts["short"])))


def draw_short(draw: Draw) -> str:
    """A short sentence that says what happened."""
    return draw_texts(draw, draw.rng.choice(_tellers()))["short"]


def inside(sentence: str) -> str:
    """A sentence as it stands in the middle of another one: without its mark and capital."""
    first, _, rest = sentence.rstrip(".!?").partition(" ")
    return f"{first.lower() if first in _BEGINNERS else first} {rest}"


def draw_joined(draw: Draw) -> tuple[str, str]:
    """Sentences that have nothing to do with each other, apart and joined word by word."""
    apart = [draw_short(draw) for _ in range(draw.rng.choice((2, 3, 3, 4)))]
    first, *middle, last = (apart[0].rstrip(".!?"), *map(inside, apart[1:]))
    comma = "" if len(apart) == 2 and draw.chance(0.5) else ","
    return " ".join(apart), f"{', '.join((first, *middle))}{comma} and {last}."


def as_title(text: str) -> str:
    """A text with a capital at every word that is not a small one."""

    def written(found: re.Match[str]) -> str:
        word = found[0]
        return word if found.start() and word in _SMALL else word[:1].upper() + word[1:]

    return _WORD.sub(written, text)


def _filled(text: str, values: dict[str, str]) -> str:
    """A text with its values, and the article that fits them."""
    text = fitted(mended(text), values)
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text
