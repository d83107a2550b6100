"""The model repositories that the local service can serve, and where their files are.

A pocket model answers under the name of the real repository, so that a lesson's code needs no
change. Everything that shows an answer's origin says that a pocket model spoke. What the operator
has put on the shelf answers under its own name, and says so as well.
"""

from __future__ import annotations

import hashlib
import logging
from collections import UserDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from local_endpoints.dialects import DIALECTS
from local_endpoints.errors import ServiceError
from local_endpoints.shelf import Entry, ModelFile, Shelf, Upstream

logger = logging.getLogger(__name__)

MODELS_DIR = Path(__file__).parent / "models"


@dataclass(frozen=True)
class Repository:
    """A repository of the local hub.

    Attributes:
        id: name on the hub, ``owner/model``.
        folder: folder under ``models/`` that holds the pocket model; empty for what is on the
            shelf.
        task: what the service resolves an omitted ``model.task`` to.
        framework: the library that the real model card names.
        dialects: names of the container dialects that can serve it.
        gated: whether the hub gives its files only to a known token.
        license: as its model card names it; empty if nobody knows.
        entry: what stands on the shelf; ``None`` for a pocket model.
    """

    id: str
    folder: str
    task: str
    framework: str
    dialects: tuple[str, ...]
    gated: bool = False
    license: str = "apache-2.0"
    entry: Entry | None = None

    @property
    def path(self) -> Path:
        """What a container loads: the folder with weights, tokenizer and model card of a pocket
        model, or a GGUF file."""
        return (
            Path(self.entry.path) if isinstance(self.entry, ModelFile) else MODELS_DIR / self.folder
        )

    @property
    def upstream(self) -> Upstream | None:
        """Where it is served, if that is outside this service."""
        return self.entry if isinstance(self.entry, Upstream) else None

    @property
    def origin(self) -> str:
        """One word for who answers: a tag of the hub side."""
        if self.entry is None:
            return "pocket-model"
        return "upstream" if self.upstream else "gguf"

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
        if self.entry is not None:
            return {} if self.upstream else {self.path.name: self.path}
        return {
            path.relative_to(self.path).as_posix(): path
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }

    @property
    def revision(self) -> str:
        """A 40-digit commit id: of a pulled file the one that it was pulled from, of others a
        digest of the files, so it changes exactly when they do."""
        if isinstance(self.entry, ModelFile) and self.entry.revision:
            return self.entry.revision
        digest = hashlib.sha1(usedforsecurity=False)
        for name, path in self.files.items():
            digest.update(f"{name}\0{self.file_id(path)}\n".encode())
        return digest.hexdigest()

    def file_id(self, path: Path) -> str:
        """The id that the hub gives a file's content: git's, or of a model on the shelf, which
        would be a large file there, its SHA-256."""
        return self.entry.sha256 if isinstance(self.entry, ModelFile) else blob_id(path)


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


class Repositories(UserDict[str, Repository]):
    """The pocket models and, in front of them, what is on the shelf, looked up anew each time.

    Attributes:
        shelf: that of the service that this process is; ``None`` where there is none.
    """

    shelf: Shelf | None = None

    def __getitem__(self, name: str) -> Repository:
        return self._shelved().get(name) or self.data[name]

    def __contains__(self, name: object) -> bool:
        return name in self._shelved() or name in self.data

    def __iter__(self) -> Iterator[str]:
        return iter({**self.data, **self._shelved()})

    def __len__(self) -> int:
        return len({**self.data, **self._shelved()})

    def _shelved(self) -> dict[str, Repository]:
        try:
            entries = self.shelf.entries() if self.shelf else {}
        except ServiceError as error:
            logger.warning("%s", error)
            return {}
        return {name: _of_shelf(name, entry) for name, entry in entries.items()}


def _of_shelf(name: str, entry: Entry) -> Repository:
    is_file = isinstance(entry, ModelFile)
    return Repository(
        id=name,
        folder="",
        task="text-generation",
        framework="gguf" if is_file else "",
        dialects=("llamacpp",) if is_file else ("upstream",),
        license=entry.license if isinstance(entry, ModelFile) else "",
        entry=entry,
    )


REPOSITORIES = Repositories(
    {repository.id: repository for repository in _KNOWN if repository.available}
)


def list_of_repositories() -> str:
    """The served repositories as a sentence part, for refusals."""
    return ", ".join(REPOSITORIES) or "none (no pocket model is installed)"
