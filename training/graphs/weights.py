"""The weights of a checkpoint in the format of transformers."""

from __future__ import annotations

from pathlib import Path

from training.graphs.nodes import Weights


def read_weights(model_dir: Path) -> Weights:
    """The checkpoint's arrays by name, in single precision.

    torch reads the file because numpy has no bfloat16, in which a checkpoint may be stored.

    Raises:
        FileNotFoundError: the folder has no ``model.safetensors``.
    """
    import torch
    from safetensors.torch import load_file

    tensors = load_file(model_dir / "model.safetensors")
    return {name: tensor.to(torch.float32).numpy() for name, tensor in tensors.items()}
