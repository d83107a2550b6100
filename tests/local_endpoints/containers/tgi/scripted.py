"""A container whose model says what a test tells it to."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from local_endpoints.engine.text.request import (
    Finish,
    FinishReason,
    Request,
    Token,
    TokenEvent,
)
from tests.local_endpoints.containers.conftest import RunningContainer

EOS = "<eos>"


class Script:
    """Answers for the next requests, in order, and the requests that came.

    Args:
        container: its engine is not asked while the script lasts.
        monkeypatch: puts the engine back.
    """

    def __init__(self, container: RunningContainer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.container = container
        self.requests: list[Request] = []
        self._answers: list[tuple[Sequence[str], FinishReason]] = []
        monkeypatch.setattr(container.engine, "submit", self._submit)

    def says(self, *pieces: str, reason: FinishReason = FinishReason.EOS) -> Script:
        """Adds an answer, token by token; EOS follows unless something else ends it."""
        self._answers.append((pieces, reason))
        return self

    def _submit(self, request: Request) -> None:
        pieces, reason = self._answers.pop(0)
        self.requests.append(request)
        request.queued_at = request.started_at = time.perf_counter()
        tokens = [Token(7, piece, -0.5, False) for piece in pieces]
        if reason is FinishReason.EOS:
            tokens.append(Token(1, EOS, -0.5, True))
        finish = Finish(reason, "".join(pieces), len(tokens), None)
        for token in tokens[:-1]:
            request.inbox.put(TokenEvent(token))
        request.inbox.put(TokenEvent(tokens[-1], finish=finish))
