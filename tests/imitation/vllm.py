"""vLLM 0.30: the rows of the table, and a value of every field."""

from __future__ import annotations

from typing import Any

from local_endpoints.containers.vllm.arguments import ROWS as ARGUMENTS
from local_endpoints.containers.vllm.arguments import TOOL_PARSERS, Treatment
from tests.imitation.row import Example, Row

_NO_USE = "a pocket model on a processor has no use for them; the log says so"


def _arguments(treatment: Treatment) -> list[str]:
    return [row.flag for row in ARGUMENTS if row.treatment == treatment]


ROWS = [
    Row(
        "routes",
        [
            *("/v1/models", "/v1/chat/completions", "/v1/completions", "/tokenize", "/detokenize"),
            *("/invocations", "/health", "/ping", "/version", "/load"),
        ],
        "same",
        "the served name is the repository's id",
    ),
    Row(
        "routes",
        ["/metrics", "/docs", "/openapi.json"],
        "approximated",
        "fewer metrics; a page without scripts; what is imitated and no more",
    ),
    Row(
        "routes",
        [
            *("/v1/responses", "/v1/messages", "/v1/messages/count_tokens"),
            *("/v1/chat/completions/batch", "/generative_scoring", "/scale_elastic_ep"),
            *("/inference/v1/generate", "/tokenizer_info", "/redoc", "/docs/oauth2-redirect"),
        ],
        "refused",
        "404, and a line in the log",
    ),
    Row(
        "chat and completions",
        [
            *("model", "max_tokens", "n", "temperature", "top_p", "top_k", "min_p", "stop"),
            *("stop_token_ids", "include_stop_str_in_output", "ignore_eos", "min_tokens"),
            *("presence_penalty", "frequency_penalty", "repetition_penalty", "logit_bias"),
            *("allowed_token_ids", "bad_words", "logprobs", "prompt_logprobs", "echo", "stream"),
            *("stream_options", "stream_interval", "skip_special_tokens", "add_special_tokens"),
            *("truncate_prompt_tokens", "truncation_side", "return_token_ids"),
            *("return_tokens_as_token_ids", "request_id", "thinking_token_budget"),
        ],
        "same",
        "`thinking_token_budget` is refused as by a server without a reasoning parser",
    ),
    Row(
        "chat and completions",
        ["seed"],
        "approximated",
        "same seed, same answer, alone or in company; not the answer that torch would draw",
    ),
    Row(
        "chat and completions",
        ["response_format", "structured_outputs"],
        "approximated",
        "see Grammars; `structural_tag` is refused. `huggingface_hub` sends a `json_schema` as "
        "`json_object` with a `value`, of which vLLM reads only `json_object`: any object comes",
    ),
    Row(
        "chat and completions",
        [
            *("user", "watermarking", "length_penalty", "spaces_between_special_tokens"),
            *("priority", "session_id", "cache_salt", "kv_transfer_params", "vllm_xargs"),
            *("ec_transfer_params", "routed_experts_prompt_start", "return_token_offsets"),
        ],
        "ignored",
        "they change no answer of a vLLM that is started like this one",
    ),
    Row(
        "chat and completions",
        ["use_beam_search", "repetition_detection", "logprob_token_ids"],
        "refused",
    ),
    Row(
        "chat",
        [
            *("messages", "tools", "tool_choice", "parallel_tool_calls", "max_completion_tokens"),
            *("top_logprobs", "reasoning_effort", "add_generation_prompt", "documents"),
            *("continue_final_message", "chat_template", "chat_template_kwargs"),
            "return_prompt_text",
        ],
        "same",
        "`auto` and the others need `--enable-auto-tool-choice --tool-call-parser hermes`; "
        "`chat_template` is refused as by a server that does not trust it",
    ),
    Row(
        "chat",
        ["include_reasoning"],
        "same",
        "without it, a server with a parser of calls tells no log probabilities and no numbers of "
        "tokens; else it changes nothing, as nothing here reasons",
    ),
    Row("chat", ["return_assistant_tokens_mask"], "ignored", "as above"),
    Row(
        "chat",
        ["media_io_kwargs", "mm_processor_kwargs"],
        "refused",
        "for a model that sees; one that does not ignores them, as in vLLM",
    ),
    Row("parts of a message", ["text", "refusal", "thinking"], "same"),
    Row(
        "parts of a message",
        ["image_url"],
        "approximated",
        "`data:` URLs; `http` ones only with `POCKET_FETCH_IMAGES=1`; see Pictures",
    ),
    Row(
        "parts of a message",
        ["input_audio", "audio_url", "video_url"],
        "refused",
        "by a model of text alone as in vLLM",
    ),
    Row(
        "completions",
        ["prompt", "suffix", "prompt_embeds"],
        "same",
        "texts or tokens, one or several; the other two are refused as by vLLM",
    ),
    Row(
        "`/tokenize`, `/detokenize`",
        [
            *("model", "prompt", "messages", "tokens", "add_special_tokens", "return_token_strs"),
            *("add_generation_prompt", "continue_final_message", "chat_template"),
            *("chat_template_kwargs", "tools"),
        ],
        "same",
    ),
    Row(
        "`/tokenize`, `/detokenize`",
        ["media_io_kwargs", "mm_processor_kwargs"],
        "refused",
        "for a model that sees",
    ),
    Row(
        "arguments",
        [flag for flag in _arguments("same") if flag != "--max-num-seqs"],
        "same",
        f"tool parsers: {', '.join(f'`{name}`' for name in TOOL_PARSERS)}. All arguments that are "
        "not listed are refused by name, and the container does not start",
    ),
    Row("arguments", ["--max-num-seqs"], "approximated", "no more than 32 at once"),
    Row("arguments", _arguments("ignored"), "ignored", _NO_USE),
    Row("variables", ["VLLM_API_KEY"], "same", "all others change nothing"),
]

MESSAGES: list[Any] = [{"role": "user", "content": "Hello, who are you?"}]
_TOOL = {"type": "function", "function": {"name": "get_weather", "parameters": {}}}

EXAMPLES: dict[str, Example] = {
    "model": Example("Qwen/Qwen3-1.7B"),
    "max_tokens": Example(3),
    "max_completion_tokens": Example(3),
    "n": Example(2, {"temperature": 1}),
    "temperature": Example(0.5),
    "top_p": Example(0.9),
    "top_k": Example(5),
    "min_p": Example(0.1),
    "stop": Example(["."]),
    "stop_token_ids": Example([13]),
    "include_stop_str_in_output": Example(True),
    "ignore_eos": Example(True),
    "min_tokens": Example(2),
    "presence_penalty": Example(1),
    "frequency_penalty": Example(1),
    "repetition_penalty": Example(1.2),
    "logit_bias": Example({"11": 1}),
    "allowed_token_ids": Example([11, 13]),
    "bad_words": Example(["Qwen"]),
    "logprobs": Example(1),
    "top_logprobs": Example(1, {"logprobs": True}),
    "prompt_logprobs": Example(1),
    "echo": Example(True),
    "stream": Example(True),
    "stream_options": Example({"include_usage": True}, {"stream": True}),
    "stream_interval": Example(2, {"stream": True}),
    "skip_special_tokens": Example(False),
    "add_special_tokens": Example(False),
    "truncate_prompt_tokens": Example(4),
    "truncation_side": Example("left", {"truncate_prompt_tokens": 4}),
    "return_token_ids": Example(True),
    "return_tokens_as_token_ids": Example(True),
    "return_prompt_text": Example(True),
    "request_id": Example("mine"),
    "thinking_token_budget": Example(5, refusal="reasoning_config is not configured"),
    "seed": Example(7),
    "response_format": Example({"type": "json_object"}),
    "structured_outputs": Example({"choice": ["a", "b"]}),
    "user": Example("me"),
    "watermarking": Example(False),
    "length_penalty": Example(2.0),
    "spaces_between_special_tokens": Example(False),
    "priority": Example(0),
    "session_id": Example("a"),
    "cache_salt": Example("a"),
    "kv_transfer_params": Example({"a": 1}),
    "ec_transfer_params": Example({"a": 1}),
    "vllm_xargs": Example({"a": 1}),
    "routed_experts_prompt_start": Example(1),
    "return_token_offsets": Example(True),
    "use_beam_search": Example(True),
    "repetition_detection": Example({"max_pattern_size": 3, "min_count": 2}),
    "logprob_token_ids": Example([11], {"logprobs": True}),
    "messages": Example(MESSAGES),
    "tools": Example([_TOOL]),
    "tool_choice": Example("auto", {"tools": [_TOOL]}),
    "parallel_tool_calls": Example(False),
    "reasoning_effort": Example("low"),
    "add_generation_prompt": Example(False),
    "continue_final_message": Example(True, {"add_generation_prompt": False}),
    "documents": Example([{"title": "a", "text": "b"}]),
    "chat_template": Example("{{ messages[0].content }}", refusal="Refused request with untrusted"),
    "chat_template_kwargs": Example({"enable_thinking": False}),
    "include_reasoning": Example(False),
    "return_assistant_tokens_mask": Example(True),
    "media_io_kwargs": Example({"image": {"a": 1}}),
    "mm_processor_kwargs": Example({"a": 1}),
    "prompt": Example("Hello"),
    "suffix": Example("end", refusal="suffix is not currently supported"),
    "prompt_embeds": Example("AAAA", refusal="--enable-prompt-embeds"),
    "tokens": Example([11]),
    "return_token_strs": Example(True),
}

PARTS: dict[str, dict[str, Any]] = {
    "text": {"text": "Hello"},
    "refusal": {"refusal": "No."},
    "thinking": {"thinking": "hm"},
    "input_audio": {"input_audio": {"data": "AAAA", "format": "wav"}},
    "audio_url": {"audio_url": {"url": "data:audio/wav;base64,AAAA"}},
    "video_url": {"video_url": {"url": "data:video/mp4;base64,AAAA"}},
}
"""Parts of a message but for pictures, without their type."""
