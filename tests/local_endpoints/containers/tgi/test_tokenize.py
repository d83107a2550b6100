"""``/tokenize`` and ``/chat_tokenize``."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local_endpoints.containers.conftest import RunningContainer, StartContainer
from tests.local_endpoints.containers.images import image_url, noise


def tokens(container: RunningContainer, inputs: str, **parameters: Any) -> list[Any]:
    reply = container.post("/tokenize", {"inputs": inputs, "parameters": parameters})
    assert reply.status == 200
    found: list[Any] = reply.json()
    return found


def test_tokens_tell_where_their_text_stands(container: RunningContainer) -> None:
    bos, *found = tokens(container, "the fox")
    assert bos == {"id": 2, "text": "", "start": 0, "stop": 0}
    assert all(list(token) == ["id", "text", "start", "stop"] for token in found)
    assert "".join(token["text"] for token in found) == "the fox"
    assert (found[0]["start"], found[-1]["stop"]) == (0, 7)


def test_places_are_counted_in_bytes(container: RunningContainer) -> None:
    found = tokens(container, "é the")
    assert found[-1]["stop"] == len("é the".encode())
    assert any(token["text"] == "é" for token in found)


def test_parameters_change_nothing(container: RunningContainer) -> None:
    plain = tokens(container, "the fox")
    assert tokens(container, "the fox", truncate=1, temperature=-1, max_new_tokens=10**6) == plain
    assert [token["id"] for token in tokens(container, "")] == [2]


def test_as_many_tokens_as_generate_counts(container: RunningContainer) -> None:
    body = {"inputs": "the fox", "parameters": {"max_new_tokens": 1}}
    counted = container.post("/generate", body).headers["x-prompt-tokens"]
    assert len(tokens(container, "the fox")) == int(counted)


def test_a_chat_is_templated_and_tokenised(container: RunningContainer) -> None:
    messages = [{"role": "user", "content": "the fox"}]
    answer = container.post("/chat_tokenize", {"messages": messages}).json()
    assert list(answer) == ["tokenize_response", "templated_text"]
    templated = "<bos><start_of_turn>user\nthe fox<end_of_turn>\n<start_of_turn>model\n"
    assert answer["templated_text"] == templated
    found = answer["tokenize_response"]
    assert "".join(token["text"] for token in found) == templated
    chat = {"messages": messages, "max_tokens": 1}
    usage = container.post("/v1/chat/completions", chat).json()["usage"]
    assert len(found) == usage["prompt_tokens"]


def test_a_chat_that_the_template_refuses_has_no_tokens(container: RunningContainer) -> None:
    reply = container.post("/chat_tokenize", {"messages": [{"role": "system", "content": "a"}]})
    assert (reply.status, reply.json()["error_type"]) == (422, "template_error")


def test_only_the_chats_tokens_need_no_api_key(start_container: StartContainer) -> None:
    closed = start_container(API_KEY="secret")
    messages = [{"role": "user", "content": "the fox"}]
    assert closed.post("/tokenize", {"inputs": "a"}).status == 401
    assert closed.post("/chat_tokenize", {"messages": messages}).status == 200


@pytest.mark.parametrize("url", ["ftp://x/y.png", "data:image/png;base64,?"])
def test_a_picture_that_cannot_be_read_is_refused(eye: RunningContainer, url: str) -> None:
    reply = eye.post("/tokenize", {"inputs": f"![]({url})"})
    assert (reply.status, reply.json()["error_type"]) == (422, "validation")


def test_more_pictures_than_fit_are_refused(eye: RunningContainer) -> None:
    reply = eye.post("/tokenize", {"inputs": f"![]({image_url(noise())})" * 10})
    assert (reply.status, reply.json()["error_type"]) == (422, "validation")
    assert "`inputs` tokens + `max_new_tokens` must be <= 1536" in reply.json()["error"]


def test_a_picture_counts_with_all_its_tokens(eye: RunningContainer) -> None:
    bare = len(tokens(eye, "what?"))
    assert len(tokens(eye, f"what?![]({image_url(noise())})")) > bare + 60
