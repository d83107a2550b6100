"""``/v1/chat/completions`` (router/src/server.rs, router/src/chat.rs)."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request as HttpRequest

from local_endpoints.containers.http.body import read_json
from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.http.sse import DONE, frame, unless_gone
from local_endpoints.containers.text.errors import RequestError
from local_endpoints.containers.text.intake import Intake, Make
from local_endpoints.containers.text.stream import GenerationStream
from local_endpoints.containers.text.template import ChatTemplate
from local_endpoints.containers.tgi.answers import answer_headers, json_response, stream_headers
from local_endpoints.containers.tgi.errors import ToolRefused, worded
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.containers.tgi.schemas import ChatRequest, GenerateParameters, chat_request
from local_endpoints.containers.tgi.validation import Validator
from local_endpoints.engine.text.request import Finish, FinishReason, Token, TokenEvent

BASE_MODEL_NAME = "tgi"
"""The ``model`` that stands for the served one; any other name is taken for an adapter."""


@dataclass(frozen=True)
class Origin:
    """What every chat answer says about the server.

    Attributes:
        model_id: ``model`` where the request names none.
        fingerprint: ``system_fingerprint``.
    """

    model_id: str
    fingerprint: str

    def envelope(self, kind: str, request: ChatRequest) -> dict[str, Any]:
        """The first fields of an answer or a chunk of the type ``kind``."""
        named = request.model is not None and request.model != BASE_MODEL_NAME
        return {
            "object": kind,
            "id": "",
            "created": int(time.time()),
            "model": request.model if named else self.model_id,
            "system_fingerprint": self.fingerprint,
        }


@dataclass(frozen=True)
class ChatRoute:
    """The OpenAI-style chat.

    Attributes:
        intake: answers requests.
        validator: makes them.
        limits: what the container accepts.
        template: turns messages into a prompt.
        origin: what the answers say about the server.
    """

    intake: Intake
    validator: Validator
    limits: Limits
    template: ChatTemplate
    origin: Origin

    async def completions(self, request: HttpRequest) -> Any:
        """``POST /v1/chat/completions``: one completion, or a stream of chunks."""
        chat: ChatRequest = await read_json(request, chat_request, limit=self.limits.payload_limit)
        grammar = _grammar(chat)
        # chat_template.rs: the model goes on with a last message of the assistant's.
        continues = bool(chat.messages) and chat.messages[-1]["role"] == "assistant"
        prompt = self.template.render(chat.messages, continue_last=continues)
        # The templated prompt has its BOS already.
        make = partial(
            self.validator.validate, prompt, _parameters(chat, grammar), add_special_tokens=False
        )
        if not chat.stream:
            return await unless_gone(request.receive, self._answer(chat, prompt, make))
        stream = ChatStream(self.intake, make, chat, self.origin)
        return stream.response(stream_headers(prompt, compute_type=self.limits.compute_type))

    async def _answer(self, chat: ChatRequest, prompt: str, make: Make) -> Any:
        arrived = self.intake.clock()
        answer = await self.intake.answer(make)
        document = {
            **self.origin.envelope("chat.completion", chat),
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": answer.finish.text},
                    "logprobs": _logprobs(answer.tokens, answer.top_tokens)
                    if chat.logprobs
                    else None,
                    "finish_reason": _finish_reason(answer.finish),
                }
            ],
            "usage": _usage(len(answer.request.prompt), answer.finish),
        }
        headers = answer_headers(
            answer,
            arrived=arrived,
            ended=self.intake.clock(),
            inputs=prompt,
            compute_type=self.limits.compute_type,
        )
        return json_response(document, headers)


class ChatStream(GenerationStream):
    """The chunks of one streamed chat request.

    Args:
        intake: answers requests.
        make: makes the one for the engine.
        chat: what was asked for.
        origin: what the chunks say about the server.
    """

    def __init__(self, intake: Intake, make: Make, chat: ChatRequest, origin: Origin) -> None:
        super().__init__(intake, make)
        self._chat = chat
        self._origin = origin

    async def chunks(self) -> AsyncIterator[bytes]:
        """One chunk per token and the end marker; an error is an event before it."""
        try:
            async for chunk in self.generated():
                yield chunk
        except RequestError as error:
            yield frame(worded(error).chat_stream_body())
        yield DONE

    def frames(self, event: TokenEvent) -> bytes:
        """One chunk; behind the last one another with the usage, if it was asked for."""
        finish = event.finish
        content = "" if event.token.special else event.token.text
        choice = {
            "index": 0,
            "delta": {"role": "assistant", "content": content},
            "logprobs": _logprobs([event.token], [event.top_tokens])
            if self._chat.logprobs
            else None,
            "finish_reason": _finish_reason(finish) if finish else None,
        }
        framed = self._chunk([choice], None)
        if finish and self._chat.include_usage:
            framed += self._chunk([], _usage(self.prompt_length, finish))
        return framed

    def _chunk(self, choices: list[dict[str, Any]], usage: dict[str, int] | None) -> bytes:
        envelope = self._origin.envelope("chat.completion.chunk", self._chat)
        return frame(encode({**envelope, "choices": choices, "usage": usage}))


def _grammar(chat: ChatRequest) -> Any:
    """What the answer would have to follow; tools are guided decoding as well."""
    if chat.tools is None:
        return chat.response_format
    if chat.response_format is not None:
        raise ToolRefused("Grammar and tools are mutually exclusive")
    return _usable_tools(chat.tools, "auto" if chat.tool_choice is None else chat.tool_choice)


def _usable_tools(tools: list[Any], choice: str) -> list[Any] | None:
    """The tools to choose from, None when there is no choice (``ToolGrammar::apply`` in
    router/src/infer/tool_grammar.rs; with an empty list and ``auto`` TGI offers the model nothing
    but to answer in words)."""
    if choice == "none":
        return None
    if choice in ("auto", "required"):
        return tools or None
    chosen = [each for each in tools if each["function"]["name"] == choice][:1]
    if not chosen:
        raise ToolRefused(f"Tool with name {choice} not found")
    return chosen


def _parameters(chat: ChatRequest, grammar: Any) -> GenerateParameters:
    # Only an explicit temperature of 0 means greedy (lib.rs, try_into_generate).
    greedy = chat.temperature == 0
    return GenerateParameters(
        temperature=None if greedy else chat.temperature,
        # TGI turns a presence penalty into a repetition penalty by adding two.
        repetition_penalty=None if chat.presence_penalty is None else chat.presence_penalty + 2.0,
        frequency_penalty=chat.frequency_penalty,
        top_p=chat.top_p,
        do_sample=not greedy,
        max_new_tokens=chat.max_tokens,
        stop=chat.stop or [],
        seed=chat.seed,
        top_n_tokens=chat.top_logprobs,
        grammar=grammar,
    )


def _finish_reason(finish: Finish) -> str:
    return "stop" if finish.reason is FinishReason.EOS else finish.reason.value


def _logprobs(tokens: Sequence[Token], tops: Sequence[Sequence[Token]]) -> dict[str, Any]:
    return {
        "content": [
            {
                "token": token.text,
                "logprob": token.logprob,
                "top_logprobs": [{"token": each.text, "logprob": each.logprob} for each in top],
            }
            for token, top in zip(tokens, tops, strict=True)
        ]
    }


def _usage(prompt_tokens: int, finish: Finish) -> dict[str, int]:
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": finish.generated_tokens,
        "total_tokens": prompt_tokens + finish.generated_tokens,
    }
