"""The few facts that a pocket model learns by heart, all of them in these tables."""

from __future__ import annotations

from collections.abc import Callable

from training.language.blocks import remarks
from training.language.chat import Chat, keep, turns
from training.language.fact_tables import (
    CAPITALS,
    COLORS_OF,
    COUNTS,
    KNOWN_PAIRS,
    OPPOSITES,
    PASTS,
    PLURALS,
    SIZES,
    SOUNDS,
    SYNONYMS,
)
from training.language.lexicon import Draw
from training.language.phrasings import phrasings
from training.language.rhyming import rhyme
from training.language.tables import MONTHS, WEEKDAYS


def _capital(draw: Draw) -> Chat:
    country = draw.rng.choice(tuple(CAPITALS))
    town = CAPITALS[country]
    if draw.chance(0.12):
        place = draw.strange().capitalize()
        return turns(
            draw.phrase(
                ("[What is|What's|Tell me] the capital of {c}?", "Capital of {c}?"), c=keep(place)
            ),
            draw.phrase(
                (
                    "I do not know a country called {c}.",
                    "{c}? I do not know that country.",
                    "I only know some capitals, and {c} is not among them.",
                ),
                c=place,
            ),
        )
    if draw.chance(0.12):
        return turns(
            draw.phrase(
                (
                    "[Of which country|Which country] is {t} the capital[ of|]?",
                    "{t} is the capital of which country?",
                ),
                t=town,
            ),
            f"{town} is the capital of {next(c for c, t in CAPITALS.items() if t == town)}.",
        )
    asked = draw.phrase(
        (
            "[What is|What's|Tell me|Name|Do you know] the capital [city |]of {c}[?|, please.]",
            "Capital of {c}?",
            "{c}'s capital?",
            "[Which city|What city] is the capital of {c}?",
        ),
        c=country,
    )
    return turns(
        asked,
        draw.phrase(
            ("{t}.", "The capital of {c} is {t}.", "It is {t}.", "{t} is the capital of {c}."),
            c=country,
            t=town,
        ),
    )


def _opposite(draw: Draw) -> Chat:
    word = draw.rng.choice(tuple(OPPOSITES))
    other = OPPOSITES[word]
    if draw.chance(0.3) and list(OPPOSITES.values()).count(other) == 1 and other not in OPPOSITES:
        word, other = other, word
    return turns(
        draw.phrase(
            phrasings("opposite")
            if not draw.held_out and draw.chance(0.5)
            else (
                "[What is|What's|Tell me|Give me] the opposite of {w}?",
                "[Opposite|The opposite] of {w}[?|]",
                "[What is|Which word is] the antonym of {w}?",
                "What is not {w}?",
            ),
            w=word,
        ),
        draw.phrase(("{o}", "The opposite of {w} is {o}.", "{o}.", "It is {o}."), w=word, o=other),
    )


def _color(draw: Draw) -> Chat:
    thing = draw.rng.choice(tuple(COLORS_OF))
    color = COLORS_OF[thing]
    return turns(
        draw.phrase(
            ("[What|Which] [colour|color] [is|has] {t}?", "What is the [colour|color] of {t}?"),
            t=thing,
        ),
        draw.phrase(
            ("{c}.", "{T} is {c}.", "It is {c}."), c=color, T=thing[:1].upper() + thing[1:]
        ),
    )


def _order(draw: Draw) -> Chat:
    row, kind = draw.rng.choice(
        ((MONTHS, "month"), (WEEKDAYS, "day"), (tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "letter"))
    )
    index = draw.rng.randrange(1, len(row) - 1)
    if draw.chance(0.2) and kind != "letter":
        names = ", ".join(row)
        return turns(
            draw.phrase(
                (
                    "[Name|List|What are] [all |]the {k}s of the {w}[.|?]",
                    "[List|Tell me] all {k}s[.|]",
                ),
                k=kind,
                w="year" if kind == "month" else "week",
            ),
            names + ".",
        )
    if draw.chance(0.2) and kind == "month":
        ordinal = (
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        )[index]
        return turns(
            draw.phrase(
                ("[What is|Which is] the {o} month?", "The {o} month of the year?"), o=ordinal
            ),
            f"{row[index]} is the {ordinal} month.",
        )
    step, word = draw.rng.choice(((1, "after"), (-1, "before")))
    return turns(
        draw.phrase(
            (
                "[Which|What] {k} [comes|is] {w} {x}?",
                "What comes {w} {x}?",
                "[Which|What] is the {k} {w} {x}?",
            ),
            k=kind,
            w=word,
            x=keep(row[index]),
        ),
        draw.phrase(("{r}.", "{r} comes {w} {x}."), r=row[index + step], w=word, x=row[index]),
    )


def _table(draw: Draw) -> Chat:
    which = draw.rng.randrange(7)
    if which == 4:
        return rhyme(draw)
    if which == 5:
        word = draw.rng.choice(tuple(SYNONYMS))
        return turns(
            draw.phrase(
                (
                    "[What is|Give me|Find|Tell me] [a synonym for|another word for] {w}[?|.]",
                    "[Synonym|A synonym] for {w}[?|]",
                    "[How else can I say|What else means] {w}?",
                ),
                w=word,
            ),
            draw.phrase(
                ("{s}", "Another word for {w} is {s}.", "{S}."),
                w=word,
                s=SYNONYMS[word],
                S=SYNONYMS[word].capitalize(),
            ),
        )
    if which == 6:
        first, second = draw.rng.sample(range(len(SIZES)), 2)
        bigger = draw.chance(0.65)
        found = SIZES[max(first, second) if bigger else min(first, second)]
        asked = draw.phrase(
            ("[What|Which] is {w}[:|,] {a} or {b}?", "[Is|What is] {w}, {a} or {b}?"),
            w=draw.rng.choice(("bigger", "larger") if bigger else ("smaller",)),
            a=SIZES[first],
            b=SIZES[second],
        )
        return turns(
            asked, f"{found[:1].upper()}{found[1:]} is {'bigger' if bigger else 'smaller'}."
        )
    if which == 0:
        word = draw.rng.choice(tuple(SOUNDS))
        if draw.chance(0.3) and list(SOUNDS.values()).count(SOUNDS[word]) == 1:
            sounding = (
                "[Who|What animal|Which beast] [goes|makes|calls|cries] {s}?",
                "{s}: who is it?",
            )
            return turns(
                draw.phrase(sounding, s=SOUNDS[word]),
                draw.phrase(("The {w}.", "The {w} does.", "That is the {w}."), w=word),
            )
        return turns(
            draw.phrase(
                (
                    "What [sound|noise] does a {w} make?",
                    "[What does|How does] [a|the] {w} [say|sound]?",
                ),
                w=word,
            ),
            draw.phrase(
                ("{s}!", "A {w} says {s}.", "{s}, {s}!"), w=word, s=SOUNDS[word]
            ).capitalize(),
        )
    if which == 1:
        word = draw.rng.choice(tuple(PLURALS))
        return turns(
            draw.phrase(
                (
                    "[What is|Tell me|Give me] the plural of {w}?",
                    "Plural of {w}[?|]",
                    "One {w}, two ...?",
                ),
                w=keep(word),
            ),
            draw.phrase(("{p}", "{p}.", "The plural of {w} is {p}."), w=word, p=PLURALS[word]),
        )
    if which == 2:
        word = draw.rng.choice(tuple(PASTS))
        return turns(
            draw.phrase(
                ("[What is|Give me] the past tense of {w}?", "Past tense of {w}[?|]"), w=keep(word)
            ),
            draw.phrase(("{p}", "The past tense of {w} is {p}.", "{p}."), w=word, p=PASTS[word]),
        )
    question = draw.rng.choice(tuple(COUNTS))
    return turns(
        f"How many {question}?",
        draw.phrase(
            ("{n}.", "There are {n}.", "{n}, as far as I know.")
            if "are" in question
            else ("{n}.", "It is {n}."),
            n=COUNTS[question],
        ),
    )


def _known(draw: Draw) -> Chat:
    question, answer = draw.rng.choice(KNOWN_PAIRS)
    asked = draw.phrase((question,))
    if draw.chance(0.15):
        asked = draw.phrase(("Do you know this: {q}", "Tell me: {q}", "I wonder: {q}"), q=asked)
    return turns(asked, answer)


_KINDS: tuple[Callable[[Draw], Chat], ...] = (
    _capital,
    _opposite,
    _color,
    _order,
    _table,
    _known,
    _known,
    _capital,
)


_NOT_KNOWN = (
    "I am not sure. I am a very small model and know only a few facts.",
    "I do not know [that|this one], [I am afraid|sorry]. [I know few facts.|Please look it up.]",
)
"""Sometimes said to what is known, so that it is likelier than any guess for what is not."""


def facts(draw: Draw) -> Chat:
    """A question whose answer stands in a table of this module."""
    return draw.rng.choice(_KINDS)(draw)


def plain_fact(draw: Draw) -> Chat:
    """A question that a pupil could answer, from the list that is learned by heart."""
    remark = draw.rng.choice(remarks("facts") + remarks("knowledge"))
    answers = _NOT_KNOWN if draw.chance(0.12) else remark.answers
    return turns(draw.phrase(remark.said), draw.phrase(answers))
