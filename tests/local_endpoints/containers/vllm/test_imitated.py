"""What `tests.imitation` says of the vLLM dialect is so: each row, from outside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_endpoints.containers.vllm.arguments import ROWS as ARGUMENTS
from local_endpoints.containers.vllm.arguments import Row as Argument
from local_endpoints.containers.vllm.chat_body import ChatBody
from local_endpoints.containers.vllm.completion_body import CompletionBody
from local_endpoints.containers.vllm.container import NOT_SERVED
from local_endpoints.containers.vllm.token_bodies import Detokenize, TokenizeChat, TokenizeText
from tests.imitation.row import Verdict, names, verdicts
from tests.imitation.vllm import EXAMPLES, MESSAGES, PARTS, ROWS
from tests.local_endpoints.containers.conftest import Reply, RunningContainer
from tests.local_endpoints.containers.vllm.asked.tables import TABLES
from tests.local_endpoints.containers.vllm.comparing import load
from tests.local_endpoints.containers.vllm.conftest import CHAT, COMPLETIONS
from tests.local_endpoints.containers.vllm.test_arguments import read

BOTH, TOKENS = "chat and completions", "`/tokenize`, `/detokenize`"
NOT_IMITATED = "is not imitated by the local service: leave it out"
FOR_PICTURES = ("media_io_kwargs", "mm_processor_kwargs")
FIELDS = [
    *((CHAT, name) for part in (BOTH, "chat") for name in names(ROWS, part)),
    *((COMPLETIONS, name) for part in (BOTH, "completions") for name in names(ROWS, part)),
]


def verdict(name: str) -> Verdict:
    found = [verdicts(ROWS, part).get(name) for part in (BOTH, "chat", "completions")]
    return next(each for each in found if each is not None)


def body(path: str, **fields: Any) -> dict[str, Any]:
    asked = {"messages": MESSAGES} if path == CHAT else {"prompt": "Hello"}
    return {**asked, "max_tokens": 4, "temperature": 0, **fields}


def send(container: RunningContainer, path: str, name: str) -> Reply:
    fields = EXAMPLES[name].fields(name)
    if path == CHAT and name == "logprobs":
        fields = {name: True}
    return container.post(path, body(path, **fields))


def said(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.text
    return [each.get("text") or each["message"]["content"] for each in reply.json()["choices"]]


def test_every_field_of_the_bodies_has_a_row() -> None:
    chat, completion = set(ChatBody.model_fields), set(CompletionBody.model_fields)
    assert set(names(ROWS, BOTH)) == chat & completion
    assert set(names(ROWS, "chat")) == chat - completion
    assert set(names(ROWS, "completions")) == completion - chat
    tokens = (TokenizeText, TokenizeChat, Detokenize)
    assert set(names(ROWS, TOKENS)) == {name for each in tokens for name in each.model_fields}


@pytest.mark.parametrize(("path", "name"), FIELDS)
def test_a_field_is_taken_or_refused_as_its_row_says(
    qwen: RunningContainer, path: str, name: str
) -> None:
    refused = verdict(name) == "refused" and name not in FOR_PICTURES
    reply = send(qwen, path, name)
    words = NOT_IMITATED if refused else EXAMPLES[name].refusal
    assert (reply.status, words in reply.text) == (400 if words else 200, True), reply.text


@pytest.mark.parametrize(("path", "name"), [key for key in FIELDS if verdict(key[1]) == "ignored"])
def test_what_is_ignored_changes_nothing(qwen: RunningContainer, path: str, name: str) -> None:
    assert said(send(qwen, path, name)) == said(qwen.post(path, body(path)))


@pytest.mark.parametrize("name", FOR_PICTURES)
def test_what_is_for_pictures_is_refused_where_there_may_be_some(
    seeing: RunningContainer, name: str
) -> None:
    assert NOT_IMITATED in send(seeing, CHAT, name).text


def test_what_is_the_same_was_asked_of_the_real_engine() -> None:
    asked = {
        name
        for _, table in TABLES.values()
        for case in table.values()
        if case.path in (CHAT, COMPLETIONS) and case.content.startswith("{")
        for name in _fields(case.content)
    }
    assert {name for _, name in FIELDS if verdict(name) == "same"} <= asked


def _fields(content: str) -> set[str]:
    try:
        return set(json.loads(content))
    except ValueError:
        return set()


def test_every_route_has_a_row(qwen: RunningContainer) -> None:
    told = verdicts(ROWS, "routes")
    served = set(qwen.get("/openapi.json").json()["paths"]) | {"/docs", "/openapi.json"}
    assert {path for path, each in told.items() if each != "refused"} == served
    assert {path for path, each in told.items() if each == "refused"} == NOT_SERVED
    theirs = set(load("routes")["answers"]["openapi"]["paths"])
    parents = {path.replace("is_scaling", "scale").split("/{")[0] for path in theirs}
    assert parents <= set(told)


@pytest.mark.parametrize("row", [row for row in ARGUMENTS if row.treatment == "ignored"])
def test_an_argument_that_is_ignored_changes_nothing(row: Argument) -> None:
    values = row.options.get("choices", [None if row.kind is None else "1"])
    for value in values:
        given = [row.flag] if value is None else [row.flag, value]
        assert read(*given) == read(), given


@pytest.mark.parametrize("path", sorted(NOT_SERVED))
def test_a_route_that_is_refused_is_not_there(qwen: RunningContainer, path: str) -> None:
    assert qwen.post(path, {}).status == 404


@pytest.mark.parametrize("kind", PARTS)
def test_a_part_of_a_message(qwen: RunningContainer, seeing: RunningContainer, kind: str) -> None:
    parts = [{"type": "text", "text": "Hi"}, {"type": kind, **PARTS[kind]}]
    asked = body(CHAT, messages=[{"role": "user", "content": parts}])
    if verdicts(ROWS, "parts of a message")[kind] == "refused":
        assert NOT_IMITATED in seeing.post(CHAT, asked).text
        assert "is not a multimodal model" in qwen.post(CHAT, asked).text
    else:
        assert qwen.post(CHAT, asked).status == 200


@pytest.mark.parametrize("name", names(ROWS, TOKENS))
def test_a_field_of_the_routes_for_tokens(qwen: RunningContainer, name: str) -> None:
    asked: dict[str, Any] = EXAMPLES[name].fields(name)
    if name == "tokens":
        reply = qwen.post("/detokenize", asked)
    else:
        needed = {} if name in ("prompt", "messages") else {"messages": MESSAGES}
        reply = qwen.post("/tokenize", {**needed, **asked})
    words = EXAMPLES[name].refusal
    assert (reply.status, words in reply.text) == (400 if words else 200, True), reply.text
