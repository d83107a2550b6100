"""The dialects that containers speak here: one table, and nothing else says what a dialect is.

To add one: its container under ``containers/``, a row here, and its name at the repositories that
it can serve.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

_VLLM_IMAGE = re.compile(r"vllm-openai(?::(?P<tag>[\w.-]+))?(?:@sha256:\w+)?$")
_LLAMA_CPP_IMAGE = re.compile(r"llama\.cpp(?::(?P<tag>[\w.-]+))?(?:@sha256:\w+)?$")
_TGI_IMAGE = re.compile(r"text-generation-inference(?::(?P<tag>[\w.-]+))?(?:@sha256:\w+)?$")


@dataclass(frozen=True)
class Dialect:
    """One kind of container.

    Attributes:
        name: what a replica's order and a repository call it.
        matches: whether it is what an image holds, by the key in ``model.image`` and the
            address; the address is empty for images that have none.
        hint: what to ask for to get it, for refusals.
        container: module and class, joined by a colon. Each brings its own engine, so it is
            imported only where it runs.
        any_task: whether ``model.task`` may be another than the repository's own.
        variables: the image's fields that the container reads from its environment, each with
            the name of the variable.
        options: the image's fields that become options of its command line; a dialect that has
            some takes ``model.args`` as well.
        reserved: variables that only the service may set.
        not_imitated: the image's fields that would change what it does, and cannot here.
        bearer: whether its own server asks for the replica's key, as a bearer token.
    """

    name: str
    matches: Callable[[str, str], bool]
    hint: str
    container: str
    any_task: bool = True
    variables: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    not_imitated: tuple[str, ...] = ()
    bearer: bool = False

    def serves_task(self, task: str, own: str) -> bool:
        """Whether a repository whose task is ``own`` can be asked for ``task``; "" for none."""
        return self.any_task or task in ("", own)

    def environment(self, image: Mapping[str, Any]) -> dict[str, str]:
        """What the fields of an image set in the container's environment."""
        return {
            variable: str(image[name]).lower()
            for name, variable in self.variables.items()
            if image.get(name) is not None
        }

    def arguments(self, image: Mapping[str, Any]) -> list[str]:
        """What the fields of an image put on the container's command line."""
        return [
            f"{option}={image[name]}"
            for name, option in self.options.items()
            if image.get(name) is not None
        ]

    def load(self) -> Callable[..., Any]:
        """The class of its container; imports the engine."""
        module, _, name = self.container.partition(":")
        loaded: Callable[..., Any] = getattr(import_module(module), name)
        return loaded


def _is_tgi(variant: str, url: str) -> bool:
    """A Text Generation Inference image of version 3, also as ``custom`` image, as the recipe of
    2024 gave it."""
    match = _TGI_IMAGE.search(url)
    if variant not in ("tgi", "custom") or match is None:
        return False
    tag = match["tag"] or "latest"
    return tag == "latest" or tag.startswith("3.")


def _is_vllm(variant: str, url: str) -> bool:
    """vLLM's own image, as managed by the service; of the tags, those that mean the release that
    is imitated."""
    match = _VLLM_IMAGE.search(url)
    if variant != "vLLM" or match is None:
        return False
    tag = match["tag"] or "latest"
    return tag == "latest" or tag.startswith("v0.30")


def _is_llama_cpp(variant: str, url: str) -> bool:
    """llama.cpp's server, whatever the tag: the service takes the newest (2026), and so does the
    wheel that runs here."""
    return variant == "llamacpp" and _LLAMA_CPP_IMAGE.search(url) is not None


_TABLE = (
    Dialect(
        name="vllm",
        matches=_is_vllm,
        hint='custom_image={"vLLM": {"url": "vllm/vllm-openai:latest"}}',
        container="local_endpoints.containers.vllm.container:VllmContainer",
        options={
            "tensorParallelSize": "--tensor-parallel-size",
            "dataParallelSize": "--data-parallel-size",
        },
    ),
    Dialect(
        name="tgi",
        matches=_is_tgi,
        hint='custom_image={"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}}',
        container="local_endpoints.containers.tgi.container:TgiContainer",
        # That the real service passes the fields on in this way is an inference from their names.
        variables={
            "maxInputLength": "MAX_INPUT_LENGTH",
            "maxTotalTokens": "MAX_TOTAL_TOKENS",
            "maxBatchPrefillTokens": "MAX_BATCH_PREFILL_TOKENS",
            "maxBatchTotalTokens": "MAX_BATCH_TOTAL_TOKENS",
            "quantize": "QUANTIZE",
            "disableCustomKernels": "DISABLE_CUSTOM_KERNELS",
        },
    ),
    Dialect(
        name="toolkit",
        matches=lambda variant, url: variant == "huggingface",
        hint="the default image: leave custom_image out",
        container="local_endpoints.containers.toolkit.container:ToolkitContainer",
        any_task=False,
    ),
    Dialect(
        name="llamacpp",
        matches=_is_llama_cpp,
        hint='custom_image={"llamacpp": {"url": "ghcr.io/ggml-org/llama.cpp:server"}}',
        container="local_endpoints.containers.llamacpp.container:LlamaCppContainer",
        # By the names that the service's documentation reserves (2026).
        variables={
            "modelPath": "LLAMA_ARG_MODEL",
            "ctxSize": "LLAMA_ARG_CTX_SIZE",
            "nParallel": "LLAMA_ARG_N_PARALLEL",
            "threadsHttp": "LLAMA_ARG_HTTP_THREADS",
            "nGpuLayers": "LLAMA_ARG_N_GPU_LAYERS",
        },
        reserved=frozenset(
            "LLAMA_ARG_" + name
            for name in (
                *("MODEL", "HTTP_THREADS", "N_GPU_LAYERS", "EMBEDDINGS", "HOST", "PORT"),
                *("NO_MMAP", "CTX_SIZE", "N_PARALLEL", "ENDPOINT_METRICS"),
            )
        ),
        not_imitated=("mode", "pooling", "variant", "embeddings"),
        bearer=True,
    ),
)
UPSTREAM = Dialect(
    name="upstream",
    matches=lambda variant, url: False,
    hint="any image: the server that answers is not started here",
    container="",
)
"""What an upstream address speaks, whatever the image says."""
DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in _TABLE}


def dialect_of(variant: str, url: str) -> Dialect | None:
    """The dialect of an image, by its key in ``model.image`` and its address (or ""); ``None``
    for an image that is not imitated."""
    return next((dialect for dialect in _TABLE if dialect.matches(variant, url)), None)
