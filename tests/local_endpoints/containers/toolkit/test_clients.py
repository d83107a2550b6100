"""The container through unmodified clients."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from huggingface_hub import AsyncInferenceClient, InferenceClient, constants
from huggingface_hub.errors import BadRequestError
from PIL import Image

from tests.local_endpoints.containers.conftest import KEY, RunningContainer

OPTIONS: dict[str, Any] = {"num_inference_steps": 3, "guidance_scale": 8.0, "seed": 5}
HEADERS = {"x-replica-key": KEY}
TOKEN = "of no importance here"


@pytest.fixture(autouse=True)
def _the_hub_is_here(toolkit: RunningContainer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Building its headers, the client asks the hub for a list; it shall not go and find it."""
    monkeypatch.setattr(constants, "ENDPOINT", url_of(toolkit))


def url_of(container: RunningContainer) -> str:
    return f"http://127.0.0.1:{container.port}"


def plain(container: RunningContainer) -> bytes:
    body = {"inputs": "a red fox", "parameters": OPTIONS}
    content = container.post("/", body, accept="image/png").content
    return Image.open(io.BytesIO(content)).tobytes()


def test_the_hub_client_gets_the_picture(toolkit: RunningContainer) -> None:
    client = InferenceClient(model=url_of(toolkit), headers=HEADERS, token=TOKEN)
    image = client.text_to_image("a red fox", **OPTIONS)
    assert (image.format, image.size, image.tobytes()) == ("PNG", (32, 32), plain(toolkit))
    large = client.text_to_image("a red fox", width=64, height=64, **OPTIONS)
    assert large.size == (64, 64)


def test_the_asynchronous_client_gets_the_same(toolkit: RunningContainer) -> None:
    async def draw() -> list[bytes]:
        client = AsyncInferenceClient(model=url_of(toolkit), headers=HEADERS, token=TOKEN)
        images = await asyncio.gather(
            *(client.text_to_image("a red fox", **OPTIONS) for _ in range(3))
        )
        return [image.tobytes() for image in images]

    assert asyncio.run(draw()) == [plain(toolkit)] * 3


def test_the_client_shows_the_refusal(toolkit: RunningContainer) -> None:
    client = InferenceClient(model=url_of(toolkit), headers=HEADERS, token=TOKEN)
    with pytest.raises(BadRequestError, match="either both must have a value"):
        client.text_to_image("a red fox", width=64)
