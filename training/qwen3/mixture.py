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
    poetry,
    rewriting,
    smalltalk,
    stories,
    systems,
)
from training.language.drills import lookup, recall
from training.language.mixture import COMMON, Task

QWEN3: dict[Task, float] = {
    **{task: share / 3 for task, share in COMMON.items()},
    smalltalk.small_talk: 24,
    smalltalk.chatter: 7,
    memory.memory: 4,
    recall.recall: 1.5,
    extraction.extraction: 25,
    copying.repetition: 2.5,
    copying.spelling: 2,
    lookup.repeat_the_odd: 2,
    lookup.lookup: 1.2,
    lists.short_list: 3,
    judging.sentiment: 1.5,
    judging.reading: 1.5,
    rewriting.rewriting: 7,
    facts.plain_fact: 5,
    stories.note: 1.5,
    course.course: 3.5,
    systems.obeying: 2,
    calling.calls: 18,
    calling.call: 2.5,
    calling.two_calls: 0.5,
    calling.no_call: 0.8,
    agents.agent: 15,
    poetry.poem: 2.5,
    poetry.poem_chat: 0.5,
    poetry.mixed: 0.2,
}
"""For a run from trained weights, mostly on what they were weak in: everyday talk, JSON in free
wording, functions, agents' loops. What is learned by heart already is only kept."""
