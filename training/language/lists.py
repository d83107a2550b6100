"""Lists of n things of one kind."""

from __future__ import annotations

from functools import cache

from training.language.blocks import read
from training.language.chat import Chat, turns
from training.language.lexicon import Draw
from training.language.phrasings import phrasings
from training.language.tables import NUMBER_WORDS

_ORDERED = ("month", "day", "number", "planet", "rainbow", "week")
"""Of such kinds the first ones are named, in their order."""


@cache
def kinds() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Names of each kind, and its things."""
    return tuple(
        (tuple(names.split("|")), tuple(things.split(",")))
        for names, _, things in (line.partition(": ") for line in read("kinds.txt").splitlines())
    )


_BULLETS = ("As bullets.", "As a bullet list.", "Use bullet points.", "One per line, with dashes.")
_AS_JSON = ("As JSON.", "As a JSON array.", "Answer with a JSON list.")


def short_list(draw: Draw) -> Chat:
    """So many things of one kind, on one line, as bullets, with numbers or as JSON."""
    rng = draw.rng
    names, things = rng.choice(kinds())
    ordered = any(word in names[0] for word in _ORDERED)
    count = rng.randint(2, min(rng.choice((5, 5, 8, 10)), len(things)))
    said = rng.choice((NUMBER_WORDS[count], str(count)))
    chosen = list(things[:count]) if ordered else rng.sample(things, count)
    name = rng.choice(names)
    request = draw.phrase(
        (
            "[Name|List|Tell me|Give me|Write|Say|Can you name|I need|What are] {n} {k}[.|, "
            "please.|]",
            "[Could you|Would you|Please|Can you] [list|name|give me|write down|tell me] {n} {k}"
            "[.|?|]",
            "[Which|What] {n} {k} [do you know|can you name|come to your mind][?|]",
            "[I am looking for|Do you know|I would like] {n} {k}[.|?|]",
            "[Make|Write] [a list of|a short list of|me a list with] {n} {k}[.|, please.|]",
            "{n} {k}[, please|]",
            "[A list of|List] {n} {k}[.|]",
            "[Think of|Find] {n} {k}[.|]",
        ),
        n=said,
        k=name,
    )
    if not draw.held_out and draw.chance(0.5):
        request = draw.phrase(phrasings("list"), n=said, k=name)
    if draw.chance(0.1):
        one = rng.choice(things)
        asked = draw.phrase(
            (
                "[Name|Tell me|Give me|Say] [one|1] of these: {k}[.|]",
                "Name [a|one] [kind of|thing from] {k}[.|]",
            ),
            k=name,
        )
        return turns(asked, one)
    style = rng.random()
    if style < 0.12:
        return turns(
            f"{request} {draw.phrase(_BULLETS)}",
            "\n".join(f"- {thing}" for thing in chosen),
        )
    if style < 0.22:
        return turns(
            f"{request} {draw.phrase(('As a numbered list.', 'Numbered.', 'Number them.'))}",
            "\n".join(f"{index}. {thing}" for index, thing in enumerate(chosen, start=1)),
        )
    if style < 0.3:
        return turns(
            f"{request} {draw.phrase(_AS_JSON)}",
            "[" + ", ".join(f'"{thing}"' for thing in chosen) + "]",
        )
    if style < 0.36:
        return turns(
            f"{request} {draw.phrase(('One per line.', 'Each on a line.'))}", "\n".join(chosen)
        )
    text = ", ".join(chosen)
    if draw.chance(0.25):
        text = f"{', '.join(chosen[:-1])} and {chosen[-1]}."
        text = text[:1].upper() + text[1:]
    chat = turns(request, text)
    if draw.chance(0.12) and len(things) > count and not ordered:
        more = rng.choice([thing for thing in things if thing not in chosen])
        chat = chat.then(
            turns(
                draw.phrase(
                    ("[One more|Another one|And one more][.|, please.|?]", "[More|Any others]?")
                ),
                more,
            )
        )
    return chat
