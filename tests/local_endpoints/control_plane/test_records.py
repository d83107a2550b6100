from __future__ import annotations

import json
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.checks import admit
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.records import UNREADABLE, Saved, endpoint_of, record_of
from tests.fakes import make_spec

pytestmark = pytest.mark.usefixtures("repositories")


@pytest.fixture
def endpoint(clock: ManualClock) -> Endpoint:
    spec = make_spec(model={"secrets": {"KEY": "very-secret"}})
    made = Endpoint("local-user", "local-user", spec, admit(spec), created_at=clock.now())
    made.meter.start(replicas=2, price_per_hour=1.5, clock=clock)
    return made


def test_a_record_is_json_and_makes_the_same_endpoint_again(endpoint: Endpoint) -> None:
    record = record_of(endpoint)
    assert endpoint_of(json.loads(json.dumps(record))) == endpoint
    assert record == record_of(endpoint), "it is left as it was"


@pytest.mark.parametrize(
    "changes",
    [{"spec": {}}, {"spec": None}, {"spec": {"model": {"secrets": {"KEY": 5}}}}, {"meter": None},
     {"meter": {}}, {"meter": {"settled": 0, "current": [5]}}, {"surprise": 1}],
)  # fmt: skip
def test_what_is_no_record_says_so_without_its_secrets(
    endpoint: Endpoint, changes: dict[str, Any]
) -> None:
    with pytest.raises(UNREADABLE) as caught:
        endpoint_of({**record_of(endpoint), **changes})
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "values", [("x", 0.0, []), (1, None, []), (1, -1.0, []), (1, 1e300, []), (1, 0.0, None)]
)
def test_impossible_values_are_not_taken(values: Any) -> None:
    with pytest.raises(ValueError, match="what it says of"):
        Saved(*values)
