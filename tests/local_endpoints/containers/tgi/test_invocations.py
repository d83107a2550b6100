"""``/invocations``: three kinds of bodies on one route."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local_endpoints.containers.conftest import RunningContainer

MESSAGES = [{"role": "user", "content": "the fox"}]
GREEDY = {"max_tokens": 4, "temperature": 0}
BODIES: list[tuple[str, dict[str, Any]]] = [
    ("/", {"inputs": "the fox", "parameters": {"max_new_tokens": 4}}),
    ("/v1/chat/completions", {"messages": MESSAGES, **GREEDY}),
    ("/v1/completions", {"prompt": "the fox", **GREEDY}),
    # The first of the three that fits is taken.
    ("/", {"inputs": "the fox", "messages": MESSAGES, "parameters": {"max_new_tokens": 4}}),
    ("/v1/chat/completions", {"inputs": 1, "messages": MESSAGES, "prompt": "a", **GREEDY}),
]


def timeless(document: Any) -> Any:
    return {**document, "created": 0} if isinstance(document, dict) else document


@pytest.mark.parametrize(("path", "body"), BODIES)
def test_a_body_is_answered_as_by_the_route_it_is_meant_for(
    container: RunningContainer, path: str, body: dict[str, Any]
) -> None:
    there, here = (container.post(each, body) for each in (path, "/invocations"))
    assert (here.status, timeless(here.json())) == (200, timeless(there.json()))


@pytest.mark.parametrize(("path", "body"), BODIES)
def test_each_of_them_can_be_streamed(
    container: RunningContainer, path: str, body: dict[str, Any]
) -> None:
    there, here = (
        container.post(each, {**body, "stream": True}) for each in (path, "/invocations")
    )
    assert here.headers["content-type"] == "text/event-stream"
    assert len(here.events) == len(there.events)


@pytest.mark.parametrize("body", [{}, {"inputs": 1}, {"messages": "a"}, {"prompt": []}, [], 3])
def test_a_body_for_none_of_them_is_refused(container: RunningContainer, body: Any) -> None:
    reply = container.post("/invocations", body)
    assert (reply.status, reply.headers["content-type"]) == (422, "text/plain; charset=utf-8")
    assert reply.text == (
        "Failed to deserialize the JSON body into the target type: "
        "data did not match any variant of untagged enum SagemakerRequest"
    )
