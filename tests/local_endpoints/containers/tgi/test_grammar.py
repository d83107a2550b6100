"""``grammar`` and ``response_format``: what follows them, and what is refused."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.local_endpoints.containers.conftest import RunningContainer, StartContainer
from tests.local_endpoints.containers.images import image_url, noise

SCHEMA = {
    "properties": {"a": {"type": "string", "maxLength": 3}, "b": {"enum": [1, 2]}},
    "required": ["a", "b"],
}
MESSAGES = [{"role": "user", "content": "the fox"}]


def generate(container: RunningContainer, grammar: Any, **parameters: Any) -> Any:
    parameters = {"max_new_tokens": 50, "grammar": grammar, "details": True, **parameters}
    return container.post("/generate", {"inputs": "the fox", "parameters": parameters})


def fits(text: str) -> bool:
    value = json.loads(text)
    return list(value) == ["a", "b"] and len(value["a"]) <= 3 and value["b"] in (1, 2)


@pytest.mark.parametrize(
    "grammar",
    [
        {"type": "json", "value": SCHEMA},
        {"type": "json_object", "value": SCHEMA},
        {"type": "json", "value": json.dumps(SCHEMA)},
        {"type": "json_schema", "value": {"name": "pair", "strict": True, "schema": SCHEMA}},
        {"type": "json_schema", "value": {"schema": SCHEMA}},
    ],
    ids=["json", "json_object", "json as text", "json_schema", "json_schema without a name"],
)
@pytest.mark.parametrize("sampled", [False, True])
def test_every_spelling_of_a_schema_is_followed(
    container: RunningContainer, grammar: Any, sampled: bool
) -> None:
    answer = generate(container, grammar, do_sample=sampled, seed=3).json()
    assert fits(answer["generated_text"])
    assert answer["details"]["finish_reason"] == "eos_token"
    body = {"messages": MESSAGES, "response_format": grammar, "max_tokens": 50}
    choice = container.post("/v1/chat/completions", body).json()["choices"][0]
    assert fits(choice["message"]["content"])
    assert choice["finish_reason"] == "stop"


def test_an_expression_is_followed_and_may_be_cut(container: RunningContainer) -> None:
    grammar = {"type": "regex", "value": r"((25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}\d{1,2}"}
    whole = generate(container, grammar).json()
    assert re.fullmatch(grammar["value"], whole["generated_text"])
    cut = generate(container, {"type": "regex", "value": "[a-z]{40}"}, max_new_tokens=3).json()
    assert re.fullmatch("[a-z]+", cut["generated_text"])
    assert cut["details"]["finish_reason"] == "length"


def test_a_stream_follows_a_schema(container: RunningContainer) -> None:
    parameters = {"max_new_tokens": 50, "grammar": {"type": "json", "value": SCHEMA}}
    body = {"inputs": "the fox", "parameters": parameters}
    *_, last = container.post("/generate_stream", body).events
    assert fits(json.loads(last)["generated_text"])


def test_an_answer_about_a_picture_follows_a_schema(eye: RunningContainer) -> None:
    part = {"type": "image_url", "image_url": {"url": image_url(noise())}}
    body = {
        "messages": [{"role": "user", "content": [part, {"type": "text", "text": "what?"}]}],
        "response_format": {"type": "json", "value": SCHEMA},
        "max_tokens": 60,
    }
    answer = eye.post("/v1/chat/completions", body).json()
    assert fits(answer["choices"][0]["message"]["content"])


INVALID = "Input validation error: grammar is not valid: "
REGEX = "Input validation error: cannot compile regex from schema: "
UNSUPPORTED = "Input validation error: grammar is not supported"

REFUSED: list[tuple[Any, str]] = [
    ({"type": "json", "value": {}}, f"{INVALID}Grammar must have a 'properties' field"),
    (
        {"type": "json", "value": {"type": "object"}},
        f"{INVALID}Grammar must have a 'properties' field",
    ),
    ({"type": "json", "value": "true"}, f"{INVALID}Grammar must have a 'properties' field"),
    ({"type": "json", "value": "{"}, f"{INVALID}EOF while parsing an object at line 1 column 1"),
    ({"type": "json", "value": 3}, UNSUPPORTED),
    ({"type": "json", "value": None}, UNSUPPORTED),
    ({"type": "json", "value": [SCHEMA]}, UNSUPPORTED),
    (
        {"type": "json", "value": {"properties": {"a": {"type": "strin"}}}},
        f"{INVALID}\"strin\" is not valid under any of the schemas listed in the 'anyOf' keyword",
    ),
    ({"type": "json", "value": {"properties": 1}}, f'{INVALID}1 is not of type "object"'),
    (
        {"type": "json_schema", "value": {"schema": 3}},
        f'{INVALID}3 is not of types "boolean", "object"',
    ),
    (
        {"type": "json_schema", "value": {"schema": True}},
        f"{INVALID}Grammar must have a 'properties' field",
    ),
    (
        {"type": "json", "value": {"properties": {"a": {"format": "email", "type": "string"}}}},
        f"{REGEX}Format email is not supported by Outlines",
    ),
]


@pytest.mark.parametrize(("grammar", "text"), REFUSED, ids=lambda value: str(value)[:60])
def test_a_grammar_is_refused_in_the_routers_words(
    container: RunningContainer, grammar: Any, text: str
) -> None:
    reply = generate(container, grammar)
    assert (reply.status, reply.json()) == (422, {"error": text, "error_type": "validation"})
    body = {"messages": MESSAGES, "response_format": grammar, "stream": True}
    events = container.post("/v1/chat/completions", body).events
    assert json.loads(events[0])["error"] == {"message": text, "http_status_code": 422}
    assert events[1:] == ["[DONE]"]


def test_an_expression_is_none_only_when_the_model_shall_follow_it(
    container: RunningContainer,
) -> None:
    """The router passes expressions on, and its shard fails."""
    reply = generate(container, {"type": "regex", "value": "("})
    assert (reply.status, reply.json()["error_type"]) == (424, "generation")
    assert reply.json()["error"].startswith("Request failed during generation: Server error: ")
    assert container.get("/health").status == 200


def test_a_grammar_is_looked_at_last(container: RunningContainer) -> None:
    reply = generate(container, {"type": "json", "value": {}}, max_new_tokens=1000)
    assert "`inputs` tokens + `max_new_tokens` must be" in reply.json()["error"]


def test_grammars_can_be_switched_off(start_container: StartContainer) -> None:
    off = start_container(DISABLE_GRAMMAR_SUPPORT="true")
    for grammar in ({"type": "regex", "value": "("}, {"type": "json", "value": {}}):
        assert generate(off, grammar).json()["error"] == UNSUPPORTED
    body = {"messages": MESSAGES, "response_format": {"type": "json", "value": SCHEMA}}
    assert off.post("/v1/chat/completions", body).json()["error"] == UNSUPPORTED


def test_the_same_seed_gives_the_same_guided_answer(container: RunningContainer) -> None:
    grammar = {"type": "regex", "value": "[a-z ]{20}"}
    answers = {
        generate(container, grammar, do_sample=True, seed=seed).json()["generated_text"]
        for seed in (1, 1, 1)
    }
    assert len(answers) == 1
