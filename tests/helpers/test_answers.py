"""Refusals in the server's own words, and which of them are worth another try."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
import requests
from huggingface_hub.errors import HfHubHTTPError

from helpers import RefusedError, UnreachableError, raise_for_refusal
from helpers.answers import PAUSES_SECONDS, persistently, plain_words

ADDRESS = httpx2.Request("GET", "http://127.0.0.1:1/")


def answer(status: int, text: str) -> httpx2.Response:
    return httpx2.Response(status, text=text, request=ADDRESS)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"error":"Input validation error: too long","error_type":"validation"}',
         "422: Input validation error: too long"),
        ("Failed to deserialize the JSON body: seed: invalid value",
         "422: Failed to deserialize the JSON body: seed: invalid value"),
        ('{"error":{"message":"The model does not exist","code":404}}',
         "422: The model does not exist"),
        ('{"detail":"no"}', '422: {"detail": "no"}'),
        ('"only a text"', "422: only a text"),
        ("<html><title>502</title>", "422: a web page instead of an answer"),
        ("", "422: no explanation"),
    ],
)  # fmt: skip
def test_the_servers_sentence_is_repeated(body: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as caught:
        raise_for_refusal(answer(422, body))
    assert (str(caught.value), caught.value.status) == (sentence, 422)


@pytest.mark.parametrize("status", [200, 204, 302])
def test_an_answer_is_no_refusal(status: int) -> None:
    raise_for_refusal(answer(status, "fine"))


def test_answers_of_requests_have_the_same_form() -> None:
    response = requests.Response()
    response.status_code, response._content = 413, b"length limit exceeded"
    with pytest.raises(RefusedError, match="413: length limit exceeded"):
        raise_for_refusal(response)


@pytest.mark.parametrize(
    "error", [httpx2.ConnectError("no route"), httpx2.ReadTimeout("slow"), httpx2.ProxyError("no")]
)
def test_silence_is_said_in_words(error: Exception) -> None:
    with pytest.raises(UnreachableError, match="asking failed: no answer"), plain_words("asking"):
        raise error


def failing(*errors: Exception) -> Any:
    left = list(errors)

    def ask() -> str:
        if left:
            raise left.pop(0)
        return "an answer"

    return ask


def refused(status: int, text: str = "") -> HfHubHTTPError:
    return HfHubHTTPError("no", response=answer(status, text))


def test_what_may_pass_is_asked_again() -> None:
    naps: list[float] = []
    errors = (
        refused(503),
        httpx2.ConnectError("no route"),
        refused(400, "workload is not stopped"),
    )
    assert persistently(failing(*errors), sleep=naps.append) == "an answer"
    assert naps == list(PAUSES_SECONDS[:3])


@pytest.mark.parametrize("error", [refused(400, "Bad Request"), refused(404), ValueError("ours")])
def test_what_stays_is_not(error: Exception) -> None:
    with pytest.raises(type(error)):
        persistently(failing(error, error), sleep=lambda seconds: None)


def test_patience_has_an_end() -> None:
    naps: list[float] = []
    with pytest.raises(HfHubHTTPError):
        persistently(failing(*[refused(502)] * 100), sleep=naps.append)
    assert naps == list(PAUSES_SECONDS)
