from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pytest
from huggingface_hub import InferenceEndpoint

from local_endpoints.control_plane.checks import admit
from local_endpoints.control_plane.endpoint import Endpoint, State, iso, new_id
from local_endpoints.repositories import Repository
from tests.fakes import MODEL_ID, TGI_IMAGE, make_spec

BASE = "http://127.0.0.1:1"
pytestmark = pytest.mark.usefixtures("repositories")


def endpoint(**changes: Any) -> Endpoint:
    spec = make_spec(**changes)
    return Endpoint(
        namespace="local-user",
        user="local-user",
        spec=spec,
        served=admit(spec),
        created_at=1_700_000_000.25,
    )


def test_ids_are_sixteen_lower_case_letters_and_digits_and_differ() -> None:
    ids = {new_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(re.fullmatch(r"[a-z][a-z0-9]{15}", one) for one in ids)
    assert len(new_id(8)) == 8


def test_times_are_utc_and_end_in_z() -> None:
    text = iso(1_700_000_000.25)
    assert text == "2023-11-14T22:13:20.250Z"
    parsed = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    assert parsed.timestamp() == 1_700_000_000.25


def test_the_unmodified_client_can_read_the_object(repositories: dict[str, Repository]) -> None:
    raw = endpoint(model={"task": ...}).to_object(BASE)
    read = InferenceEndpoint.from_raw(raw, namespace="local-user")
    assert read.name == "an-endpoint"
    assert read.repository == MODEL_ID
    assert read.status == "pending"
    assert read.health_route == "/health"
    assert read.revision == repositories[MODEL_ID].revision
    assert read.task == "text-generation"
    assert read.type == "authenticated"
    assert read.created_at == datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=timezone.utc)
    assert read.url is None


def url_of(one: Endpoint) -> str | None:
    url: str | None = one.to_object(BASE)["status"]["url"]
    return url


def test_a_new_endpoint_has_no_url() -> None:
    one = endpoint()
    one.enter("pending", 1.0)
    assert url_of(one) is None


@pytest.mark.parametrize(
    "state", ["initializing", "running", "updating", "scaledToZero", "paused", "failed"]
)
def test_every_other_state_shows_the_url(state: State) -> None:
    one = endpoint()
    one.enter(state, 1.0)
    assert url_of(one) == f"{BASE}/{one.id}"


def test_a_url_that_was_shown_stays_also_while_a_resumed_endpoint_is_pending() -> None:
    one = endpoint()
    one.enter("running", 1.0)
    one.enter("paused", 2.0)
    one.enter("pending", 3.0)
    assert url_of(one) == f"{BASE}/{one.id}"


def test_configuration_is_echoed_with_defaults_filled_in() -> None:
    raw = endpoint(scaling={"maxReplica": 2}, model={"env": {"A": "1"}}, tags=["t"]).to_object(BASE)
    assert raw["compute"]["scaling"]["minReplica"] == 0
    assert raw["compute"]["scaling"]["maxReplica"] == 2
    assert raw["compute"]["scaling"]["scaleToZeroTimeout"] == 15
    assert raw["compute"]["id"] == "aws-us-east-1-nvidia-l4-x1"
    assert raw["model"]["env"] == {"A": "1"}
    assert raw["model"]["image"] == TGI_IMAGE
    assert raw["tags"] == ["t"]
    assert {"notifications", "experimentalFeatures"} <= set(raw)


def test_secrets_and_registry_credentials_are_masked() -> None:
    image = {"tgi": {**TGI_IMAGE["tgi"], "credentials": {"username": "me", "password": "hidden"}}}
    one = endpoint(model={"secrets": {"KEY": "hidden"}, "image": image})
    raw = one.to_object(BASE)
    assert "hidden" not in str(raw)
    assert list(raw["model"]["secrets"]) == ["KEY"]
    assert raw["model"]["image"]["tgi"]["credentials"] == {"username": "", "password": None}
    assert one.spec.model.secrets == {"KEY": "hidden"}, "the container still needs it"


def test_image_fields_that_the_service_does_not_know_are_dropped() -> None:
    url = TGI_IMAGE["tgi"]["url"]
    settings = {"url": url, "health_route": "/health", "env": {"A": "1"}, "port": 80}
    raw = endpoint(model={"image": {"custom": settings}}).to_object(BASE)
    assert raw["model"]["image"] == {"custom": {"url": url, "port": 80}}
    assert raw["healthRoute"] == "/"


def test_a_reason_is_only_shown_while_failed() -> None:
    one = endpoint()
    one.error_message = "it broke"
    one.enter("failed", 5.0)
    assert one.to_object(BASE)["status"]["errorMessage"] == "it broke"
    one.enter("updating", 6.0)
    assert "errorMessage" not in one.to_object(BASE)["status"]


def test_entering_a_state_changes_updated_at_only() -> None:
    one = endpoint()
    before = one.to_object(BASE)["status"]
    one.enter("running", one.created_at + 60)
    after = one.to_object(BASE)["status"]
    assert after["createdAt"] == before["createdAt"]
    assert after["updatedAt"] == iso(one.created_at + 60)
