"""The installed pocket model: what the tiny one cannot show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.repositories import REPOSITORIES

NAME = "stabilityai/stable-diffusion-xl-base-1.0"
REQUEST = ImageRequest("A llama in the snow", num_inference_steps=2, guidance_scale=8.0, seed=1)


def test_neighbours_and_threads_change_no_byte() -> None:
    requests = [
        REQUEST,
        replace(REQUEST, prompt="a fox on the beach", seed=2, num_inference_steps=3),
        replace(REQUEST, guidance_scale=1.0, seed=3),
    ]
    one = DiffusionPipeline(REPOSITORIES[NAME].path, threads=1)
    two = DiffusionPipeline(REPOSITORIES[NAME].path, threads=2)
    together = [image.tobytes() for image in two.generate(requests)]
    assert [one.generate([request])[0].tobytes() for request in requests] == together


def test_every_size_can_be_asked_for() -> None:
    pipeline = DiffusionPipeline(REPOSITORIES[NAME].path)
    (own,) = pipeline.generate([REQUEST])
    assert own.size == (pipeline.config.image_size,) * 2
    (odd,) = pipeline.generate([replace(REQUEST, height=72, width=136)])
    assert odd.size == (136, 72)
    assert np.asarray(odd).std() > 5


@pytest.mark.filterwarnings("error")
def test_numbers_that_overflow_spoil_no_neighbour() -> None:
    """In whole numbers, too, where an overflow has no level of its own."""
    pipeline = DiffusionPipeline(REPOSITORIES[NAME].path)
    spoilt = replace(REQUEST, guidance_scale=1e300)
    lost = replace(REQUEST, time_ids=(1e300, -1e300, 0.0, 0.0, 128.0, 128.0))
    together = pipeline.generate([spoilt, REQUEST, lost])
    assert together[1].tobytes() == pipeline.generate([REQUEST])[0].tobytes()
    assert [image.size for image in together] == [(128, 128)] * 3
