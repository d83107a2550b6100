from __future__ import annotations

import pytest

from local_endpoints.errors import ApiError, bad_request, conflict, header_text, not_found


def test_texts_begin_with_the_reason_phrase() -> None:
    assert str(bad_request("no")) == "Bad Request: no"
    assert str(not_found("no")) == "Not Found: no"
    assert str(conflict("no")) == "Conflict: no"
    assert str(ApiError(501, "no")) == "Not Implemented: no"


def test_statuses() -> None:
    statuses = [error("").status for error in (bad_request, not_found, conflict)]
    assert statuses == [400, 404, 409]


def test_generic_refusals_are_the_status_and_its_phrase() -> None:
    assert ApiError(401).body() == {"error": "401 Unauthorized", "code": "UNAUTHORIZED"}
    assert ApiError(503).body()["error"] == "503 Service Unavailable"


@pytest.mark.parametrize(
    ("status", "phrase", "code"),
    [
        (400, "Bad Request", "BAD_REQUEST"),
        # Python 3.13 has other names for these two than the real service's Rust library.
        (413, "Payload Too Large", "PAYLOAD_TOO_LARGE"),
        (422, "Unprocessable Entity", "UNPROCESSABLE_ENTITY"),
        (500, "Internal Server Error", "INTERNAL_SERVER_ERROR"),
    ],
)
def test_specific_refusals(status: int, phrase: str, code: str) -> None:
    assert ApiError(status, "why").body() == {"error": f"{phrase}: why", "code": code}


def test_a_headers_value_is_one_line_of_ascii() -> None:
    assert header_text("caf\u00e9\r\nx: 1\t.") == "caf???x: 1?."
