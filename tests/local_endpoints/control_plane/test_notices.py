from __future__ import annotations

from typing import Any

import pytest

from local_endpoints.control_plane.notices import MOST_CHARACTERS, MOST_NOTICES, notices
from tests.fakes import TGI_IMAGE, spec_body

URL = TGI_IMAGE["tgi"]["url"]


def test_what_the_client_sends_needs_no_notice() -> None:
    assert notices(spec_body()) == []
    assert notices({}) == []


@pytest.mark.parametrize(
    ("body", "start", "hint"),
    [
        (spec_body(accountId="x"), "accountId was dropped", ""),
        (spec_body(compute={"cloud": 1}), "compute.cloud was dropped", ""),
        (
            {"model": {"image": {"custom": {"url": URL, "health_route": "/health"}}}},
            "model.image.custom.health_route was dropped",
            "its name is healthRoute",
        ),
        (
            {"model": {"image": {"custom": {"url": URL, "env": {"A": "1"}}}}},
            "model.image.custom.env was dropped",
            "model.env",
        ),
        ({"model": {"image": {"huggingface": {"secrets": {}}}}}, "model.image.hugg", "secrets="),
        (
            {"compute": {"scaling": {"min_replica": 1}}},
            "compute.scaling.min_replica was dropped",
            "its name is minReplica",
        ),
        ({"cache_http_responses": True}, "cache_http_responses was", "cacheHttpResponses"),
        ({"type": "protected"}, 'type "protected"', '"private"'),
    ],
)
def test_a_notice_names_the_field_and_where_it_belongs(
    body: dict[str, Any], start: str, hint: str
) -> None:
    (notice,) = notices(body)
    assert notice.startswith(start)
    assert hint in notice


def test_there_are_never_so_many_or_so_long_ones_that_a_client_chokes() -> None:
    body = {f"field-{number}-{'x' * 1000}": 1 for number in range(500)}
    found = notices(body)
    assert len(found) == MOST_NOTICES
    assert all(len(notice) <= MOST_CHARACTERS for notice in found)
    assert found[-1] == f"{500 - MOST_NOTICES + 1} more fields were dropped"
