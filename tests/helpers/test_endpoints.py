"""Get or create, start and pause: against a service whose time the test moves."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import httpx2
import huggingface_hub
import pytest
from huggingface_hub import InferenceEndpoint, get_inference_endpoint

from helpers import (
    CourseError,
    EndpointFailedError,
    EndpointLostError,
    EndpointMismatchError,
    ParameterError,
    RefusedError,
    RepositoryMismatchError,
    get_or_create_endpoint,
    running_endpoint,
)
from tests.fakes import MODEL_ID, Service
from tests.helpers.conftest import Trouble, create_failed, state_of

NAME = "an-endpoint"
endpoints: Any = import_module("helpers.endpoints")


# get_or_create_endpoint.


def change(service: Service, name: str) -> None:
    endpoint = service.lifecycle.get("local-user", NAME)
    service.server.call(lambda: getattr(service.lifecycle, name)(endpoint))


def fall_asleep(service: Service) -> None:
    change(service, "scale_to_zero")
    service.clock.advance(minutes=1)  # its replicas are gone


def test_one_that_is_about_to_sleep_is_woken_when_it_does(
    ticking: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until its replicas are gone, the service refuses to resume it."""
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    change(ticking, "scale_to_zero")
    monkeypatch.setattr(
        "helpers.answers.time.sleep", lambda seconds: ticking.clock.advance(seconds=9)
    )
    assert get_or_create_endpoint(NAME, timeout=20, **wanted).status == "running"


def test_created_if_there_is_none(ticking: Service, wanted: dict[str, Any]) -> None:
    endpoint = get_or_create_endpoint(NAME, timeout=20, tags=["course"], **wanted)
    assert endpoint.status == "running"
    assert endpoint.repository == MODEL_ID
    assert endpoint.raw["tags"] == ["course"]


def test_created_in_the_namespace(ticking: Service, wanted: dict[str, Any]) -> None:
    endpoint = get_or_create_endpoint(NAME, timeout=20, namespace="local-class", **wanted)
    assert endpoint.namespace == "local-class"
    assert [item.namespace for item in ticking.lifecycle.list_endpoints()] == ["local-class"]


@pytest.mark.parametrize("state", ["pending", "running", "paused", "scaledToZero", "updating"])
def test_whatever_state_it_is_in(ticking: Service, wanted: dict[str, Any], state: str) -> None:
    first = get_or_create_endpoint(NAME, timeout=20, **wanted)
    if state == "pending":
        change(ticking, "pause")
        change(ticking, "resume")
    elif state == "paused":
        change(ticking, "pause")
    elif state == "scaledToZero":
        fall_asleep(ticking)
    elif state == "updating":
        first.update(instance_size="x4")
    again = get_or_create_endpoint(NAME, timeout=20, **wanted)
    assert again.status == "running"
    assert again.url == first.url
    assert len(ticking.lifecycle.list_endpoints()) == 1


def test_a_failed_one_is_an_error(ticking: Service, wanted: dict[str, Any]) -> None:
    create_failed(ticking, log="out of memory")
    with pytest.raises(EndpointFailedError, match="out of memory"):
        get_or_create_endpoint(NAME, timeout=20, **wanted)


def test_another_repository_is_never_handed_over(ticking: Service, wanted: dict[str, Any]) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    change(ticking, "pause")
    with pytest.raises(RepositoryMismatchError, match="open-models/tiny") as caught:
        get_or_create_endpoint(NAME, timeout=20, **{**wanted, "repository": "open-models/tiny"})
    assert caught.value.endpoint_name == NAME
    assert ticking.lifecycle.get("local-user", NAME).state == "paused", "nor started"


def test_somebody_else_creates_it_in_between(
    ticking: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    create = endpoints.create_inference_endpoint

    def second(*arguments: Any, **options: Any) -> InferenceEndpoint:
        create(*arguments, **options)
        endpoint: InferenceEndpoint = create(*arguments, **options)
        return endpoint

    monkeypatch.setattr(endpoints, "create_inference_endpoint", second)
    assert get_or_create_endpoint(NAME, timeout=20, **wanted).status == "running"


def test_one_deleted_a_moment_ago_is_created_again(
    ticking: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted).pause().delete()
    read = endpoints.get_inference_endpoint

    def read_too_early(*arguments: Any, **options: Any) -> InferenceEndpoint:
        endpoint: InferenceEndpoint = read(*arguments, **options)
        ticking.clock.advance(minutes=1)
        ticking.server.call(ticking.lifecycle.tick)
        return endpoint

    monkeypatch.setattr(endpoints, "get_inference_endpoint", read_too_early)
    assert get_or_create_endpoint(NAME, timeout=20, **wanted).status == "running"


def test_a_conflict_over_quota_stays_one(ticking: Service, wanted: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as caught:
        get_or_create_endpoint(NAME, timeout=20, max_replica=8, **{**wanted, "instance_size": "x4"})
    assert "Quota exceeded" in str(caught.value) and caught.value.status == 409


def test_a_refusal_repeats_what_the_service_said(ticking: Service, wanted: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="not available yet"):
        get_or_create_endpoint(NAME, timeout=20, **{**wanted, "instance_type": "nvidia-z9"})


def test_beyond_the_first_twenty_of_the_list(ticking: Service, wanted: dict[str, Any]) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    change(ticking, "pause")
    for number in range(25):
        ticking.clock.advance(seconds=1)
        other = ticking.create(f"other-{number}")
        ticking.server.call(lambda other=other: ticking.lifecycle.pause(other))  # type: ignore[misc]
    assert NAME not in {item.name for item in huggingface_hub.list_inference_endpoints()}
    assert get_or_create_endpoint(NAME, timeout=20, **wanted).status == "running"


# What exists with other settings.


def test_other_settings_are_kept_with_a_warning_that_names_them(
    ticking: Service, wanted: dict[str, Any]
) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    other = {**wanted, "instance_type": "nvidia-t4", "env": {"MAX_INPUT_TOKENS": "9"}}
    with pytest.warns(UserWarning, match=r"nvidia-l4, not nvidia-t4; env differs in MAX_INPUT"):
        endpoint = get_or_create_endpoint(NAME, timeout=20, max_replica=2, **other)
    assert endpoint.raw["compute"]["instanceType"] == "nvidia-l4"


def test_other_settings_are_updated_if_wanted(ticking: Service, wanted: dict[str, Any]) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    fall_asleep(ticking)
    endpoint = get_or_create_endpoint(
        NAME, timeout=20, if_different="update", **{**wanted, "instance_type": "nvidia-t4"}
    )
    assert endpoint.status == "running"
    assert endpoint.raw["compute"]["instanceType"] == "nvidia-t4"


def test_other_settings_are_refused_if_wanted(ticking: Service, wanted: dict[str, Any]) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    with pytest.raises(EndpointMismatchError) as caught:
        get_or_create_endpoint(NAME, timeout=20, if_different="refuse", min_replica=0, **wanted)
    assert caught.value.differences == ["min_replica is 1, not 0"]


def test_another_region_cannot_be_updated(ticking: Service, wanted: dict[str, Any]) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    other = {**wanted, "region": "us-west-2"}
    with pytest.raises(EndpointMismatchError, match="cannot be updated: region is us-east-1"):
        get_or_create_endpoint(NAME, timeout=20, if_different="update", **other)


@pytest.mark.parametrize("state", ["running", "paused", "scaledToZero"])
def test_it_is_replaced_if_wanted_and_nothing_less_helps(
    ticking: Service, wanted: dict[str, Any], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get_or_create_endpoint(NAME, timeout=20, **wanted)
    if state != "running":
        change(ticking, {"paused": "pause", "scaledToZero": "scale_to_zero"}[state])
    monkeypatch.setattr(
        "helpers.endpoints.time.sleep", lambda seconds: ticking.clock.advance(seconds=9)
    )
    other = {**wanted, "region": "eu-west-1", "instance_type": "nvidia-t4"}
    second = get_or_create_endpoint(NAME, timeout=20, if_different="replace", **other)
    assert second.raw["provider"]["region"] == "eu-west-1"
    assert second.url != first.url and state_of(ticking) == "running"


def test_what_can_be_updated_is_not_replaced(ticking: Service, wanted: dict[str, Any]) -> None:
    first = get_or_create_endpoint(NAME, timeout=20, **wanted)
    other = {**wanted, "instance_type": "nvidia-t4"}
    second = get_or_create_endpoint(NAME, timeout=20, if_different="replace", **other)
    assert (second.url, second.raw["compute"]["instanceType"]) == (first.url, "nvidia-t4")


def test_the_same_settings_are_no_difference(
    ticking: Service, wanted: dict[str, Any], recwarn: pytest.WarningsRecorder
) -> None:
    for _ in range(2):
        get_or_create_endpoint(
            NAME, timeout=20, min_replica=0, env={"A": "1"}, secrets={"B": "2"}, **wanted
        )
    assert not [each for each in recwarn if "other settings" in str(each.message)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"min_replicas": 0}, "no setting 'min_replicas': did you mean min_replica"),
        ({"type": "protected"}, 'means "private"'),
        ({"env": "A=1"}, "a dictionary of texts"),
        ({"env": {"A": 1}}, "a dictionary of texts"),
        ({"custom_image": "tgi"}, "a dictionary with one key"),
        ({"custom_image": {"tgi": {}, "custom": {}}}, "a dictionary with one key"),
        ({"if_different": "maybe"}, "keep, update, replace, refuse"),
        ({"timeout": "x"}, "a number of seconds"),
        ({"namespace": "a/b"}, "NAMESPACE is 'a/b'"),
        ({"repository": "gemma"}, "owner/model"),
        # The client's own check.
        ({"container_registry_password": "x"}, "cannot be created: .*username"),
    ],
)
def test_what_cannot_work_is_said_before_anything_happens(
    connected: Service, wanted: dict[str, Any], changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        get_or_create_endpoint(NAME, **{**wanted, **changes})
    assert connected.lifecycle.list_endpoints() == []


@pytest.mark.parametrize("name", ["", "a/b", "A", None])
def test_a_name_that_cannot_be_is_said(
    connected: Service, wanted: dict[str, Any], name: Any
) -> None:
    with (
        pytest.raises(ParameterError, match="4 to 32 characters"),
        running_endpoint(name, **wanted),
    ):
        raise AssertionError("nobody gets here")


@pytest.mark.parametrize("setting", [{"env": {"A": "2"}}, {"tags": ["mine"]}])
def test_every_setting_that_the_service_can_change_is_updated(
    ticking: Service, wanted: dict[str, Any], setting: dict[str, Any]
) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    endpoint = get_or_create_endpoint(NAME, timeout=20, if_different="update", **wanted, **setting)
    (name,) = setting
    found = endpoint.raw["model"]["env"] if name == "env" else endpoint.raw["tags"]
    assert found == setting[name] and endpoint.status == "running"


def test_nothing_is_given_up_before_the_new_one_is_possible(
    ticking: Service, wanted: dict[str, Any]
) -> None:
    first = get_or_create_endpoint(NAME, timeout=20, **wanted)
    with pytest.raises(ParameterError, match=r"is not offered\. aws offers"):
        get_or_create_endpoint(
            NAME, timeout=20, if_different="replace", **{**wanted, "region": "mars"}
        )
    assert get_inference_endpoint(NAME).url == first.url


# running_endpoint.


def test_what_the_block_started_is_paused(ticking: Service, wanted: dict[str, Any]) -> None:
    with running_endpoint(NAME, timeout=20, **wanted) as endpoint:
        assert endpoint.status == "running"
    assert state_of(ticking) == "paused"
    with running_endpoint(NAME, timeout=20, **wanted):
        assert state_of(ticking) == "running"
    assert state_of(ticking) == "paused", "resuming is starting, too"


def test_what_somebody_else_started_is_left_running(
    ticking: Service, wanted: dict[str, Any]
) -> None:
    get_or_create_endpoint(NAME, timeout=20, **wanted)
    with running_endpoint(NAME, timeout=20, **wanted):
        pass
    assert state_of(ticking) == "running"


def test_what_an_update_started_after_a_failure_is_paused(
    ticking: Service, wanted: dict[str, Any]
) -> None:
    create_failed(ticking)
    other = {**wanted, "instance_type": "nvidia-t4"}
    with running_endpoint(NAME, timeout=20, if_different="update", **other) as endpoint:
        assert endpoint.status == "running"
    assert state_of(ticking) == "paused"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_interrupted_wait_pauses(
    connected: Service,
    wanted: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
) -> None:
    def interrupted(endpoint: InferenceEndpoint, **options: Any) -> InferenceEndpoint:
        connected.tick()
        assert state_of(connected) == "initializing"
        raise error("while waiting")

    monkeypatch.setattr(endpoints, "wait_until_running", interrupted)
    with pytest.raises(error), running_endpoint(NAME, **wanted):
        raise AssertionError("nobody gets here")
    assert state_of(connected) == "paused"


def test_an_answer_to_create_that_gets_lost_leaves_nothing_running(
    connected: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    create = endpoints.create_inference_endpoint

    def lost(*arguments: Any, **options: Any) -> InferenceEndpoint:
        create(*arguments, **options)
        raise httpx2.ReadTimeout("no answer")

    monkeypatch.setattr(endpoints, "create_inference_endpoint", lost)
    with pytest.raises(EndpointLostError, match="may have been started"):
        get_or_create_endpoint(NAME, **wanted)
    assert state_of(connected) == "paused"


@pytest.mark.parametrize("answer", [None, 200, 502, 504])
def test_a_creation_without_a_clear_answer_leaves_nothing_running(
    connected: Service, wanted: dict[str, Any], trouble: Trouble, answer: int | None
) -> None:
    trouble.method, trouble.happens, trouble.answers = "POST", True, [answer]
    with pytest.raises(EndpointLostError, match="may have been started") as caught:
        get_or_create_endpoint(NAME, **wanted)
    assert caught.value.endpoint_name == NAME
    assert state_of(connected) == "paused"


def stop(service: Service, state: str) -> None:
    """The endpoint exists, in that state."""
    service.create_running(NAME)
    if state == "paused":
        change(service, "pause")
    else:
        fall_asleep(service)


@pytest.mark.parametrize("state", ["paused", "scaledToZero"])
@pytest.mark.parametrize("answer", [None, 200, 502])
def test_a_resumption_without_a_clear_answer_leaves_nothing_running(
    connected: Service, wanted: dict[str, Any], trouble: Trouble, state: str, answer: int | None
) -> None:
    stop(connected, state)
    trouble.method, trouble.path = "POST", "/resume"
    trouble.happens, trouble.answers = True, [answer] * 6
    with pytest.raises(EndpointLostError, match="may have been started"):
        get_or_create_endpoint(NAME, **wanted)
    assert trouble.answers == []
    assert state_of(connected) == "paused"


@pytest.mark.parametrize("state", ["paused", "scaledToZero"])
def test_an_interrupted_resumption_leaves_nothing_running(
    connected: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    stop(connected, state)
    resume = InferenceEndpoint.resume

    def interrupted(endpoint: InferenceEndpoint) -> None:
        resume(endpoint)
        assert state_of(connected) in ("pending", "initializing")
        raise KeyboardInterrupt

    monkeypatch.setattr(InferenceEndpoint, "resume", interrupted)
    with pytest.raises(KeyboardInterrupt):
        get_or_create_endpoint(NAME, **wanted)
    assert state_of(connected) == "paused"


@pytest.mark.parametrize("status", [400, 402, 403])
def test_a_clear_no_to_creating_stays_one(
    connected: Service, wanted: dict[str, Any], trouble: Trouble, status: int
) -> None:
    trouble.method, trouble.answers = "POST", [status]
    with pytest.raises(RefusedError) as caught:
        get_or_create_endpoint(NAME, **wanted)
    assert caught.value.status == status


def test_a_clear_no_to_resuming_stays_one(
    connected: Service, wanted: dict[str, Any], trouble: Trouble
) -> None:
    stop(connected, "scaledToZero")
    trouble.method, trouble.path, trouble.answers = "POST", "/resume", [403]
    with pytest.raises(RefusedError) as caught:
        get_or_create_endpoint(NAME, **wanted)
    assert caught.value.status == 403
    assert state_of(connected) == "scaledToZero", "nothing was started, so nothing is paused"


@pytest.mark.parametrize("answer", [None, 502])
def test_no_raw_library_error_comes_out(
    connected: Service, wanted: dict[str, Any], trouble: Trouble, answer: int | None
) -> None:
    trouble.answers = [answer] * 100
    with pytest.raises(CourseError):
        get_or_create_endpoint(NAME, **wanted)


def test_a_page_of_a_captive_portal_is_no_answer(
    connected: Service, wanted: dict[str, Any], trouble: Trouble
) -> None:
    trouble.answers = [200] * 100
    with pytest.raises(CourseError, match="makes no sense"):
        get_or_create_endpoint(NAME, **wanted)
