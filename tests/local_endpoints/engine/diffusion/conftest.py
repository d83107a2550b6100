"""The tiny pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from tests.local_endpoints.engine.diffusion.tiny_pipeline import write_tiny_pipeline


@pytest.fixture(scope="session")
def pipeline_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny pipeline."""
    return write_tiny_pipeline(tmp_path_factory.mktemp("tiny-pipeline"))


@pytest.fixture(scope="session")
def pipeline(pipeline_dir: Path) -> DiffusionPipeline:
    """The pipeline on one thread; only for tests that start no engine."""
    return DiffusionPipeline(pipeline_dir, threads=1)
