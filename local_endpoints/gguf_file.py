"""What a GGUF file says of itself, and whether it can be served at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from local_endpoints.errors import ServiceError

MAGIC = b"GGUF"
CHUNK_BYTES = 1 << 20
PACKAGES = ("gguf", "xllamacpp")


@dataclass(frozen=True)
class Header:
    """What it says.

    Attributes:
        architecture: for example ``llama``.
        license: empty if it says nothing.
    """

    architecture: str
    license: str


def require_packages() -> None:
    """Raises: ServiceError when what reads and serves GGUF files is not installed."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise ServiceError(
            f"{' and '.join(missing)} is not installed, which GGUF models need: "
            'pip install -e ".[llamacpp]"'
        )


def read_header(path: Path) -> Header:
    """Read it.

    Raises:
        ServiceError: it is none, is cut off, or holds something else than one whole language
            model; or as ``require_packages``.
    """
    require_packages()
    from gguf import GGUFReader

    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise ServiceError(f"{path} cannot be read ({error.strerror})") from None
    if magic != MAGIC:
        raise ServiceError(
            f"{path.name} is no GGUF file: it begins with {magic!r}. Look on the Hub for a "
            "repository whose name ends with -GGUF"
        )
    try:
        reader = GGUFReader(path)
        texts = {
            name: str(field.contents())
            for name in (*("general.architecture", "general.type"), "general.license")
            if (field := reader.get_field(name)) is not None
        }
    except Exception as error:
        # The package has no exception of its own: what it raises depends on where the file ends.
        raise ServiceError(
            f"{path.name} is broken or cut off ({type(error).__name__}): download it again"
        ) from None
    architecture = texts.get("general.architecture", "")
    if foreign := _foreign(reader, architecture, texts.get("general.type", "model")):
        raise ServiceError(f"{path.name} is {foreign}: choose the file of a whole language model")
    return Header(architecture, texts.get("general.license", ""))


def _foreign(reader: Any, architecture: str, kind: str) -> str:
    """What else it is than a whole language model; empty if it is one."""
    shards = reader.get_field("split.count")
    if kind != "model" or architecture == "clip":
        return f"no model but one's {kind}"
    if shards is not None and int(shards.contents()) > 1:
        return "one part of several"
    if reader.get_field("tokenizer.ggml.tokens") is None:
        return "no language model, it has no tokens"
    if reader.get_field(f"{architecture}.pooling_type") is not None:
        return "an embedding model, it writes no text"
    return ""


def sha256(path: Path) -> str:
    """Of the whole content. Raises: OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
