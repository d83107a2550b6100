"""A container whose model sees, and pictures for it."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from local_endpoints.replicas.wire import ContainerSettings
from tests.local_endpoints.containers.conftest import KEY, RunningContainer
from tests.local_endpoints.engine.tiny_vision import write_tiny_vision_model

ENV = {"MAX_INPUT_TOKENS": "1024", "MAX_TOTAL_TOKENS": "1536", "MAX_BATCH_PREFILL_TOKENS": "2048"}
REPOSITORY = "HuggingFaceM4/idefics2-8b-chatty"
FORMATS = {"PNG": "png", "JPEG": "jpeg", "GIF": "gif", "WEBP": "webp", "TIFF": "tiff", "QOI": "qoi"}


@pytest.fixture(scope="session")
def vision_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_vision_model(tmp_path_factory.mktemp("tiny-vision"))


def settings(folder: Path, **env: str) -> ContainerSettings:
    return ContainerSettings("tgi", REPOSITORY, folder, {**ENV, **env}, KEY, "pocket-test")


@pytest.fixture(scope="session")
def eye(vision_dir: Path) -> Iterator[RunningContainer]:
    running = RunningContainer(settings(vision_dir)).start()
    yield running
    running.stop()


def picture(seed: int = 1, size: tuple[int, int] = (48, 40)) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(pixels)


def data_url(image: Image.Image, form: str = "PNG") -> str:
    buffer = io.BytesIO()
    image.save(buffer, form)
    encoded = base64.b64encode(buffer.getvalue()).decode()
    return f"data:image/{FORMATS[form]};base64,{encoded}"
