"""``/v1/completions`` (entrypoints/openai/completion/serving.py)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from local_endpoints.containers.http.sse import unless_gone
from local_endpoints.containers.text.intake import Intake
from local_endpoints.containers.vllm.answers import (
    Envelope,
    Usage,
    answer_id,
    stream,
    usage_wanted,
)
from local_endpoints.containers.vllm.completion_body import CompletionBody
from local_endpoints.containers.vllm.generation import Generator, Wish
from local_endpoints.containers.vllm.logprobs import completion_logprobs, prompt_logprobs
from local_endpoints.containers.vllm.metrics import Metrics
from local_endpoints.containers.vllm.outputs import Answer, Delta, Outputs
from local_endpoints.containers.vllm.prompts import Prompt, Prompts
from local_endpoints.containers.vllm.served import Served
from local_endpoints.engine.text.request import Token

OBJECT = "text_completion"


@dataclass(frozen=True)
class CompletionRoute:
    """Completions of texts.

    Attributes:
        served: the model.
        intake: answers requests.
        prompts: make them from texts or tokens.
        generator: makes the engine's requests.
        metrics: count the answers.
    """

    served: Served
    intake: Intake
    prompts: Prompts
    generator: Generator
    metrics: Metrics

    async def create(self, body: CompletionBody, request: HttpRequest) -> Response:
        """``POST /v1/completions``: ``n`` choices for each prompt, whole or as a stream."""
        self.served.check_model(body.model)
        prompts = await self.prompts.completion(body)
        wishes = [self.generator.wish(body, prompt) for prompt in prompts]
        makes = [
            make
            for prompt, wish in zip(prompts, wishes, strict=True)
            for make in self.generator.makes(wish, prompt, body)
        ]
        each = [wish for wish in wishes for _ in range(wish.n)]
        completion = _Completion(
            body,
            prompts,
            each,
            self.served,
            Outputs(self.intake, makes, each, self.metrics.observe),
            Envelope(answer_id("cmpl", request, body.request_id), self.served.names[0]),
        )
        if body.stream:
            return stream(completion.chunks())
        return await unless_gone(request.receive, completion.whole())


@dataclass(frozen=True)
class _Completion:
    """One request on its way to its answer."""

    body: CompletionBody
    prompts: Sequence[Prompt]
    wishes: Sequence[Wish]
    served: Served
    outputs: Outputs
    envelope: Envelope

    @property
    def as_ids(self) -> bool:
        asked = self.body.return_tokens_as_token_ids
        return self.served.arguments.return_tokens_as_token_ids if asked is None else asked

    def prompt_of(self, index: int) -> Prompt:
        """The prompt of the answer with this number."""
        return self.prompts[index // self.body.n]

    def ids_of(self, index: int) -> list[int] | None:
        """Its tokens, if they are wanted."""
        ids: list[int] = self.prompt_of(index).tokens.tolist()
        return ids if self.body.return_token_ids else None

    @property
    def usage(self) -> Usage:
        read = sum(len(prompt.tokens) for prompt in self.prompts)
        return Usage(read, sum(len(answer.tokens) for answer in self.outputs.answers))

    async def whole(self) -> Response:
        await self.outputs.finish()
        return JSONResponse(
            {
                **self.envelope.fields(OBJECT),
                "choices": [self._choice(answer) for answer in self.outputs.answers],
                "service_tier": None,
                "system_fingerprint": self.served.fingerprint,
                "usage": self.usage.whole(),
                "kv_transfer_params": None,
                "ec_transfer_params": None,
                "metrics": None,
            }
        )

    def _choice(self, answer: Answer) -> dict[str, Any]:
        read = self.outputs.prompts.get(answer.index - answer.index % self.body.n)
        text, shown = answer.text, self._shown(answer, first=True)
        if self.body.echo:
            before = "" if self.body.return_token_ids else self.prompt_of(answer.index).text
            text = before if self.body.echo_only else before + text
        return {
            "index": answer.index,
            "text": text,
            "logprobs": self._logprobs(*shown),
            "finish_reason": answer.finish_reason,
            "stop_reason": answer.stop_reason,
            "token_ids": [token.id for token in answer.tokens]
            if self.body.return_token_ids
            else None,
            "prompt_logprobs": prompt_logprobs(read) if read else None,
            "prompt_token_ids": self.ids_of(answer.index),
            "routed_experts": None,
        }

    def _shown(
        self, news: Answer | Delta, *, first: bool
    ) -> tuple[list[Token], list[Sequence[Token]]]:
        """The tokens whose log probabilities are shown, with their alternatives."""
        read = self.outputs.prompts.get(news.index - news.index % self.body.n)
        if not (self.body.echo and first and read):
            return news.tokens, news.top_tokens
        if self.body.echo_only:
            return list(read.tokens), list(read.top_tokens)
        return [*read.tokens, *news.tokens], [*read.top_tokens, *news.top_tokens]

    def _logprobs(
        self, tokens: list[Token], tops: list[Sequence[Token]], *, offset: int = 0
    ) -> dict[str, Any] | None:
        if self.body.logprobs is None:
            return None
        return completion_logprobs(
            tokens, tops, self.body.logprobs, as_ids=self.as_ids, offset=offset
        )

    async def chunks(self) -> AsyncIterator[list[dict[str, Any]]]:
        force = self.served.arguments.force_include_usage
        usage, every = usage_wanted(self.body.stream_options, always=force)
        shown = [0] * len(self.outputs.answers)
        started = [False] * len(self.outputs.answers)
        async with aclosing(self.outputs.deltas()) as news:
            async for deltas in news:
                chunks: list[dict[str, Any]] = []
                for delta in deltas:
                    index = delta.index
                    chunk = self._chunk(delta, first=not started[index], offset=shown[index])
                    shown[index] += len(chunk["choices"][0]["text"])
                    started[index] = True
                    if not usage and delta.finish_reason and self.served.fingerprint is not None:
                        chunk["system_fingerprint"] = self.served.fingerprint
                    if every:
                        read = len(self.prompt_of(index).tokens)
                        written = len(self.outputs.answers[index].tokens)
                        chunk["usage"] = Usage(read, written).counts()
                    chunks.append(chunk)
                yield chunks
        if usage:
            final = {
                **self.envelope.fields(OBJECT),
                "choices": [],
                "usage": self.usage.counts(),
            }
            if self.served.fingerprint is not None:
                final["system_fingerprint"] = self.served.fingerprint
            yield [final]

    def _chunk(self, delta: Delta, *, first: bool, offset: int) -> dict[str, Any]:
        text = delta.text
        if self.body.echo and first:
            before = "" if self.body.return_token_ids else self.prompt_of(delta.index).text
            text = before if self.body.echo_only else before + text
        wanted = first and (self.body.echo or self.body.return_token_ids)
        choice = {
            "index": delta.index,
            "text": text,
            "logprobs": self._logprobs(*self._shown(delta, first=first), offset=offset),
            "finish_reason": delta.finish_reason,
            "stop_reason": delta.stop_reason,
            "prompt_token_ids": self.prompt_of(delta.index).tokens.tolist() if wanted else None,
            "token_ids": delta.token_ids if self.body.return_token_ids else None,
        }
        return {**self.envelope.fields(OBJECT), "choices": [choice]}
