"""Which tasks a model is taught, and how much of each: shares of the tokens that are learned."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache

from training.language import (
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
    spelling,
    stories,
    sums,
    systems,
)
from training.language.chat import Chat, Message
from training.language.lexicon import Draw
from training.language.noise import roughen_chat
from training.language.thesaurus import reworded
from training.verse.topics import is_held_out

Task = Callable[[Draw], Chat]

COMMON: dict[Task, float] = {
    smalltalk.small_talk: 9,
    smalltalk.chatter: 4,
    smalltalk.foreign: 1.5,
    memory.memory: 6,
    memory.unknown_self: 0.3,
    memory.all_at_once: 2,
    memory.echo: 0.8,
    mentions.mention: 3,
    extraction.extraction: 14,
    copying.repetition: 9,
    spelling.spelling: 3,
    lists.short_list: 3,
    judging.sentiment: 1,
    judging.yes_or_no: 0.6,
    judging.reading: 4,
    rewriting.rewriting: 5,
    stories.story: 3,
    stories.haiku: 0.7,
    stories.note: 1.5,
    course.course: 5,
    refusals.refusal: 5,
    facts.facts: 4,
    facts.plain_fact: 4,
    sums.sums: 6,
}
"""What both models learn, relative to each other; a model's own shares stand in its folder."""

_JOINABLE: tuple[Task, ...] = (
    smalltalk.small_talk,
    sums.sums,
    facts.facts,
    copying.repetition,
    course.course,
    lists.short_list,
    extraction.extraction,
    refusals.refusal,
    judging.sentiment,
    poetry.poem,
)

_REWORDED: tuple[Task, ...] = (
    smalltalk.small_talk,
    smalltalk.chatter,
    memory.memory,
    memory.unknown_self,
    mentions.mention,
    facts.plain_fact,
    course.course,
    refusals.refusal,
)
"""Tasks whose answers do not hang on the very words of the user."""


class Source:
    """An endless stream of chats.

    Args:
        shares: of each task, relative to each other, in learned tokens.
        me: the model's own name.
        seed: the same seed gives the same stream.
        on_poems: whether the model is measured on poems: it hears nothing of their topics then.
    """

    def __init__(
        self, shares: dict[Task, float], *, me: str, seed: int, on_poems: bool = True
    ) -> None:
        self.me = me
        self.on_poems = on_poems
        self._rng = random.Random(seed)
        self._draw = Draw(self._rng, me=me)
        self._tasks = tuple(shares)
        # A model that is taught no system messages must not meet one: its template has none.
        self._plain_only = systems.obeying not in shares
        lengths = mean_lengths(self._tasks)
        self._weights = [share / lengths[task] for task, share in shares.items()]

    def __iter__(self) -> Iterator[Chat]:
        while True:
            chat = self._one()
            if not any(self._is_measured(message["content"]) for message in chat.all_messages):
                yield chat

    def _is_measured(self, text: str) -> bool:
        """Whether a text has a topic or a question that only measures may have."""
        asked = any(question in text.lower() for question in _QUESTIONS)
        return asked or (self.on_poems and is_held_out(text))

    def _one(self) -> Chat:
        task = self._rng.choices(self._tasks, self._weights)[0]
        chat = task(self._draw)
        if task in _REWORDED and self._rng.random() < 0.5:
            chat = reworded(self._rng, chat)
        if self._plain_only and not chat.plain:
            return self._one()
        if chat.plain and len(chat.messages) == 2 and self._rng.random() < 0.12:
            for _ in range(self._rng.choice((1, 1, 2))):
                chat = self._rng.choice(_JOINABLE)(self._draw).then(chat)
            if not chat.plain:
                return self._one()
        return roughen_chat(self._rng, chat, me=self.me)


_QUESTIONS = tuple(text.lower().rstrip("?.") for text in refusals.QUESTIONS)


@cache
def mean_lengths(tasks: tuple[Task, ...], *, samples: int = 150) -> dict[Task, float]:
    """Letters that a chat of each task teaches, on average: what shares are divided by."""
    lengths = {}
    for task in tasks:
        draw = Draw(random.Random(0))
        chats = [task(draw) for _ in range(samples)]
        lengths[task] = sum(map(learned_letters, chats)) / samples
    return lengths


def learned_letters(chat: Chat) -> int:
    """Letters of the assistant's turns, and some for the end of each."""
    return sum(
        len(message["content"]) + len(str(message.get("tool_calls", ""))) // _part(message) + 4
        for message in chat.all_messages
        if message["role"] == "assistant" and not message.get("given")
    )


def _part(message: Message) -> int:
    """The share of a call's Python form that its text has, or its beginning: a half, a quarter."""
    return 4 if message.get("form") == "name" else 2
