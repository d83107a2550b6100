"""The catalog: for each model that is served one tested way of deploying it, called a recipe.

The real catalog's recipes are its own; these are the settings of the course's lessons.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_endpoints.repositories import REPOSITORIES, Repository
from local_endpoints.shelf import ModelFile

LICENSES = {"apache-2.0": "Apache 2.0", "mit": "MIT"}
"""How the catalog writes the names of licences that model cards have; others stay as they are."""
IDLE_MINUTES = 60
"""What the real service's web interface proposes (2026)."""
MOST_LETTERS = 32
"""Of an endpoint's name."""
_IMAGES: Mapping[str, dict[str, Any]] = {
    "vllm": {
        "vLLM": {"url": "vllm/vllm-openai:v0.30.0", "port": 8000, "healthRoute": "/health"},
    },
    "tgi": {
        "tgi": {
            "url": "ghcr.io/huggingface/text-generation-inference:3.3.7",
            "port": 80,
            "healthRoute": "/health",
        }
    },
    "toolkit": {"huggingface": {}},
    "llamacpp": {
        "llamacpp": {
            "url": "ghcr.io/ggml-org/llama.cpp:server",
            "port": 80,
            "healthRoute": "/health",
        }
    },
}
_INSTANCE_TYPES = {"HuggingFaceM4/idefics2-8b-chatty": "nvidia-a100"}
_ARGUMENTS = {"Qwen/Qwen3-1.7B": ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"]}


@dataclass(frozen=True)
class Recipe:
    """How the catalog deploys a model.

    Attributes:
        repository: the model.
        engine: the container's dialect.
        accelerator, instance_type: the hardware, one of it on AWS in us-east-1.
        args: of the container's command line.
    """

    repository: Repository
    engine: str
    accelerator: str = "gpu"
    instance_type: str = "nvidia-l4"
    args: list[str] = field(default_factory=list)

    @property
    def gguf_file(self) -> str | None:
        """The model's one file, if it is a GGUF file."""
        entry = self.repository.entry
        return self.repository.path.name if isinstance(entry, ModelFile) else None

    @property
    def license(self) -> str:
        """Of the model, as the catalog writes it."""
        return LICENSES.get(self.repository.license, self.repository.license)

    @property
    def id(self) -> str:
        """Its public name, for example ``qwen3-1-7b-vllm``. What is from the shelf has some
        letters more: several owners have models of one name."""
        plain = f"{_plain(self.repository.id)}-{self.engine}"
        if self.repository.entry is None:
            return plain
        return f"{plain}-{hashlib.sha256(self.repository.id.encode()).hexdigest()[:8]}"

    def body(self, name: str | None) -> dict[str, Any]:
        """The create request that it stands for.

        Args:
            name: of the endpoint; ``None`` for the model's name with three letters behind it, as
                the real service's web interface makes it (2026).
        """
        if name is None:
            name = f"{_plain(self.repository.id)[: MOST_LETTERS - 4].rstrip('-')}-{_letters()}"
        return {
            "name": name,
            "type": "authenticated",
            "provider": {"vendor": "aws", "region": "us-east-1"},
            "compute": {
                "accelerator": self.accelerator,
                "instanceType": self.instance_type,
                "instanceSize": "x1",
                "scaling": {"minReplica": 0, "maxReplica": 1, "scaleToZeroTimeout": IDLE_MINUTES},
            },
            "model": {
                "repository": self.repository.id,
                "framework": "pytorch",
                "task": self.repository.task,
                "image": _IMAGES[self.engine],
                **({"args": self.args} if self.args else {}),
            },
        }


def recipes() -> Iterator[Recipe]:
    """One for each model that is served, in the container that the service recommends for it;
    what is served elsewhere has none."""
    for repository in REPOSITORIES.values():
        if repository.upstream:
            continue
        yield Recipe(
            repository,
            engine=repository.dialects[0],
            instance_type=_INSTANCE_TYPES.get(repository.id, "nvidia-l4"),
            args=_ARGUMENTS.get(repository.id, []),
        )


def _plain(repository: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", repository.partition("/")[2].lower())


def _letters() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(3))
