"""Asks an endpoint, and can be stopped: a task that is cancelled closes its connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from huggingface_hub import AsyncInferenceClient, get_async_session
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status
from PIL import Image

from helpers.panel.calls import WAKE_SECONDS, Chat, Drawing

TIMEOUT_SECONDS = WAKE_SECONDS + 20.0
HEADERS = {"X-Scale-Up-Timeout": str(WAKE_SECONDS)}


@dataclass(frozen=True)
class Piece:
    """What arrives while an answer is written.

    Attributes:
        text: some more of it.
        reason: why it ended, in the last one.
    """

    text: str = ""
    reason: str = ""


async def served_name(url: str) -> str:
    """The name under which a server knows its model; wakes an endpoint that sleeps.

    Raises:
        HfHubHTTPError, HTTPError: the endpoint refuses, or does not answer.
    """
    headers = build_hf_headers() | HEADERS
    async with get_async_session() as session:
        response = await session.get(f"{url}/v1/models", headers=headers, timeout=TIMEOUT_SECONDS)
    hf_raise_for_status(response)
    return str(response.json()["data"][0]["id"])


async def stream(url: str, chat: Chat) -> AsyncIterator[Piece]:
    """The answer, piece by piece.

    Raises:
        HfHubHTTPError, HTTPError: the endpoint refuses, or does not answer.
    """
    async with AsyncInferenceClient(
        base_url=url, headers=HEADERS, timeout=TIMEOUT_SECONDS
    ) as client:
        try:
            answer = await client.chat_completion(
                messages=chat.messages, model=chat.model, stream=True, **chat.options
            )
        except HfHubHTTPError as error:
            # The client reads a refusal only where its length is announced.
            await error.response.aread()
            raise
        async for chunk in answer:
            for choice in chunk.choices:
                yield Piece(choice.delta.content or "", choice.finish_reason or "")


async def draw(url: str, drawing: Drawing) -> Image.Image:
    """The picture.

    Raises:
        HfHubHTTPError, HTTPError: the endpoint refuses, or does not answer.
    """
    async with AsyncInferenceClient(model=url, headers=HEADERS, timeout=TIMEOUT_SECONDS) as client:
        picture: Image.Image = await client.text_to_image(drawing.prompt, **drawing.options)
        return picture
