"""What a request must be, whatever it wants: its body and its parameters, by hand."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import requests

from tests.fakes import TGI_IMAGE, spec_body
from tests.local_endpoints.api.conftest import (
    NAMESPACE,
    Api,
    error_text,
)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "Failed to parse the request body as JSON"),
        (b"{", "Failed to parse the request body as JSON"),
        (b'{"a": 1,}', "Failed to parse the request body as JSON"),
        (b"\xff", "Failed to parse the request body as JSON"),
        (b"[]", "expected an object"),
        (b'"text"', "expected an object"),
        (b"null", "expected an object"),
        (b'{"a": NaN}', "Failed to parse the request body as JSON"),
        (b'{"a": Infinity}', "Failed to parse the request body as JSON"),
        (b'{"a": 1e999}', "Failed to parse the request body as JSON"),
        (b'{"a": "\\ud800"}', "Failed to parse the request body as JSON"),
        (b'{"a":' * 100_000, "Failed to parse the request body as JSON"),
        (b'{"a":' * 100 + b"1" + b"}" * 100, "Failed to parse the request body as JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "Failed to parse the request body as JSON"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_malformed_bodies(api: Api, data: bytes, text: str, method: str) -> None:
    api.service.create()
    path = f"/endpoint/{NAMESPACE}" + ("/an-endpoint" if method == "PUT" else "")
    answer = api(method, path, data=data, headers={"Content-Type": "application/json"})
    assert re.search(text, error_text(answer, 400))


@pytest.mark.parametrize(
    "poison",
    [b"NaN", b"1e999", b'"\\ud800"'],
)
def test_no_value_that_json_cannot_carry_gets_in(api: Api, poison: bytes) -> None:
    image = {"tgi": {**TGI_IMAGE["tgi"], "maxBatchSize": "POISON"}}
    text = json.dumps(spec_body(model={"image": image})).encode().replace(b'"POISON"', poison)
    answer = api(
        "POST",
        f"/endpoint/{NAMESPACE}",
        data=text,
        headers={"Content-Type": "application/json"},
    )
    error_text(answer, 400)
    assert api.get(f"/endpoint/{NAMESPACE}").json()["items"] == []


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/js",
    ],
)
def test_bodies_that_a_web_page_could_send_are_refused(api: Api, content_type: str) -> None:
    answer = api(
        "POST",
        f"/endpoint/{NAMESPACE}",
        data=json.dumps(spec_body()),
        headers={"Content-Type": content_type},
    )
    assert "Content-Type: application/json" in error_text(answer, 415)
    assert api.get(f"/endpoint/{NAMESPACE}").json()["totalItems"] == 0


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json"]
)
def test_spellings_of_the_content_type(api: Api, content_type: str) -> None:
    answer = api(
        "POST",
        f"/endpoint/{NAMESPACE}",
        data=json.dumps(spec_body()),
        headers={"Content-Type": content_type},
    )
    assert answer.status_code == 200


def test_oversized_bodies_are_counted_on_received_bytes(api: Api) -> None:
    def chunks() -> Any:
        for _ in range(200):
            yield b" " * 10_000

    answer = api(
        "POST",
        f"/endpoint/{NAMESPACE}",
        data=chunks(),
        headers={"Content-Type": "application/json"},
    )
    assert "length limit" in error_text(answer, 413)


def test_the_token_is_asked_for_before_the_body_is_read(api: Api) -> None:
    answer = requests.post(f"{api.service.url}/v2/endpoint/{NAMESPACE}", data=b"{" * 10, timeout=20)
    assert error_text(answer, 401) == "401 Unauthorized"


@pytest.mark.parametrize(
    "parameters",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "-1"},
        {"limit": "x"},
        {"limit": "²"},
        {"limit": "9" * 5000},
        {"cursor": "x"},
        {"cursor": "äöü"},
        {"cursor": "LTE="},
    ],
)
def test_bad_paging(api: Api, parameters: dict[str, str]) -> None:
    error_text(api.get(f"/endpoint/{NAMESPACE}", **parameters), 400)


@pytest.mark.parametrize("tail", ["0", "x", "-5", "²", "9" * 5000])
def test_bad_tail(api: Api, tail: str) -> None:
    api.service.create()
    error_text(api.get(f"/endpoint/{NAMESPACE}/an-endpoint/logs", tail=tail), 400)
