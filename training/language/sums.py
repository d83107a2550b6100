"""Arithmetic that a pocket model can do: sums and differences to 99, the times table, counting."""

from __future__ import annotations

import re

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.phrasings import phrasings
from training.language.tables import NUMBER_WORDS

_ASK = (
    "[What is|What's|How much is|Calculate|Compute|Work out|Add up|Tell me] {t}?",
    "{t}",
    "{t} [=|= ?|?]",
    "[Can you|Please] [calculate|compute|work out] {t}[.|?|]",
    "[What does|What is] {t} [make|equal|give]?",
    "[Solve|Result of|The result of] {t}[.|]",
    "how much is {t}",
    "{t}, [what is that|how much is that]?",
)
_STORIES = (
    (
        "{n} has {a} {x}s and [gets|buys|finds] {b} more. How many {x}s [does {n} have|are "
        "there|has {n}][| now]?",
        "+",
    ),
    (
        "[I have|There are] {a} {x}s and {b} {y}s. How many things [is that|are there] [in all|"
        "together|altogether]?",
        "+",
    ),
    (
        "{n} has {a} {x}s and [gives away|loses|sells] {b}. How many [are left|remain|{x}s are "
        "left]?",
        "-",
    ),
    ("There are {a} {x}s. {n} takes {b}. How many are left?", "-"),
)


_EITHER = re.compile("even or odd|odd or even")


def _answer(draw: Draw, first: int, sign: str, second: int, result: int) -> str:
    equation = f"{first} {sign} {second} = {result}"
    return draw.rng.choice(
        (f"{equation}.", f"{equation}", f"{equation}.", f"{equation}, so the answer is {result}.")
    )


def sums(draw: Draw) -> Chat:
    """A sum, a difference, a product of the times table, a small story, or a count."""
    rng = draw.rng
    kind = rng.random()
    if kind < 0.06:
        last = rng.randint(3, 15)
        return turns(
            draw.phrase(
                (
                    "[Count|Please count|Can you count] to {n}[.|?|]",
                    "[Count|Count from 1] to {n}[.|]",
                    "[Write|List|Say] the numbers [from 1 to|1 to] {n}[.|]",
                ),
                n=rng.choice((str(last), NUMBER_WORDS[last])),
            ),
            ", ".join(str(number) for number in range(1, last + 1)),
        )
    if kind < 0.1:
        number = rng.randint(1, 98)
        if draw.chance(0.5):
            return turns(
                draw.phrase(
                    ("[What|Which number] [comes|is] after {n}?", "The number after {n}[?|]"),
                    n=str(number),
                ),
                str(number + 1),
            )
        return turns(
            draw.phrase(("[What|Which number] [comes|is] before {n}?",), n=str(number)),
            str(number - 1),
        )
    if kind < 0.12:
        number = rng.randint(0, 99)
        even = number % 2 == 0
        word = rng.choice(("even", "odd"))
        asked = draw.phrase(
            phrasings(word)
            if not draw.held_out and draw.chance(0.5)
            else ("Is {n} [even or odd|odd or even]?", "Is {n} an {w} number?", "Is {n} {w}?"),
            n=str(number),
            w=word,
        )
        truth = "even" if even else "odd"
        # Which of the two, or whether it is one of them, yes or no.
        told = "" if _EITHER.search(asked) else f"{'Yes' if truth == word else 'No'}, "
        return turns(asked, f"{told}{number} is {truth}.")
    if kind < 0.16:
        first, second = rng.sample(range(100), 2)
        big = draw.chance(0.6)
        word = (
            rng.choice(("bigger", "larger", "greater", "more"))
            if big
            else rng.choice(("smaller", "less"))
        )
        return turns(
            draw.phrase(
                ("Which [number |]is {w}[:|,] {a} or {b}?", "[What is|Is] {w}, {a} or {b}?"),
                w=word,
                a=str(first),
                b=str(second),
            ),
            str(max(first, second) if big else min(first, second)),
        )
    if kind < 0.26:
        return _story(draw)
    if kind < 0.56:
        first, second, sign = rng.randint(0, 99), rng.randint(0, 99), "+"
        if draw.chance(0.5):
            first, second = rng.randint(0, 20), rng.randint(0, 20)
        result = first + second
    elif kind < 0.8:
        first, second, sign = rng.randint(0, 99), rng.randint(0, 99), "-"
        if draw.chance(0.4):
            first, second = rng.randint(0, 20), rng.randint(0, 20)
        first, second = max(first, second), min(first, second)
        result = first - second
    else:
        first, second, sign = rng.randint(0, 10), rng.randint(0, 10), "*"
        result = first * second
    said = {"+": ("+", "+", "plus"), "-": ("-", "-", "minus"), "*": ("*", "x", "times", "×")}[sign]
    shown = [str(first), str(second)]
    if draw.chance(0.1):
        shown = [
            NUMBER_WORDS[number] if number <= 20 else str(number) for number in (first, second)
        ]
    if not draw.held_out and draw.chance(0.25):
        section = {"+": "sum", "-": "difference", "*": "product"}[sign]
        asked = draw.phrase(phrasings(section), a=shown[0], b=shown[1])
        return turns(asked, _answer(draw, first, sign, second, result))
    word = rng.choice(said)
    space = (
        ""
        if draw.chance(0.15) and len(word) == 1 and shown[0].isdigit() and shown[1].isdigit()
        else " "
    )
    return turns(
        draw.phrase(_ASK, t=keep(f"{shown[0]}{space}{word}{space}{shown[1]}")),
        _answer(draw, first, sign, second, result),
    )


def _story(draw: Draw) -> Chat:
    text, sign = draw.rng.choice(_STORIES)
    first, second = draw.rng.randint(2, 30), draw.rng.randint(1, 20)
    if sign == "-":
        first, second = max(first, second), min(first, second)
    result = first + second if sign == "+" else first - second
    asked = draw.phrase(
        (text,), n=draw.name(), a=str(first), b=str(second), x=draw.thing(), y=draw.thing()
    )
    return turns(asked, f"{first} {sign} {second} = {result}.")
