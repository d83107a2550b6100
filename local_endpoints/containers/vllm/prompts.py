"""From a body to prompts in tokens: messages, template, truncation, length (renderers/params.py,
renderers/hf.py, entrypoints/chat_utils.py)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from local_endpoints.containers.text.errors import ImagesDoNotFit
from local_endpoints.containers.text.images import IMAGE
from local_endpoints.containers.vllm.chat_body import ChatBody, TemplatedBody
from local_endpoints.containers.vllm.completion_body import CompletionBody
from local_endpoints.containers.vllm.errors import Refused
from local_endpoints.containers.vllm.fields import INT64
from local_endpoints.containers.vllm.messages import Conversation, conversation
from local_endpoints.containers.vllm.served import Served
from local_endpoints.containers.workers import aside

Tokens = npt.NDArray[np.int64]


def transformers_json(value: Any, indent: int | None = None) -> str:
    """``tojson`` as transformers gives it to templates."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


@dataclass(frozen=True)
class Prompt:
    """What is given to the engine.

    Attributes:
        tokens: at least one.
        text: before it was tokenised; that of the tokens where these were given.
        images: their URLs.
        tiles: of its images, once these were looked at; see `Prompts.seen`.
    """

    tokens: Tokens
    text: str
    images: tuple[str, ...] = ()
    tiles: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Room:
    """How long a prompt may be.

    Attributes:
        context: tokens of prompt and answer together.
        answer: tokens that are asked for, 0 for whatever is left.
        answer_name: of the field that asks for them.
        truncate: tokens of the prompt to keep; -1 for as many as fit; None for all.
        side: on which tokens are dropped, ``left`` (where nothing is said) or ``right``.
    """

    context: int
    answer: int
    answer_name: str
    truncate: int | None = None
    side: str | None = None

    def __post_init__(self) -> None:
        if self.answer > self.context:
            raise Refused(
                f"{self.answer_name}={self.answer} cannot be greater than "
                f"max_model_len=max_total_tokens={self.context}. "
                "Please request fewer output tokens.",
                self.answer_name,
                self.answer,
            )
        if self.truncate is not None and self.truncate > self.prompt:
            raise Refused(
                f"truncate_prompt_tokens={self.truncate} cannot be greater than max_model_len - "
                f"{self.answer_name} = {self.prompt}. Please request a smaller truncation size.",
                "truncate_prompt_tokens",
                self.truncate,
            )

    @property
    def prompt(self) -> int:
        """Tokens that the prompt may have."""
        return self.context - self.answer

    def check_text(self, text: str, longest_token: int) -> str:
        """The text, shortened if it shall be truncated. Raises: Refused when it cannot fit."""
        most = self.prompt * longest_token
        if len(text) <= most:
            return text
        if self.truncate is None:
            raise Refused(
                f"This model's maximum context length is {self.context} tokens. However, you "
                f"requested {self.answer} output tokens and your prompt contains {len(text)} "
                f"characters (more than {most} characters, which is the upper bound for "
                f"{self.prompt} input tokens). Please reduce the length of the input prompt or "
                "the number of requested output tokens.",
                "input_text",
                len(text),
            )
        if self.side is None:
            return text
        return text[-most:] if self.side == "left" else text[:most]

    def check_tokens(self, tokens: Tokens) -> Tokens:
        """The tokens, truncated if asked for. Raises: Refused when they do not fit."""
        if self.truncate is not None:
            keep = self.prompt if self.truncate < 0 else self.truncate
            right = self.side == "right"
            tokens = tokens[:keep] if right else tokens[max(0, len(tokens) - keep) :]
        elif len(tokens) > self.prompt:
            # The tokenizer stops one token behind what fits.
            count = self.prompt + 1
            raise Refused(
                f"This model's maximum context length is {self.context} tokens. However, you "
                f"requested {self.answer} output tokens and your prompt contains at least "
                f"{count} input tokens, for a total of at least {count + self.answer} tokens. "
                "Please reduce the length of the input prompt or the number of requested output "
                "tokens.",
                "input_tokens",
                count,
            )
        return tokens


class Prompts:
    """Makes prompts for one model.

    Args:
        served: the model.
    """

    def __init__(self, served: Served) -> None:
        self._served = served

    async def chat(self, body: ChatBody) -> tuple[Conversation, Prompt]:
        """The messages as the template sees them, and the prompt, whose images are not `seen`.

        Raises:
            RequestError: the messages, the template or the length refuse.
        """
        name, answer = body.limit
        room = Room(
            self._served.context,
            answer or 0,
            name,
            body.truncate_prompt_tokens,
            body.truncation_side,
        )
        extra: dict[str, Any] = {"documents": body.documents}
        if body.reasoning_effort is not None:
            extra["reasoning_effort"] = body.reasoning_effort
            if "enable_thinking" not in (body.chat_template_kwargs or {}):
                extra["enable_thinking"] = body.reasoning_effort != "none"
        unwanted = body.tool_choice == "none" and self._served.arguments.exclude_tools
        return await self.templated(body, room, extra=extra, with_tools=not unwanted)

    async def templated(
        self,
        body: TemplatedBody,
        room: Room | None,
        *,
        extra: dict[str, Any] | None = None,
        with_tools: bool = True,
    ) -> tuple[Conversation, Prompt]:
        """The same for any body with messages; without ``room`` it may have any length."""
        self._check_template(body)
        if not body.messages:
            raise Refused(
                "Cannot apply chat template to an empty conversation. Provide at least one message."
            )
        if body.continue_final_message and body.add_generation_prompt:
            raise Refused(
                "continue_final_message and add_generation_prompt are not compatible. Use "
                "continue_final_message when you want the model to continue the final message, "
                "and add_generation_prompt when you want to add a header that will prompt it to "
                "start a new assistant message instead."
            )
        talk = conversation(body.messages, self._served)
        tools = [tool.described() for tool in body.tools or ()] if with_tools else []
        given = {k: v for k, v in (extra or {}).items() if v is not None}
        variables = {
            **self._served.arguments.default_chat_template_kwargs,
            **(body.chat_template_kwargs or {}),
            **given,
            "add_generation_prompt": body.add_generation_prompt,
        }
        text = self._served.template.render(talk.messages, tools=tools or None, variables=variables)
        if body.continue_final_message:
            text = _open_end(text, talk)
        prompt = await self._from_text(
            text, room, add_special_tokens=body.add_special_tokens, urls=talk.images
        )
        return talk, prompt

    async def seen(self, prompt: Prompt) -> Prompt:
        """The prompt with its images, which take time and memory.

        Raises:
            RequestError: one of them cannot be had or read.
        """
        if self._served.images is None or not prompt.images:
            return prompt
        return replace(prompt, tiles=await self._served.images.tiles(prompt.images))

    async def completion(self, body: CompletionBody) -> list[Prompt]:
        """The prompts of a completion, in order.

        Raises:
            RequestError: one of them is not acceptable.
        """
        if body.suffix is not None:
            raise Refused("suffix is not currently supported")
        if body.prompt_embeds is not None:
            raise Refused(
                "You must set `--enable-prompt-embeds` to input `prompt_embeds`.", "prompt_embeds"
            )
        if not body.prompt:
            raise Refused("You must pass at least one prompt")
        answer = body.max_tokens or 0
        room = Room(
            self._served.context,
            answer,
            "max_tokens",
            body.truncate_prompt_tokens,
            body.truncation_side,
        )
        prompts: list[Prompt] = []
        for each in _prompts(body.prompt):
            if isinstance(each, str):
                prompts.append(
                    await self._from_text(each, room, add_special_tokens=body.add_special_tokens)
                )
            else:
                if max(each, default=0) >= INT64:
                    raise Refused(f"Token id {max(each)} is out of vocabulary")
                tokens = room.check_tokens(np.array(each, np.int64))
                # The others are refused with the engine's checks.
                known = tokens[tokens < self._served.config.vocabulary]
                prompts.append(Prompt(tokens, self._served.codec.decode(known.tolist())))
        return prompts

    async def text(self, text: str, *, add_special_tokens: bool) -> Tokens:
        """The tokens of a text of any length."""
        return await self._encode(text, add_special_tokens=add_special_tokens)

    def check_length(self, prompt: Prompt) -> None:
        """What the engine refuses (v1/engine/input_processor.py). Raises: Refused."""
        tokens, context = prompt.tokens, self._served.context
        if not len(tokens):
            raise Refused("The decoder prompt cannot be empty")
        if len(tokens) >= context:
            raise Refused(
                f"The decoder prompt (length {len(tokens)}) plus the number of requested output "
                f"tokens (at least 1) is longer than the maximum model length of {context}. Make "
                "sure that `max_model_len` is no smaller than the number of text tokens (prompt + "
                "requested output tokens)."
            )
        if int(tokens.max()) >= self._served.config.vocabulary:
            raise Refused(f"Token id {int(tokens.max())} is out of vocabulary")

    def _check_template(self, body: TemplatedBody) -> None:
        wanted = body.chat_template_kwargs or {}
        if body.chat_template is not None or wanted.get("chat_template") is not None:
            raise Refused(
                "Chat template is passed with request, but --trust-request-chat-template is not "
                "set. Refused request with untrusted chat template."
            )

    async def _from_text(
        self,
        text: str,
        room: Room | None,
        *,
        add_special_tokens: bool,
        urls: tuple[str, ...] = (),
    ) -> Prompt:
        served = self._served
        images = served.images if urls else None
        shown = text
        if images is not None:
            images.check(urls)
            between = text.split(IMAGE)
            if (places := len(between) - 1) != len(urls):
                each = images.tokens_per_image
                raise ImagesDoNotFit(len(urls) * each, places * each)
            shown = images.text(between)
        if room is not None:
            shown = room.check_text(shown, served.longest_token)
        tokens = await self._encode(shown, add_special_tokens=add_special_tokens)
        if room is not None:
            tokens = room.check_tokens(tokens)
        if images is not None:
            images.check_places(len(urls), tokens)
        return Prompt(tokens, text, urls if images is not None else ())

    async def _encode(self, text: str, *, add_special_tokens: bool) -> Tokens:
        encode = partial(self._served.codec.encode, add_special_tokens=add_special_tokens)
        return await aside(encode, text, size=len(text))


def _prompts(given: Any) -> list[str | list[int]]:
    """One prompt, of text or tokens, or a list of such."""
    if isinstance(given, str) or (given and all(isinstance(each, int) for each in given)):
        return [given]
    return list(given or ())


def _open_end(prompt: str, talk: Conversation) -> str:
    """The prompt up to the text of the last message (transformers, ``apply_chat_template``)."""
    text = talk.last_text
    wanted = text.strip()
    # The last place. Python's `rfind` takes quadratic time on texts made for it, `find` does not.
    behind = prompt[::-1].find(wanted[::-1])
    place = len(prompt) - behind - len(wanted)
    if behind < 0:
        raise Refused(
            "continue_final_message is set but the final message does not appear in the chat "
            "after applying the chat template! This can happen if the chat template deletes "
            "portions of the final message. Please verify the chat template and final message in "
            "your chat to ensure they are compatible."
        )
    end = place + len(text.lstrip())
    if prompt[place:end] == text:
        return prompt[:end]
    return prompt[: place + len(wanted)]
