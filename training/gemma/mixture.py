"""How much of each task the pocket Gemma is taught: shares of the tokens that are learned."""

from __future__ import annotations

from training.gemma import rehearsal
from training.language import (
    copying,
    extraction,
    judging,
    memory,
    poetry,
    refusals,
    rewriting,
    smalltalk,
    sums,
    unreadable,
)
from training.language.drills import lookup, recall
from training.language.mixture import COMMON, Task

GEMMA: dict[Task, float] = {
    **COMMON,
    smalltalk.small_talk: 12,
    smalltalk.chatter: 6,
    memory.memory: 10,
    recall.recall: 4,
    extraction.extraction: 9,
    copying.repetition: 8,
    copying.spelling: 1,
    lookup.repeat_the_odd: 6,
    lookup.lookup: 1,
    judging.reading: 2,
    rewriting.rewriting: 2,
    refusals.refusal: 6,
    sums.sums: 8,
    unreadable.unreadable: 2.5,
    rehearsal.poem: 40,
    rehearsal.extraction: 5,
    poetry.poem: 42,
    poetry.poem_chat: 12,
    poetry.long_talk: 6,
    poetry.mixed: 3,
}
"""Half of it poems, which the lessons ask for again and again."""
