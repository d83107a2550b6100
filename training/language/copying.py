"""Exact work on words: repeat, spell, capitals, quotes, counting, first and last, only OK."""

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


def _quoted(draw: Draw, text: str) -> str:
    return draw.rng.choice(('"{}"', "'{}'", "“{}”", '"{}"')).format(keep(text))


def repetition(draw: Draw) -> Chat:
    """Words to say again, exactly."""
    text = _payload(draw)
    if not draw.held_out and draw.chance(0.3):
        shown = _quoted(draw, text) if draw.chance(0.2) else keep(text)
        return turns(draw.phrase(phrasings("repeat")).replace("{t}", shown), text)
    asked = draw.phrase(_REPEAT, _KEPT_REPEAT).replace(
        "{q}", _quoted(draw, text) if draw.chance(0.7) else keep(text)
    )
    return turns(
        asked.replace("{t}", _quoted(draw, text) if draw.chance(0.25) else keep(text)), text
    )


def spelling(draw: Draw) -> Chat:
    """A word taken apart or changed: letters, capitals, twice, in quotes, first and last word."""
    rng = draw.rng
    word = draw.rng.choice((draw.strange, draw.thing, draw.name))()
    words = [draw.thing() for _ in range(rng.randint(2, 5))]
    kind = rng.randrange(13 if draw.held_out else 23)
    if kind > 18:
        kind = 1
    if not draw.held_out and (kind in (1, 2) or kind > 15) and draw.chance(0.5):
        section = {1: "capitals", 2: "small"}.get(kind, "spell")
        shown = word if kind != 2 else word.upper() if draw.chance(0.6) else word.capitalize()
        asked = draw.phrase(phrasings(section))
        for slot in ("{t}", "{w}"):
            asked = asked.replace(slot, keep(shown))
        return turns(asked, {1: word.upper(), 2: word.lower()}.get(kind, "-".join(word)))
    if kind == 0 or kind > 12:
        word = draw.thing() if kind > 15 else word
        joint, how = rng.choice(
            (
                ("-", "[Spell|Please spell|Can you spell] {w}[.|?|]"),
                (" ", "[Spell|Write] {w} with spaces[.| between the letters.]"),
                ("-", "How do you spell {w}?"),
                ("-", "[Spell|Letter by letter:] {w}"),
                ("-", "[How is|How would you spell|How to spell] {w}[ spelled|][?|]"),
                ("-", "[Tell me|Show me|What is] [the spelling of|how to spell] {w}[.|?|]"),
                ("-", "[Please spell|Spell|Can you spell] the word {w}[.|?|, please.]"),
            )
        )
        return turns(draw.phrase((how,)).replace("{w}", keep(word)), joint.join(word))
    if kind == 1:
        return turns(
            draw.phrase(
                (
                    "[Write|Say|Put|Print] {w} in [capital letters|upper case|capitals|"
                    "uppercase][.|]",
                    "[Uppercase|Capitalize all of] {w}",
                    "[Shout|SHOUT] {w}",
                )
            ).replace("{w}", keep(word)),
            word.upper(),
        )
    if kind == 2:
        shown = word.upper() if draw.chance(0.6) else word.capitalize()
        return turns(
            draw.phrase(
                (
                    "[Write|Put] {w} in [lower case|small letters|lowercase][.|]",
                    "[Lowercase|In lower case:] {w}",
                )
            ).replace("{w}", keep(shown)),
            word.lower(),
        )
    if kind == 3:
        times = rng.choice((2, 3, 4))
        said = rng.choice((str(times), ("two", "three", "four")[times - 2]))
        return turns(
            draw.phrase(("[Say|Repeat|Write] {w} {n} times[.|]", "{n} times {w}[, please|]"))
            .replace("{w}", keep(word))
            .replace("{n}", said),
            " ".join([word] * times),
        )
    if kind == 4:
        return turns(
            draw.phrase(
                ("[Write|Put] {w} in [quotes|quotation marks][.|]", "[Quote|Add quotes around] {w}")
            ).replace("{w}", keep(word)),
            f'"{word}"',
        )
    if kind == 5:
        return turns(
            draw.phrase(("[What is|Which is|Give me|Say] the first word[ of|:| in] {w}",)).replace(
                "{w}", keep(" ".join(words))
            ),
            words[0],
        )
    if kind == 6:
        return turns(
            draw.phrase(("[What is|Which is|Give me|Say] the last word[ of|:| in] {w}",)).replace(
                "{w}", keep(" ".join(words))
            ),
            words[-1],
        )
    if kind == 7:
        return turns(
            draw.phrase(
                (
                    "[What is|Which is|Tell me] the [first|starting] letter of {w}?",
                    "[With which letter does|How does] {w} [start|begin]?",
                )
            ).replace("{w}", keep(word)),
            word[0],
        )
    if kind == 8:
        return turns(
            draw.phrase(
                ("How many words are in {w}?", "Count the words: {w}", "How many words: {w}")
            ).replace("{w}", _quoted(draw, " ".join(words))),
            str(len(words)),
        )
    if kind == 9:
        only = rng.choice(
            ("OK", "yes", "no", "done", "hello", "ready", "thanks", "understood", draw.thing())
        )
        return turns(
            draw.phrase(
                (
                    "[Answer|Reply|Respond] [only |just |]with [the word |]{w}[.|]",
                    "[Only|Just] [say|answer|write|reply] {w}[.|]",
                    "Say {w} and nothing else[.|]",
                    "Your [only |]answer must be {w}[.|]",
                )
            ).replace("{w}", rng.choice((keep(only), f'"{keep(only)}"'))),
            only,
        )
    if kind == 10:
        return turns(
            draw.phrase(
                (
                    "[Join|Put together|Combine] {w} with [commas|a comma][.|]",
                    "[Make|Write] a comma list[:| of] {w}",
                )
            ).replace("{w}", keep(" ".join(words))),
            ", ".join(words),
        )
    if kind == 11 and word.isascii():
        asked = draw.phrase(
            (
                "How many letters [are in|does] {w}[| have]?",
                "How many letters has {w}?",
                "[Count|Number of] the letters of {w}[.|?]",
            )
        ).replace("{w}", keep(word))
        return turns(asked, f"{'-'.join(word)}: {len(word)} letters.")
    return turns(
        draw.phrase(
            ("[Sort|Put in order|Order] [alphabetically|by the alphabet|from a to z]: {w}",)
        ).replace("{w}", keep(", ".join(words[:3]))),
        ", ".join(sorted(words[:3])),
    )
