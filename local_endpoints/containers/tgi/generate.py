"""The generate routes: ``/``, ``/generate`` and ``/generate_stream`` (router/src/server.rs)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from starlette.requests import Request as HttpRequest

from local_endpoints.containers.http.body import read_json
from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.http.sse import EventStream, frame, unless_gone
from local_endpoints.containers.text.errors import InvalidRequest, RequestError
from local_endpoints.containers.text.generation import Answer
from local_endpoints.containers.text.intake import Intake, Make
from local_endpoints.containers.text.stream import GenerationStream
from local_endpoints.containers.tgi.answers import (
    answer_headers,
    json_response,
    stream_headers,
    token_object,
)
from local_endpoints.containers.tgi.errors import worded
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.containers.tgi.metrics import Metrics
from local_endpoints.containers.tgi.schemas import (
    GenerateParameters,
    GenerateRequest,
    compat_generate_request,
    generate_request,
)
from local_endpoints.containers.tgi.validation import Validator
from local_endpoints.engine.text.request import TokenEvent

NO_PIPELINE_TAG_RETURNS_FULL_TEXT = True
"""Default of ``return_full_text`` on ``/``. An endpoint mounts the model at ``/repository``, so the
router cannot look its pipeline tag up, and without a tag it repeats the prompt."""


@dataclass(frozen=True)
class GenerateRoutes:
    """The routes that take ``inputs`` and ``parameters``.

    Attributes:
        intake: answers requests.
        validator: makes them.
        limits: what the container accepts.
        metrics: counts.
    """

    intake: Intake
    validator: Validator
    limits: Limits
    metrics: Metrics

    async def compat(self, request: HttpRequest) -> Any:
        """``POST /``: a list with one object, or a stream."""
        return await self.compat_reply(request, await self._read(request, compat_generate_request))

    async def compat_reply(self, request: HttpRequest, body: GenerateRequest) -> Any:
        """The answer to a body of ``/`` that was read."""
        if body.parameters.return_full_text is None:
            parameters = replace(
                body.parameters, return_full_text=NO_PIPELINE_TAG_RETURNS_FULL_TEXT
            )
            body = replace(body, parameters=parameters)
        if body.stream:
            return self._stream(body)
        headers, answer = await unless_gone(request.receive, self._answer(body))
        return json_response([answer], headers)

    async def generate(self, request: HttpRequest) -> Any:
        """``POST /generate``: one object."""
        body: GenerateRequest = await self._read(request, generate_request)
        headers, answer = await unless_gone(request.receive, self._answer(body))
        return json_response(answer, headers)

    async def generate_stream(self, request: HttpRequest) -> Any:
        """``POST /generate_stream``: always a stream once the body was read."""
        return self._stream(await self._read(request, generate_request))

    async def _read(self, request: HttpRequest, reader: Any) -> Any:
        return await read_json(request, reader, limit=self.limits.payload_limit)

    async def _answer(self, body: GenerateRequest) -> tuple[dict[str, str], dict[str, Any]]:
        arrived = self.intake.clock()
        self.metrics.asked()
        parameters = body.parameters
        # 0 is taken for 1 where nothing is streamed (router/src/server.rs).
        count = parameters.best_of or 1
        if count > 1:
            self.validator.check_best_of(count)
        answers = await self.intake.best_of(self._make(body), count)
        prompt = body.inputs if parameters.return_full_text else ""
        document: dict[str, Any] = {"generated_text": prompt + answers[0].finish.text}
        if parameters.details or parameters.decoder_input_details:
            document["details"] = _details(answers, parameters, prompt)
        headers = answer_headers(
            answers[0],
            arrived=arrived,
            ended=self.intake.clock(),
            inputs=body.inputs,
            compute_type=self.limits.compute_type,
        )
        return headers, document

    def _stream(self, body: GenerateRequest) -> EventStream:
        self.metrics.asked()
        headers = stream_headers(body.inputs, compute_type=self.limits.compute_type)
        return TokenStream(self.intake, self._make(body), body).response(headers)

    def _make(self, body: GenerateRequest) -> Make:
        return partial(
            self.validator.validate, body.inputs, body.parameters, add_special_tokens=True
        )


class TokenStream(GenerationStream):
    """The events of one streamed generate request.

    Args:
        intake: answers requests.
        make: makes the one for the engine.
        body: what was asked for.
    """

    def __init__(self, intake: Intake, make: Make, body: GenerateRequest) -> None:
        super().__init__(intake, make)
        self._inputs = body.inputs
        self._parameters = body.parameters
        self._index = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """One event per token; an error is an event too, and the last."""
        try:
            self._check()
            async for chunk in self.generated():
                yield chunk
        except RequestError as error:
            yield frame(worded(error).body())

    def _check(self) -> None:
        if self._parameters.best_of not in (None, 1):
            raise InvalidRequest("`best_of` != 1 is not supported when streaming tokens")
        if self._parameters.decoder_input_details:
            raise InvalidRequest(
                "`decoder_input_details` == true is not supported when streaming tokens"
            )

    def frames(self, event: TokenEvent) -> bytes:
        """One event; the last one with the whole text."""
        self._index += 1
        document: dict[str, Any] = {"index": self._index, "token": token_object(event.token)}
        if event.top_tokens:
            document["top_tokens"] = [token_object(token) for token in event.top_tokens]
        document["generated_text"] = None
        document["details"] = None
        finish = event.finish
        if finish is not None:
            prompt = self._inputs if self._parameters.return_full_text else ""
            document["generated_text"] = prompt + finish.text
            if self._parameters.details:
                document["details"] = {
                    "finish_reason": finish.reason.value,
                    "generated_tokens": finish.generated_tokens,
                    "seed": finish.seed,
                    "input_length": self.prompt_length,
                }
        return frame(encode(document))


def _details(
    answers: Sequence[Answer], parameters: GenerateParameters, prompt: str
) -> dict[str, Any]:
    best, others = answers[0], answers[1:]
    details = _sequence_details(best, parameters)
    top_tokens = details.pop("top_tokens", None)
    if others:
        details["best_of_sequences"] = [
            {
                "generated_text": prompt + other.finish.text,
                **_sequence_details(other, parameters),
            }
            for other in others
        ]
    if top_tokens is not None:
        details["top_tokens"] = top_tokens
    return details


def _sequence_details(answer: Answer, parameters: GenerateParameters) -> dict[str, Any]:
    details: dict[str, Any] = {
        "finish_reason": answer.finish.reason.value,
        "generated_tokens": answer.finish.generated_tokens,
        "seed": answer.finish.seed,
        "prefill": [
            {"id": token.id, "text": token.text, "logprob": token.logprob}
            for token in answer.prompt_tokens
        ],
        "tokens": [token_object(token) for token in answer.tokens],
    }
    if parameters.top_n_tokens:
        details["top_tokens"] = [
            [token_object(token) for token in tokens] for tokens in answer.top_tokens
        ]
    return details
