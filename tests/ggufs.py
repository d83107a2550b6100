"""GGUF files for tests: the pocket models', and small ones of all kinds that are not served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

NEEDS_LLAMACPP = "needs the extra llamacpp: pip install -e '.[llamacpp]'"


def require_llamacpp() -> None:
    """Skip where llama.cpp is not installed."""
    pytest.importorskip("xllamacpp", reason=NEEDS_LLAMACPP)
    pytest.importorskip("gguf", reason=NEEDS_LLAMACPP)


def pocket_gguf(kind: str, folder: Path) -> Path:
    """A pocket model, ``gemma`` or ``qwen3``, as a GGUF file."""
    require_llamacpp()
    from local_endpoints.repositories import MODELS_DIR
    from training.gguf_export import export

    path = folder / f"pocket-{kind}-f16.gguf"
    if not path.exists():
        export(MODELS_DIR / kind, path)
    return path


def header_only(path: Path, architecture: str = "llama", **fields: Any) -> Path:
    """A GGUF file without weights; ``tokens=False`` leaves out what makes it a language model.

    Args:
        fields: ``type``, ``pooling`` and ``shards`` make it something else.
    """
    gguf = pytest.importorskip("gguf", reason=NEEDS_LLAMACPP)
    writer = gguf.GGUFWriter(path, architecture)
    if "type" in fields:
        writer.add_type(fields["type"])
    if "pooling" in fields:
        writer.add_uint32(f"{architecture}.pooling_type", fields["pooling"])
    if "shards" in fields:
        writer.add_uint16("split.count", fields["shards"])
    if "license" in fields:
        writer.add_license(fields["license"])
    if fields.get("tokens", True):
        writer.add_token_list(["a", "b"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
