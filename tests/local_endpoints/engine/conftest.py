"""The tiny model, and ways to run requests on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.tiny_model import write_tiny_model

StartEngine = Callable[..., Engine]


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny model."""
    return write_tiny_model(tmp_path_factory.mktemp("tiny-model"))


@pytest.fixture(scope="session")
def codec(model_dir: Path) -> TextCodec:
    """Its tokenizer."""
    return TextCodec(model_dir)


@pytest.fixture
def model(model_dir: Path) -> TextModel:
    """The model with room for twenty sequences of 96 tokens."""
    return TextModel(model_dir, slots=20, max_total_tokens=96)


@pytest.fixture
def start_engine(model: TextModel, codec: TextCodec) -> Iterator[StartEngine]:
    """Starts an engine on the tiny model; takes the engine's options."""
    engines: list[Engine] = []

    def start(*, the_model: TextModel = model, **options: object) -> Engine:
        engine = Engine(the_model, codec, **options)  # type: ignore[arg-type]
        engine.start()
        engines.append(engine)
        return engine

    yield start
    for engine in engines:
        engine.stop()


@pytest.fixture
def engine(start_engine: StartEngine) -> Engine:
    """An engine with its defaults."""
    return start_engine()
