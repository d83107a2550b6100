"""A small program that asks an Inference Endpoint for poems; nothing in it knows of any test."""

from __future__ import annotations

import time

from huggingface_hub import InferenceEndpoint
from huggingface_hub.errors import HfHubHTTPError

BUSY, ASLEEP = 429, 503
POLL_SECONDS = 0.5


class PausedError(RuntimeError):
    """Somebody has paused the endpoint: no patience wakes it."""


def write_poem(endpoint: InferenceEndpoint, topic: str, *, patience: float = 600.0) -> str:
    """A poem about the topic. An endpoint that sleeps answers 503 while it wakes up, and one
    that has too much to do 429.

    Args:
        patience: how long to wait for it, in seconds.

    Raises:
        PausedError: the endpoint is paused.
        HfHubHTTPError: it refuses for another reason, or takes too long.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            answer = endpoint.client.chat_completion(
                [{"role": "user", "content": f"Write a short poem about {topic}."}],
                model=endpoint.repository,
                max_tokens=60,
                seed=7,
            )
        except HfHubHTTPError as error:
            if "paused" in str(error.server_message):
                raise PausedError(f"{endpoint.name} is paused: resume it") from error
            is_over = error.response.status_code not in (BUSY, ASLEEP)
            if is_over or time.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS)
        else:
            return str(answer.choices[0].message.content)
