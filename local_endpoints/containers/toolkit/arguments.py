"""From a request's document to the arguments of the diffusers pipeline.

Source: huggingface-inference-toolkit 0.5.6, ``webservice_starlette.py``, ``handler.py`` and
``diffusers_utils.py``. A value of a type that the toolkit did not expect goes through the same
operations as there, so that Python itself words the refusal.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.toolkit.errors import RefusalError

logger = logging.getLogger(__name__)

_CALL = "IEAutoPipelineForText2Image.__call__()"
_CLASS = "huggingface_inference_toolkit.diffusers_utils.IEAutoPipelineForText2Image"
_OBJECT = f"<{_CLASS} object at {id(_CLASS):#x}>"
_LARGEST_SEED = 2**64
_OF_PYTHON = (
    TypeError, ValueError, KeyError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A call of the diffusers pipeline.

    Attributes:
        prompt: the first argument, of whatever type was sent.
        seed: of the generator, 0 to 2**64 - 1; None when none was asked for.
        keywords: all other arguments.
    """

    prompt: Any
    seed: int | None
    keywords: dict[str, Any]


def read_call(document: Any, query: Mapping[str, str]) -> Call:
    """What the toolkit calls its pipeline with.

    Args:
        document: the parsed body; changed by this call.
        query: the values behind the ``?`` of the URL; they become the parameters of a body that
            has none.

    Raises:
        RefusalError: with the toolkit's text, or Python's.
    """
    try:
        return _read(document, query)
    except _OF_PYTHON as error:
        raise RefusalError(str(error), logged=type(error).__name__) from None


def _read(document: Any, query: Mapping[str, str]) -> Call:
    if "inputs" not in document and "instances" not in document:
        sent = encode(document).encode()
        text = "Body needs to provide a inputs key, received"
        raise RefusalError(f"{text}: {sent!r}", logged=text)
    if query and "parameters" not in document:
        document["parameters"] = {name: _converted(value) for name, value in query.items()}
    inputs = document.pop("inputs", document)
    parameters = document.pop("parameters", {})
    if not isinstance(parameters, dict):
        kind = type(parameters).__name__
        raise RefusalError(f"{_OBJECT} argument after ** must be a mapping, not {kind}")
    prompt, keywords = _arguments(inputs, parameters)
    return _adapted(prompt, keywords)


def _converted(value: str) -> int | bool | str:
    """A query value; the toolkit converts whole numbers and the two truth values, nothing else."""
    if value.isnumeric():
        return int(value)
    return {"false": False, "true": True}.get(value, value)


def _arguments(inputs: Any, parameters: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The prompt and the keyword arguments; ``inputs`` may be an object that holds both."""
    if not isinstance(inputs, dict):
        if "prompt" in parameters:
            raise RefusalError(f"{_CALL} got multiple values for argument 'prompt'")
        return inputs, parameters
    for name in inputs:
        if name in parameters:
            text = f"{_OBJECT} got multiple values for keyword argument"
            raise RefusalError(f"{text} '{name}'", logged=text)
    keywords = {**inputs, **parameters}
    if "prompt" not in keywords:
        raise RefusalError(f"{_CALL} missing 1 required positional argument: 'prompt'")
    return keywords.pop("prompt"), keywords


def _adapted(prompt: Any, keywords: dict[str, Any]) -> Call:
    """What the toolkit does to the arguments before it hands them on."""
    seed = None
    if "seed" in keywords:
        seed = int(keywords.pop("seed"))
        if not -(2**63) <= seed < _LARGEST_SEED:
            # torch's words for a generator's seed.
            raise RefusalError("Overflow when unpacking long long")
        seed %= _LARGEST_SEED
    if "num_images_per_prompt" in keywords:
        keywords.pop("num_images_per_prompt")
        logger.warning(
            "Sending num_images_per_prompt > 1 to pipeline is not supported. Using default value 1."
        )
    if "target_size" in keywords:
        keywords["height"] = keywords["target_size"].pop("height")
        keywords["width"] = keywords["target_size"].pop("width")
        keywords.pop("target_size")
    height, width = keywords.get("height"), keywords.get("width")
    if height != width:
        # The toolkit compares the values where it means to ask whether both were sent.
        raise RefusalError(
            f"Provided `height={height}` and `width={width}`, but either both must have a value "
            "or both must be None (or not provided).",
            logged="`height` and `width` differ",
        )
    if keywords.get("output_type", "pil") != "pil":
        logger.warning(
            "The `output_type` cannot be modified, and PIL will be used by default instead."
        )
    keywords.pop("output_type", None)
    return Call(prompt, seed, keywords)
