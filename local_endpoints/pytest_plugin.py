"""Fixtures for tests of code that calls Inference Endpoints; `examples/poet` shows them at work.

======================================  =======================================================
fixture                                 what a test gets
======================================  =======================================================
``inference_service``                   a service of this test process, its address and token
``inference_client``                    an unmodified ``HfApi``; in this process, and in the
                                        programs it starts, ``huggingface_hub`` talks to the
                                        service during the test. What the test creates is deleted
``text_generation_endpoint``            a running endpoint of ``huggingface_hub``: chat, tools
``image_text_to_text_endpoint``         one that sees pictures
``text_to_image_endpoint``              one that draws
``inference_clock``                     puts the service's clock forward, in place of waiting
``inference_faults``                    a switch that lets requests and replicas fail on demand, and
                                        a journal of the requests; both are empty before each test
======================================  =======================================================

Endpoints are shared by the tests of a process, because starting one takes a second: each test gets
them running and as the catalog deploys them, whatever the tests before have done to them.

Where this package is installed, pytest loads this file in every run. So nothing is imported and
nothing is started before a test asks for a fixture.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from huggingface_hub import HfApi, InferenceEndpoint

    from local_endpoints.client import ServiceInfo
    from local_endpoints.redirect import Redirect

START_SECONDS = 300
POLL_SECONDS = 0.1


@pytest.fixture(scope="session")
def inference_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceInfo]:
    """A service of this process (under pytest-xdist: of this worker) on a free port, with its files
    in a temporary folder. A billed minute lasts a second. Stopped when the run ends."""
    from local_endpoints.client import ensure_running, stop_running

    state_dir = tmp_path_factory.mktemp("inference-service")
    yield ensure_running(state_dir, owner=os.getpid())
    stop_running(state_dir)


@pytest.fixture
def inference_client(
    inference_service: ServiceInfo, _inference_redirect: Redirect, _shared_endpoints: _Shared
) -> Iterator[HfApi]:
    """``huggingface_hub``'s own API object, connected to the service for the time of the test.
    So is whatever the tested code imports from ``huggingface_hub``; the real hosts are out of
    reach, and no token of yours is read. Afterwards all is as before, and endpoints that the test
    has created are deleted."""
    from huggingface_hub import HfApi

    _inference_redirect.to(inference_service)
    client = HfApi()
    try:
        yield client
        # Whatever the test wanted to fail shall not fail now.
        inference_service.call("DELETE", "/_local/faults")
        for endpoint in client.list_inference_endpoints(namespace="*"):
            if endpoint.name not in _shared_endpoints.names:
                endpoint.delete()
    finally:
        _inference_redirect.undo()


@pytest.fixture
def text_generation_endpoint(
    inference_client: HfApi, _shared_endpoints: _Shared
) -> InferenceEndpoint:
    """A running endpoint of a chat model with system messages and tools (Qwen3, vLLM)."""
    return _shared_endpoints.lend("Qwen/Qwen3-1.7B", inference_client)


@pytest.fixture
def image_text_to_text_endpoint(
    inference_client: HfApi, _shared_endpoints: _Shared
) -> InferenceEndpoint:
    """A running endpoint of a model that sees pictures (Idefics2, vLLM)."""
    return _shared_endpoints.lend("HuggingFaceM4/idefics2-8b-chatty", inference_client)


@pytest.fixture
def text_to_image_endpoint(
    inference_client: HfApi, _shared_endpoints: _Shared
) -> InferenceEndpoint:
    """A running endpoint of a model that draws (Stable Diffusion XL, the default container)."""
    return _shared_endpoints.lend("stabilityai/stable-diffusion-xl-base-1.0", inference_client)


@pytest.fixture
def inference_clock(inference_service: ServiceInfo) -> InferenceClock:
    """The service's clock, to be put forward: ``inference_clock.advance(minutes=61)``. Idle
    time-outs and bills follow at once, for all endpoints."""
    return InferenceClock(inference_service)


class InferenceClock:
    """The clock of the service; it does not go back."""

    def __init__(self, service: ServiceInfo) -> None:
        self._service = service

    def advance(self, *, minutes: float) -> None:
        """Put it forward by billed minutes, and let happen what is due on the way.

        Raises:
            ServiceError: the minutes are negative, or more than two days.
        """
        minute = self._service.status()["minute"]
        self._service.call("POST", "/_local/clock", {"advance": minutes * minute})


@pytest.fixture
def inference_faults(inference_service: ServiceInfo) -> Iterator[InferenceFaults]:
    """Faults on demand: ``inference_faults.add("status", status=429, times=2, path="/v1/*")``."""
    faults = InferenceFaults(inference_service)
    faults.clear()
    yield faults
    faults.clear()


class InferenceFaults:
    """What shall go wrong in a test, and what the service was asked. `local_endpoints.faults` and
    `local_endpoints.journal` say what the fields mean."""

    def __init__(self, service: ServiceInfo) -> None:
        self._service = service

    def add(self, kind: str, **rule: Any) -> str:
        """From now on let something fail; see ``faults.Rule``. Returns: the fault's id.

        Raises:
            ServiceError: there is no such rule; the text says what is wrong with it.
        """
        return str(self._service.call("POST", "/_local/faults", {"kind": kind, **rule})["id"])

    def struck(self, fault_id: str) -> int:
        """How often the fault has struck."""
        items = self._service.call("GET", "/_local/faults")["items"]
        return sum(item["struck"] for item in items if item["id"] == fault_id)

    def journal(self, path: str = "") -> list[dict[str, Any]]:
        """The requests whose path has this text in it, oldest first."""
        items = self._service.call("GET", "/_local/journal")["items"]
        return [item for item in items if path in item["path"]]

    def clear(self) -> None:
        """Let everything work again, and forget the requests."""
        self._service.call("DELETE", "/_local/faults")
        self._service.call("DELETE", "/_local/journal")


@pytest.fixture(scope="session")
def _inference_redirect() -> Redirect:
    from local_endpoints.redirect import Redirect

    return Redirect()


@pytest.fixture(scope="session")
def _shared_endpoints() -> _Shared:
    return _Shared()


class _Shared:
    """The endpoints that the tests of a process share, by repository."""

    def __init__(self) -> None:
        self._lent: dict[str, tuple[str, dict[str, Any]]] = {}

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self._lent.values()}

    def lend(self, repository: str, client: HfApi) -> InferenceEndpoint:
        """The endpoint of that repository, running and as it was made; or a new one."""
        endpoint = self._present(repository, client)
        if endpoint is None:
            endpoint = client.create_inference_endpoint_from_catalog(repository)
            self._lent[repository] = endpoint.name, _settings(endpoint)
        elif endpoint.status != "running":
            endpoint.resume(running_ok=True)
        return endpoint.wait(timeout=START_SECONDS, refresh_every=POLL_SECONDS)  # type: ignore[arg-type]

    def _present(self, repository: str, client: HfApi) -> InferenceEndpoint | None:
        """The one that was lent before, if no test has deleted, changed or broken it."""
        name, settings = self._lent.get(repository, ("", {}))
        for endpoint in client.list_inference_endpoints():
            if endpoint.name == name:
                if endpoint.status != "failed" and _settings(endpoint) == settings:
                    return endpoint
                endpoint.delete()
        return None


def _settings(endpoint: InferenceEndpoint) -> dict[str, Any]:
    return {name: value for name, value in endpoint.raw.items() if name != "status"}
