"""The variants of ``model.image`` and the fields that the real service knows in each of them.

Collected in October 2026 from ``huggingface_hub`` 2.4 and from third parties' clients that were
checked against the service's OpenAPI document. Names are camelCase; whatever else stands in a
variant is dropped without an error, as on the real service.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local_endpoints.errors import bad_request

_CONTAINER = ("url", "port", "healthRoute", "credentials")
_TOKENS = ("maxInputLength", "maxTotalTokens", "maxBatchPrefillTokens", "maxBatchTotalTokens")

IMAGE_FIELDS: dict[str, tuple[str, ...]] = {
    "huggingface": (),
    "huggingfaceNeuron": ("batchSize", "sequenceLength", "neuronCache"),
    "custom": _CONTAINER,
    "tgi": (*_CONTAINER, *_TOKENS, "quantize", "disableCustomKernels"),
    "tgiNeuron": (*_CONTAINER, *_TOKENS, "hfAutoCastType", "hfNumCores"),
    "tei": (*_CONTAINER, "maxBatchTokens", "maxConcurrentRequests", "pooling"),
    "llamacpp": (
        *_CONTAINER,
        *("modelPath", "ctxSize", "nParallel", "threadsHttp", "nGpuLayers", "mode", "pooling"),
        *("variant", "embeddings"),
    ),
    "vLLM": (*_CONTAINER, "tensorParallelSize", "dataParallelSize"),
    "vLLMOmni": _CONTAINER,
    "vLLMNeuron": _CONTAINER,
    "sGLang": (*_CONTAINER, "tensorParallelSize"),
    "hfServe": _CONTAINER,
}
_TYPES: dict[str, tuple[type, str]] = {
    **dict.fromkeys(("url", "healthRoute", "quantize", "modelPath"), (str, "a string")),
    **dict.fromkeys(("port", "tensorParallelSize", "dataParallelSize", *_TOKENS), (int, "u32")),
    **dict.fromkeys(("ctxSize", "nParallel", "threadsHttp", "nGpuLayers"), (int, "u32")),
    "disableCustomKernels": (bool, "a boolean"),
    "credentials": (dict, "a map"),
}
"""Fields whose value means something here, and what serde calls their type."""
IMAGES_WITHOUT_URL = ("huggingface", "huggingfaceNeuron")


def without_unknown_fields(image: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The image with the fields that its variant knows; an unknown variant is left as it is."""
    return {
        variant: {
            field: value
            for field, value in settings.items()
            if field in IMAGE_FIELDS.get(variant, settings)
        }
        for variant, settings in image.items()
    }


def unknown_fields(image: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Variant and name of every field that is dropped."""
    for variant, settings in image.items():
        for field in settings:
            if field not in IMAGE_FIELDS.get(variant, settings):
                yield variant, field


def check_image(image: dict[str, dict[str, Any]]) -> None:
    """Raises: ApiError 400 unless it is one known variant with its ``url`` and values of the
    right types. Any field may be null."""
    if len(image) != 1 or next(iter(image)) not in IMAGE_FIELDS:
        variants = ", ".join(f"`{variant}`" for variant in IMAGE_FIELDS)
        raise bad_request(
            f"VALIDATION_FAILED: model.image: expected exactly one variant of {variants}"
        )
    ((variant, settings),) = image.items()
    if variant not in IMAGES_WITHOUT_URL and not settings.get("url"):
        raise bad_request(f"VALIDATION_FAILED: model.image.{variant}: missing field `url`")
    for field, (kind, name) in _TYPES.items():
        value = settings.get(field)
        # A boolean is a number to Python, but not to JSON.
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if value is not None and (not fits or (kind is int and not 0 <= value < 2**32)):
            raise bad_request(
                "Failed to parse the request body as JSON: "
                f"model.image.{variant}.{field}: expected {name}"
            )
