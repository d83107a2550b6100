"""Checkpoints as they are read, where torch is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

from training.graphs.weights import read_weights  # noqa: E402


@pytest.mark.parametrize("stored", [torch.float32, torch.float16, torch.bfloat16])
def test_every_precision_is_read_as_single(stored: torch.dtype, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    weights = {"a.weight": torch.tensor([[0.5, -2.0]]), "b": torch.tensor(3.0)}
    stored_as = {name: value.to(stored) for name, value in weights.items()}
    save_file(stored_as, tmp_path / "model.safetensors")
    found = read_weights(tmp_path)
    assert found.keys() == weights.keys()
    for name, value in found.items():
        assert value.dtype == np.float32
        np.testing.assert_array_equal(value, weights[name].numpy())


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors"):
        read_weights(tmp_path)
