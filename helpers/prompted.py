"""Chat completions by way of ``/generate``, for a server whose chat route loses the pictures.

TGI 3 makes one string of each message before it renders the repository's chat template (``impl
From<Message> for TextMessage`` in its router). Idefics2's goes through a list of parts: in a string
it finds none, and leaves out pictures and words alike. What the repository's own processor renders
on this computer needs no template on the server.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from huggingface_hub import ChatCompletionOutput
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

from helpers.errors import ParameterError

Message = Mapping[str, Any]
PLACE = "<image>"
"""What Idefics2's processor writes where a picture belongs."""


class PromptedClient:
    """Answers as ``InferenceClient.chat_completion`` does, but renders the prompt here.

    Args:
        url: address of the endpoint, which TGI serves.
        model: repository, or folder, whose processor renders the messages.
        headers: more headers for each request.
        timeout: seconds to wait for an answer; None: as long as it takes.

    Raises:
        OSError: ``model`` has no processor that can be loaded.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> None:
        # Loading takes seconds, and only who needs this class should wait for it.
        from transformers import AutoProcessor

        self._route, self._model = f"{url.rstrip('/')}/generate", model
        self._headers, self._timeout = dict(headers or {}), timeout
        self._processor = AutoProcessor.from_pretrained(model)

    def chat_completion(
        self,
        messages: Sequence[Message],
        *,
        model: str | None = None,
        max_tokens: int = 100,
        temperature: float | None = None,
        seed: int | None = None,
        response_format: Message | None = None,
    ) -> ChatCompletionOutput:
        """The answer to a conversation, as ``InferenceClient.chat_completion`` gives it.

        Args:
            messages: their parts are ``text`` and ``image_url``.
            model: only repeated in the answer.
            max_tokens: the most that the answer may have.
            temperature: None or 0 takes the likeliest token always.
            seed: for sampling.
            response_format: of type ``json_schema``.

        Raises:
            ParameterError: a message or a format that the old route has no form for.
            HfHubHTTPError: the server refused.
        """
        parameters: dict[str, Any] = {"max_new_tokens": max_tokens, "details": True, "seed": seed}
        if temperature:
            parameters |= {"do_sample": True, "temperature": temperature}
        if response_format is not None:
            if response_format.get("type") != "json_schema":
                raise ParameterError("give a response_format of type json_schema")
            schema = response_format["json_schema"]["schema"]
            parameters["grammar"] = {"type": "json", "value": schema}
        response = get_session().post(
            self._route,
            json={"inputs": self.prompt(messages), "parameters": parameters},
            headers={**build_hf_headers(), **self._headers},
            timeout=self._timeout,
        )
        hf_raise_for_status(response)
        read = int(response.headers["x-prompt-tokens"])  # pictures as the tokens they become
        return _completion(response.json(), model=model or self._model, read=read)

    def prompt(self, messages: Sequence[Message]) -> str:
        """The conversation as one text, with a Markdown image for each picture."""
        urls: list[str] = []
        plain = [{**each, "content": _parts(each["content"], urls)} for each in messages]
        text: str = self._processor.apply_chat_template(plain, add_generation_prompt=True)
        pieces = text.split(PLACE)
        if len(pieces) != len(urls) + 1:
            count = f"{len(pieces) - 1} places for {len(urls)} pictures"
            raise ParameterError(f"there are {count}: leave out {PLACE} where it stands in a text")
        images = [*(f"![]({url})" for url in urls), ""]
        return "".join(piece + image for piece, image in zip(pieces, images, strict=True))


class AsyncPromptedClient(PromptedClient):
    """The same for ``await``, in place of ``AsyncInferenceClient``."""

    async def chat_completion(  # type: ignore[override]
        self, messages: Sequence[Message], **options: Any
    ) -> ChatCompletionOutput:
        """See ``PromptedClient.chat_completion``."""
        return await asyncio.to_thread(super().chat_completion, messages, **options)


def _parts(content: Any, urls: list[str]) -> list[dict[str, str]]:
    """A message's content as the processor takes it; its pictures' addresses go to ``urls``."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    parts: list[dict[str, str]] = []
    for part in content:
        if part.get("type") not in ("image_url", "text"):
            raise ParameterError(f"a part of type {part.get('type')!r}: give text or image_url")
        if part["type"] == "image_url":
            urls.append(part["image_url"]["url"])
        is_text = part["type"] == "text"
        parts.append({"type": "text", "text": part["text"]} if is_text else {"type": "image"})
    return parts


def _completion(answer: Message, *, model: str, read: int) -> ChatCompletionOutput:
    """The old route's answer in the form of the new one."""
    details = answer["details"]
    written, reason = details["generated_tokens"], details["finish_reason"]
    message = {"role": "assistant", "content": answer["generated_text"]}
    finish = "stop" if reason == "eos_token" else reason
    usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    choice = {"index": 0, "finish_reason": finish, "message": message}
    whole = {"choices": [choice], "created": int(time.time()), "model": model, "usage": usage}
    return ChatCompletionOutput.parse_obj_as_instance({**whole, "id": "", "system_fingerprint": ""})
