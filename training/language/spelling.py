"""Exact work on a word: its letters, capitals, repeats, quotes; first and last; a mere "OK"."""

from __future__ import annotations

from collections.abc import Callable

from training.language.chat import Chat, keep, turns
from training.language.copying import quoted
from training.language.lexicon import Draw
from training.language.phrasings import phrasings

_SPELL = (
    "[Spell|Please spell|Can you spell] {w}[.|?|]",
    "How do you spell {w}?",
    "[Spell|Letter by letter:] {w}",
    "[How is|How would you spell|How to spell] {w}[ spelled|][?|]",
    "[Tell me|Show me|What is] [the spelling of|how to spell] {w}[.|?|]",
    "[Please spell|Spell|Can you spell] the word {w}[.|?|, please.]",
)
_SPACED = "[Spell|Write] {w} with spaces[.| between the letters.]"
_CAPITALS = (
    "[Write|Say|Put|Print] {w} in [capital letters|upper case|capitals|uppercase][.|]",
    "[Uppercase|Capitalize all of] {w}",
    "[Shout|SHOUT] {w}",
)
_SMALL = (
    "[Write|Put] {w} in [lower case|small letters|lowercase][.|]",
    "[Lowercase|In lower case:] {w}",
)
_TIMES = ("[Say|Repeat|Write] {w} {n} times[.|]", "{n} times {w}[, please|]")
_QUOTES = ("[Write|Put] {w} in [quotes|quotation marks][.|]", "[Quote|Add quotes around] {w}")
_END_WORD = "[What is|Which is|Give me|Say] the {end} word[ of|:| in] {w}"
_FIRST_LETTER = (
    "[What is|Which is|Tell me] the [first|starting] letter of {w}?",
    "[With which letter does|How does] {w} [start|begin]?",
)
_COUNT_WORDS = ("How many words are in {w}?", "Count the words: {w}", "How many words: {w}")
_COUNT_LETTERS = (
    "How many letters [are in|does] {w}[| have]?",
    "How many letters has {w}?",
    "[Count|Number of] the letters of {w}[.|?]",
)
_ONLY = (
    "[Answer|Reply|Respond] [only |just |]with [the word |]{w}[.|]",
    "[Only|Just] [say|answer|write|reply] {w}[.|]",
    "Say {w} and nothing else[.|]",
    "Your [only |]answer must be {w}[.|]",
)
_ONLY_WORDS = "OK yes no done hello ready thanks understood".split()
_COMMAS = (
    "[Join|Put together|Combine] {w} with [commas|a comma][.|]",
    "[Make|Write] a comma list[:| of] {w}",
)
_SORT = "[Sort|Put in order|Order] [alphabetically|by the alphabet|from a to z]: {w}"


def _word(draw: Draw) -> str:
    """Mostly a word that people use, since that is what they ask about."""
    kinds = (draw.common, draw.thing, draw.name, draw.strange)
    return draw.rng.choices(kinds, (10, 3, 2, 5))[0]()


def _asked(draw: Draw, word: str, *wordings: str, written: str = "") -> str:
    """A request about a word; six of ten are worded by hand where ``written`` names a section."""
    by_hand = written and not draw.held_out and draw.chance(0.6)
    ways = phrasings(written) if by_hand else wordings
    text = draw.phrase(ways)
    for slot in ("{w}", "{t}"):
        text = text.replace(slot, keep(word))
    return text


def _letters(draw: Draw) -> Chat:
    word = _word(draw)
    if draw.chance(0.1):
        return turns(_asked(draw, word, _SPACED), " ".join(word))
    return turns(_asked(draw, word, *_SPELL, written="spell"), "-".join(word))


def _capitals(draw: Draw) -> Chat:
    word = _word(draw)
    if draw.chance(0.15):
        word = f"{_word(draw)} {word}"
    return turns(_asked(draw, word, *_CAPITALS, written="capitals"), word.upper())


def _small(draw: Draw) -> Chat:
    word = _word(draw)
    shown = word.upper() if draw.chance(0.6) else word.capitalize()
    return turns(_asked(draw, shown, *_SMALL, written="small"), word.lower())


def _times(draw: Draw) -> Chat:
    word, times = _word(draw), draw.rng.choice((2, 3, 4))
    said = draw.rng.choice((str(times), ("two", "three", "four")[times - 2]))
    return turns(_asked(draw, word, *_TIMES).replace("{n}", said), " ".join([word] * times))


def _in_quotes(draw: Draw) -> Chat:
    word = _word(draw)
    return turns(_asked(draw, word, *_QUOTES), f'"{word}"')


def _end_word(draw: Draw) -> Chat:
    words = _several(draw)
    place, end = draw.rng.choice(((0, "first"), (-1, "last")))
    return turns(_asked(draw, " ".join(words), _END_WORD.replace("{end}", end)), words[place])


def _first_letter(draw: Draw) -> Chat:
    word = _word(draw)
    return turns(_asked(draw, word, *_FIRST_LETTER), word[0])


def _word_count(draw: Draw) -> Chat:
    words = _several(draw)
    asked = draw.phrase(_COUNT_WORDS).replace("{w}", quoted(draw, " ".join(words)))
    return turns(asked, str(len(words)))


def _letter_count(draw: Draw) -> Chat:
    word = draw.common() if draw.chance(0.7) else draw.thing()
    asked = _asked(draw, word, *_COUNT_LETTERS)
    return turns(asked, f"{'-'.join(word)}: {len(word)} letters.")


def _only(draw: Draw) -> Chat:
    word = draw.rng.choice((*_ONLY_WORDS, draw.thing()))
    shown = draw.rng.choice((keep(word), f'"{keep(word)}"'))
    return turns(draw.phrase(_ONLY).replace("{w}", shown), word)


def _with_commas(draw: Draw) -> Chat:
    words = _several(draw)
    return turns(_asked(draw, " ".join(words), *_COMMAS), ", ".join(words))


def _sorted(draw: Draw) -> Chat:
    words = _several(draw)[:3]
    return turns(_asked(draw, ", ".join(words), _SORT), ", ".join(sorted(words)))


def _several(draw: Draw) -> list[str]:
    return [draw.thing() for _ in range(draw.rng.randint(2, 5))]


_KINDS: dict[Callable[[Draw], Chat], int] = {
    _letters: 7,
    _capitals: 7,
    _small: 2,
    _times: 1,
    _in_quotes: 1,
    _end_word: 2,
    _first_letter: 1,
    _word_count: 1,
    _letter_count: 1,
    _only: 1,
    _with_commas: 1,
    _sorted: 1,
}
"""How often each is drawn."""


def spelling(draw: Draw) -> Chat:
    """A word taken apart or changed."""
    return draw.rng.choices(tuple(_KINDS), tuple(_KINDS.values()))[0](draw)
