"""Facts in TGI's words; the exact texts stand in the tests of whatever raises them."""

from __future__ import annotations

import json

import pytest

from local_endpoints.containers.text import errors
from local_endpoints.containers.text.errors import (
    ImageFault,
    ImageRefused,
    RequestError,
    TemplateFault,
    TemplateRefused,
)
from local_endpoints.containers.tgi.errors import CompletionRefused, ToolRefused, worded

FACTS: dict[str, RequestError] = {
    "Model is overloaded": errors.Overloaded(),
    "Input validation error: {0.reason} is no good": errors.InvalidRequest("{0.reason} is no good"),
    "Request failed during generation: Server error: broken": errors.GenerationFailed("broken"),
    "Template error: template not found": TemplateRefused(TemplateFault.MISSING),
    "Template error: syntax error: no (in <string>:2)": TemplateRefused(
        TemplateFault.RAISED, "no", 2
    ),
    "Template error: undefined value (in <string>:1)": TemplateRefused(TemplateFault.UNDEFINED),
    "Template error: invalid operation: 1 + {} (in <string>:3)": TemplateRefused(
        TemplateFault.BROKEN, "1 + {}", 3
    ),
    "Input validation error: invalid image: Format error decoding Pnm: it ends": ImageRefused(
        ImageFault.CORRUPT, "it ends", "PPM"
    ),
    "Input validation error: invalid image: Format error decoding WebP: {}": ImageRefused(
        ImageFault.CORRUPT, "{}", "WEBP"
    ),
    "Input validation error: invalid image content: ![](ftp://{a})": ImageRefused(
        ImageFault.URL, "ftp://{a}"
    ),
    "Tool error: none": ToolRefused("none"),
    "Request failed during generation: Server error: no (": errors.GrammarRefused("no ("),
    "too many": CompletionRefused("batch size exceeded", "too many"),
}


@pytest.mark.parametrize("text", FACTS)
def test_a_fact_has_one_text_in_every_answer(text: str) -> None:
    refusal = worded(FACTS[text])
    assert refusal.text == text
    assert json.loads(refusal.body()) == {"error": text, "error_type": refusal.error_type}
    assert json.loads(refusal.chat_stream_body())["error"]["message"] == text
    assert refusal.response().status_code == refusal.status


def test_every_error_and_every_fault_has_words() -> None:
    known = {type(fact) for fact in FACTS.values()} | {errors.ImagesDoNotFit}
    # Another dialect may have errors of its own, once it has been imported.
    neutral = {each for each in RequestError.__subclasses__() if each.__module__ == errors.__name__}
    assert neutral <= known
    for fault in ImageFault:
        text = worded(ImageRefused(fault, "a reason", "JPEG", b"P5")).text
        assert text.startswith("Input validation error: ") and "{" not in text


def test_an_error_without_words_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="no words for RequestError"):
        worded(RequestError())
