from __future__ import annotations

from local_endpoints.api.errors import ApiError, bad_request, conflict, not_found


def test_texts_begin_with_the_reason_phrase() -> None:
    assert str(bad_request("no")) == "Bad Request: no"
    assert str(not_found("no")) == "Not Found: no"
    assert str(conflict("no")) == "Conflict: no"
    assert str(ApiError(501, "no")) == "Not Implemented: no"


def test_statuses() -> None:
    statuses = [error("").status for error in (bad_request, not_found, conflict)]
    assert statuses == [400, 404, 409]
