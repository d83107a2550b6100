"""Weights between two checkpoints."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("safetensors")

from safetensors.numpy import save_file

from training.language import blend

BEFORE = {"a": np.zeros((2, 3), np.float32), "b": np.full(4, 2, np.float16)}
AFTER = {"a": np.ones((2, 3), np.float16), "b": np.full(4, 6, np.float16)}


def test_a_share_of_the_way() -> None:
    found = blend.blend(BEFORE, AFTER, share=0.25)
    assert (found["a"] == 0.25).all() and (found["b"] == 3).all()


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="two shapes"):
        blend.blend(BEFORE, {**AFTER, "b": np.ones(5)}, share=0.5)


def test_the_command_reads_and_writes_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, weights in (("before", BEFORE), ("after", AFTER)):
        (tmp_path / name).mkdir()
        save_file(weights, tmp_path / name / "model.1.safetensors")
    folders = [str(tmp_path / name) for name in ("before", "after")]
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "argv", ["blend", *folders, "--share", "1", "--out", str(out)])
    blend.main()
    assert {name: w.tolist() for name, w in blend.read(out).items()} == {
        name: w.tolist() for name, w in AFTER.items()
    }
    with pytest.raises(FileNotFoundError, match="safetensors"):
        blend.read(tmp_path)
