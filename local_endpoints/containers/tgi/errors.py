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
from local_endpoints.containers.text import errors as facts
from local_endpoints.containers.text.errors import RequestError, TemplateFault
from local_endpoints.containers.tgi.markdown import markdown_image


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


_TEMPLATE_TEXTS = {
    TemplateFault.RAISED: "syntax error: {0.reason} (in <string>:{0.line})",
    TemplateFault.UNDEFINED: "undefined value (in <string>:{0.line})",
    TemplateFault.BROKEN: "invalid operation: {0.reason} (in <string>:{0.line})",
}
"""As minijinja, the router's template engine, prints its errors."""

_INPUT_TEXTS: dict[type[RequestError], str] = {
    facts.InvalidRequest: "{0.reason}",
    facts.BadDataUrl: "invalid image content: {0.content}",
    facts.BadBase64: "base64 encoding is invalid: {0.reason}",
    facts.ImageNotFetched: "Could not fetch image: {0.reason}",
    facts.FetchedTooMuch: (
        "Image size {0.size} bytes exceeds maximum allowed size of {0.limit} bytes"
    ),
    facts.ImageTooLarge: "invalid image: Memory limit exceeded",
}

_WRONG_SIGNATURES = {
    "PNG": "Invalid PNG signature.",
    "JPEG": "Error parsing image. Illegal start bytes:{start:X}",
    "GIF": "malformed GIF header",
    "WEBP": "Invalid Chunk header: [52, 49, 46, 46]",
    "TIFF": "Format error: TIFF signature not found.",
}
"""Of the formats that a data URL's type can ask for."""

_RUST_NAMES = {"WEBP": "WebP", "PPM": "Pnm"}
"""Formats by the Rust library's names, where those are not Pillow's with a capital letter."""

_ONLY_THE_ROUTER_READS = re.compile(rb"P7|farbfeld|#\?RADIANCE|\x76\x2f\x31\x01")
"""PAM, farbfeld, Radiance and OpenEXR: TGI's server, which has Pillow, then fails to."""

_AVIF = re.compile(rb"\x00\x00\x00 ftypavif")


def worded(error: RequestError) -> Refusal:
    """The refusal that a TGI server would answer with."""
    match error:
        case facts.Overloaded():
            return Refusal(429, "overloaded", "Model is overloaded")
        case facts.TemplateRefused():
            text = _TEMPLATE_TEXTS.get(error.fault, "template not found").format(error)
            return Refusal(422, "template_error", f"Template error: {text}")
        case ToolRefused():
            return Refusal(422, "tool_error", f"Tool error: {error.reason}")
        case facts.GenerationFailed():
            return _generation(error.reason)
        case facts.ImagesDoNotFit():
            return _generation(
                "Cannot fill images right now. If error happens at warmup, make sure you have "
                "enough `--max-input-tokens`  to handle images. If error happens at regular "
                "runtime, please fill in an issue: shape mismatch: value tensor of shape "
                f"[{error.given}] cannot be broadcast to indexing result of shape [{error.places}]"
            )
        case facts.UnknownImageFormat() if _ONLY_THE_ROUTER_READS.match(error.start):
            return _generation("cannot identify image file <_io.BytesIO object>")
    return Refusal(422, "validation", f"Input validation error: {_input_text(error)}")


def _generation(text: str) -> Refusal:
    """The model failed; the router passes on what its server said."""
    return Refusal(424, "generation", f"Request failed during generation: Server error: {text}")


def _input_text(error: RequestError) -> str:
    match error:
        case facts.BadImageUrl():
            return f"invalid image content: {markdown_image(error.url)}"
        case facts.UnknownImageFormat() if _AVIF.match(error.start):
            return "invalid image: The image format Avif is not supported"
        case facts.UnknownImageFormat():
            return "invalid image: The image format could not be determined"
        case facts.WrongSignature():
            start = int.from_bytes(error.start[:2], "big")
            return _broken(error.format, _WRONG_SIGNATURES[error.format].format(start=start))
        case facts.CorruptImage():
            return _broken(error.format, error.reason)
    return _INPUT_TEXTS[type(error)].format(error)


def _broken(name: str, text: str) -> str:
    rust_name = _RUST_NAMES.get(name, name.capitalize())
    return f"invalid image: Format error decoding {rust_name}: {text}"
