"""The containers that can serve a model: which one suits, and what its image looks like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.containers import IMAGES
from helpers.panel.repository import RepositoryFacts

DEFAULT = "default"
TEXT_TASKS = ("text-generation", "image-text-to-text", "conversational")


@dataclass(frozen=True)
class Container:
    """One kind of container.

    Attributes:
        key: name in the form and key in ``model.image``; ``default`` sends no image.
        label: for people.
        about: when to take it.
        image: the image's fields that are sent if nothing is changed.
        env: environment variables that it needs.
        accelerators: what it runs on.
        args: whether ``container_args`` end in its command line.
    """

    key: str
    label: str
    about: str
    image: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    accelerators: tuple[str, ...] = ("cpu", "gpu", "neuron")
    args: bool = True


CONTAINERS = {
    each.key: each
    for each in (
        Container(
            "vLLM", "vLLM", "The service's recommendation for language and vision models. Its "
            "image is made for GPUs.",
            IMAGES["vLLM"],
            accelerators=("gpu",),
        ),
        Container(
            "tgi", "TGI", "The server of many older endpoints, and of the recipe of 2024; its "
            "repository is archived since March 2026.",
            IMAGES["tgi"],
            {"MODEL_ID": "/repository"}, args=False,
        ),
        Container(
            "llamacpp", "llama.cpp", "For repositories with GGUF files; needs no GPU.",
            {
                **IMAGES["llamacpp"],
                "modelPath": "", "ctxSize": 4096, "nParallel": 1, "threadsHttp": 2,
            },
            accelerators=("cpu", "gpu"),
        ),
        Container(
            DEFAULT, "Inference Toolkit (default)", "The service's own container, which it takes "
            "where no image is named: image models and most tasks of Transformers. It has no chat "
            "route.", args=False,
        ),
    )
}  # fmt: skip


def suggested(facts: RepositoryFacts, accelerator: str) -> str:
    """The key of the container for a repository on that kind of hardware."""
    if facts.gguf:
        return "llamacpp"
    if facts.task in TEXT_TASKS:
        return "vLLM" if accelerator == "gpu" else "tgi"
    return DEFAULT


def image_of(key: str, **changes: Any) -> dict[str, dict[str, Any]] | None:
    """``custom_image`` for ``create_inference_endpoint``; ``None`` for the default container.

    Args:
        **changes: fields of the image; ``None`` or "" leaves one as it is.
    """
    if key == DEFAULT:
        return None
    given = {name: value for name, value in changes.items() if value not in (None, "")}
    return {key: {**CONTAINERS[key].image, **given}}
