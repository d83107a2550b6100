"""How much of each task the pocket Qwen3 is taught: shares of the tokens that are learned."""

from __future__ import annotations

from training.language import (
    agents,
    calling,
    copying,
    judging,
    memory,
    poetry,
    smalltalk,
    systems,
)
from training.language.drills import lookup, recall
from training.language.mixture import COMMON, Task

QWEN3: dict[Task, float] = {
    **COMMON,
    smalltalk.small_talk: 16,
    smalltalk.chatter: 6,
    memory.memory: 10,
    recall.recall: 6,
    copying.repetition: 8,
    lookup.repeat_the_odd: 6,
    lookup.lookup: 4,
    judging.reading: 6,
    systems.obeying: 8,
    calling.call: 20,
    calling.two_calls: 1.5,
    calling.no_call: 8,
    agents.agent: 100,
    poetry.poem: 8,
    poetry.poem_chat: 2,
    poetry.mixed: 0.5,
}
"""For a run from trained weights; those that are served had 30 of calls and 9 of agents' loops."""
