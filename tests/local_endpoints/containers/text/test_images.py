"""Images in prompts: their text, their tokens, their common limit."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from local_endpoints.containers.text.errors import ImagesDoNotFit, ImageTooLarge
from local_endpoints.containers.text.image_loader import ImageLoader
from local_endpoints.containers.text.images import (
    DELIMITER,
    Prompt,
    PromptImages,
    image_text,
    put_images,
)
from local_endpoints.engine.text.vision import VisionEncoder
from tests.local_endpoints.containers.images import image_url, noise, same

TOKENS = re.compile(r"<fake_token_around_image>|<image>")


def put(*between: str, text: str = "<P>", delimiter: str = "<|>") -> Prompt:
    """A prompt with the same image between its pieces."""

    async def main() -> Prompt:
        urls = [image_url(noise())] * (len(between) - 1)
        load = ImageLoader(None).load
        return await put_images(
            urls, between=between, load=load, image_text=text, delimiter=delimiter
        )

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("latents", "splitting", "alone", "two"), [(64, True, 326, 651), (64, False, 66, 131)]
)
def test_tokens_of_an_image(latents: int, splitting: bool, alone: int, two: int) -> None:
    tiles = 5 if splitting else 1
    text = image_text(latents=latents, tiles=tiles)
    for between, tokens in [(("", ""), alone), (("", "", ""), two), (("", " ", ""), 2 * alone)]:
        prompt = put(*between, text=text, delimiter=DELIMITER)
        assert len(TOKENS.findall(prompt.text)) == tokens
        assert prompt.text.count("<image>") == len(prompt.images) * latents * tiles


def test_neighbouring_delimiters_are_merged_once() -> None:
    assert put("a<|><|>b<|><|><|>c").text == "a<|>b<|><|>c"
    assert put("<|>", "", "", text="<|>i<|>").text == "<|>i<|>i<|>"


def test_images_of_a_prompt_share_the_room() -> None:
    rooms: list[int] = []

    async def load(url: str, room: int) -> Image.Image:
        rooms.append(room)
        if url == "large":
            raise ImageTooLarge
        return noise(size=(20, 10))

    with pytest.raises(ImageTooLarge):
        asyncio.run(
            put_images(["a", "b", "large", "c"], between=[""] * 5, load=load, image_text="")
        )
    assert [room - rooms[0] for room in rooms] == [0, -200, -400]


def test_other_work_goes_on_while_an_image_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoding waits for the loop, which it could not if it held it up."""
    opened: Callable[..., Any] = Image.open

    async def main() -> list[Prompt]:
        loop = asyncio.get_running_loop()

        def waiting(*args: Any, **options: Any) -> Any:
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(20)
            return opened(*args, **options)

        monkeypatch.setattr(Image, "open", waiting)
        load, urls = ImageLoader(None).load, [image_url(noise())]
        return await asyncio.gather(
            *(put_images(urls, between=["", ""], load=load, image_text="<P>") for _ in range(5))
        )

    prompts = asyncio.run(main())
    assert {prompt.text for prompt in prompts} == {"<P>"}
    assert same(prompts[0].images[0], noise())


def test_tiles_are_made_for_prompts_with_as_many_image_tokens_as_they_give(
    vision_dir: Path,
) -> None:
    encoder = VisionEncoder(vision_dir)
    images = PromptImages(encoder, image_token=7, load=ImageLoader(None).load)
    wanted = 2 * encoder.tokens_per_image
    shown = [noise(1), noise(2)]
    tiles = asyncio.run(images.tiles(shown, np.array([1, *[7] * wanted, 2])))
    assert np.array_equal(tiles, np.concatenate([encoder.tiles(image) for image in shown]))
    with pytest.raises(ImagesDoNotFit) as raised:
        asyncio.run(images.tiles(shown, np.array([7] * (wanted - 1))))
    assert (raised.value.given, raised.value.places) == (wanted, wanted - 1)
