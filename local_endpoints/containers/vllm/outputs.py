"""What comes out of the engine, as vLLM's output processor hands it on: text without what is held
back, reasons to finish (v1/engine/detokenizer.py, v1/core/sched/utils.py)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from local_endpoints.containers.text.generation import Generation
from local_endpoints.containers.text.intake import Intake, Make
from local_endpoints.containers.vllm.generation import Wish
from local_endpoints.engine.text.request import Event, PromptEvent, Request, Token, TokenEvent


@dataclass
class Delta:
    """News of one answer.

    Attributes:
        index: of the answer among all of a request.
        text: what it has more of.
        tokens: that came.
        top_tokens: the alternatives at each of them.
        finish_reason: ``stop`` or ``length`` when nothing follows.
        stop_reason: the string or the token that ended it; None for the model's own end.
    """

    index: int
    text: str
    tokens: list[Token] = field(default_factory=list)
    top_tokens: list[Sequence[Token]] = field(default_factory=list)
    finish_reason: str | None = None
    stop_reason: int | str | None = None

    @property
    def token_ids(self) -> list[int]:
        """Numbers of the tokens."""
        return [token.id for token in self.tokens]


class Answer:
    """One answer while it grows.

    Args:
        index: of it.
        wish: how it is generated.

    Attributes:
        text: without what ended it, unless that was asked for.
        tokens: all of them.
        top_tokens: the alternatives at each.
        finish_reason, stop_reason: see `Delta`.
        first_at, last_at: when the first and the newest token came, in seconds of the engine's
            clock.
    """

    first_at = 0.0
    last_at = 0.0

    def __init__(self, index: int, wish: Wish) -> None:
        self.index = index
        self.text = ""
        self.tokens: list[Token] = []
        self.top_tokens: list[Sequence[Token]] = []
        self.finish_reason: str | None = None
        self.stop_reason: int | str | None = None
        self._wish = wish
        hold = wish.stop and not wish.keeps_stop
        self._held = max(map(len, wish.stop)) - 1 if hold else 0
        self._sent = 0
        self._told = 0

    def add(self, event: TokenEvent, now: float) -> Delta | None:
        """Take a token that came at ``now``; returns what may be shown, None before the next
        interval is full."""
        token, wish = event.token, self._wish
        self.first_at, self.last_at = self.first_at or now, now
        self.tokens.append(token)
        self.top_tokens.append(event.top_tokens)
        before = len(self.text)
        ended = token.id in wish.end_ids
        if not (ended and not wish.keeps_stop) and not (token.special and wish.skips_special):
            self.text += token.text
        if len(self.tokens) > wish.min_tokens:
            self._look_for_stop(before)
        # With the stop text kept, a string that the last token completes comes first
        # (v1/engine/output_processor.py).
        if ended and self.finish_reason is None:
            self.finish_reason = "stop"
            self.stop_reason = token.id if token.id in wish.stop_ids else None
        elif event.finish is not None and self.finish_reason is None:
            self.finish_reason = "length"
        told, count = self._told, len(self.tokens)
        if self.finish_reason is None and told > 0 and count - told < wish.interval:
            return None
        self._told = count
        return Delta(
            self.index,
            self._more(),
            self.tokens[told:],
            self.top_tokens[told:],
            self.finish_reason,
            self.stop_reason,
        )

    def _look_for_stop(self, before: int) -> None:
        """Cut the text at the stop string that is complete first, if the new text completes one."""
        best: tuple[int, int, str] | None = None
        for stop in self._wish.stop:
            start = self.text.find(stop, max(0, before - len(stop) + 1))
            if start >= 0 and (best is None or start + len(stop) < best[0]):
                best = (start + len(stop), start, stop)
        if best is not None and len(self.text) > before:
            end, start, stop = best
            self.text = self.text[: end if self._wish.keeps_stop else start]
            self.finish_reason, self.stop_reason = "stop", stop

    def _more(self) -> str:
        end = len(self.text) - (self._held if self.finish_reason is None else 0)
        more = self.text[self._sent : end] if end > self._sent else ""
        self._sent += len(more)
        return more


class Outputs:
    """The answers to one prompt, or to several.

    Args:
        intake: takes the requests.
        makes: make them, one per answer.
        wishes: how each answer is generated.
        observe: called with each answer that has ended.

    Attributes:
        answers: in order.
        prompts: the prompt with log probabilities, for the answers that asked for it.
    """

    def __init__(
        self,
        intake: Intake,
        makes: Sequence[Make],
        wishes: Sequence[Wish],
        observe: Callable[[Request, Answer], None],
    ) -> None:
        self.answers = [Answer(index, wish) for index, wish in enumerate(wishes)]
        self.prompts: dict[int, PromptEvent] = {}
        self._intake = intake
        self._makes = makes
        self._observe = observe

    async def finish(self) -> None:
        """Wait for the end of all answers; cancelling the task stops them.

        Raises:
            RequestError: a request was refused, or failed.
        """
        async for _ in self.deltas():
            pass

    async def deltas(self) -> AsyncGenerator[list[Delta], None]:
        """News as they come, all that wait together; closing the iterator stops the answers.

        Raises:
            RequestError: a request was refused, or failed on the way.
        """
        generations: list[Generation] = []
        try:
            for make in self._makes:
                generations.append(await self._intake.start(make))
            async for index, events in _merged(generations, is_done=self._is_done):
                yield self._read(index, events, generations[index])
        finally:
            for generation in generations:
                generation.close()

    def _is_done(self, index: int) -> bool:
        return self.answers[index].finish_reason is not None

    def _read(self, index: int, events: Sequence[Event], generation: Generation) -> list[Delta]:
        answer = self.answers[index]
        deltas: list[Delta] = []
        for event in events:
            if isinstance(event, PromptEvent):
                self.prompts[index] = event
            elif isinstance(event, TokenEvent) and answer.finish_reason is None:
                delta = answer.add(event, self._intake.clock())
                if delta is not None:
                    deltas.append(delta)
                if answer.finish_reason is not None:
                    self._observe(generation.request, answer)
                    # A stop string is found here, not in the engine.
                    generation.close()
        return deltas


async def _merged(
    generations: Sequence[Generation], *, is_done: Callable[[int], bool]
) -> AsyncIterator[tuple[int, list[Event]]]:
    """Events of all generations as they come, each batch with the number of its generation."""
    if len(generations) == 1:
        async for events in generations[0].batches():
            yield 0, events
        return
    queue: asyncio.Queue[tuple[int, list[Event] | Exception | None]] = asyncio.Queue()

    async def pump(index: int, generation: Generation) -> None:
        try:
            async for events in generation.batches():
                queue.put_nowait((index, events))
            queue.put_nowait((index, None))
        except Exception as error:
            queue.put_nowait((index, error))

    tasks = [asyncio.create_task(pump(*each)) for each in enumerate(generations)]
    try:
        left = len(tasks)
        while left:
            index, found = await queue.get()
            if isinstance(found, list):
                yield index, found
            elif found is None or is_done(index):  # One that was closed fails.
                left -= 1
            else:
                raise found
    finally:
        for task in tasks:
            task.cancel()
