"""How much of each task the pocket Gemma is taught: shares of the tokens that are learned."""

from __future__ import annotations

from training.gemma import rehearsal
from training.language import (
    copying,
    extraction,
    facts,
    judging,
    lists,
    memory,
    poetry,
    refusals,
    rewriting,
    smalltalk,
    spelling,
    stories,
    sums,
    unreadable,
)
from training.language.drills import lookup, recall
from training.language.mixture import COMMON, Task

GEMMA: dict[Task, float] = {
    **COMMON,
    smalltalk.small_talk: 12,
    smalltalk.chatter: 6,
    memory.memory: 12,
    recall.recall: 3,
    extraction.extraction: 2,
    copying.repetition: 10,
    spelling.spelling: 0.5,
    lookup.repeat_the_odd: 6,
    lists.short_list: 3,
    judging.reading: 0.5,
    rewriting.rewriting: 0.5,
    stories.story: 0.5,
    stories.haiku: 0.5,
    stories.note: 0.5,
    facts.facts: 3,
    refusals.refusal: 7,
    sums.sums: 14,
    unreadable.unreadable: 3,
    rehearsal.poem: 75,
    rehearsal.extraction: 9,
    poetry.poem: 50,
    poetry.poem_chat: 12,
    poetry.long_talk: 4,
    poetry.mixed: 3,
}
"""Nearly two thirds of it poems, which the lessons ask for again and again; of what a model so
small learns badly, such as JSON from free text, little."""
