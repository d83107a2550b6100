from __future__ import annotations

import json
from typing import Any

import pytest

from local_endpoints.control_plane.notices import notices
from local_endpoints.control_plane.spec import EndpointSpec, merge_spec, parse_spec
from local_endpoints.errors import ApiError
from tests.fakes import TGI_IMAGE, make_spec, spec_body

TGI = "ghcr.io/huggingface/text-generation-inference"


def refusal(body: dict[str, Any]) -> str:
    with pytest.raises(ApiError) as caught:
        parse_spec(body)
    assert caught.value.status == 400
    return str(caught.value)


def test_reads_what_the_client_sends() -> None:
    spec = make_spec("my-endpoint", tags=["course"], model={"env": {"A": "1"}})
    assert spec.name == "my-endpoint"
    assert spec.type == "authenticated"
    assert spec.tags == ["course"]
    assert spec.model.env == {"A": "1"}
    assert spec.hardware is not None
    assert spec.hardware.id == "aws-us-east-1-nvidia-l4-x1"
    assert spec.image_variant == "tgi"
    assert spec.health_route == "/health"
    assert spec.idle_minutes == 15


@pytest.mark.parametrize("name", ["abcd", "a-1-b", "0000", "a" * 32])
def test_good_names(name: str) -> None:
    assert make_spec(name).name == name


@pytest.mark.parametrize(
    "name", ["", "abc", "a" * 33, "Abcd", "-abcd", "abcd-", "ab_cd", "ab cd", "äbcd", "abcd\n"]
)
def test_bad_names(name: str) -> None:
    assert "VALIDATION_FAILED: name" in refusal(spec_body(name))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"name": ...}, "body: missing field `name`"),
        ({"type": ...}, "body: missing field `type`"),
        ({"compute": {"instanceType": ...}}, "compute: missing field `instanceType`"),
        ({"model": {"image": ...}}, "model: missing field `image`"),
        ({"model": {"repository": ...}}, "model: missing field `repository`"),
        ({"provider": {"region": ...}}, "provider: missing field `region`"),
        ({"model": {"task": None}}, "as JSON: model.task: expected value"),
        ({"model": {"env": {"A": 1}}}, "as JSON: model.env.A"),
        ({"model": {"args": "--port"}}, "as JSON: model.args"),
        ({"name": 17}, "as JSON: name"),
        ({"compute": 5}, "as JSON: compute"),
        ({"model": {"image": {"tgi": None}}}, "as JSON: model.image.tgi: expected value"),
        ({"scaling": {"minReplica": "1"}}, "as JSON: compute.scaling.minReplica"),
        ({"scaling": {"minReplica": True}}, "as JSON: compute.scaling.minReplica"),
        ({"tags": "course"}, "as JSON: tags"),
        ({"type": "secret"}, "VALIDATION_FAILED: type"),
    ],
)
def test_missing_and_mistyped_fields_are_named(changes: dict[str, Any], text: str) -> None:
    assert text in refusal(spec_body(**changes))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"model": {"args": ["--max-input-tokens", "9"]}}, "model.args"),
        ({"model": {"command": ["bash"]}}, "model.command"),
        ({"cacheHttpResponses": True}, "cacheHttpResponses"),
        ({"privateService": {"accountId": "1", "region": "us-east-1"}}, "privateService"),
        ({"route": {"path": "/mine"}}, "route"),
        ({"customRouter": {"tag": "queued-least-latency"}}, "customRouter"),
        ({"experimentalFeatures": {"loadBalancer": {"enabled": True}}}, "experimentalFeatures"),
        ({"network": {"cidrs": ["10.0.0.0/8"]}}, "network"),
        ({"notifications": {"email": ["me@example.com"]}}, "notifications"),
    ],
)
def test_what_is_not_imitated_is_refused(changes: dict[str, Any], name: str) -> None:
    assert refusal(spec_body(**changes)).startswith(f"Bad Request: {name}: not imitated")
    with pytest.raises(ApiError, match="not imitated"):
        merge_spec(make_spec(), changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"notifications": {}, "customRouter": {}, "privateService": None},
        {"experimentalFeatures": {"cacheHttpResponses": {"enabled": False}}},
    ],
)
def test_what_an_endpoints_own_object_says_may_be_sent_back(changes: dict[str, Any]) -> None:
    assert parse_spec(spec_body(**changes)).name == "an-endpoint"
    assert notices(changes) == []


def test_fields_have_their_camel_case_names_only() -> None:
    body = spec_body(compute={"instanceType": ..., "instance_type": "nvidia-l4"})
    assert "compute: missing field `instanceType`" in refusal(body)


@pytest.mark.parametrize(
    ("scaling", "text"),
    [
        ({"minReplica": -1}, "minReplica must be between 0 and maxReplica"),
        ({"minReplica": 2, "maxReplica": 1}, "minReplica must be between 0 and maxReplica"),
        ({"maxReplica": 0}, "maxReplica must be between 1 and"),
        ({"maxReplica": 9}, "maxReplica must be between 1 and 8"),
        ({"scaleToZeroTimeout": 0}, "must be between 15 and 2880 minutes"),
        ({"scaleToZeroTimeout": 14}, "must be between 15 and 2880 minutes"),
        ({"scaleToZeroTimeout": 2881}, "must be between 15 and 2880 minutes"),
        ({"scaleToZeroTimeout": -15}, "must be between 15 and 2880 minutes"),
        ({"minReplica": 1, "scaleToZeroTimeout": 15}, "requires minReplica 0"),
        ({"measure": {"gpu": 1.0}}, "measure must be"),
    ],
)
def test_replica_bounds(scaling: dict[str, Any], text: str) -> None:
    assert text in refusal(spec_body(scaling=scaling))


@pytest.mark.parametrize(
    ("scaling", "minutes"),
    [
        ({}, 15),
        ({"scaleToZeroTimeout": 15}, 15),
        ({"scaleToZeroTimeout": 2880}, 2880),
        ({"minReplica": 1}, None),
    ],
)
def test_idle_minutes(scaling: dict[str, Any], minutes: int | None) -> None:
    assert make_spec(scaling=scaling).idle_minutes == minutes


@pytest.mark.parametrize("measure", [{"hardwareUsage": None}, {"pendingRequests": 1.5}])
def test_measure_may_be_null(measure: dict[str, Any]) -> None:
    assert make_spec(scaling={"measure": measure}).compute.scaling.measure == measure


@pytest.mark.parametrize(
    ("image", "text"),
    [
        ({}, "expected exactly one variant"),
        ({"tgi": {"url": TGI}, "custom": {"url": TGI}}, "expected exactly one variant"),
        ({"docker": {"url": TGI}}, "expected exactly one variant"),
        ({"vLLM": {}}, "VALIDATION_FAILED: model.image.vLLM: missing field `url`"),
        ({"custom": {"url": ""}}, "VALIDATION_FAILED: model.image.custom: missing field `url`"),
        ({"tgi": {"url": TGI, "healthRoute": 5}}, "model.image.tgi.healthRoute"),
        ({"tgi": {"url": 5}}, "model.image.tgi.url"),
        ({"tgi": {"url": TGI, "port": "80"}}, "model.image.tgi.port: expected u32"),
        ({"tgi": {"url": TGI, "maxInputLength": True}}, "tgi.maxInputLength: expected u32"),
        ({"tgi": {"url": TGI, "maxTotalTokens": -1}}, "tgi.maxTotalTokens: expected u32"),
        ({"tgi": {"url": TGI, "quantize": 8}}, "model.image.tgi.quantize: expected a string"),
        ({"tgi": {"url": TGI, "disableCustomKernels": 1}}, "expected a boolean"),
        ({"custom": {"url": TGI, "credentials": "me"}}, "credentials: expected a map"),
    ],
)
def test_bad_images(image: dict[str, Any], text: str) -> None:
    assert text in refusal(spec_body(model={"image": image}))


@pytest.mark.parametrize(
    ("image", "dialect"),
    [
        ({"tgi": {"url": f"{TGI}:3.3.7"}}, "tgi"),
        ({"tgi": {"url": TGI}}, "tgi"),
        ({"custom": {"url": f"{TGI}:latest"}}, "tgi"),
        ({"custom": {"url": f"{TGI}:3.0.1@sha256:abc123"}}, "tgi"),
        ({"custom": {"url": f"{TGI}:1.4.0"}}, None),
        ({"custom": {"url": "registry.example/my-server:3.0"}}, None),
        ({"custom": {"url": "registry.example/my-text-generation-inference-fork:3.0"}}, None),
        ({"tei": {"url": f"{TGI}:3.3.7"}}, None),
        ({"huggingface": {}}, "toolkit"),
        ({"huggingfaceNeuron": {}}, None),
        ({"hfServe": {"url": "registry.example/hf-serve"}}, None),
    ],
)
def test_dialect_of_an_image(image: dict[str, Any], dialect: str | None) -> None:
    found = make_spec(model={"image": image}).dialect
    assert (found.name if found else None) == dialect


@pytest.mark.parametrize(
    ("image", "route"),
    [
        ({"tgi": {"url": TGI}}, "/health"),
        ({"custom": {"url": TGI}}, "/"),
        ({"custom": {"url": TGI, "healthRoute": "/ping"}}, "/ping"),
        ({"custom": {"url": TGI, "healthRoute": None}}, "/"),
        ({"custom": {"url": TGI, "health_route": "/health"}}, "/"),
        ({"huggingface": {}}, "/health"),
    ],
)
def test_health_route_is_never_empty(image: dict[str, Any], route: str) -> None:
    assert make_spec(model={"image": image}).health_route == route


@pytest.mark.parametrize(
    ("image", "kept"),
    [
        ({"custom": {"url": TGI, "health_route": "/x", "port": 8}}, {"url": TGI, "port": 8}),
        ({"custom": {"url": TGI, "env": {"A": "1"}}}, {"url": TGI}),
        ({"tgi": {"url": TGI, "maxInputLength": 5, "max_x": 1}}, {"url": TGI, "maxInputLength": 5}),
        ({"tei": {"url": TGI, "maxClientBatchSize": 64}}, {"url": TGI}),
        ({"huggingface": {"env": {"A": "1"}}}, {}),
    ],
)
def test_unknown_image_fields_are_dropped(image: dict[str, Any], kept: dict[str, Any]) -> None:
    spec = make_spec(model={"image": image})
    assert spec.model.image == {spec.image_variant: kept}


def test_protected_is_taken_for_private() -> None:
    assert make_spec(type="protected").type == "private"
    assert merge_spec(make_spec(), {"type": "protected"}).type == "private"


def merged(spec: EndpointSpec, **body: Any) -> EndpointSpec:
    return merge_spec(spec, body)


def test_merge_keeps_what_is_not_mentioned() -> None:
    old = make_spec(tags=["a"], model={"env": {"A": "1"}, "secrets": {"S": "s"}})
    assert merged(old) == old
    new = merged(old, compute={"instanceSize": "x4"})
    assert new.compute.instance_size == "x4"
    assert new.compute.instance_type == "nvidia-l4"
    assert new.model == old.model
    assert old.compute.instance_size == "x1"


def test_merge_replaces_image_env_secrets_and_tags_whole() -> None:
    old = make_spec(tags=["a"], model={"env": {"A": "1"}, "secrets": {"S": "s"}})
    new = merged(
        old,
        tags=["b"],
        model={"env": {"B": "2"}, "secrets": {}, "image": {"custom": {"url": "x"}}},
    )
    assert new.tags == ["b"]
    assert new.model.env == {"B": "2"}
    assert new.model.secrets == {}
    assert new.model.image == {"custom": {"url": "x"}}


def test_a_partial_image_is_refused() -> None:
    with pytest.raises(ApiError, match="missing field `url`"):
        merged(make_spec(), model={"image": {"tgi": {"healthRoute": "/health"}}})


def test_merge_keeps_nulls_of_image_and_measure() -> None:
    image = {"tgi": {"url": TGI, "maxInputLength": None}}
    old = make_spec(scaling={"measure": {"hardwareUsage": None}}, model={"image": image})
    assert merged(old) == old


def test_always_running_replicas_lose_the_old_time_out() -> None:
    old = make_spec(scaling={"scaleToZeroTimeout": 30})
    new = merged(old, compute={"scaling": {"minReplica": 1}})
    assert new.idle_minutes is None
    assert new.compute.scaling.scale_to_zero_timeout is None


def test_always_running_replicas_with_a_new_time_out_are_refused() -> None:
    with pytest.raises(ApiError, match="requires minReplica 0"):
        merged(make_spec(), compute={"scaling": {"minReplica": 1, "scaleToZeroTimeout": 30}})


def test_an_endpoint_cannot_be_renamed() -> None:
    assert merged(make_spec("same-name"), name="same-name").name == "same-name"
    with pytest.raises(ApiError, match="cannot be renamed"):
        merged(make_spec("same-name"), name="other-name")


@pytest.mark.parametrize(
    "body",
    [
        {"compute": None},
        {"compute": 5},
        {"compute": {"scaling": None}},
        {"compute": {"scaling": []}},
        {"model": None},
        {"model": []},
        {"model": {"image": None}},
        {"model": {"image": []}},
        {"provider": "aws"},
        {"type": None},
    ],
)
def test_merge_refuses_parts_of_the_wrong_type(body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as caught:
        merge_spec(make_spec(), body)
    assert caught.value.status == 400


def test_a_spec_survives_json() -> None:
    spec = make_spec(scaling={"measure": {"hardwareUsage": None}}, model={"image": TGI_IMAGE})
    text = json.dumps(spec.model_dump(by_alias=True))
    assert EndpointSpec.model_validate(json.loads(text)) == spec
