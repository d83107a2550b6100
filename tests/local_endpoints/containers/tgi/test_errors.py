"""Facts in TGI's words; the exact texts stand in the tests of whatever raises them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_endpoints.containers.text import errors
from local_endpoints.containers.text.errors import RequestError, TemplateFault
from local_endpoints.containers.tgi.errors import ToolRefused, worded

FACTS: list[RequestError] = [
    errors.Overloaded(),
    errors.InvalidRequest("{0.reason} is no good"),
    errors.GenerationFailed("the session broke"),
    errors.TemplateRefused(TemplateFault.MISSING),
    errors.TemplateRefused(TemplateFault.BROKEN, "1 + {}", 3),
    errors.BadImageUrl("ftp://{a}"),
    errors.BadDataUrl("image/png"),
    errors.BadBase64("Invalid padding"),
    errors.ImageNotFetched("no"),
    errors.FetchedTooMuch(11, 10),
    errors.UnknownImageFormat(b"GIF85a"),
    errors.WrongSignature("JPEG", b"\x89PNG"),
    errors.CorruptImage("PPM", "broken"),
    errors.ImageTooLarge(),
    errors.ImagesDoNotFit(64, 63),
    ToolRefused("none"),
]


def leaves(kind: type[RequestError]) -> set[type[RequestError]]:
    below = kind.__subclasses__()
    return set().union(*map(leaves, below)) if below else {kind}


def test_every_error_has_words() -> None:
    assert {type(fact) for fact in FACTS} == leaves(RequestError)
    texts = [worded(fact).text for fact in FACTS]
    assert all(texts) and len(set(texts)) == len(FACTS)


@pytest.mark.parametrize(
    ("fact", "status", "text"),
    [
        (FACTS[0], 429, "Model is overloaded"),
        (FACTS[1], 422, "Input validation error: {0.reason} is no good"),
        (FACTS[2], 424, "Request failed during generation: Server error: the session broke"),
        (FACTS[3], 422, "Template error: template not found"),
        (FACTS[4], 422, "Template error: invalid operation: 1 + {} (in <string>:3)"),
        (FACTS[5], 422, "Input validation error: invalid image content: ![](ftp://{a})"),
        (
            *(FACTS[12], 422),
            "Input validation error: invalid image: Format error decoding Pnm: broken",
        ),
        (FACTS[15], 422, "Tool error: none"),
    ],
)
def test_what_clients_sent_is_repeated_as_it_is(fact: Any, status: int, text: str) -> None:
    refusal = worded(fact)
    assert (refusal.status, refusal.text) == (status, text)
    assert json.loads(refusal.body()) == {"error": text, "error_type": refusal.error_type}
    assert json.loads(refusal.chat_stream_body())["error"]["message"] == text
