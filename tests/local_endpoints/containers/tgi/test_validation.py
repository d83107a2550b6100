"""The router's checks: every text, and which comes first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local_endpoints.containers.conftest import RunningContainer, StartContainer

BIG = {"inputs": "a" * 200}


def text_of(container: RunningContainer, parameters: Any, inputs: str = "the fox") -> str:
    reply = container.post("/generate", {"inputs": inputs, "parameters": parameters})
    assert reply.status == 422
    body = reply.json()
    assert list(body) == ["error", "error_type"]
    assert body["error_type"] == "validation"
    assert body["error"].startswith("Input validation error: ")
    text: str = body["error"].removeprefix("Input validation error: ")
    return text


CHECKS: list[tuple[dict[str, Any], str]] = [
    ({"best_of": 3, "do_sample": True}, "`best_of` must be > 0 and <= 2. Given: 3"),
    ({"best_of": 2}, "you must use sampling when `best_of` is > 1"),
    ({"temperature": 0.0}, "`temperature` must be strictly positive"),
    ({"temperature": -1}, "`temperature` must be strictly positive"),
    ({"temperature": 1e-50}, "`temperature` must be strictly positive"),
    ({"repetition_penalty": 0}, "`repetition_penalty` must be strictly positive"),
    ({"frequency_penalty": 2.1}, "`frequency_penalty` must be >= -2.0 and <= 2.0"),
    ({"frequency_penalty": -2.1}, "`frequency_penalty` must be >= -2.0 and <= 2.0"),
    ({"top_p": 1.0}, "`top_p` must be > 0.0 and < 1.0"),
    ({"top_p": 0}, "`top_p` must be > 0.0 and < 1.0"),
    ({"typical_p": 1.0}, "`typical_p` must be > 0.0 and < 1.0"),
    ({"typical_p": 0.0}, "`typical_p` must be > 0.0 and < 1.0"),
    ({"top_k": 0}, "`top_k` must be strictly positive"),
    ({"top_k": -4}, "`top_k` must be strictly positive"),
    ({"max_new_tokens": 0}, "`max_new_tokens` must be strictly positive"),
    ({"stop": list("abcde")}, "`stop` supports up to 4 stop sequences. Given: 5"),
    (
        {"best_of": 2, "do_sample": True, "seed": 1},
        "`seed` must not be set when `best_of` > 1",
    ),
    ({"top_n_tokens": 6}, "`top_n_tokens` must be >= 0 and <= 5. Given: 6"),
    ({"truncate": 0}, "`truncate` must be strictly positive and less than 60. Given: 0"),
    ({"truncate": 61}, "`truncate` must be strictly positive and less than 60. Given: 61"),
    (
        {"grammar": {"type": "json", "value": {}}},
        "grammar is not valid: Grammar must have a 'properties' field",
    ),
]


@pytest.mark.parametrize(("parameters", "text"), CHECKS)
def test_each_check_has_its_text(
    container: RunningContainer, parameters: dict[str, Any], text: str
) -> None:
    assert text_of(container, parameters) == text


@pytest.mark.parametrize(
    "parameters",
    [
        {"temperature": 1e-30},
        {"frequency_penalty": 2},
        {"frequency_penalty": -2.0},
        {"top_p": 0.999},
        {"top_k": 1},
        {"stop": list("abcd")},
        {"top_n_tokens": 5},
        {"truncate": 60},
        {"best_of": 1, "seed": 3},
        {"best_of": 0},
        {"seed": 2**64 - 1, "do_sample": True},
        {"adapter_id": "unknown"},
    ],
)
def test_values_at_the_border_pass(container: RunningContainer, parameters: Any) -> None:
    body = {"inputs": "the fox", "parameters": {"max_new_tokens": 1, **parameters}}
    assert container.post("/generate", body).status == 200


def test_no_best_of_is_taken_for_one_unless_streamed(container: RunningContainer) -> None:
    """TGI looks at ``best_of`` where it is above one, and in streams."""
    body = {"inputs": "the fox", "parameters": {"best_of": 0, "max_new_tokens": 2, "details": True}}
    for path in ("/generate", "/"):
        reply = container.post(path, body)
        assert reply.status == 200
        assert "best_of_sequences" not in reply.text
    (event,) = container.post("/generate_stream", body).events
    assert "`best_of` != 1 is not supported when streaming tokens" in event


def test_a_watermark_is_accepted_and_the_log_says_that_there_is_none(
    container: RunningContainer, caplog: pytest.LogCaptureFixture
) -> None:
    def generate(**parameters: Any) -> Any:
        body = {"inputs": "the fox", "parameters": {"max_new_tokens": 4, **parameters}}
        return container.post("/generate", body)

    with caplog.at_level("INFO"):
        marked = generate(watermark=True)
    assert marked.status == 200
    assert marked.json() == generate().json()
    assert caplog.text.count("watermark: accepted, but") == 1


def test_empty_inputs_are_refused(container: RunningContainer) -> None:
    assert text_of(container, {}, inputs="") == "`inputs` cannot be empty"


def test_the_checks_come_in_the_routers_order(container: RunningContainer) -> None:
    """Everything is wrong at first; each repair uncovers the next check."""
    parameters: dict[str, Any] = {
        "best_of": 2,
        "temperature": -1,
        "repetition_penalty": -1,
        "frequency_penalty": 3,
        "top_p": 1,
        "typical_p": 1,
        "top_k": 0,
        "max_new_tokens": 0,
        "stop": list("abcde"),
        "seed": 1,
        "top_n_tokens": 9,
        "truncate": 0,
        "grammar": {"type": "json", "value": {}},
    }
    repairs: list[tuple[str, Any, str]] = [
        ("temperature", 0.5, "`temperature`"),
        ("repetition_penalty", 1.0, "`repetition_penalty`"),
        ("frequency_penalty", 0.0, "`frequency_penalty`"),
        ("top_p", 0.5, "`top_p`"),
        ("typical_p", 0.5, "`typical_p`"),
        ("top_k", 5, "`top_k`"),
        ("max_new_tokens", 90, "`max_new_tokens`"),
        ("stop", [], "`stop`"),
        ("seed", None, "`seed`"),
        ("top_n_tokens", 0, "`top_n_tokens`"),
    ]
    for name, repaired, expected in repairs:
        assert text_of(container, parameters, inputs="").startswith(expected)
        parameters[name] = repaired
    assert text_of(container, parameters, inputs="") == "`inputs` cannot be empty"
    assert text_of(container, parameters).startswith("`truncate`")
    del parameters["truncate"]
    assert text_of(container, parameters, BIG["inputs"]).startswith("`inputs` tokens + ")
    parameters["max_new_tokens"] = 1
    assert text_of(container, parameters, "a" * 70).startswith("`inputs` must have less than 60")
    assert text_of(container, parameters).startswith("grammar is not valid")


def test_the_budget_counts_prompt_and_new_tokens(container: RunningContainer) -> None:
    assert text_of(container, {"max_new_tokens": 97}) == (
        "`inputs` tokens + `max_new_tokens` must be <= 100. "
        "Given: 4 `inputs` tokens and 97 `max_new_tokens`"
    )
    body = {"inputs": "the fox", "parameters": {"max_new_tokens": 96}}
    assert container.post("/generate", body).status == 200


def test_at_most_1024_new_tokens_are_counted(
    start_container: StartContainer, container: RunningContainer
) -> None:
    assert text_of(container, {"max_new_tokens": 5000}).endswith("and 1024 `max_new_tokens`")
    roomy = start_container(MAX_TOTAL_TOKENS="1100")
    body = {"inputs": "the fox", "parameters": {"max_new_tokens": 5000, "details": True}}
    details = roomy.post("/generate", body).json()["details"]
    if details["finish_reason"] == "length":
        assert details["generated_tokens"] == 1100 - 4


def test_long_inputs(container: RunningContainer) -> None:
    assert text_of(container, {}, inputs="a" * 70) == (
        "`inputs` must have less than 60 tokens. Given: 71"
    )
    assert text_of(container, {}, inputs="a" * 150) == (
        "`inputs` tokens + `max_new_tokens` must be <= 100. "
        "Given: 151 `inputs` tokens and 0 `max_new_tokens`"
    )


def test_truncation_keeps_the_end_of_the_prompt(container: RunningContainer) -> None:
    def generate(inputs: str, **parameters: Any) -> Any:
        parameters = {"max_new_tokens": 8, "details": True, **parameters}
        return container.post("/generate", {"inputs": inputs, "parameters": parameters})

    long = generate("a" * 150 + "fox jumps over the lazy dog", truncate=20)
    other = generate("b" * 150 + "fox jumps over the lazy dog", truncate=5)
    same = generate("zzz" * 40 + "fox jumps over the lazy dog", truncate=5)
    assert long.headers["x-prompt-tokens"] == "20"
    assert other.headers["x-prompt-tokens"] == "5"
    assert other.json() == same.json()


def test_best_of_can_be_switched_off(start_container: StartContainer) -> None:
    one = start_container(MAX_BEST_OF="1")
    assert text_of(one, {"best_of": 2, "do_sample": True}) == (
        "`best_of` != 1 is not allowed for this endpoint"
    )
