"""Routes that describe the server, metrics, tokens, and what stands before them all."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from local_endpoints.containers.vllm.container import NOT_SERVED
from local_endpoints.containers.vllm.doors import MAX_BODY_BYTES, MAX_ITEMS
from tests.local_endpoints.containers.conftest import RunningContainer
from tests.local_endpoints.containers.vllm.conftest import (
    CHAT,
    COMPLETIONS,
    NAME,
    StartVllm,
    ask,
    asking,
    refusal,
)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/health", 200, ""),
        ("GET", "/ping", 200, ""),
        ("POST", "/ping", 200, ""),
        ("GET", "/version", 200, '{"version":"0.30.0"}'),
        ("GET", "/load", 200, '{"server_load":0}'),
        ("GET", "/nothing", 404, '{"detail":"Not Found"}'),
        ("GET", CHAT, 405, '{"detail":"Method Not Allowed"}'),
        *(("POST", path, 404, '{"detail":"Not Found"}') for path in sorted(NOT_SERVED)),
    ],
)
def test_plain_routes(
    vllm: RunningContainer, method: str, path: str, status: int, body: str
) -> None:
    reply = vllm.send(method, path)
    assert (reply.status, reply.text) == (status, body)


def test_the_served_name_is_the_repository(vllm: RunningContainer) -> None:
    (card,) = vllm.get("/v1/models").json()["data"]
    assert (card["id"], card["root"], card["max_model_len"]) == (NAME, "/repository", 100)


def test_the_documents_name_every_route(vllm: RunningContainer) -> None:
    paths = vllm.get("/openapi.json").json()["paths"]
    assert {CHAT, "/v1/completions", "/tokenize", "/metrics", "/invocations"} <= set(paths)
    page = vllm.get("/docs").text
    assert all(path in page for path in paths)
    assert "http" not in page, "nothing from outside"


def test_metrics_count_what_was_answered(start_vllm: StartVllm) -> None:
    container = start_vllm()

    def value(name: str, labels: str = "") -> float:
        text = container.get("/metrics").text
        pattern = rf'^vllm:{name}{{engine="0",{labels}model_name="{NAME}"}} (\S+)$'
        found = re.search(pattern, text, re.MULTILINE)
        assert found is not None, text
        return float(found[1])

    assert value("prompt_tokens_total") == 0
    answer = ask(container, n=2, ignore_eos=True)
    assert value("prompt_tokens_total") == 2 * answer["usage"]["prompt_tokens"]
    assert value("generation_tokens_total") == 12
    assert value("request_success_total", 'finished_reason="length",') == 2
    assert value("time_to_first_token_seconds_count") == 2
    assert value("num_requests_running") == 0
    ask(container, ignore_eos=True, stop_token_ids=list(range(340)))
    assert value("request_success_total", 'finished_reason="stop",') == 1


def test_tokens_to_and_fro(vllm: RunningContainer) -> None:
    body = {"prompt": "the fox", "return_token_strs": True}
    found = vllm.post("/tokenize", body).json()
    assert (found["count"], found["max_model_len"]) == (len(found["tokens"]), 100)
    assert found["token_strs"][0] == "<bos>"
    assert vllm.post("/detokenize", {"tokens": found["tokens"]}).json()["prompt"] == "<bos>the fox"
    bare = vllm.post("/tokenize", {**body, "add_special_tokens": False}).json()["tokens"]
    assert bare == found["tokens"][1:]


@pytest.mark.parametrize("token", [2**32, 2**63 - 2])
def test_a_number_that_no_token_can_have_is_refused(vllm: RunningContainer, token: int) -> None:
    status, text = refusal(vllm, "/detokenize", {"tokens": [1, token]})
    assert (status, text) == (400, "out of range integral type conversion attempted")


@pytest.mark.parametrize("tokens", [[], [2**32 - 1]])
def test_a_number_that_no_token_has_is_no_text(vllm: RunningContainer, tokens: list[int]) -> None:
    assert vllm.post("/detokenize", {"tokens": tokens}).json() == {"prompt": ""}


@pytest.mark.parametrize("token", [2**32, 2**62])
def test_a_prompt_of_numbers_that_no_token_can_have_is_refused(
    vllm: RunningContainer, token: int
) -> None:
    status, text = refusal(vllm, COMPLETIONS, {"prompt": [1, token]})
    assert (status, text) == (400, f"Token id {token} is out of vocabulary")


HALF = "\ud83d"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tokenize", {"prompt": HALF}),
        (COMPLETIONS, {"prompt": HALF}),
        (CHAT, asking(HALF)),
        (CHAT, asking(model=HALF)),
        (CHAT, asking(bad_words=[HALF])),
    ],
)
def test_half_of_a_character_is_refused(vllm: RunningContainer, path: str, body: Any) -> None:
    reply = vllm.post(path, body)
    assert (reply.status, reply.json()["error"]["code"]) == (400, 400)
    assert "half of a surrogate pair" in reply.text


def test_the_tokens_of_a_chat_are_those_of_its_prompt(vllm: RunningContainer) -> None:
    messages = asking()["messages"]
    found = vllm.post("/tokenize", {"messages": messages}).json()["tokens"]
    assert found == ask(vllm, return_token_ids=True)["prompt_token_ids"]


@pytest.mark.parametrize("path", ["/tokenize", "/detokenize", CHAT, "/v1/completions"])
@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("{", "application/json", "JSON decode error"),
        ("{}", "text/plain", "Unsupported Media Type: Only 'application/json' is allowed"),
        ("[]", "application/json", "Input should be a valid dictionary"),
    ],
)
def test_bodies_that_are_none(
    vllm: RunningContainer, path: str, body: str, kind: str, words: str
) -> None:
    reply = vllm.post(path, body, **{"content-type": kind})
    error = reply.json()["error"]
    assert (reply.status, error["type"], error["code"]) == (400, "Bad Request", 400)
    assert words in error["message"]


def test_a_body_that_is_too_large_is_refused(vllm: RunningContainer) -> None:
    status, text = refusal(vllm, CHAT, " " * (MAX_BODY_BYTES + 1))
    assert status == 413 and f"bodies of up to {MAX_BODY_BYTES} bytes" in text


def schema_of_depth(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(depth):
        schema = {"items": schema}
    return {"type": "json_schema", "json_schema": {"name": "deep", "schema": schema}}


@pytest.mark.parametrize(
    ("path", "body", "expected", "words"),
    [
        (COMPLETIONS, f'{{"prompt": [{"1," * MAX_ITEMS} 1]}}', 413, "items of lists"),
        (CHAT, f'{{"messages": {"[" * 200_000}{"]" * 200_000}}}', 413, "items of lists"),
        (CHAT, f'{{"messages": [{"1," * 5000} 1]}}', 400, "takes up to 4096 messages"),
        (
            CHAT,
            json.dumps(asking(response_format=schema_of_depth(900))),
            400,
            "stand too deep in each other",
        ),
    ],
    ids=["many items", "many brackets", "many messages", "deep schema"],
)
def test_small_bodies_with_much_in_them_are_refused(
    vllm: RunningContainer, path: str, body: str, expected: int, words: str
) -> None:
    status, text = refusal(vllm, path, body)
    assert status == expected and words in text


def test_text_may_have_any_number_of_commas_and_brackets(vllm: RunningContainer) -> None:
    text = r"\"[,{\\" * MAX_ITEMS
    status, text = refusal(vllm, CHAT, asking(text))
    assert status == 400 and "maximum context length" in text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (asking(), "chat.completion"),
        ({"prompt": "the fox", "max_tokens": 2}, "text_completion"),
    ],
)
def test_invocations_take_either_body(vllm: RunningContainer, body: Any, kind: str) -> None:
    assert vllm.post("/invocations", body).json()["object"] == kind


def test_invocations_refuse_what_is_neither(vllm: RunningContainer) -> None:
    assert "Cannot find suitable handler" in refusal(vllm, "/invocations", {"prompt": 5})[1]
    assert "JSON decode error" in refusal(vllm, "/invocations", "{")[1]


def test_a_request_id_is_taken_from_header_or_body(vllm: RunningContainer) -> None:
    assert vllm.post(CHAT, asking(request_id="mine")).json()["id"] == "chatcmpl-mine"
    reply = vllm.post(CHAT, asking(request_id="mine"), **{"x-request-id": "other"})
    assert json.loads(reply.text)["id"] == "chatcmpl-other"
