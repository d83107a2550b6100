"""Pictures: what changes them, and what does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from tests.local_endpoints.engine.diffusion.tiny_pipeline import IMAGE_SIZE

REQUEST = ImageRequest("a red fox", num_inference_steps=4, seed=7)


def draw(pipeline: DiffusionPipeline, request: ImageRequest) -> bytes:
    return pipeline.generate([request])[0].tobytes()


def test_a_picture_has_the_models_size_and_some_content(pipeline: DiffusionPipeline) -> None:
    (image,) = pipeline.generate([REQUEST])
    assert (image.size, image.mode) == ((IMAGE_SIZE, IMAGE_SIZE), "RGB")
    assert np.asarray(image).std() > 5


def test_the_same_request_gives_the_same_bytes(
    pipeline: DiffusionPipeline, pipeline_dir: Path
) -> None:
    first = draw(pipeline, REQUEST)
    assert draw(pipeline, REQUEST) == first
    assert draw(DiffusionPipeline(pipeline_dir, threads=2), REQUEST) == first


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "a red owl"},
        {"prompt_2": "snow"},
        {"negative_prompt": "hat"},
        {"negative_prompt_2": "hat"},
        {"num_inference_steps": 5},
        {"guidance_scale": 1.5},
        {"guidance_scale": 1.0},
        {"guidance_rescale": 0.7},
        {"seed": 8},
        {"solver": "ddim", "num_inference_steps": 7},
        {"time_ids": (9.0, 9.0, 1.0, 0.0, 32.0, 32.0)},
        {"negative_time_ids": (9.0, 9.0, 1.0, 0.0, 32.0, 32.0)},
        {"width": 64},
    ],
)
def test_everything_asked_for_changes_the_picture(
    pipeline: DiffusionPipeline, change: dict[str, object]
) -> None:
    changed = replace(REQUEST, **change)  # type: ignore[arg-type]
    assert draw(pipeline, changed) != draw(pipeline, REQUEST)


@pytest.mark.parametrize("guidance_scale", [1.0, 0.5, 0.0])
def test_without_guidance_the_negative_prompt_does_nothing(
    pipeline: DiffusionPipeline, guidance_scale: float
) -> None:
    unguided = replace(REQUEST, guidance_scale=guidance_scale)
    alone = draw(pipeline, unguided)
    assert draw(pipeline, replace(unguided, negative_prompt="hat")) == alone
    assert draw(pipeline, replace(unguided, guidance_scale=-1.0)) == alone


def test_empty_texts_stand_for_those_they_default_to(pipeline: DiffusionPipeline) -> None:
    expected = draw(pipeline, REQUEST)
    assert draw(pipeline, replace(REQUEST, prompt_2="", negative_prompt="")) == expected
    assert draw(pipeline, replace(REQUEST, prompt_2="a red fox")) == expected


def test_without_a_seed_every_picture_is_another(pipeline: DiffusionPipeline) -> None:
    first, second = pipeline.generate([replace(REQUEST, seed=None)] * 2)
    assert first.tobytes() != second.tobytes()


def test_a_batch_gives_what_each_request_gives_alone(pipeline: DiffusionPipeline) -> None:
    """Prompts, guidance, steps and even sizes differ; every byte is the same."""
    requests = [
        REQUEST,
        replace(REQUEST, prompt="an owl in the snow", seed=1, num_inference_steps=6),
        replace(REQUEST, guidance_scale=1.0, seed=2),
        replace(REQUEST, guidance_scale=9.0, guidance_rescale=0.5, negative_prompt="hat"),
        replace(REQUEST, height=64, width=40, seed=3),
        replace(REQUEST, height=64, width=40, seed=4, num_inference_steps=2),
        replace(REQUEST, solver="ddim"),
    ]
    together = pipeline.generate(requests)
    assert [image.size for image in together[4:6]] == [(40, 64)] * 2
    for request, image in zip(requests, together, strict=True):
        assert image.tobytes() == draw(pipeline, request)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "change",
    [
        {"guidance_scale": 1e300},
        {"guidance_scale": 3e38, "guidance_rescale": 0.5},
        {"negative_time_ids": (1e300, -1e300, 0.0, 0.0, 32.0, 32.0)},
    ],
)
def test_numbers_that_overflow_give_a_picture_without_warnings(
    pipeline: DiffusionPipeline, change: dict[str, object]
) -> None:
    spoilt = replace(REQUEST, **change)  # type: ignore[arg-type]
    together = pipeline.generate([spoilt, REQUEST])
    assert together[0].tobytes() == draw(pipeline, spoilt)
    assert together[1].tobytes() == draw(pipeline, REQUEST)


@pytest.mark.parametrize("size", [{"width": 36}, {"height": 4}, {"height": -8}])
def test_sizes_that_are_no_multiples_are_refused(
    pipeline: DiffusionPipeline, size: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="multiples of 8"):
        pipeline.generate([replace(REQUEST, **size)])  # type: ignore[arg-type]


def test_a_picture_can_be_looked_at_before_it_is_finished(pipeline: DiffusionPipeline) -> None:
    picture = pipeline.start(REQUEST)
    looks = []
    while not picture.finished:
        pipeline.step([picture])
        looks.append(pipeline.decode(picture).tobytes())
    assert len(set(looks)) == REQUEST.num_inference_steps
    assert looks[-1] == draw(pipeline, REQUEST)
