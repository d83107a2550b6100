"""Continuous batching: who is answered in which step.

One thread owns the model. Between two decoding steps it drops what was cancelled and admits what
waits, reading the new prompts in one batched prefill; a request therefore joins and leaves the
batch at any step. Nothing here knows about HTTP.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from local_endpoints.engine.text.delivery import Delivery, deliver_directly
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Event, FailureEvent, Request, TokenEvent
from local_endpoints.engine.text.sampling import BatchSampler
from local_endpoints.engine.text.sequence import Sequence
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.engine.text.vision import VisionEncoder

logger = logging.getLogger(__name__)


class Engine:
    """Answers requests in batches, in a thread of its own.

    Args:
        model: the decoder; from now on only this engine may use it.
        codec: its tokenizer.
        vision: reads the pictures of prompts; None for a model that sees none.
        max_requests: waiting and active requests together; more are refused.
        max_prefill_tokens: prompt tokens, padding included, of one batched prefill. A single
            longer prompt is still read, alone.
        max_batch_tokens: positions that the active requests may come to occupy together.
        deliver: called in the engine's thread, once per step, with the step's events.
        clock: seconds, for `Request.queued_at` and `Request.started_at`.
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
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._model = model
        self._codec = codec
        self._vision = vision
        self._max_requests = max_requests
        self._max_prefill_tokens = max_prefill_tokens
        self._max_batch_tokens = max_batch_tokens or model.slots * model.capacity
        self._deliver = deliver
        self._clock = clock
        self._work = threading.Condition()
        self._waiting: deque[Request] = deque()
        self._active: list[Sequence] = []
        self._sampler: BatchSampler | None = None
        self._events: list[tuple[Request, Event]] = []
        self._stopping = False
        self._healthy = True
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    @property
    def active_count(self) -> int:
        """Requests in the current batch."""
        return len(self._active)

    @property
    def waiting_count(self) -> int:
        """Requests not yet in the batch."""
        return len(self._waiting)

    @property
    def healthy(self) -> bool:
        """Whether the last step of the model worked."""
        return self._healthy

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, *, timeout: float | None = 5.0) -> None:
        """End the thread after the current step; open requests get a `FailureEvent`."""
        with self._work:
            self._stopping = True
            self._work.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def submit(self, request: Request) -> None:
        """Queue a request.

        Raises:
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
        with self._work:
            if self._stopping:
                raise EngineStoppedError("the engine is stopping and takes no more requests")
            if len(self._waiting) + len(self._active) >= self._max_requests:
                raise QueueFullError(
                    f"{self._max_requests} requests are in flight: try again when some are done"
                )
            request.queued_at = self._clock()
            self._waiting.append(request)
            self._work.notify()

    def cancel(self, request: Request) -> None:
        """Give a request up: it leaves the engine before the next step, without an event."""
        with self._work:
            request.cancelled = True
            self._work.notify()

    def _run(self) -> None:
        while True:
            with self._work:
                while not (self._waiting or self._active or self._stopping):
                    self._work.wait()
                if self._stopping:
                    break
            self._step()
            self._flush()
        self._fail_everything("the engine was stopped")
        self._flush()

    def _step(self) -> None:
        self._drop_cancelled()
        batch = self._next_batch()
        if batch:
            self._guard(self._prefill, batch)
            self._flush()
        if self._active:
            self._guard(self._decode, [sequence.request for sequence in self._active])

    def _guard(self, work: Callable[[list[Request]], None], requests: list[Request]) -> None:
        """Run a step of the model; a crash fails the requests in it and nothing else."""
        try:
            work(requests)
            self._healthy = True
        except Exception as error:
            self._healthy = False
            logger.exception("a step with %d requests failed", len(requests))
            self._events.extend((request, FailureEvent(str(error))) for request in requests)
            # Keys and values of the others are untouched where they lie.
            self._keep([each for each in self._active if each.request not in requests])

    def _drop_cancelled(self) -> None:
        with self._work:
            if any(request.cancelled for request in self._waiting):
                self._waiting = deque(each for each in self._waiting if not each.cancelled)
        if any(sequence.request.cancelled for sequence in self._active):
            self._keep([each for each in self._active if not each.request.cancelled])

    def _next_batch(self) -> list[Request]:
        """Waiting requests, oldest first, that fit into slots and budgets."""
        batch: list[Request] = []
        longest = 0
        occupied = sum(self._budget(sequence.request) for sequence in self._active)
        with self._work:
            while self._waiting and len(self._active) + len(batch) < self._model.slots:
                request = self._waiting[0]
                longest = max(longest, len(request.prompt))
                occupied += self._budget(request)
                count = len(batch) + 1
                if occupied > self._max_batch_tokens and (batch or self._active):
                    break
                if batch and longest * count > self._max_prefill_tokens:
                    break
                if count > self._model.prompts_at_once(longest):
                    break
                batch.append(self._waiting.popleft())
        return batch

    def _budget(self, request: Request) -> int:
        """Positions that a request may come to occupy."""
        return min(len(request.prompt) + request.max_new_tokens, self._model.capacity)

    def _prefill(self, requests: list[Request]) -> None:
        now = self._clock()
        for request in requests:
            request.started_at = now
        requests, images = self._look(requests)
        if not requests:
            return
        batch = [self._sequence(request) for request in requests]
        logits = self._model.prefill(
            [request.prompt for request in requests],
            first_slot=len(self._active),
            every_position=[request.prompt_logprobs for request in requests],
            images=images,
        )
        for sequence, rows in zip(batch, logits, strict=True):
            if sequence.request.prompt_logprobs:
                self._events.append((sequence.request, sequence.prompt_event(rows)))
        sampler = BatchSampler([sequence.chooser for sequence in batch])
        choices = sampler.choose(np.stack([rows[-1] for rows in logits]))
        events = [sequence.advance(choices, row) for row, sequence in enumerate(batch)]
        self._active = self._active + batch
        self._sampler = None
        self._report(batch, events)

    def _check_pictures(self, request: Request) -> None:
        if request.tiles is None:
            return
        if self._vision is None:
            raise ValueError("this model sees no pictures: send a prompt of text alone")
        given = len(request.tiles) * self._vision.config.latents
        wanted = int((request.prompt == self._model.config.image_token).sum())
        if given != wanted:
            raise ValueError(
                f"the prompt has {wanted} image tokens, its pictures give {given}: "
                "they must be as many"
            )

    def _look(
        self, requests: list[Request]
    ) -> tuple[list[Request], list[npt.NDArray[np.float32] | None]]:
        """The image tokens of each request's pictures; a request whose pictures fail is dropped
        by itself."""
        seen: list[Request] = []
        states: list[npt.NDArray[np.float32] | None] = []
        for request in requests:
            try:
                if self._vision is None or request.tiles is None:
                    states.append(None)
                else:
                    states.append(self._vision.encode(request.tiles))
                seen.append(request)
            except Exception as error:
                logger.exception("the pictures of a request could not be read")
                self._events.append((request, FailureEvent(str(error))))
        return seen, states

    def _sequence(self, request: Request) -> Sequence:
        return Sequence(
            request,
            self._codec,
            vocabulary=self._model.config.vocabulary,
            capacity=self._model.capacity,
            eos_ids=self._model.config.eos_ids,
        )

    def _decode(self, _: list[Request]) -> None:
        sequences = self._active
        tokens = np.array([sequence.last_token for sequence in sequences], np.int64)
        lengths = np.array([sequence.length for sequence in sequences], np.int32)
        logits = self._model.decode(tokens, lengths)
        if self._sampler is None:
            self._sampler = BatchSampler([sequence.chooser for sequence in sequences])
        choices = self._sampler.choose(logits)
        events = []
        for row, sequence in enumerate(sequences):
            sequence.length += 1
            events.append(sequence.advance(choices, row))
        self._report(sequences, events)

    def _report(self, sequences: list[Sequence], events: list[TokenEvent]) -> None:
        finished = set()
        for sequence, event in zip(sequences, events, strict=True):
            self._events.append((sequence.request, event))
            if event.finish is not None:
                finished.add(sequence)
        if finished:
            self._keep([each for each in self._active if each not in finished])

    def _keep(self, kept: list[Sequence]) -> None:
        """Shrink the batch, moving sequences from the end into the slots that became free."""
        keep = set(kept)
        row = 0
        active = list(self._active)
        while row < len(active):
            if active[row] in keep:
                row += 1
                continue
            last = active.pop()
            while last not in keep and row < len(active):
                last = active.pop()
            if last in keep:
                self._model.move(len(active), row, last.length)
                active[row] = last
                row += 1
        self._active = active
        self._sampler = None

    def _fail_everything(self, message: str) -> None:
        with self._work:
            requests = [sequence.request for sequence in self._active] + list(self._waiting)
            self._waiting.clear()
        self._active = []
        self._events.extend((request, FailureEvent(message)) for request in requests)

    def _flush(self) -> None:
        events, self._events = self._events, []
        live = [(request, event) for request, event in events if not request.cancelled]
        if not live:
            return
        try:
            self._deliver(live)
        except Exception:
            # Whoever listens is gone or broken; the other requests must go on.
            logger.exception("%d events could not be delivered", len(live))
