"""Requests for an engine under test, their events, and a gate that holds its steps back."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from local_endpoints.engine.text.delivery import ThreadInbox
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Event, Request, TokenEvent
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec
from tests.patience import WAIT_SECONDS


def make_request(codec: TextCodec, text: str = "the quick brown fox", **options: Any) -> Request:
    sampling = {
        name: options.pop(name)
        for name in list(options)
        if name in SamplingParameters.__dataclass_fields__
    }
    return Request(
        prompt=codec.encode(text, add_special_tokens=True),
        inbox=options.pop("inbox", None) or ThreadInbox(),
        max_new_tokens=options.pop("max_new_tokens", 20),
        sampling=SamplingParameters(**sampling),
        **options,
    )


def events_of(request: Request) -> list[Event]:
    assert isinstance(request.inbox, ThreadInbox)
    return list(request.inbox)


def answer(engine: Engine, *requests: Request) -> list[list[TokenEvent]]:
    for request in requests:
        engine.submit(request)
    answers = [events_of(request) for request in requests]
    assert all(isinstance(event, TokenEvent) for events in answers for event in events)
    return answers  # type: ignore[return-value]


class Gate:
    """Lets the decoding steps of a model, or of all models, pass one by one."""

    def __init__(self, model: TextModel | type[TextModel], monkeypatch: pytest.MonkeyPatch) -> None:
        self._permits = threading.Semaphore(0)
        self.reached = threading.Semaphore(0)
        decode = model.decode

        def gated(*arguments: Any) -> Any:
            self.reached.release()
            assert self._permits.acquire(timeout=WAIT_SECONDS)
            return decode(*arguments)

        monkeypatch.setattr(model, "decode", gated)

    def wait(self) -> None:
        """Until a step is about to begin."""
        assert self.reached.acquire(timeout=WAIT_SECONDS)

    def open(self, steps: int = 10_000) -> None:
        """Let steps pass."""
        self._permits.release(steps)
