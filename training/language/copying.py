"""Words to say again, exactly; see `spelling` for what takes them apart."""

from __future__ import annotations

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.phrasings import phrasings

_REPEAT = (
    "[Say|Repeat|Echo|Write|Copy|Print|Type] {t}[|.]",
    "Repeat after me: {t}",
    "[Please |][say|repeat|copy|write] {q}[.|, please.|]",
    "[Say|Repeat|Write] [the word|the words|this|the following|exactly this|back to me][:|] {t}",
    "[Copy|Repeat] this [text|line|word|exactly|word for word]: {t}",
    "[Answer|Reply] [only |just |]with {q}[.|]",
    "[Can you|Could you|Would you] [say|repeat|write] {q}?",
    "[Only say|Just say|Say only] {t}[.|]",
    "{q} [Repeat that.|Say that again.|Say it back.|Copy it.]",
    "What did I [just |]say? I said {t}.",
    "Output: {t}",
    "[I want|I would like] you to [say|repeat|type|echo] {q}[.|]",
    "[Write|Type|Say] {t} and [then stop|nothing more|end there][.|]",
    "[Parrot|Mirror|Duplicate|Reproduce]: {t}",
    "[Tell me|Give me] [exactly |]{q} [back|again][.|]",
    "[Would|Will] you [please |kindly |][echo|copy|type|say] [this|that][ for me|]: {t}",
    "[Do|Say|Type] [as|what] I [do|say|type][:| now:] {t}",
    "[Spell out|Write out|Put down] {q} [as it is|unchanged|letter for letter][.|]",
    "{t} - [now you|your turn|say it too|and you?]",
    "Return {q} [and nothing else|without any changes].",
)
_KEPT_REPEAT = (
    "Would you kindly parrot this back: {t}",
    "I want you to write {q} and stop there.",
    "Type the same as I do now: {t}",
    "Echo exactly: {t}",
)


def _payload(draw: Draw) -> str:
    rng = draw.rng
    kind = rng.random()
    if kind < 0.1:
        return "".join(draw.emoji() for _ in range(rng.randint(1, 5)))
    if kind < 0.16:
        return "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 9)))
    if kind < 0.24:
        return "".join(
            rng.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHKMNPRSTUVWXYZ0123456789-_")
            for _ in range(rng.randint(3, 10))
        )
    if kind < 0.27:
        return "".join(
            chr(
                rng.randint(
                    *rng.choice(
                        (
                            (0xC0, 0xFF),
                            (0x391, 0x3C9),
                            (0x410, 0x44F),
                            (0x3042, 0x3093),
                            (0x4E00, 0x5000),
                        )
                    )
                )
            )
            for _ in range(rng.randint(1, 5))
        )
    words = []
    for _ in range(rng.choices((1, 2, 3, 4, 5, 6, 8), (8, 4, 3, 2, 1, 1, 1))[0]):
        words.append(
            rng.choice(
                (draw.strange, draw.strange, draw.thing, draw.name, draw.city, draw.word, draw.word)
            )()
        )
    text = " ".join(words)
    if kind > 0.9:
        text = f"{text} {draw.emoji()}"
    style = rng.random()
    if style < 0.1:
        return text.upper()
    if style < 0.2:
        return text.title()
    return text.lower() if style < 0.5 else text


def quoted(draw: Draw, text: str) -> str:
    """A text in one of the pairs of quotation marks that people type."""
    return draw.rng.choice(('"{}"', "'{}'", "“{}”", '"{}"')).format(keep(text))


def repetition(draw: Draw) -> Chat:
    """Words to say again, exactly."""
    text = _payload(draw)
    if not draw.held_out and draw.chance(0.3):
        shown = quoted(draw, text) if draw.chance(0.2) else keep(text)
        return turns(draw.phrase(phrasings("repeat")).replace("{t}", shown), text)
    asked = draw.phrase(_REPEAT, _KEPT_REPEAT).replace(
        "{q}", quoted(draw, text) if draw.chance(0.7) else keep(text)
    )
    return turns(
        asked.replace("{t}", quoted(draw, text) if draw.chance(0.25) else keep(text)), text
    )
