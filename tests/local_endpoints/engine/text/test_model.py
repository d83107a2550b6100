"""The session with its slots, against plain numpy and against itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.engine.text.model import TextModel
from tests.local_endpoints.engine.reference import reference_logits
from tests.local_endpoints.engine.tiny_model import (
    CONTEXT,
    END_OF_TURN,
    EOS,
    random_weights,
    tiny_config,
)
from training.gemma.graph import build

TOLERANCE = 2e-4
"""Largest difference allowed between two ways to the same logits, whose size is about 10."""


def prompt(length: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 300, length)


def test_prefill_computes_what_numpy_computes(model: TextModel) -> None:
    config = tiny_config(vocabulary=model.config.vocabulary)
    expected = reference_logits(config, random_weights(config), prompt(40))
    (logits,) = model.prefill([prompt(40)], first_slot=0, every_position=[True])
    errors = np.abs(logits - expected)
    # Where a number lies in the middle between two steps, single precision may round it the other
    # way, and that shows.
    assert np.median(errors) < 1e-5
    assert errors.max() < 0.1


@pytest.mark.parametrize("length", [1, 7, 64, 65, 129, 257])
def test_a_prompt_is_read_bit_by_bit_the_same_beside_a_longer_one(
    model_dir: Path, length: int
) -> None:
    model = TextModel(model_dir, slots=3, max_total_tokens=CONTEXT)
    (alone,) = model.prefill([prompt(length)], first_slot=0)
    for more in (1, 3, 60):
        others = [prompt(length + more, seed=2), prompt(5, seed=3)]
        beside = model.prefill([prompt(length), *others], first_slot=0)
        np.testing.assert_array_equal(beside[0], alone)


@pytest.mark.parametrize("count", [2, 3, 16, 63])
def test_a_token_is_computed_bit_by_bit_the_same_beside_others(model_dir: Path, count: int) -> None:
    model = TextModel(model_dir, slots=count, max_total_tokens=CONTEXT)
    lengths = np.arange(count) % 37 + 1
    for slot, length in enumerate(lengths):
        model.prefill([prompt(length, seed=slot)], first_slot=slot)
    together = model.decode(prompt(count), lengths).copy()
    for slot, length in enumerate(lengths):
        model.prefill([prompt(length, seed=slot)], first_slot=0)
        alone = model.decode(prompt(count)[slot : slot + 1], lengths[slot : slot + 1])
        np.testing.assert_array_equal(together[slot], alone[0])


def test_a_row_of_zeros_gives_zeros(tmp_path: Path) -> None:
    config = tiny_config(vocabulary=300)
    weights = random_weights(config)
    weights["model.norm.weight"] = -np.ones(config["hidden_size"], np.float32)
    graph = build(config, weights)
    (tmp_path / "model.onnx").write_bytes(graph.SerializeToString())
    (tmp_path / "config.json").write_text(json.dumps(config))
    (logits,) = TextModel(tmp_path, slots=1, max_total_tokens=8).prefill([prompt(3)], first_slot=0)
    assert not logits.any()


def test_steps_compute_what_one_prefill_computes(model: TextModel) -> None:
    tokens = prompt(40)
    (expected,) = model.prefill([tokens], first_slot=3, every_position=[True])
    (logits,) = model.prefill([tokens[:10]], first_slot=0)
    np.testing.assert_allclose(logits[0], expected[9], atol=TOLERANCE)
    for position in range(10, 40):
        step = model.decode(tokens[position : position + 1], np.array([position]))
        np.testing.assert_allclose(step[0], expected[position], atol=TOLERANCE)


def test_a_padded_batch_gives_what_each_prompt_gives_alone(model: TextModel) -> None:
    prompts = [prompt(length, seed=length) for length in (3, 17, 1, 30)]
    batch = model.prefill(prompts, first_slot=0, every_position=[False, True, False, False])
    assert [len(rows) for rows in batch] == [1, 17, 1, 1]
    for each, rows in zip(prompts, batch, strict=True):
        (alone,) = model.prefill([each], first_slot=10)
        np.testing.assert_array_equal(rows[-1], alone[-1])


def test_a_step_for_several_lengths_keeps_sequences_apart(model: TextModel) -> None:
    prompts = [prompt(length, seed=length) for length in (5, 20, 11)]
    model.prefill(prompts, first_slot=0)
    together = model.decode(np.array([7, 8, 9]), np.array([5, 20, 11])).copy()
    for row, each in enumerate(prompts):
        (alone,) = model.prefill([np.append(each, 7 + row)], first_slot=10)
        np.testing.assert_allclose(together[row], alone[0], atol=TOLERANCE)


def test_a_moved_sequence_goes_on_as_before(model: TextModel) -> None:
    tokens = prompt(12)
    model.prefill([prompt(9, seed=1), tokens], first_slot=0)
    model.move(1, 0, len(tokens))
    moved = model.decode(np.array([5]), np.array([12])).copy()
    (expected,) = model.prefill([np.append(tokens, 5)], first_slot=4)
    np.testing.assert_allclose(moved, expected, atol=TOLERANCE)


def test_scratch_memory_bounds_the_prompts_of_one_prefill(model_dir: Path) -> None:
    model = TextModel(model_dir, slots=2, max_total_tokens=32_000)
    assert model.prompts_at_once(16_000) == 1
    assert model.prompts_at_once(16) > model.prompts_at_once(32) > 1


def test_the_config_is_read_from_the_folder(model_dir: Path) -> None:
    config = ModelConfig.load(model_dir)
    assert config.eos_ids == {EOS, END_OF_TURN}
    assert config.context == CONTEXT
    assert config.bytes_per_token == 2 * 2 * 1 * 16 * 4


def test_the_same_weights_give_the_same_bytes_without_local_paths() -> None:
    config = tiny_config(vocabulary=300)
    first, second = (
        build(config, random_weights(config)).SerializeToString(deterministic=True)
        for _ in range(2)
    )
    assert first == second
    assert b"/" not in first.replace(b"com.microsoft", b"").split(b"embedding.rows")[0]


@pytest.mark.parametrize(
    "change",
    [{"model_type": "llama"}, {"attention_bias": True}, {"hidden_activation": "relu"}],
)
def test_a_model_the_graph_cannot_compute_is_refused(change: dict[str, object]) -> None:
    config = {**tiny_config(vocabulary=300), **change}
    with pytest.raises(ValueError, match="not"):
        build(config, random_weights(config))
