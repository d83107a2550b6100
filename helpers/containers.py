"""What a container is told, in the words of its server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.errors import ParameterError

IMAGES: Mapping[str, dict[str, Any]] = {
    "vLLM": {"url": "vllm/vllm-openai:v0.30.0", "port": 8000, "healthRoute": "/health"},
    "tgi": {
        "url": "ghcr.io/huggingface/text-generation-inference:3.3.7",
        "port": 80,
        "healthRoute": "/health",
    },
    "llamacpp": {"url": "ghcr.io/ggml-org/llama.cpp:server", "port": 80, "healthRoute": "/health"},
}
"""Of each engine the image that the lessons were tried with."""
ANSWER = 256
"""Tokens that TGI keeps for the answer: it wants to know the longest prompt by itself."""
LLAMACPP_AT_ONCE = 8


def container_for(
    engine: str, *, max_length: int, at_once: int | None = None, tool_calls: str | None = None
) -> dict[str, Any]:
    """The part of ``create_inference_endpoint``'s arguments that depends on the server.

    Args:
        engine: ``"vLLM"``, ``"tgi"`` or ``"llamacpp"``.
        max_length: tokens that a prompt and its answer may have together.
        at_once: answers that are computed at a time; default what the server does by itself, 8
            with llama.cpp. vLLM and llama.cpp let further requests wait, TGI refuses them.
        tool_calls: the form in which the model writes function calls, for example ``"hermes"``,
            for vLLM; the other servers find it out.

    Raises:
        ParameterError: there is no such engine.
    """
    if engine == "vLLM":
        arguments = ["--max-model-len", str(max_length)]
        if at_once:
            arguments += ["--max-num-seqs", str(at_once)]
        if tool_calls:
            arguments += ["--enable-auto-tool-choice", "--tool-call-parser", tool_calls]
        return {"custom_image": {engine: dict(IMAGES[engine])}, "container_args": arguments}
    if engine == "tgi":
        prompt = max_length - min(ANSWER, max_length // 2)
        env = {"MAX_INPUT_TOKENS": str(prompt), "MAX_TOTAL_TOKENS": str(max_length)}
        if at_once:
            env["MAX_CONCURRENT_REQUESTS"] = str(at_once)
        return {
            "custom_image": {engine: dict(IMAGES[engine])},
            "env": {"MODEL_ID": "/repository"} | env,
        }
    if engine == "llamacpp":
        # llama.cpp divides its context among the answers that it computes at a time.
        number = at_once or LLAMACPP_AT_ONCE
        sizes = {"ctxSize": number * max_length, "nParallel": number}
        return {"custom_image": {engine: IMAGES[engine] | sizes}}
    raise ParameterError(f"there is no engine {engine!r}: choose one of {', '.join(IMAGES)}")


def failing_container(engine: str) -> dict[str, Any]:
    """Such a part that is accepted, and that the container cannot start with.

    vLLM shall serve a million tokens, which no model of the lessons can read; TGI prompts that are
    longer than the whole; llama.cpp a file that the repository does not have.

    Raises:
        ParameterError: there is no such engine.
    """
    container = container_for(engine, max_length=1_000_000)
    if engine == "tgi":
        container["env"] |= {"MAX_INPUT_TOKENS": "1000", "MAX_TOTAL_TOKENS": "768"}
    if engine == "llamacpp":
        container = {"custom_image": {engine: IMAGES[engine] | {"modelPath": "x"}}}
    return container
