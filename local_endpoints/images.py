"""The variants of ``model.image`` and the fields that the real service knows in each of them.

Collected in October 2026 from ``huggingface_hub`` 2.4 and from third parties' clients that were
checked against the service's OpenAPI document. Names are camelCase; whatever else stands in a
variant is dropped without an error, as on the real service.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
TGI_ENV: dict[str, str] = {
    "maxInputLength": "MAX_INPUT_LENGTH",
    "maxTotalTokens": "MAX_TOTAL_TOKENS",
    "maxBatchPrefillTokens": "MAX_BATCH_PREFILL_TOKENS",
    "maxBatchTotalTokens": "MAX_BATCH_TOTAL_TOKENS",
    "quantize": "QUANTIZE",
    "disableCustomKernels": "DISABLE_CUSTOM_KERNELS",
}
"""Fields of a ``tgi`` image and the variables of its container that they set. That the real
service passes them on in this way is an inference from their names."""
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
