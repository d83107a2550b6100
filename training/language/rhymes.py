"""Does a pair of words rhyme? Answered by the CMU pronouncing dictionary.

Needs the package ``pronouncing`` (part of the training extra).
"""

from __future__ import annotations

import re
from functools import cache

import pronouncing


def _plain(phones: str) -> str:
    plain = "".join(sign for sign in phones if not sign.isdigit())
    # The dictionary writes "near" with IH and "here" with IY; speakers make no difference.
    return re.sub(r"^IH R", "IY R", plain)


@cache
def rhyme_sounds(word: str) -> frozenset[str]:
    """The rhyming parts of a word, without stress marks: one per known pronunciation.

    The rhyming part runs from the last stressed vowel to the end. Empty for a word that the
    dictionary does not know.
    """
    sounds = set()
    for phones in pronouncing.phones_for_word(word):
        part = pronouncing.rhyming_part(phones)
        sounds.add(_plain(part))
        # A last syllable with secondary stress carries a rhyme too: "anyway" and "day".
        syllables = phones.split()
        for index in range(len(syllables) - 1, -1, -1):
            if syllables[index][-1].isdigit():
                sounds.add(_plain(" ".join(syllables[index:])))
                break
    return frozenset(sounds)


def is_known(word: str) -> bool:
    """Whether the dictionary has the word."""
    return bool(rhyme_sounds(word))


def rhymes(first: str, second: str) -> bool:
    """Whether two different words share a rhyming part."""
    return first != second and bool(rhyme_sounds(first) & rhyme_sounds(second))
