"""The chunks of a streamed chat (router/src/chat.rs, ``ChatState``)."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from local_endpoints.containers.http.json_text import HOLE, Form, encode
from local_endpoints.containers.http.sse import DONE, frame
from local_endpoints.containers.text.errors import RequestError
from local_endpoints.containers.text.intake import Intake, Make
from local_endpoints.containers.text.stream import GenerationStream
from local_endpoints.containers.tgi.errors import worded
from local_endpoints.containers.tgi.openai import Origin, finish_reason, logprobs, usage
from local_endpoints.containers.tgi.schemas import ChatRequest
from local_endpoints.containers.tgi.tools import NO_TOOL, CallText
from local_endpoints.engine.text.request import Token, TokenEvent


class ChatStream(GenerationStream):
    """The chunks of one streamed chat.

    Args:
        intake: answers requests.
        make: makes the one for the engine.
        chat: what was asked for.
        origin: what the chunks say about the server.
        call_id: of the call that the answer is; None when it is in words.
        in_words: makes the request for an answer in words, for a model that calls no tool.
    """

    def __init__(
        self,
        intake: Intake,
        make: Make,
        chat: ChatRequest,
        origin: Origin,
        *,
        call_id: str | None,
        in_words: Make,
    ) -> None:
        super().__init__(intake, make)
        self._chat = chat
        self._origin = origin
        self._call_id = call_id
        self._call = None if call_id is None else CallText()
        self._in_words = in_words
        self._declined = False
        self._form: Form | None = None
        self._form_second = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """The chunks and the end marker; an error is an event before it."""
        try:
            async for chunk in self.generated():
                yield chunk
            if self._declined:
                self._call, self._declined = None, False
                async for chunk in self.generated(self._in_words):
                    yield chunk
        except RequestError as error:
            yield frame(worded(error).chat_stream_body())
        yield DONE

    def frames(self, event: TokenEvent) -> bytes:
        """What one token is in chunks; behind the last one the usage, if it was asked for."""
        if self._declined:
            return b""
        framed = self._content(event) if self._call is None else self._piece(event, self._call)
        if self._declined or event.finish is None or not self._chat.include_usage:
            return framed
        counted = usage(self.prompt_length, event.finish.generated_tokens)
        return framed + self._chunk([], counted)

    def _content(self, event: TokenEvent) -> bytes:
        text = "" if event.token.special else event.token.text
        if event.finish is None and not self._chat.logprobs:
            return self._plain(text)
        return self._choice({"role": "assistant", "content": text}, event.token, event)

    def _plain(self, text: str) -> bytes:
        """What most chunks are: only their text differs, and the second in which they come."""
        if self._form is None or self._form_second != int(time.time()):
            envelope = self._envelope()
            choice = _a_choice({"role": "assistant", "content": HOLE}, None, None)
            self._form = Form({**envelope, "choices": [choice], "usage": None})
            self._form_second = envelope["created"]
        return frame(self._form.filled(text))

    def _piece(self, event: TokenEvent, call: CallText) -> bytes:
        pushed = call.push(event.token.text)
        if pushed is None:
            return b""
        name, arguments = pushed
        if name == NO_TOOL:
            self._declined = True
            self.stop()
            return b""
        token = replace(event.token, text=arguments)
        if token.special:
            return self._choice({"role": "assistant", "content": ""}, token, event)
        function = {"name": name, "arguments": arguments}
        called = {"index": 0, "id": self._call_id, "type": "function", "function": function}
        return self._choice({"role": "assistant", "tool_calls": [called]}, token, event)

    def _choice(self, delta: dict[str, Any], token: Token, event: TokenEvent) -> bytes:
        shown = logprobs([token], [event.top_tokens]) if self._chat.logprobs else None
        reason = finish_reason(event.finish) if event.finish else None
        return self._chunk([_a_choice(delta, shown, reason)], None)

    def _chunk(self, choices: list[dict[str, Any]], counted: dict[str, int] | None) -> bytes:
        return frame(encode({**self._envelope(), "choices": choices, "usage": counted}))

    def _envelope(self) -> dict[str, Any]:
        return self._origin.envelope("chat.completion.chunk", model=self._chat.model)


def _a_choice(
    delta: dict[str, Any], shown: dict[str, Any] | None, reason: str | None
) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "logprobs": shown, "finish_reason": reason}
