"""``/tokenize`` and ``/chat_tokenize`` (router/src/server.rs): tokens without an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as HttpRequest

from local_endpoints.containers.http.body import read_json
from local_endpoints.containers.text.template import ChatTemplate
from local_endpoints.containers.tgi.answers import json_response
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.containers.tgi.metrics import Metrics
from local_endpoints.containers.tgi.prepared import prepare
from local_endpoints.containers.tgi.schemas import (
    ChatRequest,
    GenerateRequest,
    chat_request,
    generate_request,
)
from local_endpoints.containers.tgi.validation import Validator
from local_endpoints.containers.workers import aside


@dataclass(frozen=True)
class TokenizeRoutes:
    """The routes that only tokenise; parameters are read and change nothing.

    Attributes:
        validator: has the tokenizer.
        limits: what the container accepts.
        metrics: counts.
        template: turns messages into a prompt.
    """

    validator: Validator
    limits: Limits
    metrics: Metrics
    template: ChatTemplate

    async def tokenize(self, request: HttpRequest) -> Any:
        """``POST /tokenize``: the tokens of ``inputs``, BOS included."""
        limit = self.limits.payload_limit
        body: GenerateRequest = await read_json(request, generate_request, limit=limit)
        return json_response(await self._tokens(body.inputs, add_special_tokens=True), {})

    async def chat_tokenize(self, request: HttpRequest) -> Any:
        """``POST /chat_tokenize``: the prompt that a chat becomes, and its tokens."""
        limit = self.limits.payload_limit
        chat: ChatRequest = await read_json(request, chat_request, limit=limit)
        self.metrics.asked()
        prompt = (await prepare(chat, self.template)).prompt
        tokens = await self._tokens(prompt, add_special_tokens=False)
        return json_response({"tokenize_response": tokens, "templated_text": prompt}, {})

    async def _tokens(self, inputs: str, *, add_special_tokens: bool) -> list[dict[str, Any]]:
        placed = await self.validator.tokens(inputs, add_special_tokens=add_special_tokens)
        return await aside(_simple_tokens, inputs, placed, size=len(inputs))


def _simple_tokens(inputs: str, placed: list[tuple[int, int, int]]) -> list[dict[str, Any]]:
    # With pictures the places are those of the text with image tokens, but what stands there
    # is looked up in the text that came.
    given = inputs.encode()
    return [
        {
            "id": token,
            "text": given[start:stop].decode(errors="replace"),
            "start": start,
            "stop": stop,
        }
        for token, start, stop in placed
    ]
