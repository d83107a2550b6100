"""Kinds of questions whose answers are a verdict, a number or a place in a row, for measuring.

Every kind is asked in one wording, half of the times where "yes" is right. The wordings are the
measure's own; some are those of the training, some are not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from training.idefics2.names import PLACES, Values, present
from training.language.articles import with_article
from training.world.scene import ANIMALS, CLOTHING, COLORS, HATS, HELD, NOTHING

NUMBERS = ("none", "one", "two", "three", "four", "five")
ORDINALS = ("first", "second", "third")


@dataclass(frozen=True)
class Case:
    """A question about pictures of a list.

    Attributes:
        pictures: their numbers, in the order in which they are shown.
        question: as it is asked.
        right: "yes", "no", a word of ``NUMBERS`` or one of ``ORDINALS``.
    """

    pictures: tuple[int, ...]
    question: str
    right: str


Wording = Callable[[Values, bool, random.Random], str | None]
"""A question about a picture to which yes (or no) is right; None where there is no such."""


def _other(names: Sequence[str], seen: str, rng: random.Random) -> str:
    return rng.choice([name for name in names if name != seen])


def _named(key: str, names: Sequence[str], question: str) -> Wording:
    """Asks about one of the names: ``question`` with its article for ``{}``."""

    def wording(values: Values, yes: bool, rng: random.Random) -> str | None:
        if yes and values[key] not in names:
            return None
        return question.format(
            with_article(values[key] if yes else _other(names, values[key], rng))
        )

    return wording


def _place(values: Values, yes: bool, rng: random.Random) -> str | None:
    seen = values["background"]
    return f"Is it {PLACES[seen if yes else _other(tuple(PLACES), seen, rng)]}?"


def _color(values: Values, yes: bool, rng: random.Random) -> str | None:
    keys = [key for key in ("clothing", "hat", "held") if values.get(f"{key}_color")]
    if not keys:
        return None
    key = rng.choice(keys)
    color = values[f"{key}_color"]
    return f"Is its {values[key]} {color if yes else _other(COLORS, color, rng)}?"


def _whether(key: str, question: str) -> Wording:
    """Asks whether there is such a thing at all."""

    def wording(values: Values, yes: bool, rng: random.Random) -> str | None:
        there = values[key] not in (NOTHING, "no")
        return question if there == yes else None

    return wording


def _time(question: str, *, night: bool) -> Wording:
    def wording(values: Values, yes: bool, rng: random.Random) -> str | None:
        if values["background"] == "rustic wood":
            return None
        return question if ((values["background"] == "starry night") == night) == yes else None

    return wording


KINDS: dict[str, Wording] = {
    "animal": _named("animal", ANIMALS, "Is this {}?"),
    "place": _place,
    "color": _color,
    "clothing": _named("clothing", CLOTHING, "Is it wearing {}?"),
    "which hat": _named("hat", HATS, "Does it wear {}?"),
    "any hat": _whether("hat", "Is there a hat?"),
    "glasses": _whether("glasses", "Does it wear glasses?"),
    "held": _named("held", HELD, "Is it holding {}?"),
    "anything held": _whether("held", "Does it hold anything?"),
    "night": _time("Is it night?", night=True),
    "day": _time("Is it daytime?", night=False),
    "flowers": _whether("flowers", "Are there flowers on the ground?"),
    "cookies": _whether("treats", "Are there cookies on the ground?"),
    "tea": _whether("tea", "Is there a cup of tea on the ground?"),
}
"""Kinds of questions that yes or no answers."""


def verdict_cases(kind: str, truths: Sequence[Values]) -> Iterator[Case]:
    """Both verdicts in turn, as far as the pictures allow it, half of each."""
    rng = random.Random(f"verdicts/{kind}")
    found: dict[bool, list[Case]] = {True: [], False: []}
    for number, values in enumerate(truths):
        for yes in (True, False):
            question = KINDS[kind](values, yes, rng)
            if question is not None:
                found[yes].append(Case((number,), question, "yes" if yes else "no"))
    count = min(len(cases) for cases in found.values())
    yield from (case for cases in found.values() for case in cases[:count])


def count_cases(noun: str, truths: Sequence[Values]) -> Iterator[Case]:
    """How many of a noun there are: every number that is right somewhere, about equally often."""
    by_number: dict[int, list[Case]] = {}
    question = f"How many {noun} are there?"
    for number, values in enumerate(truths):
        count = COUNTED[noun](values)
        case = Case((number,), question, NUMBERS[count])
        by_number.setdefault(count, []).append(case)
    # The rarest number may be very rare.
    most = max(10, min(len(cases) for cases in by_number.values()))
    for cases in by_number.values():
        yield from cases[:most]


COUNTED: dict[str, Callable[[Values], int]] = {
    "animals": lambda values: int(present(values, "animal")),
    "owls": lambda values: int(values["animal"] == "owl"),
    "hats": lambda values: int(present(values, "hat")),
    "trees": lambda values: 2 * (values["background"] == "snow"),
    "flowers": lambda values: 4 * (values["flowers"] == "yes") + (values["held"] == "flower"),
    "cookies": lambda values: 2 * (values["treats"] == "yes"),
    "balloons": lambda values: int(values["held"] == "balloon"),
}
"""How many there are of what is asked about."""


def which_cases(key: str, count: int, truths: Sequence[Values]) -> Iterator[Case]:
    """Which of ``count`` pictures shows something, the first as often as the last."""
    for start in range(0, len(truths) - count + 1, count):
        pictures = tuple(range(start, start + count))
        place = (start // count) % count
        seen = [truths[number][key] for number in pictures]
        named = seen[place]
        if named == NOTHING or seen.count(named) > 1:
            continue
        question = {
            "animal": f"Which picture shows the {named}?",
            "background": f"Which picture was taken {PLACES.get(named)}?",
            "held": f"In which picture does it hold {with_article(named)}?",
        }[key]
        yield Case(pictures, question, ORDINALS[place])


STATEMENTS: dict[str, dict[str, str]] = {
    "any hat": {"no": r"\bno hat\b", "yes": r"\b(hat|beanie)\b"},
    "glasses": {"no": r"\bno glasses\b", "yes": r"\bglasses\b"},
    "anything held": {"no": r"\bnothing\b", "yes": rf"\b({'|'.join(HELD)})\b"},
    "night": {"no": r"\bit is day\b", "yes": r"\bit is night\b"},
    "day": {"no": r"\bit is night\b", "yes": r"\bit is day\b"},
}
"""By kind, what says yes or no without these words."""


def said(answer: str, kind: str) -> str:
    """The verdict, number or ordinal that an answer gives; empty where it gives none.

    Understands evidence first ("It is a bear, so no."), the verdict first ("No, it is ...") and,
    where that is as clear, a plain statement ("It wears no hat.").
    """
    text = answer.lower()
    conclusion = re.search(r", so (?:the )?([a-z ]+)\.", text)
    if conclusion:
        return conclusion[1]
    first = re.match(rf"(yes|no|{'|'.join(NUMBERS)})\b", text)
    if first:
        return first[1]
    ordinal = re.fullmatch(rf"in the ({'|'.join(ORDINALS)}) picture\.", text)
    if ordinal:
        return ordinal[1]
    statements = STATEMENTS.get(kind, {})
    return next((word for word, words in statements.items() if re.search(words, text)), "")
