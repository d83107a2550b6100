"""Prompts as the router reads them, and its words for what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from PIL import Image

from local_endpoints.containers.text.errors import RequestError
from local_endpoints.containers.text.images import ImageLoader, joined
from local_endpoints.containers.tgi.errors import Refusal, worded
from local_endpoints.containers.tgi.markdown import split_images


class Prompt(NamedTuple):
    text: str
    images: tuple[Image.Image, ...]


def read(inputs: str) -> Prompt:
    """A prompt in which an image is ``<P>`` and delimiters are ``<|>``."""
    return asyncio.run(read_with(ImageLoader(None), inputs))


async def read_with(loader: ImageLoader, inputs: str) -> Prompt:
    """The same with a loader of one's own."""
    urls, between = split_images(inputs)
    images = await loader.load(urls, lambda image: image)
    return Prompt(joined(between, "<P>", delimiter="<|>"), tuple(images))


def refused(action: Callable[[], Any]) -> Refusal:
    """The refusal of whatever an action raises."""
    with pytest.raises(RequestError) as raised:
        action()
    return worded(raised.value)


def input_refused(action: Callable[[], Any]) -> str:
    """The text of a refusal for an input that is not acceptable."""
    refusal = refused(action)
    assert (refusal.status, refusal.error_type) == (422, "validation")
    assert refusal.text.startswith("Input validation error: ")
    return refusal.text.removeprefix("Input validation error: ")


def prompt_refused(inputs: str) -> str:
    """The same for a prompt."""
    return input_refused(lambda: read(inputs))
