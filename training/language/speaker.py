"""A served model folder that answers chats, on the service's own engine and without torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from local_endpoints.engine.text.delivery import ThreadInbox
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.grammar import Grammar
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import FailureEvent, FinishReason, Request, TokenEvent
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec
from training.language.chat import Chat, Message, Tool, turns

SLOTS = 16
POSITIONS = 2048


@dataclass(frozen=True)
class Answer:
    """What a model said, and whether it came to an end by itself."""

    text: str
    ended: bool


class Speaker:
    """Answers chats in batches.

    Args:
        folder: a served model folder.
        options: variables of the chat template, ``enable_thinking`` for example.
    """

    def __init__(self, folder: Path, **options: Any) -> None:
        self._options = options
        self._codec = TextCodec(folder)
        config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        environment = ImmutableSandboxedEnvironment()
        # As transformers has it: JSON as it is, not made safe for a web page.
        environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
        self._template = environment.from_string(config["chat_template"])
        self._bos = config.get("bos_token")
        model = TextModel(folder, slots=SLOTS, max_total_tokens=POSITIONS)
        self._engine = Engine(model, self._codec, max_requests=100_000)
        self._engine.start()

    def render(self, messages: Sequence[Message], tools: Sequence[Tool] = ()) -> str:
        """The prompt that asks for the next answer."""
        shown = [
            {key: m[key] for key in ("role", "content", "tool_calls") if key in m} for m in messages
        ]
        prompt: str = self._template.render(
            messages=shown,
            tools=list(tools) or None,
            add_generation_prompt=True,
            bos_token=self._bos,
            **self._options,
        )
        return prompt

    def answer(
        self,
        chats: Sequence[Chat],
        *,
        temperature: float = 0.0,
        seed: int = 1,
        max_new_tokens: int = 160,
        grammar: Grammar | None = None,
    ) -> list[Answer]:
        """Answers to chats without their last turn. Temperature 0 takes the likeliest token.

        Every chat has a seed of its own, counted up from ``seed``. A grammar says what every
        answer must look like.
        """
        requests = []
        for number, chat in enumerate(chats):
            prompt = self._codec.encode(
                self.render(chat.messages, chat.tools), add_special_tokens=False
            )
            sampling = SamplingParameters(
                temperature=temperature or 1.0, do_sample=temperature > 0, seed=seed + number
            )
            inbox = ThreadInbox()
            request = Request(
                prompt=prompt,
                inbox=inbox,
                max_new_tokens=max_new_tokens,
                sampling=sampling,
                grammar=grammar,
            )
            requests.append(inbox)
            self._engine.submit(request)
        return [_wait(inbox) for inbox in requests]

    def ask(self, texts: Sequence[str], **how: Any) -> list[Answer]:
        """Answers to single questions; see `answer`."""
        return self.answer([question(text) for text in texts], **how)

    def close(self) -> None:
        """End the engine's thread."""
        self._engine.stop()


def question(text: str) -> Chat:
    """A chat that consists of one question."""
    return Chat(turns(text, "").messages[:1])


def _wait(inbox: ThreadInbox) -> Answer:
    for event in inbox:
        if isinstance(event, FailureEvent):
            raise RuntimeError(event.message)
        if isinstance(event, TokenEvent) and event.finish is not None:
            return Answer(event.finish.text, event.finish.reason is not FinishReason.LENGTH)
    raise RuntimeError("the engine ended an answer without saying so")
