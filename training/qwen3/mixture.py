"""How much of each task the pocket Qwen3 is taught: shares of the tokens that are learned."""

from __future__ import annotations

from training.language import (
    agents,
    calling,
    copying,
    course,
    extraction,
    facts,
    judging,
    lists,
    memory,
    mentions,
    poetry,
    refusals,
    rewriting,
    smalltalk,
    stories,
    systems,
)
from training.language.drills import lookup, recall
from training.language.mixture import COMMON, Task

QWEN3: dict[Task, float] = {
    **{task: share / 3 for task, share in COMMON.items()},
    smalltalk.foreign: 0.8,
    refusals.refusal: 3,
    facts.facts: 4,
    stories.story: 2.5,
    stories.haiku: 1,
    smalltalk.small_talk: 100,
    smalltalk.chatter: 16,
    memory.memory: 5,
    recall.recall: 1.5,
    mentions.mention: 7,
    extraction.extraction: 52,
    copying.repetition: 2.5,
    copying.spelling: 2,
    lookup.repeat_the_odd: 2,
    lookup.lookup: 2.5,
    lists.short_list: 4,
    judging.sentiment: 1.5,
    judging.reading: 1.5,
    rewriting.rewriting: 14,
    facts.plain_fact: 16,
    stories.note: 3,
    course.course: 30,
    systems.obeying: 5,
    calling.calls: 40,
    calling.call: 4,
    calling.two_calls: 0.5,
    calling.no_call: 1.6,
    agents.agent: 22,
    poetry.poem: 2.5,
    poetry.poem_chat: 0.5,
    poetry.mixed: 0.2,
}
"""For a run from trained weights, mostly on what they were weak in: everyday talk, JSON in free
wording, functions, agents' loops. What is learned by heart already is only kept."""
