"""How much of each task the pocket Qwen3 is taught: shares of the tokens that are learned."""

from __future__ import annotations

from training.language import (
    agents,
    calling,
    copying,
    course,
    dialogs,
    extraction,
    facts,
    judging,
    lists,
    memory,
    mentions,
    poetry,
    prompts,
    refusals,
    rewriting,
    smalltalk,
    stories,
    sums,
    systems,
)
from training.language.drills import lookup, recall
from training.language.mixture import COMMON, Task

QWEN3: dict[Task, float] = {
    **{task: share / 3 for task, share in COMMON.items()},
    smalltalk.foreign: 1.2,
    refusals.refusal: 3,
    facts.facts: 4,
    stories.story: 7,
    stories.haiku: 4,
    smalltalk.small_talk: 44,
    smalltalk.chatter: 9,
    memory.memory: 11,
    recall.recall: 2,
    mentions.mention: 7,
    extraction.extraction: 28,
    prompts.prompt: 48,
    copying.repetition: 5,
    copying.spelling: 20,
    lookup.repeat_the_odd: 2,
    lookup.lookup: 2.5,
    lists.short_list: 11,
    judging.sentiment: 2,
    judging.yes_or_no: 2,
    judging.reading: 4,
    rewriting.rewriting: 42,
    dialogs.dialog: 60,
    facts.plain_fact: 15,
    stories.note: 6,
    sums.sums: 5,
    course.course: 42,
    systems.obeying: 5,
    calling.calls: 50,
    calling.call: 5,
    calling.two_calls: 0.7,
    calling.no_call: 1.6,
    agents.agent: 31,
    poetry.poem: 4,
    poetry.poem_chat: 0.5,
    poetry.mixed: 0.2,
}
"""For a run from trained weights, mostly on what they were weak in: everyday talk, JSON in free
wording, functions, agents' loops. What is learned by heart already is only kept."""
