"""Servers with other arguments, and arguments that end the start."""

from __future__ import annotations

from tests.local_endpoints.containers.vllm.asked.case import (
    JSON,
    Case,
    chat,
    get,
)

KEY = {"authorization": "Bearer sk-test"}


def keyed(case: Case, **headers: str) -> Case:
    return Case(case.method, case.path, case.content, {**case.headers, **KEY, **headers})


OTHER: dict[str, Case] = {
    "no key": chat(),
    "wrong key": Case("GET", "/v1/models", "", {"authorization": "Bearer wrong"}),
    "wrong scheme": Case("GET", "/v1/models", "", {"authorization": "Basic sk-test"}),
    "no key, health": get("/health"),
    "no key, tokenize": get("/tokenize", "POST"),
    "no key, unknown route": get("/v1/nothing"),
    "no key, OPTIONS": get("/v1/models", "OPTIONS"),
    "models": keyed(get("/v1/models")),
    "first name": keyed(chat(model="first", max_tokens=1)),
    "second name": keyed(chat(model="second", max_tokens=1)),
    "repository": keyed(chat()),
    "no model": keyed(chat(model="", max_tokens=1)),
    "max_tokens above": keyed(chat(model="first", max_tokens=60)),
    "prompt above": keyed(chat("1" * 100, model="first")),
    "no limit": keyed(chat("Count.", model="first", max_tokens=None, ignore_eos=True)),
    "logprobs above": keyed(chat(model="first", logprobs=True, top_logprobs=4)),
    "logprobs at the bound": keyed(
        chat(model="first", logprobs=True, top_logprobs=3, max_tokens=1)
    ),
    "usage forced": keyed(chat(model="first", max_tokens=1, stream=True)),
}
"""With ``SERVERS["other"]``."""

UNUSUAL: dict[str, Case] = {
    "request id": Case("GET", "/v1/models", "", {"x-request-id": "mine"}),
    "request id of the server": get("/v1/models"),
    "request id in a chat": Case(
        "POST", "/v1/chat/completions", chat(max_tokens=1).content, {**JSON, "x-request-id": "mine"}
    ),
    "own template": chat(
        chat_template="{{ messages[0].content }}", return_prompt_text=True, max_tokens=1
    ),
    "prompt token details": chat(max_tokens=1),
    "prompt token details in a stream": chat(
        max_tokens=1, stream=True, stream_options={"include_usage": True}
    ),
}
"""With ``SERVERS["unusual"]``."""

THINKING: dict[str, Case] = {
    "plain": chat(max_tokens=30),
    "stream": chat(max_tokens=30, stream=True),
    "without thinking": chat(max_tokens=30, chat_template_kwargs={"enable_thinking": False}),
    "schema": chat(max_tokens=40, structured_outputs={"choice": ["red", "blue"]}),
    "reasoning left out": chat(max_tokens=30, include_reasoning=False),
}
"""With Qwen3's reasoning parser."""

SERVERS: dict[str, list[str]] = {
    "plain": [],
    "tools": ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"],
    "other": [
        *("--api-key", "sk-test", "--max-model-len", "64", "--max-num-seqs", "2"),
        *("--served-model-name", "first", "second", "--max-logprobs", "3"),
        *("--generation-config", "vllm", "--limit-mm-per-prompt", '{"image": 1}'),
        "--enable-force-include-usage",
    ],
    "unusual": [
        *("--enable-request-id-headers", "--trust-request-chat-template"),
        "--enable-prompt-tokens-details",
    ],
    "thinking": ["--reasoning-parser", "qwen3"],
}
"""The arguments of each server beside the model, its name and its port."""

REFUSED: dict[str, list[str]] = {
    "unknown tool parser": ["--enable-auto-tool-choice", "--tool-call-parser", "nothing"],
    "auto tools without a parser": ["--enable-auto-tool-choice"],
    "longer than the model": ["--max-model-len", "8192"],
    "length zero": ["--max-model-len", "0"],
    "length as a word": ["--max-model-len", "long"],
    "length with a unit": ["--max-model-len", "x1k"],
    "unknown argument": ["--colour", "red"],
    "argument without value": ["--max-num-seqs"],
    "no sequences": ["--max-num-seqs", "0"],
    "unknown reasoning parser": ["--reasoning-parser", "nothing"],
    "unknown type": ["--dtype", "int1"],
    "memory above one": ["--gpu-memory-utilization", "1.5"],
    "unknown quantization": ["--quantization", "nothing"],
    "malformed limit": ["--limit-mm-per-prompt", "image"],
    "malformed generation config": ["--override-generation-config", "x"],
    "missing template": ["--chat-template", "/nowhere.jinja"],
    "unknown structured backend": ["--structured-outputs-config.backend", "nothing"],
    "old structured backend": ["--guided-decoding-backend", "xgrammar"],
}
"""Arguments with which the server does not come up."""
