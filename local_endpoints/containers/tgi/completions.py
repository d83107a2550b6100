"""``/v1/completions`` (router/src/server.rs): one text, or several, that are gone on with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request as HttpRequest

from local_endpoints.containers.http.body import read_json
from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.http.sse import DONE, EventStream, frame, unless_gone
from local_endpoints.containers.text.errors import RequestError
from local_endpoints.containers.text.generation import Answer
from local_endpoints.containers.text.intake import Intake, Make
from local_endpoints.containers.text.stream import GenerationStream
from local_endpoints.containers.tgi.answers import answer_headers, json_response, stream_headers
from local_endpoints.containers.tgi.errors import CompletionRefused, worded
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.containers.tgi.metrics import Metrics
from local_endpoints.containers.tgi.openai import Origin, finish_reason, usage
from local_endpoints.containers.tgi.schemas import (
    CompletionRequest,
    GenerateParameters,
    completion_request,
)
from local_endpoints.containers.tgi.validation import Validator
from local_endpoints.engine.text.request import TokenEvent

OBJECT = "text_completion"

_SUMMED = (
    *("x-compute-characters", "x-total-time", "x-validation-time", "x-queue-time"),
    *("x-inference-time", "x-time-per-token", "x-prompt-tokens", "x-generated-tokens"),
)
"""Headers of whole answers that are added up over the prompts."""


@dataclass(frozen=True)
class CompletionRoute:
    """The OpenAI-style completion.

    Attributes:
        intake: answers requests.
        validator: makes them.
        limits: what the container accepts.
        metrics: counts.
        origin: what the answers say about the server.
    """

    intake: Intake
    validator: Validator
    limits: Limits
    metrics: Metrics
    origin: Origin

    async def completions(self, request: HttpRequest) -> Any:
        """``POST /v1/completions``: one object with a choice per prompt, or a stream."""
        body = await read_json(request, completion_request, limit=self.limits.payload_limit)
        return await self.reply(request, body)

    async def reply(self, request: HttpRequest, body: CompletionRequest) -> Any:
        """The answer to a body that was read."""
        self.metrics.asked()
        if body.suffix is not None:
            raise CompletionRefused(
                "suffix not supported",
                "Suffix is not supported and can be achieved by preprocessing the prompt.",
            )
        if len(body.prompt) > (most := self.limits.max_client_batch_size):
            raise CompletionRefused(
                "batch size exceeded",
                f"Number of prompts exceeds the maximum allowed batch size of {most}",
            )
        parameters = _parameters(body)
        makes = [
            partial(self.validator.validate, prompt, parameters, add_special_tokens=True)
            for prompt in body.prompt
        ]
        for _ in makes:
            self.metrics.asked()
        if not body.stream:
            return await unless_gone(request.receive, self._answer(body, makes))
        headers = stream_headers("".join(body.prompt), compute_type=self.limits.compute_type)
        return CompletionStream(self.intake, makes, self.origin).response(headers)

    async def _answer(self, body: CompletionRequest, makes: Sequence[Make]) -> Any:
        arrived = self.intake.clock()
        choices: list[dict[str, Any]] = []
        each_headers: list[dict[str, str]] = []
        prompt_tokens = generated_tokens = 0
        async for index, answer in _as_they_end(self.intake, makes):
            choices.append(_choice(index, answer.finish.text, finish_reason(answer.finish)))
            prompt_tokens += len(answer.request.prompt)
            generated_tokens += answer.finish.generated_tokens
            each_headers.append(
                answer_headers(
                    answer,
                    arrived=arrived,
                    ended=self.intake.clock(),
                    inputs=body.prompt[index],
                    compute_type=self.limits.compute_type,
                )
            )
        document = {
            **self.origin.envelope(OBJECT),
            "choices": choices,
            "usage": usage(prompt_tokens, generated_tokens),
        }
        summed = {name: str(sum(int(each[name]) for each in each_headers)) for name in _SUMMED}
        return json_response(document, {"x-compute-type": self.limits.compute_type, **summed})


async def _as_they_end(intake: Intake, makes: Sequence[Make]) -> AsyncIterator[tuple[int, Answer]]:
    """The answers to several prompts with their numbers, the quickest first."""

    async def numbered(index: int, make: Make) -> tuple[int, Answer]:
        return index, await intake.answer(make)

    tasks = [asyncio.create_task(numbered(*each)) for each in enumerate(makes)]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()


class CompletionStream:
    """The chunks of all prompts, in one stream as they come.

    Args:
        intake: answers requests.
        makes: make those for the engine.
        origin: what the chunks say about the server.
    """

    def __init__(self, intake: Intake, makes: Sequence[Make], origin: Origin) -> None:
        self._streams = [
            _PromptStream(intake, make, index, origin) for index, make in enumerate(makes)
        ]
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()

    def response(self, headers: dict[str, str]) -> EventStream:
        """The HTTP answer that writes `chunks`."""
        return EventStream(self.chunks(), headers=headers, wake=self._wake, abandon=self._abandon)

    async def chunks(self) -> AsyncIterator[bytes]:
        """What comes from any prompt, then the end marker."""
        tasks = [asyncio.create_task(self._drain(stream)) for stream in self._streams]
        try:
            left = len(tasks)
            while left:
                chunk = await self._chunks.get()
                if chunk is None:
                    left -= 1
                else:
                    yield chunk
            yield DONE
        finally:
            for task in tasks:
                task.cancel()

    async def _drain(self, stream: _PromptStream) -> None:
        try:
            async for chunk in stream.chunks():
                self._chunks.put_nowait(chunk)
        finally:
            self._chunks.put_nowait(None)

    def _wake(self) -> None:
        self._chunks.put_nowait(b"")

    def _abandon(self) -> None:
        for stream in self._streams:
            stream.abandon()


class _PromptStream(GenerationStream):
    """The chunks of one prompt; an error is a chunk, and the last."""

    def __init__(self, intake: Intake, make: Make, index: int, origin: Origin) -> None:
        super().__init__(intake, make)
        self._index = index
        self._origin = origin

    async def chunks(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self.generated():
                yield chunk
        except RequestError as error:
            yield frame(worded(error).chat_stream_body())

    def frames(self, event: TokenEvent) -> bytes:
        # The text of every token, special ones included; the reason by its own name, unlike in
        # whole answers.
        envelope, finish = self._origin.envelope(OBJECT), event.finish
        reason = "" if finish is None else finish.reason.value
        choices = [_choice(self._index, event.token.text, reason)]
        if finish is not None:
            counted = usage(self.prompt_length, finish.generated_tokens)
            return frame(encode({**envelope, "choices": choices, "usage": counted}))
        first = {name: envelope[name] for name in ("object", "id", "created")}
        return frame(encode({**first, "choices": choices, **envelope}))


def _choice(index: int, text: str, reason: str) -> dict[str, Any]:
    return {"index": index, "text": text, "logprobs": None, "finish_reason": reason}


def _parameters(body: CompletionRequest) -> GenerateParameters:
    # Only an explicit temperature of 0 means greedy.
    greedy = body.temperature == 0
    return GenerateParameters(
        temperature=None if greedy else body.temperature,
        repetition_penalty=body.repetition_penalty,
        frequency_penalty=body.frequency_penalty,
        top_p=body.top_p,
        do_sample=not greedy,
        max_new_tokens=body.max_tokens,
        stop=body.stop or [],
        seed=body.seed,
    )
