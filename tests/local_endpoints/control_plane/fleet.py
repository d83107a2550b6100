"""A lifecycle to play with: fake replicas, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.clock import ManualClock
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.lifecycle import Lifecycle
from local_endpoints.control_plane.store import Store
from local_endpoints.errors import ApiError
from tests.fakes import FakeLauncher, make_spec

PRICE = 0.8  # USD per hour of the hardware in make_spec()


@dataclass
class Fleet:
    """A lifecycle with everything around it."""

    path: Path
    clock: ManualClock
    launcher: FakeLauncher = field(default_factory=FakeLauncher)

    def __post_init__(self) -> None:
        self.store = Store(self.path, self.clock)
        self.store.load()
        self.lifecycle = Lifecycle(store=self.store, launcher=self.launcher, clock=self.clock)

    def create(self, name: str = "an-endpoint", **changes: Any) -> Endpoint:
        return self.lifecycle.create(
            namespace="local-user", user="local-user", spec=make_spec(name, **changes)
        )

    def tick(self, times: int = 1) -> None:
        for _ in range(times):
            self.lifecycle.tick()

    def start(self, endpoint: Endpoint) -> Endpoint:
        """Bring it to ``running``."""
        self.tick()
        for replica in self.launcher.running:
            replica.become_ready()
        self.tick(2)
        assert endpoint.state == "running"
        return endpoint

    def running(self, name: str = "an-endpoint", **changes: Any) -> Endpoint:
        return self.start(self.create(name, **changes))

    def at_zero(self) -> Endpoint:
        endpoint = self.running()
        self.lifecycle.scale_to_zero(endpoint)
        self.clock.advance(seconds=5)
        return endpoint

    def paused(self) -> Endpoint:
        endpoint = self.running()
        self.lifecycle.pause(endpoint)
        return endpoint

    def failed(self) -> Endpoint:
        endpoint = self.create()
        self.tick()
        self.launcher.last.die("out of memory")
        self.tick()
        assert endpoint.state == "failed"
        return endpoint

    def update_failed(self) -> Endpoint:
        endpoint = self.running()
        self.lifecycle.update(endpoint, make_spec(tags=["new"]))
        self.tick()
        self.launcher.last.die("bad settings")
        self.tick()
        assert endpoint.state == "updateFailed"
        return endpoint

    def serving(self, endpoint: Endpoint) -> list[Any]:
        return self.lifecycle.deployment(endpoint).serving()

    def cost(self, endpoint: Endpoint) -> float:
        """What it has cost, in minutes of one replica."""
        return endpoint.meter.total(self.clock) / PRICE * 60


def refusal(status: int, call: Callable[[], Any]) -> str:
    with pytest.raises(ApiError) as caught:
        call()
    assert caught.value.status == status
    return str(caught.value)
