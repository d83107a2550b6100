"""Messages as a chat template sees them (entrypoints/chat_utils.py)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from local_endpoints.containers.vllm.errors import Refused, not_imitated
from local_endpoints.containers.vllm.message_types import ChatCompletionContentPartImageParam
from local_endpoints.containers.vllm.served import Served

logger = logging.getLogger(__name__)

_TEXTS = {
    **{"text": "text", "input_text": "text", "output_text": "text"},
    **{"refusal": "refusal", "thinking": "thinking"},
}
"""Types of parts that are text, and the field that holds it."""

_OTHER_MEDIA = (
    *("audio_embeds", "audio_url", "image_embeds", "image_pil", "input_audio"),
    *("prompt_embeds", "tool_reference", "video_embeds", "video_url"),
)
_KNOWN_TYPES = sorted((*_TEXTS, *_OTHER_MEDIA, "image_url", "input_image"))


_IMAGE = TypeAdapter(ChatCompletionContentPartImageParam)


@dataclass(frozen=True)
class Conversation:
    """Messages, and the images that belong into them.

    Attributes:
        messages: for the template.
        images: URLs in order.
    """

    messages: list[dict[str, Any]]
    images: tuple[str, ...]

    @property
    def last_text(self) -> str:
        """The text of the last message."""
        content = self.messages[-1].get("content") if self.messages else ""
        if isinstance(content, list):
            content = next((p["text"] for p in reversed(content) if p["type"] == "text"), "")
        return content or ""

    def echoed(self, role: str) -> str:
        """What ``echo`` puts before an answer of this role."""
        same = self.messages and self.messages[-1]["role"] == role
        return self.last_text if same else ""


def conversation(messages: Sequence[Any], served: Served) -> Conversation:
    """The messages for the model's template: parts for one that reads them, else one string each.

    Raises:
        Refused: a part or a tool call is not acceptable, or there are too many images.
    """
    images: list[str] = []
    told = _as_system([_message(message, served, images) for message in messages])
    for message in told:
        if message["role"] == "assistant" and "tool_calls" in message:
            _parse_arguments(message)
    return Conversation(told, tuple(images))


def _message(message: Any, served: Served, images: list[str]) -> dict[str, Any]:
    if not isinstance(message, Mapping):
        raise not_imitated("messages.author")
    role, content = message["role"], message.get("content")
    given = [content] if isinstance(content, str) else _read(content)
    parts = list(_parts(given, served, images))
    told: dict[str, Any] = {"role": role}
    if served.template.reads_parts and role != "tool":
        told["content"] = parts
    else:
        told["content"] = _text(parts)
    if role == "assistant":
        if message.get("tool_calls") is not None:
            told["tool_calls"] = [_copied(call) for call in message["tool_calls"]]
        if message.get("reasoning") is not None:
            told["reasoning"] = told["reasoning_content"] = message["reasoning"]
    if role == "tool" and "tool_call_id" in message:
        told["tool_call_id"] = message["tool_call_id"]
    if isinstance(message.get("name"), str):
        told["name"] = message["name"]
    return told


def _read(content: Any) -> list[Any]:
    """The parts of a content, which pydantic validates only now."""
    try:
        return list(content or ())
    except ValidationError as error:
        raise Refused(str(error)) from None


def _as_system(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Developers' messages are the system's for templates that do not know them, and all of the
    system's become one, the first (renderers/hf.py)."""
    if all(message["role"] != "developer" for message in messages):
        return messages
    for message in messages:
        if message["role"] == "developer":
            message["role"] = "system"
    texts = [_text(message["content"]) for message in messages if message["role"] == "system"]
    others = [message for message in messages if message["role"] != "system"]
    return [{"role": "system", "content": "\n\n".join(filter(None, texts))}, *others]


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def _parts(given: Sequence[Any], served: Served, images: list[str]) -> Iterator[dict[str, Any]]:
    for part in given:
        if isinstance(part, str):
            yield {"type": "text", "text": part}
            continue
        kind = part.get("type")
        if kind is None and "image_url" in part:
            kind = "image_url"
        if kind is None:
            raise Refused("Missing 'type' field in multimodal part.", "type")
        if not isinstance(kind, str):
            raise Refused("Invalid 'type' field in multimodal part.", "type")
        if kind in _TEXTS:
            text = part.get(_TEXTS[kind])
            if text is not None:
                yield {"type": "text", "text": str(text)}
        elif kind in ("image_url", "input_image"):
            images.append(_url(part, typed="type" in part))
            _check_images(len(images), served)
            yield {"type": "image"}
        elif kind in _OTHER_MEDIA:
            if served.images is None and kind != "tool_reference":
                raise no_pictures(served)
            raise not_imitated(f"messages.content.{kind}")
        else:
            raise Refused(
                f"Unsupported chat content part type: {kind!r}. "
                f"Supported types: {', '.join(_KNOWN_TYPES)}.",
                "type",
                kind,
            )


def _url(part: Mapping[str, Any], *, typed: bool) -> str:
    if typed:
        try:
            part = _IMAGE.validate_python(part)
        except ValidationError as error:
            raise Refused(str(error)) from None
    url = part["image_url"]
    return str(url.get("url", "") if isinstance(url, Mapping) else url)


def no_pictures(served: Served) -> Refused:
    """A model of text alone is shown something."""
    return Refused(f"{served.names[0]} is not a multimodal model")


def _check_images(count: int, served: Served) -> None:
    if served.images is None:
        raise no_pictures(served)
    limit = served.arguments.images_per_prompt
    if count > limit:
        raise Refused(
            f"At most {limit} image(s) may be provided in one prompt. Set "
            "`--limit-mm-per-prompt` to increase this limit.",
            "image",
        )


def _copied(call: Any) -> Any:
    if not isinstance(call, dict):
        return call
    function = call.get("function")
    return {**call, "function": dict(function)} if isinstance(function, dict) else dict(call)


def _parse_arguments(message: dict[str, Any]) -> None:
    """Templates take the arguments of a call as an object, not as its JSON."""
    if not message["tool_calls"]:
        del message["tool_calls"]
        return
    for call in message["tool_calls"]:
        if not isinstance(call, dict):
            raise Refused("assistant tool_calls entries must be objects.", "tool_calls")
        function = call.get("function")
        if call.get("type", "function") != "function" or not isinstance(function, dict):
            raise Refused(
                "chat completions only support assistant tool_calls of type 'function'.",
                "tool_calls",
            )
        function["arguments"] = _object(function.get("arguments"))


def _object(arguments: Any) -> dict[str, Any]:
    if isinstance(arguments, str) and arguments:
        try:
            arguments = json.loads(arguments)
        except ValueError:
            logger.warning("arguments of an earlier tool call are no JSON: taken for none")
    return arguments if isinstance(arguments, dict) else {}
