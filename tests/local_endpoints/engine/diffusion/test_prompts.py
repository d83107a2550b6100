"""Tokens and embeddings."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from local_endpoints.engine.diffusion.config import DiffusionConfig
from local_endpoints.engine.diffusion.prompts import PromptEncoder
from tests.local_endpoints.engine.diffusion.tiny_pipeline import (
    CONTEXT,
    POOLED,
    WIDTH,
    WORDS,
    config,
    write_tiny_pipeline,
)

START, END = len(WORDS) + 1, len(WORDS) + 2


@pytest.fixture(scope="module")
def encoder(pipeline_dir: Path) -> PromptEncoder:
    return PromptEncoder(pipeline_dir, DiffusionConfig.load(pipeline_dir))


def test_a_prompt_stands_between_the_marks_and_is_filled_up(encoder: PromptEncoder) -> None:
    tokens = encoder.tokenize("red fox")
    assert tokens.tolist() == [START, 3, 0, END] + [END] * (CONTEXT - 4)


def test_a_long_prompt_keeps_the_end_mark(
    encoder: PromptEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert encoder.tokenize("owl " * (CONTEXT - 2)).tolist()[-1] == END
        assert caplog.records == []
        tokens = encoder.tokenize("owl " * 50)
    assert tokens.tolist() == [START, *[2] * (CONTEXT - 2), END]
    (record,) = caplog.records
    assert "truncated" in record.getMessage()
    assert "owl" not in record.getMessage()


def test_each_encoder_reads_its_own_text(encoder: PromptEncoder) -> None:
    both = encoder.encode([("fox", "fox"), ("fox", "owl"), ("owl", "fox")])
    assert both.hidden.shape == (3, CONTEXT, WIDTH)
    assert both.pooled.shape == (3, POOLED)
    half = WIDTH // 2
    assert np.array_equal(both.hidden[0, :, :half], both.hidden[1, :, :half])
    assert not np.array_equal(both.hidden[0, :, half:], both.hidden[1, :, half:])
    assert np.array_equal(both.pooled[0], both.pooled[2])
    assert not np.array_equal(both.pooled[0], both.pooled[1])


def test_a_tokenizer_without_the_marks_is_refused(tmp_path: Path) -> None:
    write_tiny_pipeline(tmp_path)
    tokenizer = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    tokenizer.post_processor = None
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(ValueError, match=r"must put <\|startoftext\|> before"):
        PromptEncoder(tmp_path, DiffusionConfig.load(tmp_path))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"pipeline": "FluxPipeline"}, "expected an exported StableDiffusionXLPipeline"),
        ({"force_zeros_for_empty_prompt": True}, "encodes the empty prompt"),
    ],
)
def test_other_pipelines_are_refused(tmp_path: Path, change: dict[str, object], text: str) -> None:
    import json

    (tmp_path / "config.json").write_text(json.dumps(config(**change)))
    with pytest.raises(ValueError, match=text):
        DiffusionConfig.load(tmp_path)
