"""Content types: how the toolkit reads a body and writes an image.

Source: huggingface-inference-toolkit 0.5.6, ``serialization/``. Pillow opens the body of an image,
and words the refusal of what is none. What else it holds is not decoded here, nor is audio: a
text-to-image pipeline refuses both for not being text.
"""

from __future__ import annotations

import base64
import io
import json
from typing import Any

from PIL import Image

from local_endpoints.containers.http.json_text import parse
from local_endpoints.containers.http.scanner import JsonSyntaxError
from local_endpoints.containers.toolkit.errors import RefusalError

JSON = "application/json"
_JSON_TYPES = (JSON, "application/json; charset=UTF-8")
_WITHOUT_SERIALIZER = ("text/csv", "text/plain")
_IMAGE_TYPES = (
    "image/png", "image/jpeg", "image/jpg", "image/tiff", "image/bmp", "image/gif", "image/webp",
    "image/x-image",
)  # fmt: skip
_IMAGE_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
"""Those of the types. The toolkit lets Pillow try all that it knows, for the same refusal."""
_AUDIO_TYPES = (
    "audio/x-flac", "audio/flac", "audio/mpeg", "audio/x-mpeg-3", "audio/wave", "audio/wav",
    "audio/x-wav", "audio/ogg", "audio/x-audio", "audio/webm", "audio/webm;codecs=opus",
    "audio/AMR", "audio/amr", "audio/AMR-WB", "audio/AMR-WB+", "audio/m4a", "audio/x-m4a",
)  # fmt: skip
_TYPES = (*_JSON_TYPES, *_WITHOUT_SERIALIZER, *_IMAGE_TYPES, *_AUDIO_TYPES)


def read_body(body: bytes, content_type: str | None) -> Any:
    """The document in a request's body.

    Args:
        body: as received.
        content_type: the header as it is; it must match one of the known types to the letter.

    Raises:
        RefusalError: the type is unknown or not one for text, or the body is not of its type. The
            words about malformed JSON are those of `json_text`, not of the toolkit's ``orjson``.
    """
    if content_type not in _TYPES:
        raise _unsupported("Content", "content", content_type)
    if content_type in _WITHOUT_SERIALIZER:
        raise RefusalError("'NoneType' object has no attribute 'deserialize'")
    if content_type in _IMAGE_TYPES:
        _open(body)
        raise RefusalError(_no_prompt("PIL.Image.Image"))
    if content_type in _AUDIO_TYPES:
        raise RefusalError(_no_prompt("bytes"))
    if not body:
        raise RefusalError("Input is a zero-length, empty document: line 1 column 1 (char 0)")
    try:
        return parse(body, make_object=dict)
    except (JsonSyntaxError, RecursionError) as error:
        raise RefusalError(str(error), logged="the body is no JSON") from None


def write_image(image: Image.Image, accept: str | None) -> tuple[bytes, str]:
    """The answer's body and its content type.

    Args:
        image: the image.
        accept: the header as it is. Without one, or with ``*/*``, the answer is a JSON string of
            a PNG in base64.

    Raises:
        RefusalError: the type is unknown, or one that an image cannot be written as.
    """
    if accept is None or accept == "*/*":
        accept = JSON
    if accept not in _TYPES:
        raise _unsupported("Accept", "accept", accept)
    if accept in _WITHOUT_SERIALIZER:
        raise RefusalError("'NoneType' object has no attribute 'serialize'")
    if accept in _AUDIO_TYPES:
        raise RefusalError("Audio serialization not implemented")
    if accept in _JSON_TYPES:
        return json.dumps(base64.b64encode(_encode(image, "PNG")).decode()).encode(), accept
    try:
        return _encode(image, accept.split("/")[-1].upper()), accept
    except KeyError as error:
        # Pillow knows no format of that name; the toolkit answers with the bare name.
        raise RefusalError(str(error)) from None


def _open(body: bytes) -> None:
    try:
        Image.open(io.BytesIO(body), formats=_IMAGE_FORMATS).close()
    except Exception as error:
        # Pillow lets through whatever its parsers stumble over.
        raise RefusalError(str(error), logged=type(error).__name__) from None


def _encode(image: Image.Image, image_format: str) -> bytes:
    with io.BytesIO() as file:
        image.save(file, format=image_format)
        return file.getvalue()


def _no_prompt(type_name: str) -> str:
    return f"`prompt` has to be of type `str` or `list` but is <class '{type_name}'>"


def _unsupported(header: str, kind: str, given: str | None) -> RefusalError:
    indent = " " * 16
    return RefusalError(
        f'\n{indent}{header} type "{given}" not supported.'
        f"\n{indent}Supported {kind} types are:\n{indent}{', '.join(_TYPES)}\n{' ' * 12}",
        logged=f"{header} type not supported",
    )
