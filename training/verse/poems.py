"""Builds a poem of two, four, six or eight lines about any topic."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain

from training.language.rhymes import rhyme_sounds
from training.verse.couplets import ANY, Couplet, couplets
from training.verse.preference import in_turn
from training.verse.topics import Topic, core

LINE_COUNTS = (2, 4, 6, 8)


def write_poem(rng: random.Random, topic: Topic, *, lines: int | None = None) -> str:
    """One poem: an opener that names the topic, middles, a closer.

    ``lines`` is 2, 4, 6 or 8; left out, mostly 4 or 6. A known topic gets mostly couplets of its
    own category. No couplet and no rhyme sound comes twice. Eight lines fall into two stanzas.
    Some couplets are favorites; which ones, depends on the topic's first letter.
    """
    count = (lines or rng.choices((4, 6, 8), (5, 4, 1))[0]) // 2
    sections = ["opener"] + ["middle"] * (count - 2) + ["closer"] * (count > 1)
    if count == 2 and rng.random() < 0.5:
        sections[1] = "middle"
    known = topic.category != ANY
    own = [known and rng.random() < 0.75 for _ in sections]
    if known:
        own[0] = own[0] or count == 1
        if sum(own) * 2 < len(own) + 1:
            own = [True] * len(own)
    # Neighbors in the alphabet begin at different places.
    first = ord((core(topic.phrase) or "a")[0]) * 7
    verses: list[str] = []
    used: set[str] = set()
    for section, from_category in zip(sections, own, strict=True):
        # A small category can run out of new rhymes; the general couplets follow.
        pools = [couplets(name, section) for name in (topic.category, ANY)[not from_category :]]
        pool = chain.from_iterable(in_turn(rng, pool, first=first) for pool in pools)
        verses += _realise_fresh(rng, pool, topic, used)
    if len(verses) == 8:
        verses.insert(4, "")
    return "\n".join(_capitalised(verses))


def _realise_fresh(
    rng: random.Random, pool: Iterator[Couplet], topic: Topic, used: set[str]
) -> tuple[str, str]:
    """The first couplet whose rhyme sounds were not used yet; adds its sounds to ``used``."""
    for couplet in pool:
        sounds = {sound for word in couplet.end_words() for sound in rhyme_sounds(word)}
        if not sounds & used:
            used |= sounds
            return couplet.realise(rng, topic=topic.phrase, plural=topic.plural)
    raise ValueError(f"no couplet with a new rhyme is left for {topic}")


def _capitalised(lines: list[str]) -> list[str]:
    """Every line of verse starts with a capital letter, as printed poems did for centuries."""
    return [line[:1].upper() + line[1:] for line in lines]
