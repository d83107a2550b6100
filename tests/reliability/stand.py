"""A service in a process of its own, with endpoints; and all that belongs to it, found again."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil
import requests

from local_endpoints.access import USER
from local_endpoints.client import ServiceInfo, find_running, stop_running
from tests.fakes import TGI_IMAGE, spec_body
from tests.patience import eventually
from tests.reliability.report import Report

MARK = "RELIABILITY_STAND"
"""A variable that every process of a stand inherits, also one whose parents are gone."""
DEADLINE = 60.0
"""Of every request, in seconds. Beyond it, something hangs."""
ENDPOINTS = f"/v2/endpoint/{USER}"
FEW_DESCRIPTORS = """
import resource, runpy, sys

most = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
sys.argv = ["local_endpoints", *sys.argv[2:]]
runpy.run_module("local_endpoints", run_name="__main__", alter_sys=True)
"""
QWEN, SDXL = "Qwen/Qwen3-1.7B", "stabilityai/stable-diffusion-xl-base-1.0"
KINDS: Mapping[str, Mapping[str, Any]] = {
    "tgi-text": {"repository": QWEN, "image": TGI_IMAGE},
    "vllm-text": {"repository": QWEN, "image": {"vLLM": {"url": "vllm/vllm-openai:latest"}}},
    "tgi-vision": {
        "repository": "HuggingFaceM4/idefics2-8b-chatty",
        "image": TGI_IMAGE,
        "task": "image-text-to-text",
    },
    "toolkit-picture": {
        "repository": SDXL,
        "image": {"huggingface": {}},
        "task": "text-to-image",
    },
}
CHAT = {"messages": [{"role": "user", "content": "Please write a short poem about rivers."}]}


@dataclass(frozen=True)
class Bill:
    """A bill that was read: USD so far, USD per minute, the moments before and after reading."""

    cost: float
    per_minute: float
    before: float
    after: float


class Stand:
    """One service and its endpoints. It can be started again and again in the same folder.

    Args:
        folder: its state directory.
        report: where it notes what must not be.
        minute: seconds of a billed minute.
        descriptors: the most that the service, and each of its replicas, may have open.
    """

    def __init__(
        self, folder: Path, report: Report, *, minute: float = 1.0, descriptors: int | None = None
    ) -> None:
        self.folder = folder
        self.report = report
        self.minute = minute
        self.info: ServiceInfo
        self.process: psutil.Process
        self._mark = secrets.token_hex(8)
        self._descriptors = descriptors
        self._popen: subprocess.Popen[bytes]
        self._log: IO[bytes] = open(f"{folder}.log", "ab")  # noqa: SIM115

    @property
    def headers(self) -> dict[str, str]:
        """What a client with all permissions sends."""
        return {"Authorization": f"Bearer {self.info.token}"}

    @property
    def environment(self) -> dict[str, str]:
        """For programs that are to be found by `family`, too."""
        return {**os.environ, MARK: self._mark}

    def start(self) -> Stand:
        """Start it and wait until it answers."""
        command = ["-m", "local_endpoints"]
        if self._descriptors is not None:
            command = ["-c", FEW_DESCRIPTORS, str(self._descriptors)]
        command += ["serve", "--state-dir", str(self.folder), "--minute", str(self.minute)]
        with self.report.timed("longest start, s"):
            self._popen = subprocess.Popen(
                [sys.executable, *command],
                stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
                env=self.environment,
            )  # fmt: skip
            assert eventually(self._is_found), self._popen.poll()
        self.process = psutil.Process(self.info.pid)
        return self

    def _is_found(self) -> bool:
        info = find_running(self.folder)
        if info is None:
            assert self._popen.poll() is None, f"it did not start: see {self._log.name}"
            return False
        self.info = info
        return True

    def family(self) -> list[psutil.Process]:
        """All that runs on its behalf, orphans as well."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                alive = process.status() != psutil.STATUS_ZOMBIE
                if alive and process.environ().get(MARK) == self._mark:
                    found.append(process)
        return found

    def kill(self, number: signal.Signals) -> None:
        """End the service by a signal and wait until nothing of it is left."""
        with self.report.timed(f"longest end after {number.name}, s"):
            self._popen.send_signal(number)
            self._popen.wait(DEADLINE)
        self.expect_nobody(f"a service that got {number.name}")

    def expect_nobody(self, what: str) -> None:
        """Note a fault if anything of it is left; end that."""
        begun = time.monotonic()
        if not eventually(lambda: not self.family()):
            for process in self.family():
                self.report.fault(f"{what} left an orphan: {process.cmdline()}")
                process.kill()
        self.report.longest("longest until nobody was left, s", time.monotonic() - begun)

    def close(self) -> None:
        """Stop it as people do."""
        stop_running(self.folder)
        self._popen.wait(DEADLINE)
        self.expect_nobody("a service that was stopped")
        self._log.close()

    # Endpoints.

    def call(self, method: str, path: str = "", body: dict[str, Any] | None = None) -> Any:
        """Ask the management API for something that it has to do."""
        return self.info.call(method, ENDPOINTS + path, body)

    def add(self, kind: str, name: str | None = None, *, min_replica: int = 1, **model: Any) -> str:
        """Create an endpoint, perhaps with further fields of its model, and wait until it runs.
        Returns: its URL."""
        name = name or kind
        body = spec_body(name, scaling={"minReplica": min_replica}, model={**KINDS[kind], **model})
        self.call("POST", "", body)
        return self.running(name)

    def running(self, name: str) -> str:
        """Wait until the endpoint runs with all its replicas. Returns: its URL."""

        def runs() -> bool:
            status = self.call("GET", f"/{name}")["status"]
            assert status["state"] not in ("failed", "updateFailed"), status
            ready = status["readyReplica"] == status["targetReplica"] > 0
            return status["state"] == "running" and ready

        with self.report.timed("longest wait for running, s"):
            assert eventually(runs), f"{name} never ran"
        return str(self.call("GET", f"/{name}")["status"]["url"])

    def is_replaced(self, name: str, gone: psutil.Process) -> bool:
        """Whether another replica is ready in place of the only one of the endpoint."""
        # Looked at first: as long as the service has not noticed, the state is the old one.
        children = self.process.children()
        if not children or gone in children:
            return False
        return bool(self.call("GET", f"/{name}")["status"]["readyReplica"] == 1)

    def bill(self, name: str) -> Bill:
        """What the endpoint has cost until now."""
        before = time.time()
        (found,) = [item for item in self.info.status()["endpoints"] if item["name"] == name]
        return Bill(found["cost"], found["price_per_hour"] / 60, before, time.time())

    def expect_bill(
        self, earlier: Bill, later: Bill, *, until: tuple[float, float], lost: int = 0
    ) -> None:
        """Note a fault unless a bill has grown as time has passed, to a minute.

        Args:
            earlier: while it grew.
            later: the new one.
            until: between which moments it has stopped to grow.
            lost: minutes that may be missing.
        """
        grown = (later.cost - earlier.cost) / earlier.per_minute
        least = (until[0] - earlier.after) / self.minute - 1 - lost
        most = (until[1] - earlier.before) / self.minute + 1
        self.report.longest("largest lack in a bill, minutes", least + 1 + lost - grown)
        self.report.longest("largest excess in a bill, minutes", grown - most + 1)
        if not least - 1e-6 <= grown <= most + 1e-6:
            self.report.fault(f"a bill grew by {grown:.1f} minutes, not {least:.1f} to {most:.1f}")

    def ask(self, method: str, url: str, **options: Any) -> requests.Response | None:
        """A request of a client; None, and a fault, if no answer comes in time."""
        try:
            with self.report.timed("longest request, s"):
                return requests.request(
                    method, url, headers=self.headers, timeout=DEADLINE, **options
                )
        except requests.Timeout:
            self.report.fault(f"no answer within {DEADLINE:g} s: {method} {url} {options}")
            return None


@contextmanager
def standing(
    folder: Path, report: Report, *, minute: float = 1.0, descriptors: int | None = None
) -> Iterator[Stand]:
    """A stand that runs, and is closed at the end."""
    stand = Stand(folder, report, minute=minute, descriptors=descriptors).start()
    try:
        yield stand
    finally:
        stand.close()
