"""Pictures side by side in a notebook, each with a caption that is its description, too."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable, Sequence
from typing import Any

from PIL import Image

from helpers.errors import ParameterError
from helpers.picture import PictureSource, load_picture, picture_list, whole_number

PREVIEW_SIDE = 256
"""Pixels: larger pictures are shown smaller, so that a saved notebook stays small."""


class Gallery:
    """What ``gallery`` returns. A notebook shows the pictures, everything else the captions."""

    def __init__(
        self,
        pictures: Sequence[tuple[Image.Image, str]],
        *,
        descriptions: Sequence[str],
        width: int,
    ) -> None:
        self.pictures = pictures
        self.descriptions = descriptions
        self.width = width

    def __repr__(self) -> str:
        count = "1 picture" if len(self.pictures) == 1 else f"{len(self.pictures)} pictures"
        return f"{count}: " + " | ".join(caption for _, caption in self.pictures)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        figures = "".join(
            self._figure(preview, caption, description)
            for (preview, caption), description in zip(
                self.pictures, self.descriptions, strict=True
            )
        )
        page = f'<div style="display: flex; flex-wrap: wrap; gap: 12px">{figures}</div>'
        return {"text/plain": repr(self), "text/html": page}

    def _figure(self, preview: Image.Image, caption: str, description: str) -> str:
        words = html.escape(caption)
        return (
            f'<figure style="margin: 0; width: {self.width}px">'
            f'<img src="{_as_url(preview)}" alt="{html.escape(description)}" width="{self.width}" '
            'style="border-radius: 6px; max-width: 100%; margin: 0">'
            f'<figcaption style="font-size: 12px; line-height: 1.3">{words}</figcaption></figure>'
        )


def gallery(
    pictures: Iterable[PictureSource],
    captions: Iterable[str],
    *,
    about: str | Iterable[str] = "",
    width: int = 110,
) -> Gallery:
    """Show pictures in rows, as many in one as there is room for.

    Args:
        pictures: a list of whatever ``load_picture`` takes.
        captions: a list of texts, one per picture, shown below it.
        about: what all of them show; caption and this are what somebody hears who cannot see. Or a
            list with one text per picture, heard in the caption's place: where a model wrote the
            caption, only a text of yours can show that it is wrong.
        width: pixels that each takes on the page, 1 or more, whatever its own size.

    Raises:
        ParameterError: one of the two is no list, there are not as many captions or texts as
            pictures, one is no text, or ``width`` is no such number.
        PictureError: one is no picture, or none that can be read.
    """
    sources = picture_list(pictures)
    texts = _texts("caption", captions, len(sources))
    if isinstance(about, str):
        descriptions = [f"{text}: {about}" if about else text for text in texts]
    else:
        descriptions = _texts("description", about, len(sources))
    width = whole_number("width", width)
    previews = [load_picture(each, max_side=max(PREVIEW_SIDE, width)) for each in sources]
    pairs = list(zip(previews, texts, strict=True))
    return Gallery(pairs, descriptions=descriptions, width=width)


def _texts(what: str, given: Iterable[str], count: int) -> list[str]:
    """One text for each of ``count`` pictures."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ParameterError(
            f"{what}s is {given!r:.60}: give a list of texts, one per picture, for example "
            '["a fox"]'
        )
    texts = list(given)
    for text in texts:
        if not isinstance(text, str):
            raise ParameterError(f"a {what} is {text!r:.60}: give text, for example str({what})")
    if len(texts) != count:
        raise ParameterError(
            f"{count} pictures need as many {what}s, not {len(texts)}: give one for each"
        )
    return texts


def _as_url(preview: Image.Image) -> str:
    """A WebP as ``data:`` URL."""
    buffer = io.BytesIO()
    preview.save(buffer, format="WEBP", quality=90)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
