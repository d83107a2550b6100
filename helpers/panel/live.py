"""The one widget of the panel that is not ipywidgets' own: shows what changes by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from helpers.panel.words import error_words

_HERE = Path(__file__).parent


class Live(anywidget.AnyWidget):
    """Facts, tables, conversations, plots, logs, code and states, drawn by ``live.js``.

    It holds data, never HTML, and the browser writes it as text. While a browser shows it, it can
    ask for news: no browser (a notebook run by papermill, a closed tab), no questions.

    Attributes:
        kind: ``code``, ``chat``, ``facts``, ``log``, ``notice``, ``picture``, ``plots``,
            ``state`` or ``table``; ``static.py`` has what ``data`` holds for each.
        data: what to show.
        every: seconds between two questions for news; 0 for none.
        beat: counts the answers: the browser asks again when it has grown.
    """

    _esm = _HERE / "live.js"
    _css = _HERE / "live.css"

    kind = traitlets.Unicode().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    every = traitlets.Float(0.0).tag(sync=True)
    beat = traitlets.Int(0).tag(sync=True)

    def __init__(self, kind: str, data: dict[str, Any] | None = None, *, every: float = 0) -> None:
        super().__init__(kind=kind, data=data or {}, every=every)
        self._on_event: dict[str, Callable[[str], None]] = {}
        self.on_msg(self._receive)

    def on(self, event: str, act: Callable[[str], None]) -> None:
        """What to do when the browser says something.

        Args:
            event: ``news`` when it asks for news, or the name of a table's action.
            act: gets the row's id, "" for news.
        """
        self._on_event[event] = act

    def answered(self) -> None:
        """The news are there: the browser may ask again."""
        self.beat += 1

    def _receive(self, _: Any, content: Any, __: Any) -> None:
        act = self._on_event.get(str(content.get("event"))) if isinstance(content, dict) else None
        if act is not None:
            act(str(content.get("id", "")))


class Notice(Live):
    """A sentence for whoever uses the panel; screen readers read it when it changes."""

    def __init__(self) -> None:
        super().__init__("notice", {"text": "", "tone": "quiet"})

    @property
    def text(self) -> str:
        """What it says now."""
        return str(self.data["text"])

    def say(self, text: str, *, tone: str = "quiet") -> None:
        """Say something; "" for nothing. ``tone`` is ``quiet``, ``good`` or ``bad``."""
        self.data = {"text": text, "tone": tone}

    def complain(self, problem: str | BaseException) -> None:
        """Say what went wrong; "" takes the last complaint away."""
        text = problem if isinstance(problem, str) else error_words(problem)
        self.say(text, tone="bad" if text else "quiet")
