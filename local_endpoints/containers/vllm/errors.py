"""Refusals as vLLM words them (entrypoints/serve/exception_handling/)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from local_endpoints.containers.text.errors import (
    GenerationFailed,
    GrammarRefused,
    ImageFault,
    ImageRefused,
    ImagesDoNotFit,
    Overloaded,
    RequestError,
    TemplateFault,
    TemplateRefused,
)

_MOST_REPORTED = 10
_INPUT_CHARACTERS = 200
_ERROR_CHARACTERS = 1000
_BRACKETS = re.compile(r"[\[\]{}()]")
_INNER_NAMES = {
    *("function-wrap", "function-after", "function-before", "function-plain", "json-or-python"),
    *("lax-or-strict", "chain", "default", "nullable", "tagged-union", "union", "call"),
    *("arguments", "is-instance", "is-subclass", "callable", "str", "int", "float", "bool"),
    *("bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset", "complex", "none"),
    "nonetype",
}
"""What pydantic puts into a location beside the names of fields."""

_UNCLEAN = (
    (re.compile(r" at 0x[0-9a-f]+>"), ">"),
    (re.compile(r'\n?\s*File "[^"]+", line \d+, in \S+(\n\s+.*)?'), ""),
    (re.compile(r"/(?:home|usr|opt|var|tmp|root|lib|mnt|srv)(?:/[\w.\-]+)+"), "<path>"),
    (re.compile(r"(?:/[\w\-]+)+/[\w\-]+\.\w+"), "<path>"),
)


@dataclass(eq=False)
class Refused(RequestError):
    """A request that vLLM answers with an error.

    Attributes:
        reason: what is wrong.
        parameter: of the request; shown behind the reason and as ``param``.
        value: that the parameter has; shown behind the reason.
        status: HTTP status.
        kind: vLLM's name for the kind.
        bare: whether the reason stands alone, without parameter and value.
    """

    reason: str
    parameter: str | None = None
    value: Any = None
    status: HTTPStatus = HTTPStatus.BAD_REQUEST
    kind: str = "BadRequestError"
    bare: bool = False

    @property
    def text(self) -> str:
        """The message (vllm/exceptions.py, ``VLLMValidationError.__str__``)."""
        shown = {"parameter": self.parameter, "value": self.value}
        extras = [f"{name}={value}" for name, value in shown.items() if value is not None]
        message = self.reason
        if extras and not self.bare:
            message = f"{message} ({', '.join(extras)})"
        for pattern, replacement in _UNCLEAN:
            message = pattern.sub(replacement, message)
        return message.strip()

    def body(self) -> dict[str, Any]:
        """The nested error object, whole answer and event of a stream alike."""
        return {
            "error": {
                "message": self.text,
                "type": self.kind,
                "param": self.parameter,
                "code": int(self.status),
            }
        }

    def response(self) -> JSONResponse:
        """The answer where no stream has begun."""
        return JSONResponse(self.body(), self.status)


def not_imitated(parameter: str) -> Refused:
    """A wish that vLLM fulfils and this service does not."""
    reason = f"`{parameter}` is not imitated by the local service: leave it out."
    return Refused(reason, parameter)


_IMAGE_TEXTS = {
    ImageFault.URL: "The URL must be either a HTTP, data or file URL.",
    ImageFault.DATA_URL: "Only base64 data URLs are supported for now.",
    ImageFault.BASE64: "{0.reason}",
    ImageFault.NOT_FETCHED: "Failed to fetch media from URL: {0.reason}",
    ImageFault.BYTES: "Failed to fetch media from URL: {0.reason}",
    ImageFault.FORMAT: "Failed to load image: cannot identify image file <_io.BytesIO object>",
    ImageFault.SIGNATURE: "Failed to load image: cannot identify image file <_io.BytesIO object>",
    ImageFault.CORRUPT: "Failed to load image: {0.reason}",
    ImageFault.PIXELS: "Failed to load image: it has more pixels than are read here",
}
"""Texts of vllm/multimodal/media; what is broken inside of a file is said in Pillow's words."""


def worded(error: RequestError) -> Refused:
    """The refusal that vLLM would answer with."""
    match error:
        case Refused():
            return error
        case TemplateRefused(fault=TemplateFault.MISSING):
            return Refused(
                "As of transformers v4.44, default chat template is no longer allowed, so you "
                "must provide a chat template if the tokenizer does not define one."
            )
        case TemplateRefused():
            return Refused(error.reason)
        case ImageRefused():
            return _image_refused(error)
        case ImagesDoNotFit():
            return Refused(
                f"The images give {error.given} image tokens, the prompt has places for "
                f"{error.places}: leave image tokens out of the text."
            )
        case GrammarRefused():
            return Refused(f"Grammar error: {error.reason}")
        case Overloaded():
            return Refused(
                "The engine is currently busy and cannot accept new requests. Please try again "
                "later or on a different instance.",
                status=HTTPStatus.SERVICE_UNAVAILABLE,
                kind=HTTPStatus.SERVICE_UNAVAILABLE.phrase,
            )
        case GenerationFailed():
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            return Refused("Internal server error", status=status, kind="InternalServerError")
    raise TypeError(f"no words for {error!r}: add them here") from error


def _image_refused(error: ImageRefused) -> Refused:
    text = _IMAGE_TEXTS[error.fault].format(error)
    if error.fault in (ImageFault.NOT_FETCHED, ImageFault.BYTES):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return Refused(text, "image_url", status=status, kind="UnprocessableEntityError", bare=True)
    if error.fault is ImageFault.DATA_URL:
        return Refused(text, status=HTTPStatus.NOT_IMPLEMENTED, kind="NotImplementedError")
    return Refused(text)


def invalid_body(errors: Sequence[Any]) -> Refused:
    """A body that does not fit: FastAPI's list of errors in vLLM's words
    (handlers/validation.py)."""
    noun = "error" if len(errors) == 1 else "errors"
    lines = [f"{len(errors)} validation {noun}:"]
    lines += [f"  {_reported(error)}" for error in errors[:_MOST_REPORTED]]
    if len(errors) > _MOST_REPORTED:
        lines.append(f"  ...and {len(errors) - _MOST_REPORTED} more {noun}")
    first = errors[0] if errors and isinstance(errors[0], dict) else {}
    parameter = _joined(first["loc"]) if first.get("loc") else None
    return Refused("\n".join(lines), parameter, kind=HTTPStatus.BAD_REQUEST.phrase, bare=True)


def _reported(error: Any) -> str:
    if isinstance(error, dict):
        error = dict(error)
        if "input" in error:
            error["input"] = _summary(error["input"])
        if isinstance(error.get("loc"), (list, tuple)):
            error["loc"] = _joined(error["loc"])
    return _cut(str(error), _ERROR_CHARACTERS)


def _summary(value: Any) -> Any:
    if isinstance(value, str):
        return _cut(value, _INPUT_CHARACTERS)
    if isinstance(value, (bytes, bytearray)):
        return f"<{type(value).__name__} of {len(value)} bytes>"
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return f"<{type(value).__name__} of {len(value)} items>"
    try:
        return _cut(str(value), _INPUT_CHARACTERS)
    except ValueError:  # A number of too many digits.
        return f"<{type(value).__name__}>"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}...[truncated]"


def _joined(location: Sequence[Any]) -> str:
    parts = [str(part) for part in location]
    named = [p for p in parts if not _BRACKETS.search(p) and p.lower() not in _INNER_NAMES]
    return ".".join(named or parts)
