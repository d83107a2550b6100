"""The model repositories that the local service can serve, and where their files are.

A pocket model answers under the name of the real repository, so that a lesson's code needs no
change. Everything that shows an answer's origin says that a pocket model spoke.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from local_endpoints.dialects import DIALECTS

MODELS_DIR = Path(__file__).parent / "models"


@dataclass(frozen=True)
class Repository:
    """A repository of the pocket hub.

    Attributes:
        id: name on the hub, ``owner/model``.
        folder: folder under ``models/`` that holds the pocket model.
        task: what the service resolves an omitted ``model.task`` to.
        framework: the library that the real model card names.
        dialects: names of the container dialects that can serve it.
        gated: whether the hub gives its files only to a known token.
    """

    id: str
    folder: str
    task: str
    framework: str
    dialects: tuple[str, ...]
    gated: bool = False

    @property
    def path(self) -> Path:
        """The folder with weights, tokenizer and model card."""
        return MODELS_DIR / self.folder

    @property
    def available(self) -> bool:
        """Whether the pocket model's weights are installed."""
        return any(self.path.glob("*.onnx"))

    @property
    def image_hints(self) -> str:
        """The images that can serve it, as a sentence part, for refusals."""
        return " or ".join(DIALECTS[name].hint for name in self.dialects)

    @cached_property
    def files(self) -> dict[str, Path]:
        """The files that the hub side offers, by their name in the repository."""
        return {
            path.relative_to(self.path).as_posix(): path
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }

    @property
    def revision(self) -> str:
        """A 40-digit commit id: a digest of the files, so it changes exactly when they do."""
        digest = hashlib.sha1(usedforsecurity=False)
        for name, path in self.files.items():
            digest.update(f"{name}\0{blob_id(path)}\n".encode())
        return digest.hexdigest()


def blob_id(path: Path) -> str:
    """The id that git gives a file's content. The file is read only when it is new or has changed:
    for a hundred megabytes, that takes a tenth of a second."""
    stat = path.stat()
    return _blob_id(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=1024)
def _blob_id(path: Path, size: int, changed: int) -> str:
    content = path.read_bytes()
    header = f"blob {len(content)}\0".encode()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


_KNOWN = (
    Repository(
        id="google/gemma-1.1-2b-it",
        folder="gemma",
        task="text-generation",
        framework="transformers",
        dialects=("vllm", "tgi"),
        gated=True,
    ),
    Repository(
        id="Qwen/Qwen3-1.7B",
        folder="qwen3",
        task="text-generation",
        framework="transformers",
        dialects=("vllm", "tgi"),
    ),
    Repository(
        id="stabilityai/stable-diffusion-xl-base-1.0",
        folder="sdxl",
        task="text-to-image",
        framework="diffusers",
        dialects=("toolkit",),
    ),
    Repository(
        id="HuggingFaceM4/idefics2-8b-chatty",
        folder="idefics2",
        task="image-text-to-text",
        framework="transformers",
        dialects=("vllm", "tgi"),
    ),
)

REPOSITORIES: dict[str, Repository] = {
    repository.id: repository for repository in _KNOWN if repository.available
}


def list_of_repositories() -> str:
    """The served repositories as a sentence part, for refusals."""
    return ", ".join(REPOSITORIES) or "none (no pocket model is installed)"
