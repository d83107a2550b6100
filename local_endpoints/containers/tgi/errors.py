"""Refusals as TGI words them: router/src/infer/mod.rs and router/src/validation.rs.

Two kinds of texts come from Rust libraries. Those of base64 0.22 are exact. Those of image 0.25 and
its decoders are approximations: a wrong signature is worded as there, but what is broken further
inside a file is said in Pillow's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.responses import Response

from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.text.errors import (
    GenerationFailed,
    GrammarRefused,
    ImageFault,
    ImageRefused,
    ImagesDoNotFit,
    InvalidRequest,
    Overloaded,
    RequestError,
    TemplateFault,
    TemplateRefused,
)


@dataclass(frozen=True)
class Refusal:
    """What a request gets instead of an answer.

    Attributes:
        status: HTTP status where no stream has begun.
        error_type: TGI's name for the kind.
        text: what went wrong.
    """

    status: int
    error_type: str
    text: str

    def body(self) -> str:
        """The JSON that plain routes and their streams answer."""
        return encode({"error": self.text, "error_type": self.error_type})

    def chat_stream_body(self) -> str:
        """The JSON inside a chat stream; TGI writes 422 there whatever the kind."""
        return encode({"error": {"message": self.text, "http_status_code": 422}})

    def response(self) -> Response:
        """The answer where no stream has begun."""
        return Response(self.body(), self.status, media_type="application/json")


UNHEALTHY = Refusal(503, "healthcheck", "unhealthy")
"""The health probe failed."""


@dataclass(eq=False)
class ToolRefused(RequestError):
    """Tools cannot be used as asked."""

    reason: str


@dataclass(eq=False)
class CompletionRefused(RequestError):
    """A completion asks for what there is not; ``kind`` is the error type."""

    kind: str
    reason: str


_TEMPLATE_TEXTS = {
    TemplateFault.MISSING: "template not found",
    TemplateFault.RAISED: "syntax error: {0.reason} (in <string>:{0.line})",
    TemplateFault.UNDEFINED: "undefined value (in <string>:{0.line})",
    TemplateFault.BROKEN: "invalid operation: {0.reason} (in <string>:{0.line})",
}
"""As minijinja, the router's template engine, prints its errors."""

_IMAGE_TEXTS = {
    ImageFault.URL: "invalid image content: ![]({0.reason})",
    ImageFault.DATA_URL: "invalid image content: {0.reason}",
    ImageFault.BASE64: "base64 encoding is invalid: {0.reason}",
    ImageFault.NOT_FETCHED: "Could not fetch image: {0.reason}",
    ImageFault.BYTES: "{0.reason}",
    ImageFault.FORMAT: "invalid image: The image format could not be determined",
    ImageFault.SIGNATURE: "invalid image: Format error decoding {name}: {signature}",
    ImageFault.CORRUPT: "invalid image: Format error decoding {name}: {0.reason}",
    ImageFault.PIXELS: "invalid image: Memory limit exceeded",
}

_SIGNATURES = {
    "PNG": "Invalid PNG signature.",
    "JPEG": "Error parsing image. Illegal start bytes:{start:X}",
    "GIF": "malformed GIF header",
    "WEBP": "Invalid Chunk header: [52, 49, 46, 46]",
    "TIFF": "Format error: TIFF signature not found.",
}
"""What is said when one of the formats that a data URL's type can ask for begins otherwise."""

_RUST_NAMES = {"WEBP": "WebP", "PPM": "Pnm"}
"""Formats by the Rust library's names, where those are not Pillow's with one capital letter."""

_ONLY_THE_ROUTER_READS = re.compile(rb"P7|farbfeld|#\?RADIANCE|\x76\x2f\x31\x01")
"""PAM, farbfeld, Radiance and OpenEXR: TGI's server, which has Pillow, then fails to."""

_AVIF = re.compile(rb"\x00\x00\x00 ftypavif")


def worded(error: RequestError) -> Refusal:
    """The refusal that a TGI server would answer with."""
    match error:
        case InvalidRequest():
            return _validation(error.reason)
        case ImageRefused(fault=ImageFault.FORMAT) if _ONLY_THE_ROUTER_READS.match(error.start):
            return _generation("cannot identify image file <_io.BytesIO object>")
        case ImageRefused():
            return _validation(_image_text(error))
        case TemplateRefused():
            text = _TEMPLATE_TEXTS[error.fault].format(error)
            return Refusal(422, "template_error", f"Template error: {text}")
        case ToolRefused():
            return Refusal(422, "tool_error", f"Tool error: {error.reason}")
        case CompletionRefused():
            return Refusal(422, error.kind, error.reason)
        case GenerationFailed() | GrammarRefused():
            # The router does not look at expressions: a shard fails when it compiles one.
            return _generation(error.reason)
        case ImagesDoNotFit():
            return _generation(
                "Cannot fill images right now. If error happens at warmup, make sure you have "
                "enough `--max-input-tokens`  to handle images. If error happens at regular "
                "runtime, please fill in an issue: shape mismatch: value tensor of shape "
                f"[{error.given}] cannot be broadcast to indexing result of shape [{error.places}]"
            )
        case Overloaded():
            return Refusal(429, "overloaded", "Model is overloaded")
    raise TypeError(f"no words for {error!r}: add them here") from error


def _validation(text: str) -> Refusal:
    """A parameter or an input is not acceptable."""
    return Refusal(422, "validation", f"Input validation error: {text}")


def _generation(text: str) -> Refusal:
    """The model failed; the router passes on what its server said."""
    return Refusal(424, "generation", f"Request failed during generation: Server error: {text}")


def _image_text(error: ImageRefused) -> str:
    if error.fault is ImageFault.FORMAT and _AVIF.match(error.start):
        return "invalid image: The image format Avif is not supported"
    start = int.from_bytes(error.start[:2], "big")
    return _IMAGE_TEXTS[error.fault].format(
        error,
        name=_RUST_NAMES.get(error.format, error.format.capitalize()),
        signature=_SIGNATURES.get(error.format, "").format(start=start),
    )
