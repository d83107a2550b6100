"""A button in the notebook for somebody's own picture, and the answer below it."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from typing import Any

import ipywidgets
from PIL import Image

from helpers.errors import CourseError, ParameterError
from helpers.gallery import gallery
from helpers.picture import load_picture, whole_number

DESCRIPTION = "the picture that you chose"
"""Not the answer: whoever cannot see the picture could not tell one from the other."""
LIMIT = (
    "Up to 10 MB: a larger file does not get through to the notebook, and after it the buttons do "
    "nothing any more. Then run this cell again; put the file into the list on the left, and give "
    "its name instead."
)
"""Jupyter's server closes the connection at 10 MiB (tornado's default). Nothing of it gets here, so
it cannot be said afterwards."""
RESUME = 'If the endpoint is paused, run the cell that creates it again, and press "Ask again".'


class PictureUpload:
    """Two buttons: choose a picture and ask about it, and ask about the same one again.

    Whatever goes wrong is said below them; nothing is raised, since nobody would see it.

    Args:
        ask: gets the picture, as ``load_picture`` gives it, and returns what to write below.
        width: pixels of the preview, 1 or more.

    Raises:
        ParameterError: ``ask`` is no function, or ``width`` no such number.

    Attributes:
        files: the widget that takes the file.
        again: the button that asks about the same picture again.
        limit: HTML, how large a file may be; it always stands there.
        answer: HTML, the preview with what ``ask`` returned, or what went wrong.
    """

    def __init__(self, ask: Callable[[Image.Image], str], *, width: int = 240) -> None:
        if not callable(ask):
            raise ParameterError(f"ask is {ask!r:.60}: give a function that takes a picture")
        self._ask = ask
        self._width = whole_number("width", width)
        self.files = ipywidgets.FileUpload(accept="image/*", description="Your picture")
        self.again = ipywidgets.Button(description="Ask again", icon="refresh", disabled=True)
        self.limit = ipywidgets.HTML(_paragraphs(LIMIT))
        self.answer = ipywidgets.HTML()
        self._picture: Image.Image | None = None
        self._note = ""
        self.files.observe(self._on_files, names="value")
        self.again.on_click(lambda _: self._show_answer())

    def __repr__(self) -> str:
        return "A button to choose a picture, and one to ask about it again"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        buttons = ipywidgets.HBox([self.files, self.again])
        bundle = ipywidgets.VBox([buttons, self.limit, self.answer])._repr_mimebundle_(**options)
        return bundle | {"text/plain": repr(self)}

    def _on_files(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        (file,) = change["new"]
        # Only a change is reported: the same file can be chosen again if nothing is chosen now.
        self.files.value = ()
        self._picture, self._note = None, ""
        stream = io.BytesIO(file["content"])
        stream.name = file["name"]
        try:
            self._picture = load_picture(stream, say=self._take_note)
        except CourseError as error:
            self._say(str(error))
        self.again.disabled = self._picture is None
        self._show_answer()

    def _show_answer(self) -> None:
        if self._picture is None:
            return
        self._say("Asking …")
        try:
            answer = self._ask(self._picture)
            if not isinstance(answer, str):
                raise ParameterError(f"the function gave {answer!r:.60}, let it return text")
            shown = gallery([self._picture], [answer], about=[DESCRIPTION], width=self._width)
            page = shown._repr_mimebundle_()
        except Exception as error:
            # A widget has nobody to raise to: its errors end in a log that nobody reads.
            reason = getattr(error, "server_message", None) or str(error) or type(error).__name__
            self._say(f"No answer: {reason}", RESUME)
        else:
            self.answer.value = page["text/html"] + _paragraphs(self._note)

    def _take_note(self, sentence: str) -> None:
        self._note = sentence

    def _say(self, *sentences: str) -> None:
        self.answer.value = _paragraphs(*sentences, self._note)


def _paragraphs(*sentences: str) -> str:
    return "".join(f"<p>{html.escape(each)}</p>" for each in sentences if each)
