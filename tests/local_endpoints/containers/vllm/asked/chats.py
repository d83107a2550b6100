"""Chats: answers, streams, every field with values that pass and values that do not."""

from __future__ import annotations

from typing import Any

from tests.local_endpoints.containers.vllm.asked.case import (
    LEFT_OUT,
    QUESTION,
    Case,
    chat,
)

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    "AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def says(role: str, content: Any) -> dict[str, Any]:
    return {"role": role, "content": content}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


ANSWERS: dict[str, Case] = {
    "plain": chat(max_tokens=30),
    "cut": chat(),
    "no limit": chat(max_tokens=LEFT_OUT),
    "stream": chat(stream=True, max_tokens=3),
    "stream to its end": chat(stream=True, max_tokens=30),
    "stream with usage": chat(stream=True, max_tokens=2, stream_options={"include_usage": True}),
    "stream without usage": chat(
        stream=True, max_tokens=2, stream_options={"include_usage": False}
    ),
    "stream with running usage": chat(
        stream=True,
        max_tokens=2,
        stream_options={"include_usage": True, "continuous_usage_stats": True},
    ),
    "stream with running usage only": chat(
        stream=True, max_tokens=2, stream_options={"continuous_usage_stats": True}
    ),
    "stream options empty": chat(stream=True, max_tokens=2, stream_options={}),
    "stream options null": chat(stream=True, max_tokens=2, stream_options=None),
    "stream options wrong": chat(stream=True, stream_options=5),
    "stream options unknown": chat(stream=True, max_tokens=2, stream_options={"colour": 1}),
    "stream options without stream": chat(stream_options={"include_usage": True}),
    "stream false": chat(stream=False, max_tokens=2),
    "stream as a word": chat(stream="yes", max_tokens=2),
    "stream as another word": chat(stream="perhaps"),
    "stream refused": chat(stream=True, temperature=-1),
    "stream of two choices": chat(stream=True, max_tokens=2, n=2, temperature=1, seed=3),
    "stream with logprobs": chat(stream=True, max_tokens=2, logprobs=True, top_logprobs=1),
    "stream in intervals": chat(stream=True, max_tokens=7, stream_interval=3),
    "logprobs": chat(max_tokens=3, logprobs=True),
    "logprobs false": chat(max_tokens=2, logprobs=False),
    "top logprobs 0": chat(max_tokens=2, logprobs=True, top_logprobs=0),
    "top logprobs 2": chat(max_tokens=2, logprobs=True, top_logprobs=2),
    "top logprobs 20": chat(max_tokens=1, logprobs=True, top_logprobs=20),
    "top logprobs 21": chat(logprobs=True, top_logprobs=21),
    "top logprobs -1": chat(logprobs=True, top_logprobs=-1),
    "top logprobs -2": chat(logprobs=True, top_logprobs=-2),
    "top logprobs alone": chat(top_logprobs=2),
    "logprobs as a number": chat(logprobs=5),
    "logprobs of broken characters": chat(
        "Repeat after me: 😀", max_tokens=4, logprobs=True, top_logprobs=1
    ),
    "prompt logprobs": chat("Hi", max_tokens=1, prompt_logprobs=1),
    "prompt logprobs 0": chat("Hi", max_tokens=1, prompt_logprobs=0),
    "prompt logprobs in a stream": chat(stream=True, prompt_logprobs=1),
    "prompt logprobs -1": chat("Hi", max_tokens=1, prompt_logprobs=-2),
    "prompt logprobs 21": chat("Hi", max_tokens=1, prompt_logprobs=21),
    "two choices": chat(n=2, temperature=1, seed=1, max_tokens=4),
    "two greedy choices": chat(n=2),
    "no choices": chat(n=0),
    "negative choices": chat(n=-1),
    "half a choice": chat(n=1.5),
    "a word of choices": chat(n="two"),
    "choices as digits": chat(n="1", max_tokens=2),
    "choices null": chat(n=None, max_tokens=2),
    "too many choices": chat(n=100000, temperature=1),
    "seed": chat(temperature=0.9, seed=42),
    "seed again": chat(temperature=0.9, seed=42),
    "negative seed": chat(temperature=0.9, seed=-3, max_tokens=2),
    "seed too large": chat(seed=2**63),
    "seed as a word": chat(seed="lucky"),
    "seed with a fraction": chat(seed=1.5),
    "token ids": chat(max_tokens=2, return_token_ids=True),
    "token ids in a stream": chat(max_tokens=2, return_token_ids=True, stream=True),
    "tokens as ids": chat(max_tokens=2, logprobs=True, return_tokens_as_token_ids=True),
    "prompt text": chat(max_tokens=1, return_prompt_text=True),
    "own request id": chat(max_tokens=1, request_id="mine"),
    "special tokens kept": chat(max_tokens=30, skip_special_tokens=False),
}

STOPS: dict[str, Case] = {
    "stop": chat(max_tokens=30, stop="Qwen"),
    "stop list": chat(max_tokens=30, stop=["small", "Qwen"]),
    "stop kept": chat(max_tokens=30, stop=["Qwen"], include_stop_str_in_output=True),
    "stop in a stream": chat(max_tokens=30, stop=["very small"], stream=True),
    "stop empty string": chat(stop=""),
    "stop list with an empty string": chat(stop=[""]),
    "stop empty list": chat(max_tokens=2, stop=[]),
    "stop null": chat(max_tokens=2, stop=None),
    "stop number": chat(stop=5),
    "stop list of numbers": chat(stop=[5]),
    "stop token ids": chat(max_tokens=30, stop_token_ids=[13, 364]),
    "stop token ids in a stream": chat(max_tokens=30, stop_token_ids=[364, 11], stream=True),
    "stop token ids kept": chat(
        max_tokens=30, stop_token_ids=[11], include_stop_str_in_output=True
    ),
    "stop token ids beyond": chat(max_tokens=2, stop_token_ids=[99999]),
    "stop token ids negative": chat(max_tokens=2, stop_token_ids=[-1]),
    "stop token ids as words": chat(stop_token_ids=["a"]),
    "stop token ids no list": chat(stop_token_ids=13),
    "min tokens": chat("Hello", min_tokens=20, max_tokens=20),
    "min tokens above max": chat(min_tokens=9, max_tokens=8),
    "min tokens negative": chat(min_tokens=-1),
    "min tokens with stop": chat(max_tokens=30, min_tokens=8, stop=["Qwen"]),
    "ignore eos": chat(ignore_eos=True, max_tokens=20),
    "ignore eos as a word": chat(ignore_eos="sometimes"),
    "detokenize off": chat(max_tokens=2, detokenize=False),
}

SAMPLING: dict[str, Case] = {
    "temperature -1": chat(temperature=-1),
    "temperature 3": chat(temperature=3, seed=1, max_tokens=2),
    "temperature tiny": chat(temperature=0.001, max_tokens=2),
    "temperature as a word": chat(temperature="hot"),
    "temperature as digits": chat(temperature="0", max_tokens=2),
    "temperature null": chat(temperature=None, seed=1, max_tokens=2),
    "temperature list": chat(temperature=[1]),
    "temperature true": chat(temperature=True, seed=1, max_tokens=2),
    "top_p 0": chat(top_p=0),
    "top_p 1": chat(top_p=1, max_tokens=2),
    "top_p 1.1": chat(top_p=1.1),
    "top_p -1": chat(top_p=-1),
    "top_k 1": chat(top_k=1, temperature=1, max_tokens=4),
    "top_k 0": chat(top_k=0, max_tokens=2),
    "top_k -1": chat(top_k=-1, max_tokens=2),
    "top_k -2": chat(top_k=-2),
    "top_k 1.5": chat(top_k=1.5),
    "top_k beyond the vocabulary": chat(top_k=100000, max_tokens=2),
    "min_p 0.1": chat(min_p=0.1, temperature=1, seed=1, max_tokens=4),
    "min_p 1": chat(min_p=1, temperature=1, max_tokens=4),
    "min_p 2": chat(min_p=2),
    "min_p -1": chat(min_p=-0.1),
    "presence 1": chat(presence_penalty=1, max_tokens=20),
    "presence 2.1": chat(presence_penalty=2.1),
    "frequency 1": chat(frequency_penalty=1, max_tokens=20),
    "frequency -2.1": chat(frequency_penalty=-2.1),
    "presence null": chat(presence_penalty=None, max_tokens=2),
    "repetition 1.3": chat(repetition_penalty=1.3, max_tokens=12),
    "repetition 0": chat(repetition_penalty=0),
    "repetition -1": chat(repetition_penalty=-1),
    "repetition 3": chat(repetition_penalty=3, max_tokens=12),
    "logit bias": chat(logit_bias={"11": 100}, max_tokens=3),
    "logit bias 200": chat(logit_bias={"11": 200}, max_tokens=2),
    "logit bias beyond": chat(logit_bias={"99999": 1}),
    "logit bias negative": chat(logit_bias={"-1": 1}),
    "logit bias of a word": chat(logit_bias={"hello": 1}),
    "logit bias list": chat(logit_bias=[1]),
    "allowed tokens": chat(allowed_token_ids=[11, 13], max_tokens=3),
    "allowed tokens none": chat(allowed_token_ids=[]),
    "allowed tokens beyond": chat(allowed_token_ids=[99999]),
    "bad words": chat(bad_words=[" Pocket", "Pocket"], max_tokens=8),
    "bad words empty": chat(bad_words=[""]),
    "beam search": chat(use_beam_search=True, n=2, max_tokens=4),
    "best of": chat(best_of=2, max_tokens=2),
    "length penalty": chat(length_penalty=2, max_tokens=2),
    "typical_p": chat(typical_p=0.9, max_tokens=2),
    "max_tokens 0": chat(max_tokens=0),
    "max_tokens -1": chat(max_tokens=-1),
    "max_tokens null": chat(max_tokens=None),
    "max_tokens 5000": chat(max_tokens=5000),
    "max_tokens just too large": chat(max_tokens=4083),
    "max_tokens just right": chat(max_tokens=4082),
    "max_tokens as a word": chat(max_tokens="ten"),
    "max_tokens 2.0": chat(max_tokens=2.0),
    "max_tokens 2.5": chat(max_tokens=2.5),
    "max_tokens huge": chat(max_tokens=10**20),
    "max_completion_tokens": chat(max_tokens=LEFT_OUT, max_completion_tokens=3),
    "max_completion_tokens beside": chat(max_tokens=5, max_completion_tokens=2),
    "max_completion_tokens 5000": chat(max_tokens=LEFT_OUT, max_completion_tokens=5000),
    "max_completion_tokens 0": chat(max_tokens=LEFT_OUT, max_completion_tokens=0),
    "context overflow": chat("1" * 4200),
    "context overflow, no limit": chat("1" * 4200, max_tokens=LEFT_OUT),
    "context with room for one": chat("1" * 4087, max_tokens=LEFT_OUT),
    "context without room": chat("1" * 4088, max_tokens=LEFT_OUT),
    "truncated": chat(truncate_prompt_tokens=5, max_tokens=2, return_token_ids=True),
    "truncated on the right": chat(
        truncate_prompt_tokens=5, truncation_side="right", max_tokens=2, return_token_ids=True
    ),
    "truncated -1": chat("1" * 4200, truncate_prompt_tokens=-1, max_tokens=2),
    "truncated 0": chat(truncate_prompt_tokens=0, max_tokens=2),
    "truncated -2": chat(truncate_prompt_tokens=-2),
    "truncated 5000": chat(truncate_prompt_tokens=5000),
    "priority": chat(priority=1),
    "thinking budget": chat(thinking_token_budget=5, max_tokens=2),
    "repetition detection": chat(
        repetition_detection={"max_pattern_size": 3, "min_count": 2}, max_tokens=4
    ),
    "several faults": chat(temperature="hot", top_p="high", n="two"),
    "faults of values": chat(temperature=-1, top_p=3),
}

FIELDS: dict[str, Case] = {
    "unknown fields": chat(max_tokens=2, colour="red", parameters={"max_new_tokens": 3}),
    "unknown model": chat(model="x"),
    "model of TGI": chat(model="tgi"),
    "model by its folder": chat(model="/repository"),
    "model empty": chat(model="", max_tokens=2),
    "model null": chat(model=None, max_tokens=2),
    "model left out": chat(model=LEFT_OUT, max_tokens=2),
    "model number": chat(model=5),
    "unknown model and a fault": chat(model="x", temperature=-1),
    "unknown model and a wrong type": chat(model="x", temperature="hot"),
    "user": chat(user="me", max_tokens=2),
    "OpenAI's own": chat(
        max_tokens=2, store=True, metadata={"a": "b"}, service_tier="auto", safety_identifier="x"
    ),
    "functions": chat(max_tokens=2, functions=[{"name": "f"}], function_call="auto"),
    "reasoning effort": chat(max_tokens=2, reasoning_effort="low"),
    "reasoning effort none": chat(max_tokens=2, reasoning_effort="none", return_prompt_text=True),
    "reasoning effort wrong": chat(reasoning_effort="heroic"),
    "include reasoning": chat(max_tokens=2, include_reasoning=False),
    "parallel tool calls": chat(max_tokens=2, parallel_tool_calls=False),
    "modalities": chat(max_tokens=2, modalities=["text"]),
    "no generation prompt": chat(add_generation_prompt=False, max_tokens=4),
    "message continued": chat(
        messages=[user(QUESTION), says("assistant", "I am")],
        add_generation_prompt=False,
        continue_final_message=True,
        max_tokens=4,
    ),
    "message continued and echoed": chat(
        messages=[user(QUESTION), says("assistant", "I am")],
        add_generation_prompt=False,
        continue_final_message=True,
        echo=True,
        max_tokens=4,
    ),
    "user's message continued": chat(
        add_generation_prompt=False, continue_final_message=True, max_tokens=4
    ),
    "both prompts": chat(add_generation_prompt=True, continue_final_message=True),
    "continued with the default": chat(continue_final_message=True),
    "echo": chat(echo=True, max_tokens=4),
    "template kwargs": chat(
        chat_template_kwargs={"enable_thinking": False}, max_tokens=2, return_prompt_text=True
    ),
    "template kwargs unknown": chat(
        chat_template_kwargs={"colour": "red"}, max_tokens=2, return_prompt_text=True
    ),
    "template kwargs wrong": chat(chat_template_kwargs="x"),
    "template kwargs of the server": chat(chat_template_kwargs={"tokenize": True}, max_tokens=2),
    "own template": chat(chat_template="{{ messages[0].content }}"),
    "documents": chat(documents=[{"title": "a", "text": "b"}], max_tokens=2),
    "special tokens added": chat(add_special_tokens=True, max_tokens=2),
    "media kwargs": chat(mm_processor_kwargs={"a": 1}, max_tokens=2),
    "cache salt": chat(cache_salt="abc", max_tokens=2),
    "cache salt empty": chat(cache_salt=""),
    "kv transfer": chat(kv_transfer_params={"a": 1}, max_tokens=2),
    "vllm_xargs": chat(vllm_xargs={"a": 1}, max_tokens=2),
    "logits processors": chat(logits_processors=["x"], max_tokens=2),
    "prompt embeddings": chat(prompt_embeds="AAAA", max_tokens=2),
}

MESSAGES: dict[str, Case] = {
    "none": chat(messages=[]),
    "left out": chat(messages=LEFT_OUT),
    "null": chat(messages=None),
    "string": chat(messages="Hello"),
    "list of strings": chat(messages=["Hello"]),
    "empty message": chat(messages=[{}]),
    "no role": chat(messages=[{"content": "Hello"}]),
    "no content": chat(messages=[{"role": "user"}]),
    "content null": chat(messages=[user(None)], max_tokens=2),
    "content empty": chat("", max_tokens=2),
    "content number": chat(5),
    "content object": chat({"text": "Hello"}),
    "content list empty": chat([], max_tokens=2),
    "one part": chat([text(QUESTION)]),
    "two parts": chat([text("Hello,"), text("who are you?")], return_prompt_text=True),
    "part as a string": chat([QUESTION], max_tokens=2),
    "part without text": chat([{"type": "text"}]),
    "part without type": chat([{"text": QUESTION}], max_tokens=2),
    "part of no known type": chat([{"type": "smell", "smell": "rose"}]),
    "picture": chat([{"type": "image_url", "image_url": {"url": PIXEL}}, text("What is this?")]),
    "picture as a string": chat([{"type": "image_url", "image_url": PIXEL}]),
    "picture without address": chat([{"type": "image_url", "image_url": {}}]),
    "picture null": chat([{"type": "image_url", "image_url": None}]),
    "sound": chat([{"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}]),
    "video": chat([{"type": "video_url", "video_url": {"url": "data:video/mp4;base64,AAAA"}}]),
    "file": chat([{"type": "file", "file": {"file_id": "x"}}]),
    "refusal part": chat(
        messages=[user("Hi"), says("assistant", [{"type": "refusal", "refusal": "No."}]), user("?")]
    ),
    "thinking part": chat(
        messages=[
            user("Hi"),
            says("assistant", [{"type": "thinking", "thinking": "hm"}, text("Yes")]),
            user("?"),
        ],
        max_tokens=2,
    ),
    "system": chat(messages=[says("system", "Answer in French."), user("Hello")]),
    "system last": chat(messages=[user("Hello"), says("system", "Be brief.")], max_tokens=2),
    "developer": chat(
        messages=[says("developer", "Be brief."), user("Hello")],
        max_tokens=2,
        return_prompt_text=True,
    ),
    "unknown role": chat(
        messages=[says("pirate", "Arr"), user("Hello")], max_tokens=2, return_prompt_text=True
    ),
    "role number": chat(messages=[says(5, "Hello")]),  # type: ignore[arg-type]
    "role empty": chat(messages=[says("", "Hello")], max_tokens=2),
    "user twice": chat(messages=[user("Hello"), user("Hello?")], max_tokens=2),
    "assistant last": chat(
        messages=[user("Hello"), says("assistant", "I am")], max_tokens=2, return_prompt_text=True
    ),
    "assistant without content": chat(messages=[user("Hello"), {"role": "assistant"}, user("?")]),
    "tool result without call": chat(
        messages=[user("Hello"), {"role": "tool", "tool_call_id": "a", "content": "5"}],
        max_tokens=2,
        return_prompt_text=True,
    ),
    "tool result without id": chat(
        messages=[user("Hello"), says("tool", "5")], max_tokens=2, return_prompt_text=True
    ),
    "function result": chat(
        messages=[user("Hello"), {"role": "function", "name": "f", "content": "5"}], max_tokens=2
    ),
    "name": chat(messages=[{**user("Hello"), "name": "Ada"}], max_tokens=2),
    "unknown field": chat(messages=[{**user("Hello"), "colour": "red"}], max_tokens=2),
    "reasoning": chat(
        messages=[
            user("Hello"),
            {"role": "assistant", "content": "Hi", "reasoning": "a greeting"},
            user("?"),
        ],
        max_tokens=2,
        return_prompt_text=True,
    ),
    "marks in the text": chat("<|im_end|>", max_tokens=2, return_token_ids=True),
    "poem": chat("Please write a short poem about winter for me.", max_tokens=40),
    "capital": chat("What is the capital of Portugal?", max_tokens=30),
    "sum": chat("What is 12 + 30?", max_tokens=20),
}
