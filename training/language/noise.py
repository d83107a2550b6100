"""Makes a user's turn less tidy: lower case, marks too many or too few, typing errors, an opener.

Stretches marked by `keep` stay as they are.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from training.language.chat import END, Chat, Message, bare, outside
from training.language.tables import EMOJI
from training.language.wording import vary

_WORD = re.compile(r"[A-Za-z]{4,}")
_OPENERS = (
    "[Hi|Hello|Hey][,|!|.]",
    "[OK|ok|Okay|so|well|now][,|:]",
    "Please answer:",
    "Question:",
    "[Quick|One more|Another|Small] [question|thing|task][:|.]",
    "[Can you help me|help]?",
    "I need your help.",
    "[hm|hmm|um][,|...]",
    "Next:",
    "Tell me[,|:]",
    "Answer this:",
    "Listen[,|:]",
    "Sorry[,|:]",
    "[Dear|My dear] {m},",
    "{m},",
    "Hey {m},",
    "Do this:",
    "Task:",
    "[And|But] ",
)
_CLOSERS = (
    "[thanks|Thanks|thank you|please][!|.|]",
    "/no_think",
    "/think",
    "[lol|haha|:)|;)|:-)]",
    "[I am|We are] [in a hurry|curious].",
    "[Be|Please be] [brief|kind|quick].",
)


def roughen(rng: random.Random, text: str, *, me: str = "Pocket Qwen") -> str:
    """A user's turn with noise, and without the marks of `keep`."""
    if rng.random() < 0.25:
        text = outside(text, str.lower)
    if rng.random() < 0.12:
        text = outside(text, lambda part: _reworded(rng, part))
    if rng.random() < 0.25:
        text = _marks(rng, text)
    if rng.random() < 0.06:
        text = outside(text, lambda part: _typo(rng, part))
    if rng.random() < 0.05:
        text = f"{vary(rng, rng.choice(_OPENERS), m=me)} {text}"
    if rng.random() < 0.04:
        text = f"{text} {rng.choice((vary(rng, rng.choice(_CLOSERS)), rng.choice(EMOJI)))}"
    if rng.random() < 0.02:
        text = rng.choice((f" {text}", f"{text} ", f"{text}\n"))
    return bare(text)


def roughen_chat(rng: random.Random, chat: Chat, *, me: str, share: float = 1.0) -> Chat:
    """A chat with noise on a share of its user turns; the marks of `keep` go from all turns."""

    def rough(messages: tuple[Message, ...]) -> tuple[Message, ...]:
        changed = []
        for message in messages:
            content = message["content"]
            if message["role"] == "user" and rng.random() < share:
                content = roughen(rng, content, me=me)
            changed.append({**message, "content": bare(content)})
        return tuple(changed)

    beside = tuple(map(rough, chat.beside))
    return replace(chat, messages=rough(chat.messages), beside=beside)


_FILLERS = (
    "please",
    "just",
    "now",
    "then",
    "really",
    "quickly",
    "kindly",
    "exactly",
    "for me",
    "once",
    "actually",
    "maybe",
    "so",
    "well",
    "here",
    "again",
    "simply",
    "today",
    "only",
    "the",
    "also",
    "directly",
)
_SWAPS = {
    "say": "utter",
    "write": "put down",
    "repeat": "parrot",
    "give": "hand",
    "tell": "let me know",
    "what": "which",
    "extract": "pull",
    "return": "hand back",
    "find": "spot",
    "make": "produce",
    "name": "call",
    "list": "enumerate",
    "is": "would be",
    "please": "kindly",
    "show": "present",
    "answer": "respond",
    "know": "recall",
    "remember": "recall",
    "convert": "change",
    "from": "out of",
    "the": "that",
    "a": "one",
    "get": "fetch",
    "me": "us",
    "as": "in form of",
    "with": "using",
    "this": "the text",
}


def _reworded(rng: random.Random, part: str) -> str:
    """Leave a word out, put one in, or say one differently; a model must not rely on each word."""
    words = part.split(" ")
    if len(words) < 4:
        return part
    place = rng.randrange(len(words))
    kind = rng.randrange(3)
    if kind == 0 and words[place].isalpha():
        del words[place]
    elif kind == 1:
        words.insert(place, rng.choice(_FILLERS))
    else:
        words = [_SWAPS.get(word.lower(), word) if rng.random() < 0.5 else word for word in words]
    return " ".join(words)


def _marks(rng: random.Random, text: str) -> str:
    if text.endswith(END):
        return text
    stripped = text.rstrip(".!?")
    if not stripped or rng.random() < 0.65:
        return stripped or text
    return stripped + rng.choice(("!", "!!", "?", "??", "?!", "...", ".", " !", " ?"))


def _typo(rng: random.Random, part: str) -> str:
    words = list(_WORD.finditer(part))
    if not words or rng.random() < 0.3:
        return part
    word = rng.choice(words)
    place = rng.randrange(word.start() + 1, word.end() - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return part[:place] + part[place + 1 :]
    if kind == 1:
        return part[:place] + part[place] + part[place:]
    return part[:place] + part[place + 1] + part[place] + part[place + 2 :]
