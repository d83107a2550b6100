"""The weights of a checkpoint in the format of transformers, or of a served text model."""

from __future__ import annotations

from pathlib import Path

from training.graphs.nodes import Weights
from training.graphs.served import read_back


def read_weights(model_dir: Path) -> Weights:
    """The checkpoint's arrays by name, in single precision.

    Of a folder that is served, those of its text model: with them its graph can be written anew
    where the checkpoint is not at hand.

    torch reads the file because numpy has no bfloat16, in which a checkpoint may be stored.

    Raises:
        FileNotFoundError: the folder has neither ``model.safetensors`` nor ``model.onnx``.
    """
    if not (checkpoint := model_dir / "model.safetensors").exists():
        if (model_dir / "model.onnx").exists():
            return read_back(model_dir)
        raise FileNotFoundError(f"{checkpoint} is missing, and there is no model.onnx beside it")
    import torch
    from safetensors.torch import load_file

    tensors = load_file(checkpoint)
    return {name: tensor.to(torch.float32).numpy() for name, tensor in tensors.items()}
