"""How an answer shall be chosen: what of it reaches the engine, from every route."""

from __future__ import annotations

from typing import Any

import pytest

from local_endpoints.engine.text.sampling import SamplingParameters
from tests.local_endpoints.containers.tgi.scripted import Script

SEED = 7
MESSAGES = [{"role": "user", "content": "the fox"}]

GENERATE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"do_sample": True}, {"do_sample": True}),
    ({"temperature": 0.5}, {"temperature": 0.5}),
    ({"top_k": 3}, {"top_k": 3}),
    ({"top_p": 0.25}, {"top_p": 0.25}),
    ({"typical_p": 0.75}, {"typical_p": 0.75}),
    ({"repetition_penalty": 1.5}, {"repetition_penalty": 1.5}),
    ({"frequency_penalty": -0.5}, {"frequency_penalty": -0.5}),
]
BOTH: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"do_sample": True}),
    ({"temperature": 0}, {"do_sample": False}),
    ({"temperature": 0.5}, {"do_sample": True, "temperature": 0.5}),
    ({"top_p": 0.25}, {"do_sample": True, "top_p": 0.25}),
    ({"frequency_penalty": -0.5}, {"do_sample": True, "frequency_penalty": -0.5}),
]
CHAT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    *BOTH,
    # TGI adds two.
    ({"presence_penalty": -0.5}, {"do_sample": True, "repetition_penalty": 1.5}),
]
COMPLETIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    *BOTH,
    ({"repetition_penalty": 1.5}, {"do_sample": True, "repetition_penalty": 1.5}),
]


def chosen(script: Script, path: str, body: dict[str, Any]) -> SamplingParameters:
    """How the engine is told to choose the answer to such a body."""
    reply = script.says("a").container.post(path, body)
    assert reply.status == 200, reply.text
    return script.requests[-1].sampling


@pytest.mark.parametrize(("given", "expected"), GENERATE, ids=str)
@pytest.mark.parametrize("path", ["/generate", "/generate_stream", "/"])
def test_of_generate(
    script: Script, path: str, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    body = {"inputs": "the fox", "parameters": {"seed": SEED, **given}}
    assert chosen(script, path, body) == SamplingParameters(seed=SEED, **expected)


@pytest.mark.parametrize(("given", "expected"), CHAT, ids=str)
@pytest.mark.parametrize("stream", [False, True])
def test_of_a_chat(
    script: Script, stream: bool, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    body = {"messages": MESSAGES, "seed": SEED, "stream": stream, **given}
    sampling = chosen(script, "/v1/chat/completions", body)
    assert sampling == SamplingParameters(seed=SEED, **expected)


@pytest.mark.parametrize(("given", "expected"), COMPLETIONS, ids=str)
@pytest.mark.parametrize("stream", [False, True])
def test_of_completions(
    script: Script, stream: bool, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    body = {"prompt": "the fox", "seed": SEED, "stream": stream, **given}
    sampling = chosen(script, "/v1/completions", body)
    assert sampling == SamplingParameters(seed=SEED, **expected)
