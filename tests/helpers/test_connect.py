"""The switch."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import huggingface_hub
import pytest
from huggingface_hub import constants
from huggingface_hub.errors import HfHubHTTPError

from helpers import (
    ConnectError,
    Connection,
    EndpointLostError,
    ParameterError,
    SpendLimitError,
    UnreachableError,
    connect,
    disconnect,
    pause_on_exit,
    safety_net,
    still_billing,
)
from helpers.connection import PRESENT
from helpers.spending import cost_of
from local_endpoints.client import ServiceInfo, stop_running
from local_endpoints.owners import LINGER_MINUTES
from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.fakes import MODEL_ID, App, Service
from tests.helpers.conftest import STORED_TOKEN, state_of


def test_local(local: Service, real: Service) -> None:
    connection = connect("local", state_dir=local.folder)
    assert connection.backend == "local"
    assert connection.is_local
    assert connection.url == f"{local.url}/v2"
    assert connection.namespace == "local-user"
    assert connection.minute == 60
    assert huggingface_hub.get_token() == local.token
    local.create("only-here")
    assert [item.name for item in huggingface_hub.list_inference_endpoints()] == ["only-here"]
    assert local.token not in repr(connection)


@pytest.mark.parametrize(
    ("minute", "wanted", "billed"),
    [(60, 30, 30), (1, 30, 1800), (1, 60, 2880), (0.05, 30, 2880), (60, 5, 15), (60, 5000, 2880)],
)
def test_idle_time_is_that_of_the_reader(minute: float, wanted: float, billed: int) -> None:
    """In billed minutes, within the bounds of the service."""
    connection = Connection(backend="local", url="", namespace="", minute=minute)
    assert connection.idle_timeout(minutes=wanted) == billed


@pytest.mark.parametrize("minutes", [0, -1, "30", math.inf, math.nan, None])
def test_idle_time_is_a_number_of_minutes(minutes: Any) -> None:
    connection = Connection(backend="local", url="", namespace="", minute=60)
    with pytest.raises(ParameterError, match="give a number of minutes, for example 30"):
        connection.idle_timeout(minutes=minutes)


def test_everything_is_taken_back(local: Service, real: Service) -> None:
    connect("local", state_dir=local.folder)
    disconnect()
    assert f"{real.url}/v2" == constants.INFERENCE_ENDPOINTS_ENDPOINT
    assert huggingface_hub.get_token() == STORED_TOKEN
    assert cost_of(30, usd_per_hour=60) == 1, "a minute has its real length"


def test_a_namespace_may_be_chosen(local: Service) -> None:
    connection = connect("local", state_dir=local.folder, namespace="local-class")
    assert connection.namespace == "local-class"


def test_hub_files_come_from_the_local_hub(local: Service) -> None:
    connect("local", state_dir=local.folder)
    path = huggingface_hub.hf_hub_download(MODEL_ID, "config.json")
    assert Path(path).is_relative_to(local.folder)
    assert huggingface_hub.model_info(MODEL_ID).id == MODEL_ID


def test_connecting_announces_this_process_as_owner(local: Service) -> None:
    connect("local", state_dir=local.folder)
    assert not local.owners.gone_for_good()
    local.clock.advance(minutes=LINGER_MINUTES)
    assert not local.owners.gone_for_good()


@pytest.mark.parametrize("backend", ["", "LOCAL", "huggingface"])
def test_unknown_backends(backend: str) -> None:
    with pytest.raises(ConnectError, match="local, hf"):
        connect(backend)


def test_no_service_is_a_connect_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConnectError, match=STATE_DIR_VARIABLE):
        connect("local", state_dir=tmp_path / "file")


def test_the_service_is_started_if_there_is_none(real: Service, tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    try:
        connection = connect("local", state_dir=str(state_dir), minute=0.5)
        assert connection.minute == 0.5
        assert huggingface_hub.whoami()["name"] == "local-user"
    finally:
        assert stop_running(state_dir)


@pytest.mark.parametrize("trouble", ["refused", "unreachable"])
def test_nothing_can_be_created_after_a_failed_attempt(
    local: Service,
    real: Service,
    wanted: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
) -> None:
    if trouble == "refused":
        (tmp_path / "stored-token").write_text("hf_wrong")
    else:
        monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    connect("local", state_dir=local.folder)
    with pytest.raises(ConnectError):
        connect("hf", max_spend_usd=100)
    with pytest.raises(SpendLimitError):
        huggingface_hub.create_inference_endpoint(
            "sneaked-in", namespace="local-user", token=STORED_TOKEN, **wanted
        )
    assert real.lifecycle.list_endpoints() == []


def test_at_no_moment_are_the_real_addresses_without_a_limit(
    local: Service, real: Service, wanted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread may be at work meanwhile; this one plays it, whenever connections change."""
    connect("local", state_dir=local.folder)
    close_session, attempts = huggingface_hub.close_session, []

    def close_and_create() -> None:
        close_session()
        if f"{real.url}/v2" == constants.INFERENCE_ENDPOINTS_ENDPOINT:
            attempts.append(constants.INFERENCE_ENDPOINTS_ENDPOINT)
            with pytest.raises(SpendLimitError):
                huggingface_hub.create_inference_endpoint(
                    "sneaked-in", namespace="local-user", token=STORED_TOKEN, **wanted
                )

    monkeypatch.setattr(huggingface_hub, "close_session", close_and_create)
    connect("hf", max_spend_usd=100)
    assert attempts
    assert real.lifecycle.list_endpoints() == []


def test_connections_of_a_programs_own_making(
    local: Service, real: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that knows the way out does not know the way to this computer."""
    made: list[httpx2.Client] = []

    def through_a_proxy() -> httpx2.Client:
        made.append(httpx2.Client(proxy="http://127.0.0.1:9"))
        return made[-1]

    name = "huggingface_hub.utils._http._GLOBAL_CLIENT_FACTORY"
    monkeypatch.setattr(name, through_a_proxy)
    huggingface_hub.close_session()
    connect("local", state_dir=local.folder)
    assert huggingface_hub.whoami()["name"] == "local-user"
    assert made == []
    with pytest.raises(ConnectError, match="cannot be reached"):
        connect("hf")
    assert len(made) == 1


def test_after_a_failed_attempt_a_minute_is_a_real_one(
    local: Service, real: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local.clock, "minute", 1.0)
    assert connect("local", state_dir=local.folder).minute == 1
    (tmp_path / "stored-token").write_text("hf_wrong")
    with pytest.raises(ConnectError):
        connect("hf")
    assert cost_of(30, usd_per_hour=60) == 1


@pytest.mark.parametrize("status", [{}, [], None, {"minute": None}])
def test_a_service_of_another_version(
    local: Service, monkeypatch: pytest.MonkeyPatch, status: Any
) -> None:
    monkeypatch.setattr(ServiceInfo, "status", lambda self: status)
    with pytest.raises(ConnectError, match="python -m local_endpoints stop"):
        connect("local", state_dir=local.folder)


# From one backend to the other.


def catch_running(service: Service) -> None:
    """An endpoint that runs there, in the safety net."""
    service.create_running("an-endpoint")
    endpoint = huggingface_hub.get_inference_endpoint("an-endpoint")
    safety_net.enter_context(pause_on_exit(endpoint))


def test_who_leaves_a_backend_leaves_nothing_running(real: Service, connected: Service) -> None:
    catch_running(connected)
    connect("local", state_dir=connected.folder)
    assert state_of(connected) == "running", "the same backend"
    connect("hf")
    assert state_of(connected) == "paused"
    catch_running(real)
    connect("hf", max_spend_usd=1)
    assert state_of(real) == "running", "the same backend"
    connect("local", state_dir=connected.folder)
    assert state_of(real) == "paused"


def test_the_real_service_is_not_left_with_something_running(
    real: Service, local: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect("hf")
    catch_running(real)
    with monkeypatch.context() as patch:
        patch.setattr(real.access, "_tokens", {})
        with pytest.raises(EndpointLostError, match="may go on billing"):
            connect("local", state_dir=local.folder)
    assert PRESENT.connection is connection
    assert [each.name for each in still_billing()] == ["an-endpoint"]


def test_what_this_computer_cannot_pause_keeps_nobody(
    real: Service, connected: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_running(connected)
    monkeypatch.setattr("helpers.answers.PAUSES_SECONDS", ())
    monkeypatch.setattr(connected.access, "_tokens", {})
    assert connect("hf").backend == "hf"
    assert state_of(connected) == "running"


# What the local service notices.


class Warned:
    """The local service, with warnings in the answers of its management API."""

    def __init__(self, service: Service) -> None:
        self.warnings: list[str] = []
        self._app = service.server.app
        service.server.app = self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_with_warnings(message: Any) -> None:
            if message["type"] == "http.response.start" and "/v2/" in scope["path"]:
                message["headers"] = [
                    *message["headers"],
                    *((b"x-local-warning", warning.encode()) for warning in self.warnings),
                ]
            await send(message)

        await self._app(scope, receive, send_with_warnings)


@pytest.fixture
def warned(connected: Service) -> Warned:
    return Warned(connected)


def test_warnings_are_shown(
    connected: Service, warned: Warned, wanted: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    huggingface_hub.whoami()
    assert capsys.readouterr() == ("", "")
    warned.warnings = ["env is ignored, twice", "so is port", "so is port"]
    endpoint = huggingface_hub.create_inference_endpoint("an-endpoint", **wanted)
    assert capsys.readouterr() == ("", "Note: env is ignored, twice\nNote: so is port\n")
    endpoint.update(min_replica=0)
    assert capsys.readouterr().err.count("Note: ") == 2
    warned.warnings = []
    endpoint.fetch()
    assert capsys.readouterr() == ("", "")


def test_warnings_of_refusals_and_asynchronous_answers(
    connected: Service, warned: Warned, capsys: pytest.CaptureFixture[str]
) -> None:
    warned.warnings = ["über"]
    with pytest.raises(HfHubHTTPError):
        huggingface_hub.get_inference_endpoint("nobody")
    assert capsys.readouterr().err == "Note: über\n"

    async def ask() -> None:
        async with huggingface_hub.get_async_session() as client:
            await client.get(f"{connected.url}/v2/provider")

    asyncio.run(ask())
    assert capsys.readouterr().err == "Note: über\n"


def test_the_real_service_says_nothing_of_the_kind(
    connected: Service, real: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    Warned(real).warnings = ["not for you"]
    connect("hf", max_spend_usd=1)
    huggingface_hub.whoami()
    assert capsys.readouterr().err == ""


# What happens when somebody else takes the port of a service that has ended.


def test_nobody_else_is_spoken_to(connected: Service) -> None:
    heard: list[tuple[str, bytes]] = []
    connected.create_running("an-endpoint")
    url = huggingface_hub.get_inference_endpoint("an-endpoint").url
    assert url
    service, connected.server.app = connected.server.app, impostor(heard)

    async def ask() -> None:
        async with huggingface_hub.get_async_session() as client:
            await client.get(f"{connected.url}/v2/provider")

    calls: list[Callable[[], object]] = [
        huggingface_hub.list_inference_endpoints,
        lambda: huggingface_hub.InferenceClient(base_url=url).text_generation("a secret"),
        lambda: asyncio.run(ask()),
    ]
    for call in calls:
        with pytest.raises(httpx2.ConnectError, match="does not answer, or somebody else does"):
            call()
    assert {path for path, _ in heard} == {"/_local/proof"}
    told = b"".join(said for _, said in heard)
    assert connected.token.encode() not in told
    assert b"a secret" not in told
    connected.server.app = service
    assert [each.name for each in huggingface_hub.list_inference_endpoints()] == ["an-endpoint"]


def test_a_service_that_has_ended_is_a_sentence(
    connected: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpers.answers.PAUSES_SECONDS", ())
    connected.server.app = impostor([])
    with pytest.raises(UnreachableError, match=r'The local service has ended: connect\("local"\)'):
        still_billing()


def impostor(heard: list[tuple[str, bytes]]) -> App:
    """Agrees to everything, and remembers what it was told."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        heard.append((scope["path"], repr(scope["headers"]).encode() + message.get("body", b"")))
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"items": []}'})

    return serve
