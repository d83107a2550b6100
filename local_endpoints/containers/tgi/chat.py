"""``/v1/chat/completions`` (router/src/server.rs, router/src/chat.rs)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from starlette.requests import Request as HttpRequest

from local_endpoints.containers.http.body import read_json
from local_endpoints.containers.http.sse import unless_gone
from local_endpoints.containers.text.generation import Answer
from local_endpoints.containers.text.intake import Intake, Make
from local_endpoints.containers.text.template import ChatTemplate
from local_endpoints.containers.tgi.answers import answer_headers, json_response, stream_headers
from local_endpoints.containers.tgi.chat_stream import ChatStream
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.containers.tgi.metrics import Metrics
from local_endpoints.containers.tgi.openai import Origin, finish_reason, logprobs, usage
from local_endpoints.containers.tgi.prepared import PreparedChat, next_call_id, prepare
from local_endpoints.containers.tgi.schemas import ChatRequest, chat_request
from local_endpoints.containers.tgi.tools import NO_TOOL, Call, parsed
from local_endpoints.containers.tgi.validation import Validator
from local_endpoints.engine.text.request import Request as EngineRequest

CALL_ID = "0"
"""Of a call that is not streamed; streams count on from the chat's earlier calls."""


@dataclass(frozen=True)
class ChatRoute:
    """The OpenAI-style chat.

    Attributes:
        intake: answers requests.
        validator: makes them.
        limits: what the container accepts.
        metrics: counts.
        template: turns messages into a prompt.
        origin: what the answers say about the server.
    """

    intake: Intake
    validator: Validator
    limits: Limits
    metrics: Metrics
    template: ChatTemplate
    origin: Origin

    async def completions(self, request: HttpRequest) -> Any:
        """``POST /v1/chat/completions``: one completion, or a stream of chunks."""
        chat = await read_json(request, chat_request, limit=self.limits.payload_limit)
        return await self.reply(request, chat)

    async def reply(self, request: HttpRequest, chat: ChatRequest) -> Any:
        """The answer to a chat that was read."""
        self.metrics.asked()
        prepared = await prepare(chat, self.template)
        if not chat.stream:
            return await unless_gone(request.receive, self._answer(chat, prepared))
        stream = ChatStream(
            self.intake,
            self._make(prepared),
            chat,
            self.origin,
            call_id=next_call_id(chat) if prepared.calls else None,
            in_words=lambda: self._in_words(chat),
        )
        headers = stream_headers(prepared.prompt, compute_type=self.limits.compute_type)
        return stream.response(headers)

    async def _without_tools(self, chat: ChatRequest) -> PreparedChat:
        return await prepare(replace(chat, tools=None), self.template)

    async def _in_words(self, chat: ChatRequest) -> EngineRequest:
        return await self._make(await self._without_tools(chat))()

    def _make(self, prepared: PreparedChat) -> Make:
        self.metrics.asked()
        # The templated prompt has its BOS already.
        return partial(
            self.validator.validate, prepared.prompt, prepared.parameters, add_special_tokens=False
        )

    async def _answer(self, chat: ChatRequest, prepared: PreparedChat) -> Any:
        arrived = self.intake.clock()
        first = answer = await self.intake.answer(self._make(prepared))
        message: dict[str, Any] = {"role": "assistant", "content": first.finish.text}
        if prepared.calls:
            call = parsed(first.finish.text)
            if call.name == NO_TOOL:
                arrived, prepared = self.intake.clock(), await self._without_tools(chat)
                answer = await self.intake.answer(self._make(prepared))
                message["content"] = answer.finish.text
            else:
                message = {"role": "assistant", "tool_calls": [_called(call)]}
        headers = answer_headers(
            answer,
            arrived=arrived,
            ended=self.intake.clock(),
            inputs=prepared.prompt,
            compute_type=self.limits.compute_type,
        )
        prompt_tokens = len(answer.request.prompt)
        return json_response(self._document(chat, message, first, prompt_tokens), headers)

    def _document(
        self, chat: ChatRequest, message: dict[str, Any], first: Answer, prompt_tokens: int
    ) -> dict[str, Any]:
        """The completion. When the model called no tool and was asked again, TGI takes everything
        but the text and the prompt's length from the first answer."""
        choice = {
            "index": 0,
            "message": message,
            "logprobs": logprobs(first.tokens, first.top_tokens) if chat.logprobs else None,
            "finish_reason": finish_reason(first.finish),
        }
        return {
            **self.origin.envelope("chat.completion", model=chat.model),
            "choices": [choice],
            "usage": usage(prompt_tokens, first.finish.generated_tokens),
        }


def _called(call: Call) -> dict[str, Any]:
    function = {"description": None, "name": call.name, "arguments": call.text}
    return {"id": CALL_ID, "type": "function", "function": function}
