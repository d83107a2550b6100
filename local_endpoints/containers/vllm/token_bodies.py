"""The bodies of ``/tokenize`` and ``/detokenize`` (entrypoints/serve/tokenize/protocol.py)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from local_endpoints.containers.vllm.chat_body import TemplatedBody
from local_endpoints.containers.vllm.fields import INT64, OpenAIModel


class TokenizeText(OpenAIModel):
    """``/tokenize`` of a text."""

    model: str | None = None
    prompt: str
    add_special_tokens: bool = True
    return_token_strs: bool | None = False


class TokenizeChat(TemplatedBody):
    """``/tokenize`` of messages."""

    model: str | None = None
    return_token_strs: bool | None = False
    media_io_kwargs: dict[str, dict[str, Any]] | None = None
    mm_processor_kwargs: dict[str, Any] | None = None


class Detokenize(OpenAIModel):
    """``/detokenize``."""

    model: str | None = None
    tokens: list[Annotated[int, Field(ge=0, le=INT64 - 1)]]
