"""Says the same in other words: words and phrases of a user's turn for others that mean the same.

Most phrasings of a learner's own are new to a model so small. Where what is asked for does not hang
on the very words, seeing one remark in many words teaches it which words are alike.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache

from training.language.blocks import read
from training.language.chat import Chat, outside

_WORD = re.compile(r"[A-Za-z0-9']+")
_LONGEST = 7


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Each word or phrase, and all others of its groups."""
    found: dict[str, tuple[str, ...]] = {}
    for line in read("thesaurus.txt").splitlines():
        members = tuple(line.split("|"))
        for member in members:
            others = tuple(other for other in members if other != member)
            found[member] = (*found.get(member, ()), *others)
    return found


def in_other_words(rng: random.Random, text: str, *, share: float = 0.35) -> str:
    """A text with this share of the words that have others like them exchanged.

    The longest phrase that stands in the thesaurus goes first. Capital letters stay where the
    text has any.
    """
    groups, words = _groups(), list(_WORD.finditer(text))
    pieces: list[str] = []
    done, index = 0, 0
    while index < len(words):
        start = words[index].start()
        for last in range(min(index + _LONGEST, len(words)) - 1, index - 1, -1):
            phrase = text[start : words[last].end()]
            others = groups.get(phrase.lower())
            if others:
                index = last
                if rng.random() < share:
                    other = rng.choice(others)
                    pieces += [text[done:start], _cased(other, phrase, text)]
                    done = words[last].end()
                break
        index += 1
    return "".join((*pieces, text[done:]))


def _cased(phrase: str, before: str, text: str) -> str:
    """A phrase with the capital letters of what stood there before."""
    if text.islower():
        return phrase
    phrase = re.sub(r"\bi\b", "I", phrase)
    return phrase[:1].upper() + phrase[1:] if before[:1].isupper() and before != "I" else phrase


def reworded(rng: random.Random, chat: Chat) -> Chat:
    """A chat whose user says the same in other words; what `chat.keep` marks stays."""
    messages = tuple(
        {
            **message,
            "content": outside(message["content"], lambda part: in_other_words(rng, part)),
        }
        if message["role"] == "user"
        else message
        for message in chat.messages
    )
    return replace(chat, messages=messages)
