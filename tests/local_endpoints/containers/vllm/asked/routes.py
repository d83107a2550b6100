"""Every route, the framework's refusals, and tokens to and fro."""

from __future__ import annotations

from tests.local_endpoints.containers.vllm.asked.case import (
    MODEL,
    Case,
    chat_body,
    get,
    post,
    raw,
)

CHAT = "/v1/chat/completions"
HELLO = [{"role": "user", "content": "Hello"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}

ROUTES: dict[str, Case] = {
    "models": get("/v1/models"),
    "health": get("/health"),
    "health by HEAD": get("/health", "HEAD"),
    "ping": get("/ping"),
    "ping by POST": get("/ping", "POST"),
    "version": get("/version"),
    "load": get("/load"),
    "metrics": get("/metrics"),
    "openapi": get("/openapi.json"),
    "docs": get("/docs"),
    "root": get("/"),
    "unknown route": get("/v1/nothing"),
    "one model": get(f"/v1/models/{MODEL}"),
    "chat by GET": get(CHAT),
    "chat by OPTIONS": get(CHAT, "OPTIONS"),
    "models by POST": post("/v1/models", {}),
    "chat with a slash": get(f"{CHAT}/", "POST"),
    "TGI's root": post("/", {"inputs": "Hello"}),
    "TGI's generate": post("/generate", {"inputs": "Hello"}),
    "embeddings": post("/v1/embeddings", {"model": MODEL, "input": "Hello"}),
    "tokenizer info": get("/tokenizer_info"),
    "invocations: chat": post("/invocations", chat_body()),
    "invocations: completion": post(
        "/invocations", {"model": MODEL, "prompt": "Hello", "max_tokens": 2, "temperature": 0}
    ),
    "invocations: neither": post("/invocations", {"model": MODEL}),
    "request id": Case("GET", "/v1/models", "", {"x-request-id": "mine"}),
    "token that nobody asked for": Case("GET", "/v1/models", "", {"authorization": "Bearer x"}),
    "origin of a browser": Case("GET", "/v1/models", "", {"origin": "https://example.org"}),
}

BODIES: dict[str, Case] = {
    "no body": raw(CHAT, ""),
    "no body, no type": raw(CHAT, "", ""),
    "cut JSON": raw(CHAT, '{"model": "Qwen'),
    "no JSON": raw(CHAT, "hello"),
    "comma too many": raw(CHAT, '{"messages": [],}'),
    "list": raw(CHAT, "[]"),
    "null": raw(CHAT, "null"),
    "string": raw(CHAT, '"hello"'),
    "number": raw(CHAT, "5"),
    "empty object": raw(CHAT, "{}"),
    "text/plain": raw(CHAT, '{"messages": []}', "text/plain"),
    "form": raw(CHAT, "model=x", "application/x-www-form-urlencoded"),
    "no content type": raw(CHAT, '{"messages": []}', ""),
    "charset": raw(CHAT, '{"messages": []}', "application/json; charset=utf-8"),
    "another JSON type": raw(CHAT, '{"messages": []}', "application/vnd.api+json"),
    "NaN": raw(CHAT, '{"messages": [{"role": "user", "content": "Hi"}], "temperature": NaN}'),
    "field twice": raw(CHAT, '{"messages": [], "messages": 3}'),
    "completions: no body": raw("/v1/completions", ""),
    "completions: empty object": raw("/v1/completions", "{}"),
    "tokenize: no body": raw("/tokenize", ""),
}


def tokenize(**body: object) -> Case:
    return post("/tokenize", {"model": MODEL, **body})


def detokenize(**body: object) -> Case:
    return post("/detokenize", {"model": MODEL, **body})


TOKENS: dict[str, Case] = {
    "prompt": tokenize(prompt="Hello, world!"),
    "prompt with strings": tokenize(prompt="Hällo 😀", return_token_strs=True),
    "prompt with a mark": tokenize(prompt="<|im_start|>user\nHi<|im_end|>"),
    "prompt, no special tokens": tokenize(prompt="Hello", add_special_tokens=False),
    "empty prompt": tokenize(prompt=""),
    "no model": post("/tokenize", {"prompt": "Hello"}),
    "unknown model": post("/tokenize", {"model": "x", "prompt": "Hello"}),
    "chat": tokenize(messages=HELLO),
    "chat with strings": tokenize(messages=HELLO, return_token_strs=True),
    "chat, no generation prompt": tokenize(messages=HELLO, add_generation_prompt=False),
    "chat, message continued": tokenize(
        messages=[*HELLO, {"role": "assistant", "content": "I am"}],
        continue_final_message=True,
        add_generation_prompt=False,
    ),
    "chat, both prompts": tokenize(
        messages=HELLO, continue_final_message=True, add_generation_prompt=True
    ),
    "chat with tools": tokenize(messages=HELLO, tools=[WEATHER]),
    "chat with template kwargs": tokenize(
        messages=HELLO, chat_template_kwargs={"enable_thinking": False}
    ),
    "chat with a template": tokenize(messages=HELLO, chat_template="{{ messages[0].content }}"),
    "prompt and chat": tokenize(prompt="Hello", messages=HELLO),
    "neither": tokenize(),
    "no string": tokenize(prompt=5),
    "list of prompts": tokenize(prompt=["a", "b"]),
    "unknown field": tokenize(prompt="Hello", colour="red"),
    "back": detokenize(tokens=[1010, 11, 950]),
    "back: special": detokenize(tokens=[4071, 282, 198]),
    "back: nothing": detokenize(tokens=[]),
    "back: beyond the vocabulary": detokenize(tokens=[5000]),
    "back: negative": detokenize(tokens=[-1]),
    "back: strings": detokenize(tokens=["a"]),
    "back: no list": detokenize(tokens=5),
    "back: no tokens": detokenize(),
    "back: unknown model": post("/detokenize", {"model": "x", "tokens": [1]}),
}
