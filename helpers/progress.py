"""One line of progress that replaces itself, in a notebook and in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from IPython.core.getipython import get_ipython
from IPython.display import display

from helpers.errors import ParameterError

BAR_LENGTH = 20

Item = TypeVar("Item")


def track(items: Iterable[Item], subject: str) -> Iterator[Item]:
    """Go through some items with a progress bar.

    It counts an item as done when the next one is asked for, and leaves the full bar behind. Of
    what has no length, for example a generator, it makes a list before it starts: whatever makes
    the items is done by then, and it must come to an end.

    Args:
        items: a list, or whatever else ``for`` goes through.
        subject: what the bar is about; it stands before it.

    Raises:
        ParameterError: there is nothing to go through.
    """
    if not (hasattr(items, "__iter__") or hasattr(items, "__getitem__")):
        raise ParameterError(
            f"items is {items!r:.60}: give a list, or range(10) to count up to ten"
        )
    return _tracked(items, subject)


def _tracked(items: Iterable[Item], subject: str) -> Iterator[Item]:
    progress = Progress(subject)
    try:
        count = len(items)  # type: ignore[arg-type]
    except TypeError:
        items = list(items)
        count = len(items)
    for done, item in enumerate(items):
        progress.show(_bar(done, count))
        yield item
    progress.finish(_bar(count, count))


def _bar(done: int, count: int) -> str:
    full = BAR_LENGTH * done // count if count else BAR_LENGTH
    return f"{'█' * full}{'░' * (BAR_LENGTH - full)} {done} of {count}"


class Progress:
    """Shows what is happening to something.

    In a notebook it is one output that is updated in place; in a terminal one line on standard
    error; when standard error is a file, only the final line.

    Args:
        subject: what the line is about; it comes first.
    """

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._handle: Any = None
        shell = get_ipython()
        self._notebook = shell is not None and hasattr(shell, "kernel")

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._notebook:
            self._display(text)
        elif sys.stderr.isatty():
            print(f"\r\x1b[2K{self._subject}: {text}", end="", file=sys.stderr, flush=True)

    def finish(self, text: str) -> None:
        """Replace the line for the last time."""
        if self._notebook:
            self._display(text)
        else:
            start = "\r\x1b[2K" if sys.stderr.isatty() else ""
            print(f"{start}{self._subject}: {text}", file=sys.stderr)

    def _display(self, text: str) -> None:
        line = _Line(f"{self._subject}: {text}")
        if self._handle is None:
            self._handle = display(line, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(line)


class _Line:
    """Plain text that a notebook shows without quotes."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text
