"""The controls of the panel: ipywidgets, each with a label that a screen reader finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets

from helpers.panel.live import Notice

LABEL_WIDTH = "130px"
_WIDEST = "620px"


def text(label: str, value: str = "", *, hint: str = "") -> ipywidgets.Text:
    """A line of text that changes with every key."""
    return ipywidgets.Text(value, description=label, placeholder=hint, **_common())


def area(label: str, value: str = "", *, hint: str = "", rows: int = 2) -> ipywidgets.Textarea:
    """Several lines of text."""
    return ipywidgets.Textarea(value, description=label, placeholder=hint, rows=rows, **_common())


def choice(label: str, options: Sequence[Any] = (), value: Any = None) -> ipywidgets.Dropdown:
    """One of a list; options are values, or pairs of label and value."""
    made = ipywidgets.Dropdown(options=options, value=value, description=label, **_common())
    made.add_class("ie-choice")
    return made


def whole(label: str, value: int, *, least: int, most: int) -> ipywidgets.BoundedIntText:
    """A whole number."""
    return ipywidgets.BoundedIntText(value, min=least, max=most, description=label, **_common())


def number(
    label: str, value: float, *, least: float, most: float, step: float
) -> ipywidgets.BoundedFloatText:
    """A number."""
    return ipywidgets.BoundedFloatText(
        value, min=least, max=most, step=step, description=label, **_common()
    )


def check(label: str, value: bool = False) -> ipywidgets.Checkbox:
    """A box to tick."""
    return ipywidgets.Checkbox(
        value, description=label, indent=False, layout=ipywidgets.Layout(width="auto")
    )


def button(
    label: str, act: Callable[[], None], *, style: str = "", title: str = ""
) -> ipywidgets.Button:
    """A button.

    Args:
        style: ``primary``, ``danger`` or "".
        title: a sentence that explains it.
    """
    made = ipywidgets.Button(
        description=label, button_style=style, tooltip=title or label,
        layout=ipywidgets.Layout(width="auto"),
    )  # fmt: skip
    made.on_click(lambda _: act())
    return made


def hint(words: str = "") -> ipywidgets.HTML:
    """A remark below a control."""
    return ipywidgets.HTML(hint_html(words), layout=ipywidgets.Layout(max_width=_WIDEST))


def hint_html(words: str) -> str:
    """The words of a remark, which may hold anything."""
    return f'<p style="line-height: 1.4; margin: 0 0 4px">{escape(words)}</p>' if words else ""


def title(words: str) -> ipywidgets.HTML:
    """What stands above a group of controls."""
    return ipywidgets.HTML(f'<p style="margin: 10px 0 2px"><strong>{escape(words)}</strong></p>')


def row(*children: ipywidgets.Widget) -> ipywidgets.HBox:
    """Side by side, and below each other where there is no room."""
    return ipywidgets.HBox(children, layout=ipywidgets.Layout(flex_flow="row wrap"))


def column(*children: ipywidgets.Widget) -> ipywidgets.VBox:
    """Below each other."""
    return ipywidgets.VBox(children, layout=ipywidgets.Layout(max_width="100%"))


def shown(widget: ipywidgets.Widget, is_shown: bool) -> None:
    """Show a control, or take it away, from the keyboard's way too."""
    widget.layout.display = None if is_shown else "none"


class Confirm:
    """Asks again before something that costs money or cannot be undone.

    Args:
        yes: what the button says that goes on.

    Attributes:
        widget: two buttons and a question; there only while it asks.
        question: what it asks; screen readers read it out.
        yes, no: the buttons.
    """

    def __init__(self, yes: str) -> None:
        self._act: Callable[[], None] | None = None
        self.question = Notice()
        self.yes = button(yes, self._go_on, style="danger")
        self.no = button("No, keep everything as it is", self.close)
        self.widget = column(self.question, row(self.yes, self.no))
        shown(self.widget, False)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self._act is not None

    def ask(self, question: str, act: Callable[[], None]) -> None:
        """Ask; ``act`` is done on yes."""
        self._act = act
        shown(self.widget, True)
        self.question.say(question)

    def close(self) -> None:
        """Ask no more."""
        self._act = None
        self.question.say("")
        shown(self.widget, False)

    def _go_on(self) -> None:
        act = self._act
        self.close()
        if act is not None:
            act()


def _common() -> dict[str, Any]:
    return {
        "layout": ipywidgets.Layout(width="auto", max_width=_WIDEST),
        "style": {"description_width": LABEL_WIDTH},
    }
