"""Images in prompts: their text, their tokens, their common limit."""

from __future__ import annotations

import asyncio
import re
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from local_endpoints.containers.text import images
from local_endpoints.containers.text.errors import ImageFault, ImageRefused, ImagesDoNotFit
from local_endpoints.containers.text.images import (
    DELIMITER,
    ImageLoader,
    PromptImages,
    image_text,
    joined,
)
from local_endpoints.engine.text.vision import VisionEncoder
from tests.local_endpoints.containers.images import image_url, markdown, noise, same, saved
from tests.local_endpoints.containers.tgi.prompts import Prompt, read_with

TOKENS = re.compile(r"<fake_token_around_image>|<image>")


@pytest.mark.parametrize(
    ("latents", "splitting", "alone", "two"), [(64, True, 326, 651), (64, False, 66, 131)]
)
def test_tokens_of_an_image(latents: int, splitting: bool, alone: int, two: int) -> None:
    tiles = 5 if splitting else 1
    text = image_text(latents=latents, tiles=tiles)
    for between, tokens in [(("", ""), alone), (("", "", ""), two), (("", " ", ""), 2 * alone)]:
        prompt = joined(between, text)
        assert len(TOKENS.findall(prompt)) == tokens
        assert prompt.count("<image>") == (len(between) - 1) * latents * tiles


def test_neighbouring_delimiters_are_merged_once() -> None:
    assert joined(["a<|><|>b<|><|><|>c"], "", delimiter="<|>") == "a<|>b<|><|>c"
    assert joined(["<|>", "", ""], "<|>i<|>", delimiter="<|>") == "<|>i<|>i<|>"


def test_images_of_a_prompt_share_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*sizes: tuple[int, int]) -> list[Image.Image]:
        urls = [image_url(noise(size=size)) for size in sizes]
        return asyncio.run(ImageLoader(None).load(urls, lambda image: image))

    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    assert len(load((20, 20), (30, 20))) == 2
    with pytest.raises(ImageRefused) as raised:
        load((20, 20), (31, 20))
    assert raised.value.fault is ImageFault.PIXELS


def test_other_work_goes_on_while_an_image_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoding waits for the loop, which it could not if it held it up."""
    opened: Callable[..., Any] = Image.open

    async def main() -> list[Prompt]:
        loop = asyncio.get_running_loop()

        def waiting(*args: Any, **options: Any) -> Any:
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(20)
            return opened(*args, **options)

        monkeypatch.setattr(Image, "open", waiting)
        loader = ImageLoader(None)
        found = markdown(saved(noise(), "PNG"))
        return await asyncio.gather(*(read_with(loader, found) for _ in range(5)))

    prompts = asyncio.run(main())
    assert {prompt.text for prompt in prompts} == {"<P>"}
    assert all(same(prompt.images[0], noise()) for prompt in prompts)


@pytest.fixture
def prompt_images(vision_dir: Path) -> PromptImages:
    return PromptImages(VisionEncoder(vision_dir), image_token=7, loader=ImageLoader(None))


def test_tiles_are_made_of_all_images(vision_dir: Path, prompt_images: PromptImages) -> None:
    encoder, shown = VisionEncoder(vision_dir), [noise(1), noise(2)]
    tiles = asyncio.run(prompt_images.tiles([image_url(image) for image in shown]))
    assert tiles is not None
    assert np.array_equal(tiles, np.concatenate([encoder.tiles(image) for image in shown]))
    assert asyncio.run(prompt_images.tiles([])) is None


def test_a_prompt_has_as_many_image_tokens_as_its_images_give(prompt_images: PromptImages) -> None:
    wanted = 2 * prompt_images.tokens_per_image
    prompt_images.check_places(2, np.array([1, *[7] * wanted, 2]))
    with pytest.raises(ImagesDoNotFit) as raised:
        prompt_images.check_places(2, np.array([7] * (wanted - 1)))
    assert (raised.value.given, raised.value.places) == (wanted, wanted - 1)


@pytest.mark.parametrize(
    "between",
    [
        ("", ""), ("a", "b", ""), ("", "", "", ""), ("<|>", "<|><|>", "x<|>", "<|>"),
        ("<image>", "a <|> b", ""),
    ],
)  # fmt: skip
def test_the_length_of_a_prompt_is_known_without_its_tokens(
    between: tuple[str, ...], prompt_images: PromptImages
) -> None:
    pieces = [piece.replace("<|>", DELIMITER) for piece in between]
    short, left_out = prompt_images.shortened(pieces)
    whole = prompt_images.text(pieces)
    assert len(TOKENS.findall(short)) + left_out == len(TOKENS.findall(whole))


def test_no_image_outlives_its_tiles() -> None:
    """A prompt that waits for its turn holds what it needs later, not all pixels of its images."""
    found: list[weakref.ref[Image.Image]] = []

    def make(image: Image.Image) -> int:
        assert not any(reference() for reference in found)
        found.append(weakref.ref(image))
        return image.width

    urls = [image_url(noise(seed)) for seed in range(3)]
    assert asyncio.run(ImageLoader(None).load(urls, make)) == [24, 24, 24]
