"""TGI 3.3: the rows of the table, and a value of every field."""

from __future__ import annotations

from typing import Any

from tests.imitation.row import Example, Row

ROWS = [
    Row(
        "routes",
        [
            *("/", "/generate", "/generate_stream", "/v1/chat/completions", "/v1/completions"),
            *("/invocations", "/chat_tokenize", "/v1/models", "/info", "/health", "/ping"),
        ],
        "same",
        "the served name is `/repository`, and any name is taken",
    ),
    Row(
        "routes",
        ["/tokenize", "/metrics", "/docs", "/api-doc/openapi.json"],
        "approximated",
        "no more pictures than a prompt may hold; no metrics of what happens inside a batch "
        "(`tgi_batch_inference_*`, `_forward_*`, `_decode_*`, `_filter_*`, `_concat*`, "
        "`_next_size`), no `tgi_request_skipped_tokens`; a page without scripts",
    ),
    Row("routes", ["/vertex"], "refused", "404: only in Google's build of the image"),
    Row(
        "`parameters` of `/`, `/generate`, `/generate_stream`",
        [
            *("best_of", "temperature", "repetition_penalty", "frequency_penalty", "top_k"),
            *("top_p", "typical_p", "do_sample", "max_new_tokens", "return_full_text", "stop"),
            *("truncate", "details", "decoder_input_details", "top_n_tokens"),
        ],
        "same",
        "checked in the router's order, in its words",
    ),
    Row(
        "`parameters` of `/`, `/generate`, `/generate_stream`",
        ["seed"],
        "approximated",
        "same seed, same answer; not the answer that torch would draw",
    ),
    Row(
        "`parameters` of `/`, `/generate`, `/generate_stream`",
        ["grammar"],
        "approximated",
        "`json`, `json_object`, `json_schema` and `regex`; see Grammars",
    ),
    Row(
        "`parameters` of `/`, `/generate`, `/generate_stream`",
        ["watermark", "adapter_id"],
        "ignored",
        "no watermark is made, and the log says so; an adapter that is not there is none in TGI, "
        "too",
    ),
    Row("chat", ["model", "max_tokens", "temperature", "top_p", "stop", "stream"], "same"),
    Row(
        "chat",
        [
            *("stream_options", "frequency_penalty", "presence_penalty", "logprobs"),
            *("top_logprobs", "tool_choice", "tool_prompt"),
        ],
        "same",
        "a presence penalty becomes a repetition penalty by adding two, `stop` is a list",
    ),
    Row("chat", ["messages"], "approximated", "see Pictures"),
    Row(
        "chat",
        ["tools"],
        "approximated",
        "one guided JSON object, `no_tool` and the second question. Where a small vocabulary "
        "writes the quote behind a streamed call's name and the comma as two tokens, they are "
        "taken for one: the real router would repeat the comma",
    ),
    Row("chat", ["seed", "response_format"], "approximated", "as `seed` and `grammar` above"),
    Row("chat", ["n", "logit_bias"], "ignored", "by TGI, too"),
    Row(
        "completions",
        [
            *("model", "prompt", "max_tokens", "temperature", "top_p", "stream", "suffix"),
            *("repetition_penalty", "frequency_penalty", "stop"),
        ],
        "same",
        "`suffix` is refused by TGI, too",
    ),
    Row("completions", ["seed"], "approximated", "as above"),
    Row(
        "variables",
        [
            *("MODEL_ID", "MAX_INPUT_TOKENS", "MAX_INPUT_LENGTH", "MAX_TOTAL_TOKENS"),
            *("MAX_BATCH_PREFILL_TOKENS", "MAX_BATCH_TOTAL_TOKENS", "MAX_CONCURRENT_REQUESTS"),
            *("MAX_BEST_OF", "MAX_STOP_SEQUENCES", "MAX_TOP_N_TOKENS", "MAX_CLIENT_BATCH_SIZE"),
            *("VALIDATION_WORKERS", "PAYLOAD_LIMIT", "ENABLE_PREFILL_LOGPROBS"),
            *("DISABLE_GRAMMAR_SUPPORT", "MAX_IMAGE_FETCH_SIZE", "API_KEY", "COMPUTE_TYPE"),
        ],
        "same",
        "there is one model, as `/repository` or under its name: any other `MODEL_ID` ends the "
        "start",
    ),
    Row("variables", ["MAX_BATCH_SIZE"], "approximated", "no more than 32 at once"),
    Row(
        "variables",
        [
            *("QUANTIZE", "DTYPE", "NUM_SHARD", "SHARDED", "KV_CACHE_DTYPE", "ROPE_SCALING"),
            *("ROPE_FACTOR", "CUDA_MEMORY_FRACTION", "SPECULATE", "WAITING_SERVED_RATIO"),
            *("MAX_WAITING_TOKENS", "WATERMARK_GAMMA", "WATERMARK_DELTA", "USAGE_STATS"),
            *("GRACEFUL_TERMINATION_TIMEOUT", "PORT", "PROMETHEUS_PORT", "MASTER_PORT"),
        ],
        "ignored",
        "but a value that stops the real container stops this one, with the launcher's words in "
        "the log: what cannot be read, more shards than GPUs, `QUANTIZE` for weights that nobody "
        "has quantized, `DTYPE` beside it",
    ),
    Row(
        "variables",
        ["LORA_ADAPTERS", "CORS_ALLOW_ORIGIN", "CUDA_GRAPHS", "TRUST_REMOTE_CODE", "REVISION"],
        "ignored",
        "and so is every other one",
    ),
]

MESSAGES: list[Any] = [{"role": "user", "content": "Hello, who are you?"}]
SCHEMA = {"properties": {"a": {"type": "boolean"}}, "required": ["a"]}
_TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"properties": {"city": {"enum": ["Paris"]}}, "required": ["city"]},
    },
}

PARAMETERS: dict[str, Example] = {
    "best_of": Example(2, {"do_sample": True}),
    "temperature": Example(0.5),
    "repetition_penalty": Example(1.2),
    "frequency_penalty": Example(0.5),
    "top_k": Example(5),
    "top_p": Example(0.9),
    "typical_p": Example(0.9),
    "do_sample": Example(True),
    "max_new_tokens": Example(3),
    "return_full_text": Example(True),
    "stop": Example(["."]),
    "truncate": Example(2),
    "watermark": Example(True),
    "details": Example(True),
    "decoder_input_details": Example(True),
    "seed": Example(7),
    "top_n_tokens": Example(2),
    "grammar": Example({"type": "json", "value": SCHEMA}),
    "adapter_id": Example("none"),
}
CHAT: dict[str, Example] = {
    "model": Example("tgi"),
    "messages": Example(MESSAGES),
    "max_tokens": Example(3),
    "temperature": Example(0.5),
    "top_p": Example(0.9),
    "stop": Example(["."]),
    "stream": Example(True),
    "stream_options": Example({"include_usage": True}, {"stream": True}),
    "frequency_penalty": Example(0.5),
    "presence_penalty": Example(0.5),
    "logprobs": Example(True),
    "top_logprobs": Example(2, {"logprobs": True}),
    "tools": Example([_TOOL], {"tool_choice": "required", "max_tokens": 60}),
    "tool_choice": Example("get_weather", {"tools": [_TOOL], "max_tokens": 60}),
    "tool_prompt": Example("Call one!", {"tools": [_TOOL], "max_tokens": 60}),
    "seed": Example(7),
    "response_format": Example({"type": "json", "value": SCHEMA}),
    "n": Example(2),
    "logit_bias": Example([0.5]),
}
COMPLETIONS: dict[str, Example] = {
    "model": Example("tgi"),
    "prompt": Example("Hello"),
    "max_tokens": Example(3),
    "temperature": Example(0.5),
    "top_p": Example(0.9),
    "stream": Example(True),
    "suffix": Example("end", refusal="Suffix is not supported"),
    "repetition_penalty": Example(1.2),
    "frequency_penalty": Example(0.5),
    "stop": Example(["."]),
    "seed": Example(7),
}
