"""The engine that serves, asked about pictures in this process; no torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from local_endpoints.engine.text.delivery import ThreadInbox
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Request, TokenEvent
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.engine.text.vision import VisionEncoder

TOKENS = 1200
"""Of a prompt and its answer together: three pictures and a question."""


@dataclass(frozen=True)
class Asked:
    """A question about a picture, or about several: the others of them are ``more``."""

    image: Image.Image
    question: str
    temperature: float = 0.0
    seed: int = 0
    more: tuple[Image.Image, ...] = ()


class Speaker:
    """The engine on a model folder, in this process."""

    def __init__(self, folder: Path) -> None:
        self._codec = TextCodec(folder)
        self._vision = VisionEncoder(folder)
        model = TextModel(folder, slots=16, max_total_tokens=TOKENS)
        self._engine = Engine(model, self._codec, vision=self._vision, max_requests=100_000)
        self._engine.start()

    def answer(self, asked: Sequence[Asked]) -> list[str]:
        """One answer per question; temperature 0 takes the likeliest token at every step."""
        answers: list[str] = []
        # Not all at once: prepared pictures take memory.
        for start in range(0, len(asked), 64):
            requests = [self._request(each) for each in asked[start : start + 64]]
            for request in requests:
                self._engine.submit(request)
            answers += [_text(request) for request in requests]
        return answers

    def stop(self) -> None:
        """End the engine's thread."""
        self._engine.stop()

    def _request(self, asked: Asked) -> Request:
        config = self._vision.config
        fake, image = "<fake_token_around_image>", "<image>"
        picture = f"{fake}{image * config.latents}" * config.tiles_per_image + fake
        images = (asked.image, *asked.more)
        # Between two pictures stands one delimiter, as it does in the training.
        pictures = (picture * len(images)).replace(fake * 2, fake)
        prompt = f"User:{pictures}{asked.question}<end_of_utterance>\nAssistant:"
        sampling = (
            SamplingParameters(temperature=asked.temperature, do_sample=True, seed=asked.seed)
            if asked.temperature
            else SamplingParameters(seed=asked.seed)
        )
        return Request(
            prompt=self._codec.encode(prompt, add_special_tokens=True),
            inbox=ThreadInbox(),
            max_new_tokens=120,
            sampling=sampling,
            tiles=np.concatenate([self._vision.tiles(image.convert("RGB")) for image in images]),
        )


def _text(request: Request) -> str:
    assert isinstance(request.inbox, ThreadInbox)
    events = [event for event in request.inbox if isinstance(event, TokenEvent)]
    finish = events[-1].finish
    assert finish is not None
    return finish.text.strip()
