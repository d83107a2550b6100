"""What the Hub says about a repository, as far as renting for it goes: task, size, files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from huggingface_hub import HfApi
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils import RepositoryNotFoundError

from helpers.answers import plain_words
from helpers.errors import RefusedError
from helpers.panel.words import gigabytes
from helpers.pocket import POCKET_TAG

BYTES_OF_16_BITS = 2
ROOM = 1.2
"""Memory over weights: what engine and a short conversation need besides, as a rule of thumb."""
WEIGHT_ENDINGS = (".safetensors", ".bin", ".onnx", ".gguf")
"""In the order in which containers look for them."""
BYTES_BY_KIND = {
    **dict.fromkeys(("F64", "I64"), 8),
    **dict.fromkeys(("F32", "I32"), 4),
    **dict.fromkeys(("F16", "BF16", "I16"), 2),
}

_BILLIONS = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)b(?![a-z])", re.I)
_VARIANT = re.compile(r"\.(fp16|bf16|fp32|non_ema)\b")


@dataclass(frozen=True)
class RepositoryFacts:
    """A repository of the Hub.

    Attributes:
        id: ``owner/model``.
        task, library: as the Hub has them; empty where it has none.
        weight_bytes: of the files that a container loads; 0 where the Hub does not say.
        gguf: the smallest of its files for llama.cpp; empty if it has none.
        gated: whether a licence must be accepted first.
        pocket: whether a pocket model stands under this name here.
    """

    id: str
    task: str = ""
    library: str = ""
    weight_bytes: float = 0.0
    gguf: str = ""
    gated: bool = False
    pocket: bool = False

    @property
    def bytes_by_name(self) -> float:
        """What the name says: ``gemma-1.1-2b-it`` has two billion weights of 16 bits. 0 if none."""
        found = _BILLIONS.search(self.id)
        return float(found[1]) * 1e9 * BYTES_OF_16_BITS if found else 0.0

    def fits(self, memory_gb: float) -> bool | None:
        """Whether the model fits into that memory; ``None`` where nobody says how large it is."""
        size, _ = self._size()
        return size * ROOM <= memory_gb * 1e9 if size else None

    def fit(self, memory_gb: float, *, what: str) -> str:
        """Whether the model fits into that memory, in a sentence, and from what that is known.

        Args:
            memory_gb: of one replica.
            what: the hardware's name.
        """
        size, source = self._size()
        note = ""
        if self.pocket:
            note = (
                f" Here a pocket model of {gigabytes(self.weight_bytes)} answers, which fits "
                "everywhere."
            )
        if not size:
            return f"How large the model is, neither the Hub nor its name says.{note}"
        verdict = "fits into" if self.fits(memory_gb) else "does not fit into"
        return (
            f"{source} {gigabytes(size)} of weights; with some room for the engine that {verdict} "
            f"the {memory_gb:,.0f} GB of {what}.{note}"
        )

    def _size(self) -> tuple[float, str]:
        if self.weight_bytes and not self.pocket:
            return self.weight_bytes, "The Hub lists"
        return self.bytes_by_name, "By its name the model has about"


@lru_cache(maxsize=64)
def read_repository(name: str) -> RepositoryFacts:
    """Ask the Hub.

    Raises:
        RefusedError: there is no such repository, or the token may not see it.
        UnreachableError: no answer.
    """
    api = HfApi()
    with plain_words(f"looking for {name}"):
        try:
            info = api.model_info(name)
            files = [
                each for each in api.list_repo_tree(name, recursive=True)
                if isinstance(each, RepoFile)
            ]  # fmt: skip
        except RepositoryNotFoundError as error:
            raise RefusedError(
                f"there is no repository {name}, or your token may not see it",
                status=error.response.status_code,
            ) from None
    gguf = {each.path: each.size for each in files if each.path.endswith(".gguf")}
    counts = info.safetensors.parameters if info.safetensors else {}
    declared = sum(BYTES_BY_KIND.get(kind, 1) * count for kind, count in counts.items())
    return RepositoryFacts(
        id=name,
        task=info.pipeline_tag or "",
        library=info.library_name or "",
        weight_bytes=float(declared or weights_of({each.path: each.size for each in files})),
        gguf=min(gguf, key=gguf.__getitem__, default=""),
        gated=bool(info.gated),
        pocket=POCKET_TAG in (info.tags or ()),
    )


def weights_of(files: dict[str, int]) -> int:
    """Bytes of the weights that a container loads.

    A repository can hold the same weights in several forms: of the formats the first in the usual
    order counts, of precisions the plain one; of GGUF files, each a whole model, the smallest.
    """
    for ending in WEIGHT_ENDINGS:
        sizes = {path: size for path, size in files.items() if path.endswith(ending)}
        if ending == ".gguf" and sizes:
            return min(sizes.values())
        plain = {path: size for path, size in sizes.items() if not _VARIANT.search(path)}
        in_folders = {path: size for path, size in plain.items() if "/" in path}
        # The single file beside a pipeline's folders holds the same once more.
        if "model_index.json" in files and in_folders:
            plain = in_folders
        if plain or sizes:
            return sum((plain or sizes).values())
    return 0
