"""One user's part of a text engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from weakref import WeakSet

from local_endpoints.engine.part import NO_BOUND, Engines, Part
from local_endpoints.engine.text.delivery import Delivery
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.grammar import Grammar
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Request
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.engine.text.vision import VisionEncoder, is_vision_model


class TextEngine(Protocol):
    """A whole `Engine`, or a part of one, for those who ask it."""

    @property
    def active(self) -> Sequence[Request]:
        """The requests in the current batch."""

    @property
    def active_count(self) -> int:
        """How many they are."""

    @property
    def waiting_count(self) -> int:
        """Requests not yet in the batch."""

    @property
    def healthy(self) -> bool:
        """Whether the last work on a batch went well."""

    def submit(self, request: Request) -> None:
        """Queue a request; raises as `Engine.submit`."""

    def check(self, grammar: Grammar) -> None:
        """Compile a grammar; raises as `Engine.check`."""

    def cancel(self, request: Request) -> None:
        """Give a request up."""


@dataclass(frozen=True)
class TextSettings:
    """What decides what a text engine computes; see `Engine` and `TextModel`."""

    model_dir: Path
    slots: int
    max_total_tokens: int
    max_prefill_tokens: int
    max_batch_tokens: int | None = None
    tokens_every: float = 0.0

    def engine(self, deliver: Callable[[Delivery], None]) -> Engine:
        """One of these settings."""
        folder = self.model_dir
        return Engine(
            TextModel(folder, slots=self.slots, max_total_tokens=self.max_total_tokens),
            TextCodec(folder),
            vision=VisionEncoder(folder) if is_vision_model(folder) else None,
            max_requests=NO_BOUND,
            max_prefill_tokens=self.max_prefill_tokens,
            max_batch_tokens=self.max_batch_tokens,
            deliver=deliver,
            tokens_every=self.tokens_every,
        )


class TextPart(Part[Engine]):
    """What one user has of a text engine.

    Args:
        engines: those of the process.
        settings: of the engine.
        max_requests: of this user, waiting and active together; more are refused.
        deliver: see `Engine`; all users of an engine have the same.

    Attributes:
        codec: the model's tokenizer.
        vision: reads the pictures of prompts, if the model sees any.
    """

    def __init__(
        self,
        engines: Engines,
        settings: TextSettings,
        *,
        max_requests: int,
        deliver: Callable[[Delivery], None],
    ) -> None:
        super().__init__(
            engines, settings, lambda: settings.engine(deliver), max_requests=max_requests
        )
        self.codec = self._engine.codec
        self.vision = self._engine.vision
        self._mine: WeakSet[Request] = WeakSet()

    @property
    def active(self) -> Sequence[Request]:
        """This user's requests in the current batch."""
        return [request for request in self._engine.active if self._is_mine(request)]

    def submit(self, request: Request) -> None:
        """Queue a request; raises as `Engine.submit`."""
        self._check_room()
        self._mine.add(request)
        self._engine.submit(request)

    def check(self, grammar: Grammar) -> None:
        """Compile a grammar; raises as `Engine.check`."""
        self._engine.check(grammar)

    def cancel(self, request: Request) -> None:
        """Give a request up."""
        self._engine.cancel(request)

    def stop(self) -> None:
        """Use it no longer: what is still computed for this user is given up."""
        for request in list(self._mine):
            self._engine.cancel(request)
        super().stop()

    def _is_mine(self, job: Request) -> bool:
        return job in self._mine
