"""A chat as a generate request (router/src/lib.rs, ``ChatRequest::try_into_generate``)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from local_endpoints.containers.text.template import ChatTemplate
from local_endpoints.containers.tgi.errors import ToolRefused
from local_endpoints.containers.tgi.messages import Message
from local_endpoints.containers.tgi.schemas import ChatRequest, GenerateParameters
from local_endpoints.containers.tgi.tools import (
    DEFAULT_PROMPT,
    described,
    instruction,
    offered,
    schema,
)
from local_endpoints.containers.workers import aside


@dataclass(frozen=True)
class PreparedChat:
    """What of a chat goes to the model.

    Attributes:
        prompt: the templated messages; BOS is among them.
        parameters: how to go on.
        calls: whether the answer is a call.
    """

    prompt: str
    parameters: GenerateParameters
    calls: bool


async def prepare(chat: ChatRequest, template: ChatTemplate) -> PreparedChat:
    """The prompt and the parameters of a chat; a long one is written aside.

    Raises:
        ToolRefused: the tools cannot be used as asked.
        TemplateRefused: the template does not take the messages.
    """
    size = sum(len(str(message)) for message in chat.messages)
    return await aside(_prepare, chat, template, size=size)


def next_call_id(chat: ChatRequest) -> str:
    """The number after those of the chat's calls, or some other id where they are no numbers."""
    ids = [call_id for message in chat.messages for call_id in message.call_ids]
    if not all(each.isascii() and each.isdigit() for each in ids):
        return str(uuid.uuid4())
    return str(max((int(each) + 1 for each in ids), default=0))


def _prepare(chat: ChatRequest, template: ChatTemplate) -> PreparedChat:
    if chat.response_format is not None and chat.tools is not None:
        raise ToolRefused("Grammar and tools are mutually exclusive")
    tools = [] if chat.tools is None else offered(chat.tools, chat.tool_choice)
    grammar = chat.response_format
    if tools:
        grammar = {"type": "json", "value": schema(tools)}
    prompt = _rendered(chat, template, tools)
    return PreparedChat(prompt, _parameters(chat, grammar), calls=bool(tools))


def _rendered(chat: ChatRequest, template: ChatTemplate, tools: list[Any]) -> str:
    messages = list(chat.messages)
    if tools and messages and not messages[-1].call_ids:
        prompt = chat.tool_prompt or DEFAULT_PROMPT
        last = messages[-1]
        text = last.content + instruction(tools, prompt, listed=template.takes_tools)
        messages[-1] = Message(last.role, text)
    return template.render(
        [message.templated() for message in messages],
        tools=described(tools) if tools else None,
        # The model goes on with a last message of the assistant's.
        continue_last=bool(messages) and messages[-1].role == "assistant",
    )


def _parameters(chat: ChatRequest, grammar: Any) -> GenerateParameters:
    # Only an explicit temperature of 0 means greedy.
    greedy = chat.temperature == 0
    return GenerateParameters(
        temperature=None if greedy else chat.temperature,
        # TGI turns a presence penalty into a repetition penalty by adding two.
        repetition_penalty=None if chat.presence_penalty is None else chat.presence_penalty + 2.0,
        frequency_penalty=chat.frequency_penalty,
        top_p=chat.top_p,
        do_sample=not greedy,
        max_new_tokens=chat.max_tokens,
        stop=chat.stop or [],
        seed=chat.seed,
        top_n_tokens=chat.top_logprobs,
        grammar=grammar,
    )
