"""What a pocket model cannot read: letters of other scripts, rows of emoji, keys hit at random."""

from __future__ import annotations

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw

_SCRIPTS = (
    (0xC0, 0x17F),
    (0x391, 0x3C9),
    (0x410, 0x44F),
    (0x531, 0x587),
    (0x5D0, 0x5EA),
    (0x621, 0x64A),
    (0x905, 0x939),
    (0xE01, 0xE2E),
    (0x10D0, 0x10F0),
    (0x3042, 0x3093),
    (0x30A2, 0x30F3),
    (0x4E00, 0x9FA5),
    (0xAC00, 0xD7A3),
)
"""First and last letter of Latin with marks, Greek, Cyrillic, Armenian, Hebrew, Arabic, Hindi,
Thai, Georgian, Hiragana, Katakana, Chinese and Korean."""
_PICTURES = ((0x1F300, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F900, 0x1F9FF), (0x2600, 0x26FF))
_NOT_READ = (
    "I cannot read that: I only [write|know] English.",
    "I am sorry, I can only read English. [Could you say it in English?|Please try it in English.]",
    "[Sorry|I am sorry], that is not English, and English is all that I know.",
    "That script is beyond me: I only write English.",
    "I only know English. [What would you like to say?|How can I help you in English?]",
)
_PUZZLED = (
    "I [do not understand|cannot make sense of] that. [Could you say it in other words?|What do "
    "you mean?]",
    "That tells me nothing yet. [What would you like to know?|Please write a sentence.]",
    "[Sorry, I did not get that.|I am not sure what that means.] Please write it in a sentence.",
    "That makes no word that I know. [What can I do for you?|What did you want to write?]",
)
_SEEN = (
    "Nice pictures! [What would you like to say?|How can I help you?]",
    "I see [some emoji|little pictures]. [What can I do for you?|Tell me more in words.]",
    "[How colorful|How lovely]! [Shall I write a poem about it?|What is it about?]",
    "[That looks cheerful|A picture says a lot], but I read words better. [What do you mean?|How "
    "can I help?]",
)
_KEYS = ("qwertzuiop", "asdfghjkl", "yxcvbnm", "qwertyuiop", "zxcvbnm")
_SIGNS = "?!.,;:-_#+*/()=%&$"


def _script(draw: Draw) -> str:
    span = draw.rng.choice(_SCRIPTS)
    words = []
    for _ in range(draw.rng.choice((1, 1, 1, 2, 3, 5))):
        words.append("".join(chr(draw.rng.randint(*span)) for _ in range(draw.rng.randint(1, 12))))
    return " ".join(words)


def _pictures(draw: Draw) -> str:
    rng = draw.rng
    if draw.chance(0.5):
        one = draw.emoji() if draw.chance(0.6) else chr(rng.randint(*rng.choice(_PICTURES)))
        return one * rng.randint(1, 9)
    joint = rng.choice(("", "", " "))
    shown = [
        draw.emoji() if draw.chance(0.6) else chr(rng.randint(*rng.choice(_PICTURES)))
        for _ in range(rng.randint(1, 7))
    ]
    return joint.join(shown)


def _keys(draw: Draw) -> str:
    rng = draw.rng
    if draw.chance(0.15):
        return "".join(rng.choice(_SIGNS) for _ in range(rng.randint(1, 8)))
    if draw.chance(0.15):
        return "".join(rng.choice("0123456789") for _ in range(rng.randint(1, 12)))
    words = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        row = rng.choice((*_KEYS, "abcdefghijklmnopqrstuvwxyz"))
        words.append("".join(rng.choice(row) for _ in range(rng.randint(3, 9))))
    return " ".join(words)


def unreadable(draw: Draw) -> Chat:
    """A message that says nothing in English, and a short answer that comes to an end."""
    kind = draw.rng.random()
    if kind < 0.45:
        text, said = _script(draw), draw.phrase(_NOT_READ)
    elif kind < 0.75:
        text, said = _pictures(draw), draw.phrase(_SEEN)
    else:
        text, said = _keys(draw), draw.phrase(_PUZZLED)
    return turns(keep(text) + draw.rng.choice(("", "", "", "?", "!", ".")), said)
