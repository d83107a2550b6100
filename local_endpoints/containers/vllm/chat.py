"""``/v1/chat/completions`` (entrypoints/openai/chat_completion/serving.py)."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
from local_endpoints.containers.vllm.chat_body import ChatBody
from local_endpoints.containers.vllm.generation import Generator, Wish
from local_endpoints.containers.vllm.logprobs import chat_logprobs, prompt_logprobs
from local_endpoints.containers.vllm.messages import Conversation
from local_endpoints.containers.vllm.metrics import Metrics
from local_endpoints.containers.vllm.outputs import Answer, Delta, Outputs
from local_endpoints.containers.vllm.prompts import Prompt, Prompts
from local_endpoints.containers.vllm.served import Served
from local_endpoints.containers.vllm.tools import (
    OPENING,
    CallStream,
    check_choice,
    first_only,
    grammar_of_calls,
    parse,
)

CHUNK = "chat.completion.chunk"


@dataclass(frozen=True)
class ChatRoute:
    """The chat.

    Attributes:
        served: the model.
        intake: answers requests.
        prompts: make them from messages.
        generator: makes the engine's requests.
        metrics: count the answers.
    """

    served: Served
    intake: Intake
    prompts: Prompts
    generator: Generator
    metrics: Metrics

    async def create(self, body: ChatBody, request: HttpRequest) -> Response:
        """``POST /v1/chat/completions``: one answer with its choices, or a stream of chunks."""
        self.served.check_model(body.model)
        check_choice(body, self.served.arguments.tool_parser)
        talk, prompt = await self.prompts.chat(body)
        marked = self.served.codec.id_of(OPENING) is not None
        calls = grammar_of_calls(body, tokens=marked)
        wish = self.generator.wish(body, prompt, tools=calls)
        if prompt.images:
            # Behind the checks of parameters, so that nobody decodes for a refusal; vLLM reads
            # images first. Before a stream begins, as there: a broken one is no event.
            with self.intake.admitted():
                prompt = await self.prompts.seen(prompt)
        makes = self.generator.makes(wish, prompt, body)
        chat = _Chat(
            body,
            talk,
            prompt,
            wish,
            self.served,
            Outputs(self.intake, makes, [wish] * wish.n, self.metrics.observe),
            Envelope(answer_id("chatcmpl", request, body.request_id), self.served.names[0]),
        )
        if body.stream:
            return stream(chat.chunks())
        return await unless_gone(request.receive, chat.whole())


@dataclass(frozen=True)
class _Chat:
    """One request on its way to its answer."""

    body: ChatBody
    talk: Conversation
    prompt: Prompt
    wish: Wish
    served: Served
    outputs: Outputs
    envelope: Envelope

    @property
    def role(self) -> str:
        if self.body.add_generation_prompt or not self.talk.messages:
            return self.served.arguments.response_role
        role: str = self.talk.messages[-1]["role"]
        return role

    @property
    def reads_calls(self) -> bool:
        """Whether calls are looked for in the text."""
        choice = self.body.tool_choice
        return (
            bool(self.body.tools) and choice != "none" and bool(self.served.arguments.tool_parser)
        )

    @property
    def as_ids(self) -> bool:
        asked = self.body.return_tokens_as_token_ids
        return self.served.arguments.return_tokens_as_token_ids if asked is None else asked

    async def whole(self) -> Response:
        await self.outputs.finish()
        answers = self.outputs.answers
        written = sum(len(answer.tokens) for answer in answers)
        read = self.outputs.prompts.get(0)
        ids = self.prompt.tokens.tolist() if self.body.return_token_ids else None
        return JSONResponse(
            {
                **self.envelope.fields("chat.completion"),
                "choices": [self._choice(answer) for answer in answers],
                "service_tier": None,
                "system_fingerprint": self.served.fingerprint,
                "usage": Usage(len(self.prompt.tokens), written).whole(),
                "prompt_logprobs": prompt_logprobs(read) if read else None,
                "prompt_token_ids": ids,
                "prompt_text": self.prompt.text if self.body.return_prompt_text else None,
                "kv_transfer_params": None,
                "ec_transfer_params": None,
                "metrics": None,
            }
        )

    def _choice(self, answer: Answer) -> dict[str, Any]:
        content: str | None = answer.text
        calls: list[dict[str, Any]] = []
        named = self.body.chosen_function is not None
        required = self.body.tool_choice == "required"
        if self.reads_calls:
            parsed = parse(answer.text)
            content, calls = parsed.content, parsed.calls
            if self.body.parallel_tool_calls is False:
                calls = first_only(calls)
            if self.body.tool_choice is None:
                # An explicit null: vLLM reads the calls and writes none.
                calls = []
            if named or required:
                content = content or ""
        finish = answer.finish_reason
        if (calls and not named and not required) or (required and finish == "stop"):
            finish = "tool_calls"
        if self.body.echo:
            content = self.talk.echoed(self.role) + (content or "")
        message: dict[str, Any] = {
            "role": self.role,
            "content": content,
            "refusal": None,
            "annotations": None,
            "audio": None,
            "function_call": None,
        }
        if calls:
            message["tool_calls"] = calls
        message["reasoning"] = None
        return {
            "index": answer.index,
            "message": message,
            "logprobs": self._logprobs(answer),
            "finish_reason": finish,
            "stop_reason": answer.stop_reason,
            "token_ids": [token.id for token in answer.tokens] if self.tells_ids else None,
            "routed_experts": None,
        }

    @property
    def hides(self) -> bool:
        """Whether numbers and log probabilities of tokens are kept back: with any parser, also
        with one of calls (``suppress_metadata`` of chat_completion/serving.py)."""
        return not self.body.include_reasoning and bool(self.served.arguments.tool_parser)

    @property
    def tells_ids(self) -> bool:
        """Whether the numbers of an answer's tokens are told."""
        return bool(self.body.return_token_ids) and not self.hides

    def _logprobs(self, news: Answer | Delta) -> dict[str, Any] | None:
        if not self.body.logprobs or self.body.top_logprobs is None or self.hides:
            return None
        return chat_logprobs(
            news.tokens, news.top_tokens, self.body.top_logprobs, as_ids=self.as_ids
        )

    async def chunks(self) -> AsyncIterator[list[dict[str, Any]]]:
        force = self.served.arguments.force_include_usage
        usage, every = usage_wanted(self.body.stream_options, always=force)
        readers = [CallStream() if self.reads_calls else None for _ in self.outputs.answers]
        first = True
        async with aclosing(self.outputs.deltas()) as news:
            async for deltas in news:
                chunks = self._opening(every) if first and deltas else []
                first = first and not deltas
                for delta in deltas:
                    chunk = self._chunk(delta, readers[delta.index], last_words=not usage)
                    if chunk is None:
                        continue
                    if every:
                        written = len(self.outputs.answers[delta.index].tokens)
                        chunk["usage"] = self._usage(written)
                    chunks.append(chunk)
                yield chunks
        if usage:
            written = sum(len(answer.tokens) for answer in self.outputs.answers)
            final = {
                **self.envelope.fields(CHUNK),
                "choices": [],
                "usage": Usage(len(self.prompt.tokens), written).counts(),
            }
            if self.served.fingerprint is not None:
                final["system_fingerprint"] = self.served.fingerprint
            yield [final]

    def _usage(self, written: int) -> dict[str, Any]:
        usage = Usage(len(self.prompt.tokens), written).counts()
        return {**usage, "completion_tokens_details": None}

    def _opening(self, every: bool) -> list[dict[str, Any]]:
        """The chunks with the role, and with what ``echo`` puts first."""
        usage = {"usage": self._usage(0)} if every else {}
        chunks: list[dict[str, Any]] = []
        for answer in self.outputs.answers:
            choice = {
                "index": answer.index,
                "delta": {"role": self.role, "content": ""},
                "logprobs": None,
                "finish_reason": None,
            }
            ids = self.prompt.tokens.tolist() if self.body.return_token_ids else None
            chunks.append(
                {
                    **self.envelope.fields(CHUNK),
                    "choices": [choice],
                    **usage,
                    "prompt_token_ids": ids,
                    "prompt_text": self.prompt.text if self.body.return_prompt_text else None,
                }
            )
        echoed = self.talk.echoed(self.role) if self.body.echo else ""
        for answer in self.outputs.answers if echoed else ():
            choice = {
                "index": answer.index,
                "delta": {"content": echoed},
                "logprobs": None,
                "finish_reason": None,
            }
            chunks.append({**self.envelope.fields(CHUNK), "choices": [choice], **usage})
        return chunks

    def _chunk(
        self, delta: Delta, reader: CallStream | None, *, last_words: bool
    ) -> dict[str, Any] | None:
        message: dict[str, Any] | None = {"content": delta.text}
        if reader is not None:
            message = reader.add(delta.text)
        elif self.served.arguments.tool_parser and not delta.text:
            message = None
        finish = delta.finish_reason
        if message is None:
            if finish is None and not self.tells_ids:
                return None
            message = {}
        if self.body.parallel_tool_calls is False and "tool_calls" in message:
            message["tool_calls"] = first_only(message["tool_calls"])
            if not message["tool_calls"]:
                del message["tool_calls"]
        choice = {
            "index": delta.index,
            "delta": message,
            "logprobs": self._logprobs(delta),
            "finish_reason": finish,
        }
        if finish is not None:
            if reader is not None and reader.called and self.body.chosen_function is None:
                choice["finish_reason"] = "tool_calls"
            choice["stop_reason"] = delta.stop_reason
        choice["token_ids"] = delta.token_ids if self.tells_ids else None
        chunk = {**self.envelope.fields(CHUNK), "choices": [choice]}
        if finish is not None and last_words and self.served.fingerprint is not None:
            chunk["system_fingerprint"] = self.served.fingerprint
        return chunk
