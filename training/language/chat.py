"""One training chat, in the form of the OpenAI messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

Message = dict[str, Any]
"""``role`` (system, user, assistant or tool), ``content``, and ``tool_calls`` of an assistant."""
Tool = dict[str, Any]
"""``{"type": "function", "function": {"name", "description", "parameters"}}``."""

KEEP, END = "\x02", "\x03"
"""Around a stretch of a user's turn that noise must leave as it is."""
_KEPT = re.compile(f"({KEEP}[^{END}]*{END})")


@dataclass(frozen=True)
class Chat:
    """A conversation whose assistant turns are learned.

    Attributes:
        messages: system first (if any), then user and assistant in turn; tool results between.
        tools: the functions that the system turn lists.
        wanted: for evaluation: what the last answer must be, where there is only one right one.
        beside: other turns after the same functions, and system message if there is one, each as
            if it stood there alone; one reading of a long prompt serves them all.
        whole: for evaluation: whether ``wanted`` must be all of the answer, not only stand in it.
    """

    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    wanted: str | None = field(default=None, compare=False)
    beside: tuple[tuple[Message, ...], ...] = ()
    whole: bool = field(default=False, compare=False, repr=False)

    @property
    def all_messages(self) -> Iterator[Message]:
        """Those of every branch."""
        return chain(self.messages, *self.beside)

    @property
    def plain(self) -> bool:
        """Whether only user and assistant speak, as Gemma's template wants it."""
        return not self.tools and all(
            message["role"] in ("user", "assistant") for message in self.messages
        )

    def then(self, other: Chat) -> Chat:
        """This chat and another one after it."""
        return replace(other, messages=self.messages + other.messages, tools=self.tools)


def keep(text: str) -> str:
    """Mark a stretch that noise must not touch."""
    return f"{KEEP}{text}{END}"


def bare(text: str) -> str:
    """A text without the marks of `keep`."""
    return text.replace(KEEP, "").replace(END, "")


def outside(text: str, change: Callable[[str], str]) -> str:
    """Change what stands outside of the stretches that `keep` has marked."""
    return "".join(
        part if part.startswith(KEEP) else change(part) for part in _KEPT.split(text) if part
    )


def turns(*texts: str, system: str | None = None, tools: Iterable[Tool] = ()) -> Chat:
    """User and assistant in turn, the last text being what is wanted."""
    messages: list[Message] = [{"role": "system", "content": system}] if system else []
    for index, text in enumerate(texts):
        messages.append({"role": ("user", "assistant")[index % 2], "content": text})
    return Chat(tuple(messages), tuple(tools), wanted=texts[-1])
