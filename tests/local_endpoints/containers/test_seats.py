"""The real process with several containers of one model in it."""

from __future__ import annotations

import contextlib
import http.client
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from local_endpoints.replicas.wire import parse_ready_line, parse_seat_line
from tests.local_endpoints.containers.conftest import ENV, REPOSITORY
from tests.patience import WAIT_SECONDS


class Process:
    """A process with seats, as the service talks to it."""

    def __init__(self, model_dir: Path) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "local_endpoints.containers", "seats"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.url = ""
        self._model_dir = model_dir
        self._said: dict[str, list[str]] = {}
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self._lines.put(line.rstrip("\n"))

    def say(self, line: str) -> None:
        assert self.popen.stdin is not None
        self.popen.stdin.write(line + "\n")
        self.popen.stdin.flush()

    def open(self, seat: str, *, dialect: str = "tgi", **env: str) -> None:
        """Open a seat and wait until it is ready, or ends."""
        order = {
            "dialect": dialect,
            "repository": REPOSITORY,
            "model_dir": str(self._model_dir),
            "env": {**ENV, **env} if dialect == "tgi" else {},
            "replica_key": f"key-of-{seat}",
        }
        self.say(f"open {seat} {json.dumps(order)}")
        url = parse_ready_line(self.until(seat), f"key-of-{seat}")
        while url is None and not self.ended(seat):
            url = parse_ready_line(self.until(seat), f"key-of-{seat}")
        self.url = url or self.url

    def until(self, seat: str) -> str:
        """The next line about the seat."""
        while True:
            about, line = parse_seat_line(self._lines.get(timeout=WAIT_SECONDS))
            self._said.setdefault(about, []).append(line)
            if about == seat:
                return line

    def ended(self, seat: str) -> bool:
        return self._said[seat][-1].startswith("container exited with code")

    def until_ended(self, seat: str) -> str:
        while not self.ended(seat):
            self.until(seat)
        return self._said[seat][-1]

    def said(self, seat: str, *, until: str = "") -> str:
        """All that was said about the seat, as soon as this is in it."""
        while until not in "\n".join(self._said[seat]):
            self.until(seat)
        return "\n".join(self._said[seat])

    def ask(self, seat: str, path: str, body: Any = None) -> tuple[int, str]:
        place = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection(place, timeout=WAIT_SECONDS)
        method, content = ("GET", None) if body is None else ("POST", json.dumps(body))
        headers = {"x-replica-key": f"key-of-{seat}", "content-type": "application/json"}
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        with contextlib.closing(connection):
            return answer.status, answer.read().decode()


@pytest.fixture
def process(model_dir: Path) -> Iterator[Process]:
    running = Process(model_dir)
    yield running
    running.popen.kill()
    running.popen.wait()


GENERATE = {"inputs": "the quick", "parameters": {"max_new_tokens": 3}}


def test_each_has_its_own_limits_counters_and_log(process: Process) -> None:
    process.open("1")
    process.open("2", MAX_CONCURRENT_REQUESTS="0")
    process.open("3", MAX_TOTAL_TOKENS="80")
    assert process.ask("1", "/generate", GENERATE)[0] == 200
    assert process.ask("2", "/generate", GENERATE)[0] == 429
    assert json.loads(process.ask("1", "/info")[1])["max_total_tokens"] == 100
    assert json.loads(process.ask("3", "/info")[1])["max_total_tokens"] == 80
    for seat, answered in (("1", "tgi_request_success"), ("2", 'err="overloaded"')):
        counted = process.ask(seat, "/metrics")[1]
        assert [line for line in counted.splitlines() if answered in line], counted
    assert "tgi_request_success{" not in process.ask("2", "/metrics")[1]
    process.ask("1", "/nowhere-of-one")
    process.ask("2", "/nowhere-of-two")
    assert process.ask("3", "/health")[0] == 200
    process.ask("3", "/nowhere-of-three")
    process.said("3", until="nowhere-of-three")  # lines come in order, whomever they are about
    for seat, answered, where in (("1", 1, "one"), ("2", 0, "two"), ("3", 0, "three")):
        said = process.said(seat)
        assert said.count("Success: prompt_tokens") == 1 + answered, (
            "at the start, there is a probe"
        )
        assert said.count("nowhere") == 1 and f"nowhere-of-{where}" in said


def test_one_that_is_refused_or_ends_leaves_the_others_alone(process: Process) -> None:
    process.open("1")
    process.open("2", MAX_TOTAL_TOKENS="nonsense")
    assert "Error: " in process.said("2") and "code 1" in process.until_ended("2")
    process.open("3", dialect="nobody's")
    assert "no container speaks" in process.said("3")
    process.open("4")
    process.say("crash 4")
    assert process.until_ended("4") == "container exited with code -9"
    with pytest.raises((http.client.HTTPException, OSError)):
        process.ask("4", "/health")
    process.open("5")
    process.say("stop 5")
    assert process.until_ended("5") == "container exited with code 0"
    assert process.ask("1", "/generate", GENERATE)[0] == 200
    assert process.ask("6", "/health")[0] == 403, "a key that nobody has had"


def test_both_text_dialects_and_the_end(process: Process) -> None:
    process.open("1", dialect="vllm")
    assert process.ask("1", "/v1/models")[0] == 200
    assert process.popen.stdin is not None
    process.popen.stdin.close()
    assert process.popen.wait(WAIT_SECONDS) == 0
