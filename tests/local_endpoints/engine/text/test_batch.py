"""Sequences in slots: whoever leaves, the others go on as if alone."""

from __future__ import annotations

from itertools import combinations

import pytest

from local_endpoints.engine.text.batch import Batch
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Event, Request, TokenEvent
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.text.driving import make_request

PROMPTS = ("the quick brown fox", "a small poem", "what one alone", "llamas", "me and you")


def make_requests(codec: TextCodec) -> list[Request]:
    return [make_request(codec, text, max_new_tokens=9) for text in PROMPTS]


def collect(tokens: dict[Request, list[int]], events: list[tuple[Request, Event]]) -> None:
    for request, event in events:
        assert isinstance(event, TokenEvent)
        tokens.setdefault(request, []).append(event.token.id)


def alone(model: TextModel, codec: TextCodec) -> list[list[int]]:
    answers = []
    for request in make_requests(codec):
        batch = Batch(model, codec)
        tokens: dict[Request, list[int]] = {}
        collect(tokens, batch.read([request], [None]))
        while batch.requests:
            collect(tokens, batch.decode())
        answers.append(tokens[request])
    return answers


@pytest.mark.parametrize("count", range(len(PROMPTS) + 1))
def test_those_that_stay_answer_as_if_alone(model: TextModel, codec: TextCodec, count: int) -> None:
    expected = alone(model, codec)
    for gone in combinations(range(len(PROMPTS)), count):
        requests = make_requests(codec)
        tokens: dict[Request, list[int]] = {}
        batch = Batch(model, codec)
        collect(tokens, batch.read(requests, [None] * len(requests)))
        collect(tokens, batch.decode())
        batch.remove([requests[row] for row in gone])
        staying = set(requests) - {requests[row] for row in gone}
        assert len(batch.requests) == len(staying) and set(batch.requests) == staying
        while batch.requests:
            collect(tokens, batch.decode())
        for row, request in enumerate(requests):
            wanted = expected[row][:2] if row in gone else expected[row]
            assert tokens[request] == wanted, f"{gone} left"
