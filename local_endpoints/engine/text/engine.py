"""Continuous batching: who is answered in which step.

One thread owns the model. Between two decoding steps it drops what was cancelled and admits what
waits, reading the new prompts in one batched prefill; a request therefore joins and leaves the
batch at any step. Nothing here knows about HTTP.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.text.admission import Budgets, admitted
from local_endpoints.engine.text.batch import Batch
from local_endpoints.engine.text.compiler import GrammarCompiler
from local_endpoints.engine.text.delivery import Delivery, deliver_directly, is_last
from local_endpoints.engine.text.grammar import Grammar
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Event, FailureEvent, Request
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.engine.text.vision import VisionEncoder
from local_endpoints.engine.worker import Worker

logger = logging.getLogger(__name__)


class Engine(Worker[Request]):
    """Answers requests in batches, in a thread of its own.

    Args:
        model: the decoder; from now on only this engine may use it.
        codec: its tokenizer.
        vision: reads the pictures of prompts; None for a model that sees none.
        max_requests: waiting and active requests together; more are refused.
        max_prefill_tokens: prompt tokens, padding included, of one batched prefill. A single
            longer prompt is still read, alone.
        max_batch_tokens: positions that the active requests may come to occupy together.
        deliver: called in the engine's thread, a few times per step at most, with events in order.
        tokens_every: seconds between two deliveries of tokens in the middle of an answer; the first
            and the last ones of an answer are delivered at once, and with 0 all are.
        clock: seconds, for `Request.queued_at` and `Request.started_at`.

    Attributes:
        codec, vision: as given.
    """

    def __init__(
        self,
        model: TextModel,
        codec: TextCodec,
        *,
        vision: VisionEncoder | None = None,
        max_requests: int = 128,
        max_prefill_tokens: int = 4096,
        max_batch_tokens: int | None = None,
        deliver: Callable[[Delivery], None] = deliver_directly,
        tokens_every: float = 0.0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__("engine", max_requests=max_requests)
        self.codec = codec
        self.vision = vision
        self._model = model
        self._batch = Batch(model, codec)
        self._grammars = GrammarCompiler(
            codec.file, vocabulary=model.config.vocabulary, eos_ids=model.config.eos_ids
        )
        self._budgets = Budgets(
            slots=model.slots,
            capacity=model.capacity,
            prefill_tokens=max_prefill_tokens,
            batch_tokens=max_batch_tokens or model.slots * model.capacity,
        )
        self._deliver = deliver
        self._clock = clock
        self._tokens_every = tokens_every
        self._delivered_at = -tokens_every
        self._held: list[tuple[Request, Event]] = []

    @property
    def active(self) -> Sequence[Request]:
        """The requests in the current batch."""
        return self._batch.requests

    def submit(self, request: Request) -> None:
        """Queue a request. A grammar is compiled first, in the calling thread; see `check`.

        Raises:
            GrammarError: its grammar cannot be followed.
            QueueFullError: as many requests as allowed are already waiting or active.
            EngineStoppedError: the engine was stopped.
            ValueError: the prompt is empty or fills the slot, or its pictures do not give as many
                image tokens as it has.
        """
        if not 0 < len(request.prompt) < self._model.capacity:
            raise ValueError(
                f"a prompt must have 1 to {self._model.capacity - 1} tokens, "
                f"not {len(request.prompt)}: shorten it or raise the limit"
            )
        self._check_pictures(request)
        if request.grammar is not None:
            request.guide = self._grammars.guide(request.grammar)
        request.queued_at = self._clock()
        self._enqueue(request)

    def check(self, grammar: Grammar) -> None:
        """Compile a grammar, so that `submit` finds it done.

        It takes a millisecond or two, and at most about a second: call it in another thread than
        one that others wait for.

        Raises:
            GrammarError: it is malformed, unsatisfiable, too large, or asks for what cannot be
                enforced.
        """
        self._grammars.check(grammar)

    def cancel(self, request: Request) -> None:
        """Give a request up: it leaves the engine before the next step, without an event."""
        request.cancelled = True

    def step(self) -> None:
        """Drop what was cancelled, read new prompts, and choose a token for every request."""
        self._drop_cancelled()
        if joining := self._take_admitted():
            self._deliver_held()  # reading may take long
            self._read(joining)
        if active := self.active:
            with self._confined(active):
                self._held += self._batch.decode()
            self._deliver_due()

    def fail(self, jobs: Sequence[Request], error: Exception) -> None:
        """Take requests out of the batch and deliver a `FailureEvent` for each."""
        # Keys and values of the others are untouched where they lie.
        self._batch.remove(jobs)
        self._held += [(request, FailureEvent(str(error))) for request in jobs]
        self._deliver_due()

    def _drop_cancelled(self) -> None:
        self._forget_waiting(lambda request: request.cancelled)
        if cancelled := [request for request in self.active if request.cancelled]:
            self._batch.remove(cancelled)

    def _take_admitted(self) -> list[Request]:
        if not self.waiting_count:
            return []
        at_once = self._model.prompts_at_once
        joining = admitted(self.waiting, self.active, self._budgets, prompts_at_once=at_once)
        return self._take(len(joining))

    def _read(self, requests: Sequence[Request]) -> None:
        now = self._clock()
        for request in requests:
            request.started_at = now
        images = self._image_tokens(requests)
        with self._confined(list(images)):
            if images:
                self._deliver_now(self._batch.read(list(images), list(images.values())))

    def _image_tokens(
        self, requests: Sequence[Request]
    ) -> dict[Request, npt.NDArray[np.float32] | None]:
        """Those of each request's pictures. A request whose pictures fail is left out."""
        found: dict[Request, npt.NDArray[np.float32] | None] = {}
        for request in requests:
            if self.vision is None or request.tiles is None:
                found[request] = None
                continue
            with self._confined([request]):
                found[request] = self.vision.encode(request.tiles)
        return found

    def _check_pictures(self, request: Request) -> None:
        if request.tiles is None:
            return
        if self.vision is None:
            raise ValueError("this model sees no pictures: send a prompt of text alone")
        given = len(request.tiles) * self.vision.config.latents
        wanted = int((request.prompt == self._model.config.image_token).sum())
        if given != wanted:
            raise ValueError(
                f"the prompt has {wanted} image tokens, its pictures give {given}: "
                "they must be as many"
            )

    def _deliver_due(self) -> None:
        if self._clock() - self._delivered_at >= self._tokens_every:
            self._deliver_held()
            return
        ended = {request for request, event in self._held if is_last(event)}
        due = [each for each in self._held if each[0] in ended]
        self._held = [each for each in self._held if each[0] not in ended]
        self._deliver_now(due)

    def _deliver_held(self) -> None:
        if self._held:
            self._delivered_at = self._clock()
            due, self._held = self._held, []
            self._deliver_now(due)

    def _deliver_now(self, events: Delivery) -> None:
        live = [(request, event) for request, event in events if not request.cancelled]
        if not live:
            return
        try:
            self._deliver(live)
        except Exception:
            # Whoever listens is gone or broken; the other requests must go on.
            logger.exception("%d events could not be delivered", len(live))
