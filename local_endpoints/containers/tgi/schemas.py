"""The bodies that TGI accepts (router/src/lib.rs), as readers for `serde.read`.

Unknown fields are ignored everywhere, as in TGI.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_endpoints.containers.http.scanner import Path
from local_endpoints.containers.http.serde import (
    Field,
    Mismatch,
    Place,
    Reader,
    boolean,
    f32,
    i32,
    optional,
    sequence,
    string,
    struct,
    u32,
    u64,
    usize,
)
from local_endpoints.containers.tgi.grammar import grammar
from local_endpoints.containers.tgi.messages import Message, message
from local_endpoints.containers.tgi.tools import tool, tool_choice


@dataclass(frozen=True)
class GenerateParameters:
    """``parameters`` of a generate body; None is what serde reads for a missing field."""

    best_of: int | None = None
    temperature: float | None = None
    repetition_penalty: float | None = None
    frequency_penalty: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    typical_p: float | None = None
    do_sample: bool = False
    max_new_tokens: int | None = None
    return_full_text: bool | None = None
    stop: list[str] = field(default_factory=list)
    truncate: int | None = None
    watermark: bool = False
    details: bool = False
    decoder_input_details: bool = False
    seed: int | None = None
    top_n_tokens: int | None = None
    grammar: Any = None
    adapter_id: str | None = None


PARAMETERS: Mapping[str, Field] = {
    "best_of": Field(optional(usize)),
    "temperature": Field(optional(f32)),
    "repetition_penalty": Field(optional(f32)),
    "frequency_penalty": Field(optional(f32)),
    "top_k": Field(optional(i32)),
    "top_p": Field(optional(f32)),
    "typical_p": Field(optional(f32)),
    "do_sample": Field(boolean),
    "max_new_tokens": Field(optional(u32)),
    "return_full_text": Field(optional(boolean)),
    "stop": Field(sequence(string)),
    "truncate": Field(optional(usize)),
    "watermark": Field(boolean),
    "details": Field(boolean),
    "decoder_input_details": Field(boolean),
    "seed": Field(optional(u64)),
    "top_n_tokens": Field(optional(u32)),
    "grammar": Field(optional(grammar)),
    "adapter_id": Field(optional(string)),
}

_read_parameters = struct("GenerateParameters", PARAMETERS)


generate_parameters = Reader(
    lambda value, path: GenerateParameters(**_read_parameters(value, path)),
    _read_parameters.schema,
)
"""A ``parameters`` object."""


@dataclass(frozen=True)
class GenerateRequest:
    """A generate body; ``stream`` is read on ``/`` only.

    Where ``parameters`` is absent the router uses a block that samples; a block that is present
    does not sample unless it says so.
    """

    inputs: str
    parameters: GenerateParameters = field(
        default_factory=lambda: GenerateParameters(do_sample=True)
    )
    stream: bool = False


GENERATE: Mapping[str, Field] = {
    "inputs": Field(string, required=True),
    "parameters": Field(generate_parameters),
}
COMPAT_GENERATE: Mapping[str, Field] = {**GENERATE, "stream": Field(boolean)}

_read_generate = struct("GenerateRequest", GENERATE)
_read_compat = struct("CompatGenerateRequest", COMPAT_GENERATE)


generate_request = Reader(
    lambda value, path: GenerateRequest(**_read_generate(value, path)), _read_generate.schema
)
"""The body of ``/generate`` and ``/generate_stream``."""

compat_generate_request = Reader(
    lambda value, path: GenerateRequest(**_read_compat(value, path)), _read_compat.schema
)
"""The body of ``/``."""


@dataclass(frozen=True)
class ChatRequest:
    """The body of ``/v1/chat/completions``; fields that TGI accepts and ignores are left out.

    Attributes:
        messages: with one string each, image parts already written as markdown.
        tools: the tools; None when absent or null.
        tool_choice: ``auto``, ``none``, ``required`` or the name of a tool; None is ``auto``.
        tool_prompt: in place of the router's own; None or empty leaves that.
        include_usage: of ``stream_options``.
    """

    messages: list[Message]
    model: str | None = None
    frequency_penalty: float | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    max_tokens: int | None = None
    presence_penalty: float | None = None
    stop: list[str] | None = None
    stream: bool = False
    seed: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    tools: list[Any] | None = None
    tool_choice: str | None = None
    tool_prompt: str | None = None
    response_format: Any = None
    include_usage: bool = False


_stream_options = struct("StreamOptions", {"include_usage": Field(boolean)})

CHAT: Mapping[str, Field] = {
    "model": Field(optional(string)),
    "messages": Field(sequence(message), required=True),
    "frequency_penalty": Field(optional(f32)),
    "logit_bias": Field(optional(sequence(f32))),
    "logprobs": Field(optional(boolean)),
    "top_logprobs": Field(optional(u32)),
    "max_tokens": Field(optional(u32), aliases=("max_completion_tokens",)),
    "n": Field(optional(u32)),
    "presence_penalty": Field(optional(f32)),
    "stop": Field(optional(sequence(string))),
    "stream": Field(boolean),
    "seed": Field(optional(u64)),
    "temperature": Field(optional(f32)),
    "top_p": Field(optional(f32)),
    "tools": Field(optional(sequence(tool))),
    "tool_prompt": Field(optional(string)),
    "tool_choice": Field(tool_choice),
    "response_format": Field(optional(grammar)),
    "stream_options": Field(_stream_options),
}

_IGNORED_CHAT_FIELDS = ("logit_bias", "n", "stream_options")

_read_chat = struct("ChatRequest", CHAT)


def _chat_request(value: Any, path: Path) -> ChatRequest:
    given = _read_chat(value, path)
    options = given.get("stream_options", {})
    wanted = {name: item for name, item in given.items() if name not in _IGNORED_CHAT_FIELDS}
    return ChatRequest(**wanted, include_usage=options.get("include_usage", False))


chat_request = Reader(_chat_request, _read_chat.schema)
"""The body of ``/v1/chat/completions``."""


@dataclass(frozen=True)
class CompletionRequest:
    """The body of ``/v1/completions``.

    Attributes:
        prompt: one or several.
    """

    prompt: list[str]
    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stream: bool = False
    seed: int | None = None
    suffix: str | None = None
    repetition_penalty: float | None = None
    frequency_penalty: float | None = None
    stop: list[str] | None = None


def _prompt(value: Any, path: Path) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Mismatch(
            "data did not match any variant of untagged enum PromptDeserializer", path, Place.END
        )
    if not value:
        text = "Empty array detected. Do not use an empty array for the prompt."
        raise Mismatch(text, path, Place.END)
    return value


_PROMPT_SCHEMA = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

COMPLETION: Mapping[str, Field] = {
    "model": Field(optional(string)),
    "prompt": Field(Reader(_prompt, _PROMPT_SCHEMA), required=True),
    "max_tokens": Field(optional(u32)),
    "temperature": Field(optional(f32)),
    "top_p": Field(optional(f32)),
    "stream": Field(boolean),
    "seed": Field(optional(u64)),
    "suffix": Field(optional(string)),
    "repetition_penalty": Field(optional(f32)),
    "frequency_penalty": Field(optional(f32)),
    "stop": Field(optional(sequence(string))),
}

_read_completion = struct("CompletionRequest", COMPLETION)

completion_request = Reader(
    lambda value, path: CompletionRequest(**_read_completion(value, path)), _read_completion.schema
)
"""The body of ``/v1/completions``."""

_INVOCATIONS = {
    "inputs": compat_generate_request,
    "messages": chat_request,
    "prompt": completion_request,
}


def _invocation(value: Any, path: Path) -> GenerateRequest | ChatRequest | CompletionRequest:
    for required, reader in _INVOCATIONS.items():
        if isinstance(value, dict) and required in value:
            try:
                read: GenerateRequest | ChatRequest | CompletionRequest = reader(value, path)
                return read
            except Mismatch:
                continue
    text = "data did not match any variant of untagged enum SagemakerRequest"
    raise Mismatch(text, (), Place.NOWHERE)


invocation = Reader(_invocation, {"oneOf": [reader.schema for reader in _INVOCATIONS.values()]})
"""The body of ``/invocations``: the first of three that fits (router/src/sagemaker.rs)."""
