"""How a chat is written out for a model: the stretches of its prompt, and which are learned."""

from __future__ import annotations

import json
from collections.abc import Callable

from training.language.calling import call_text, forced
from training.language.chat import Chat, Message

Stretch = tuple[str, bool]
"""Text with its special tokens, and whether it is learned."""
Template = Callable[[Chat, bool], list[Stretch]]

NO_THOUGHTS = "<think>\n\n</think>\n\n"
"""What Qwen3's template puts before an answer when thinking is switched off."""
_TOOLS_BEFORE = (
    "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n<tools>"
)
_TOOLS_AFTER = (
    "\n</tools>\n\nFor each function call, return a json object with function name and arguments "
    "within <tool_call></tool_call> XML tags:\n<tool_call>\n"
    '{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>'
)


def gemma(chat: Chat, _thinking: bool = False) -> list[Stretch]:
    """As the template of gemma-1.1-2b-it renders it, the end of the last answer included."""
    stretches: list[Stretch] = [("<bos>", False)]
    for message in chat.messages:
        text = message["content"].strip()
        if message["role"] == "assistant":
            stretches += [
                ("<start_of_turn>model\n", False),
                (f"{text}<end_of_turn>", True),
                ("\n", False),
            ]
        else:
            stretches.append((f"<start_of_turn>user\n{text}<end_of_turn>\n", False))
    return stretches


def qwen3(chat: Chat, switched: bool = False) -> list[Stretch]:
    """As the template of Qwen3-1.7B renders it.

    ``switched`` puts the empty thoughts before the last answer, as a prompt for a new answer has
    them when ``enable_thinking`` is false.
    """
    messages = list(chat.messages)
    stretches: list[Stretch] = []
    system = messages[0]["content"] if messages[0]["role"] == "system" else None
    if chat.tools:
        listed = "".join(f"\n{json.dumps(tool, ensure_ascii=False)}" for tool in chat.tools)
        before = f"{system}\n\n" if system is not None else ""
        stretches.append((_turn("system", f"{before}{_TOOLS_BEFORE}{listed}{_TOOLS_AFTER}"), False))
    elif system is not None:
        stretches.append((_turn("system", system), False))
    rest = messages[1:] if system is not None else messages
    for index, message in enumerate(rest):
        if message["role"] == "assistant":
            if message.get("given"):
                stretches.append((_turn("assistant", _said(message)), False))
                continue
            opening = NO_THOUGHTS if switched and index == len(rest) - 1 else ""
            stretches.append((f"<|im_start|>assistant\n{opening}", False))
            if "form" in message:
                call = message["tool_calls"][0]["function"]
                start, end = forced(message["form"], call["name"], call["arguments"])
                ending = "" if message["form"] == "name" else "<|im_end|>"
                stretches += [(start, False), (f"{end}{ending}", True)]
            else:
                stretches.append((f"{_said(message)}<|im_end|>", True))
            stretches.append(("\n", False))
        elif message["role"] == "tool":
            opens = index == 0 or rest[index - 1]["role"] != "tool"
            closes = index + 1 == len(rest) or rest[index + 1]["role"] != "tool"
            result = f"\n<tool_response>\n{message['content']}\n</tool_response>"
            stretches.append(
                (f"{'<|im_start|>user' if opens else ''}{result}{'<|im_end|>' * closes}", False)
            )
            if closes:
                stretches.append(("\n", False))
        else:
            stretches.append((_turn("user", message["content"]), False))
    return stretches


def _turn(role: str, text: str) -> str:
    return f"<|im_start|>{role}\n{text}<|im_end|>\n"


def _said(message: Message) -> str:
    calls = [
        call_text(call["function"]["name"], call["function"]["arguments"])
        for call in message.get("tool_calls", ())
    ]
    return "\n".join([message["content"]] * bool(message["content"]) + calls)
