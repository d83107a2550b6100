"""What a container is told: accepted by the service, and meant alike by each server."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import ParameterError, container_for, failing_container


@pytest.mark.parametrize(
    ("engine", "part"),
    [
        (
            "vLLM",
            {"container_args": ["--max-model-len", "768", "--max-num-seqs", "4"]},
        ),
        (
            "tgi",
            {
                "env": {
                    "MODEL_ID": "/repository",
                    "MAX_INPUT_TOKENS": "512",
                    "MAX_TOTAL_TOKENS": "768",
                    "MAX_CONCURRENT_REQUESTS": "4",
                }
            },
        ),
        ("llamacpp", {}),
    ],
)
def test_lengths_and_numbers(engine: str, part: dict[str, Any]) -> None:
    made = container_for(engine, max_length=768, at_once=4)
    image = made.pop("custom_image")[engine]
    assert made == part
    if engine == "llamacpp":
        assert (image["ctxSize"], image["nParallel"]) == (4 * 768, 4)


def test_function_calls_and_a_short_whole() -> None:
    arguments = container_for("vLLM", max_length=1024, tool_calls="hermes")["container_args"]
    assert arguments[2:] == ["--enable-auto-tool-choice", "--tool-call-parser", "hermes"]
    env = container_for("tgi", max_length=100, tool_calls="hermes")["env"]
    assert (env["MAX_INPUT_TOKENS"], env["MAX_TOTAL_TOKENS"]) == ("50", "100")


@pytest.mark.parametrize("engine", ["vllm", "", None])
def test_an_engine_that_does_not_exist(engine: Any) -> None:
    for make in (lambda: container_for(engine, max_length=1), lambda: failing_container(engine)):
        with pytest.raises(ParameterError, match="choose one of vLLM, tgi, llamacpp"):
            make()


def test_what_is_changed_is_not_changed_for_the_next_one() -> None:
    container_for("vLLM", max_length=1)["custom_image"]["vLLM"]["port"] = 1
    assert container_for("vLLM", max_length=1)["custom_image"]["vLLM"]["port"] == 8000
