"""Errors and secrets in words."""

from __future__ import annotations

import httpx2
import pytest
from huggingface_hub.errors import (
    GenerationError,
    HfHubHTTPError,
    InferenceTimeoutError,
    UnknownError,
)

from helpers import SpendLimitError
from helpers.panel.words import MASK, error_words, gigabytes, masked, usd


@pytest.mark.parametrize(
    ("name", "value", "is_shown"),
    [
        ("MAX_INPUT_TOKENS", "1024", True),
        ("MODEL_ID", "/repository", True),
        ("HF_TOKEN", "anything", False),
        ("MY_API_KEY", "anything", False),
        ("DB_PASSWORD", "anything", False),
        ("GREETING", "hf_" + "a" * 30, False),
        ("GREETING", "sk-" + "a" * 30, False),
    ],
)
def test_what_looks_like_a_secret_is_masked(name: str, value: str, is_shown: bool) -> None:
    assert masked({name: value}) == {name: value if is_shown else MASK}


def refused(status: int, text: str) -> HfHubHTTPError:
    request = httpx2.Request("GET", "http://localhost/")
    return HfHubHTTPError("?", response=httpx2.Response(status, text=text, request=request))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SpendLimitError("too dear"), "too dear"),
        (refused(503, '{"error": "503 Service Unavailable"}'), "503: 503 Service Unavailable"),
        (refused(400, '{"object":"error","message":"no"}'), "400: no"),
        (InferenceTimeoutError("x"), "no answer in time"),
        (httpx2.ConnectError("refused"), "no connection to the service, or it broke off (refused)"),
        (GenerationError("out of memory"), "the server broke off: out of memory"),
        (UnknownError({"message": "out of memory"}), "the server broke off: out of memory"),
        (ValueError("odd"), "ValueError: odd"),
        (ValueError(), "ValueError"),
    ],
)
def test_errors_are_sentences(error: Exception, words: str) -> None:
    assert error_words(error).startswith(words)


def test_numbers() -> None:
    assert (usd(0.8), usd(1234.5), usd(float("nan"))) == ("$0.80", "$1,234.50", "unknown")
    assert (gigabytes(4e9), gigabytes(11e6)) == ("4.0 GB", "11 MB")
