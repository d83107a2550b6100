"""What the service writes is what a container reads, and the other way round."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.replicas.replica import ReplicaOrder
from local_endpoints.replicas.wire import (
    ConfigurationError,
    ContainerSettings,
    ended_line,
    is_ended_line,
    parse_ready_line,
    parse_seat_line,
    ready_line,
    seat_line,
)

GIVEN: dict[str, Any] = {
    "dialect": "tgi",
    "repository": "google/gemma-1.1-2b-it",
    "model_dir": "models/gemma",
    "env": {"MAX_TOTAL_TOKENS": "100"},
    "replica_key": "secret",
}


def order(**changes: Any) -> ReplicaOrder:
    wanted: dict[str, Any] = {
        "endpoint_id": "abcdefghijklmnop",
        "dialect": "toolkit",
        "repository": "open-models/tiny",
        "model_dir": Path("models") / "tiny",
        "env": {"A": "two\nlines", "B": "é\u2028"},
        "accelerators": 0,
        "health_route": "/health",
        "log_name": "an-endpoint-abc",
        **changes,
    }
    return ReplicaOrder(**wanted)


def test_the_line_is_read() -> None:
    settings = ContainerSettings.parse(json.dumps({**GIVEN, "docker_label": "label"}).encode())
    assert settings == ContainerSettings(
        "tgi",
        "google/gemma-1.1-2b-it",
        Path("models/gemma"),
        {"MAX_TOTAL_TOKENS": "100"},
        "secret",
        "label",
    )


def test_without_a_label_it_still_says_that_a_pocket_model_speaks() -> None:
    assert "pocket" in ContainerSettings.parse(json.dumps(GIVEN).encode()).docker_label


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"null", b"\xff", b'{"dialect": "tgi"}'])
def test_anything_else_is_refused_with_what_is_expected(line: bytes) -> None:
    with pytest.raises(ConfigurationError, match="one line of JSON with dialect"):
        ContainerSettings.parse(line)


def test_what_is_written_is_read_again() -> None:
    settings = ContainerSettings(
        "toolkit", "open-models/tiny", Path("models") / "tiny", {"A": "1"}, "key", "label", 4
    )
    assert ContainerSettings.parse(settings.to_line()) == settings


def test_an_order_is_one_line_that_says_what_concerns_the_container() -> None:
    wanted = order(replica_key="key")
    line = wanted.to_line()
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert json.loads(line) == {
        "dialect": "toolkit",
        "repository": "open-models/tiny",
        "model_dir": str(Path("models") / "tiny"),
        "env": {"A": "two\nlines", "B": "é\u2028"},
        "replica_key": "key",
        "docker_label": "pocket-model",
        "accelerators": 0,
        "args": [],
    }
    assert ContainerSettings.parse(line).env == wanted.env


def test_every_order_has_a_key_of_its_own_that_no_log_shows() -> None:
    first, second = order(), order()
    assert len(first.replica_key) >= 32
    assert first.replica_key != second.replica_key
    assert first.replica_key not in repr(first)
    assert "two" not in repr(first), "secrets are in the environment"


def test_the_ready_line() -> None:
    line = ready_line("http://127.0.0.1:81/x", "a key")
    assert line.startswith("Listening on http://127.0.0.1:81/x (")
    assert "a key" not in line
    assert parse_ready_line(line, "a key") == "http://127.0.0.1:81/x"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Listening on http://127.0.0.1:81",
        "Listening on http://127.0.0.1:81 (0123456789abcdef)",
        ready_line("http://127.0.0.1:81", "another key"),
        f"is {ready_line('http://127.0.0.1:81', 'a key')}",
        ready_line("http://10.0.0.1:81", "a key"),
    ],
)
def test_other_lines_of_a_log_are_no_ready_line(line: str) -> None:
    """Users' words come into a log: nobody without the key says where requests go."""
    assert parse_ready_line(line, "a key") is None


def test_only_the_standard_library_is_needed() -> None:
    code = (
        "import sys; before = set(sys.modules); import local_endpoints.replicas.wire; "
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before} "
        "- set(sys.stdlib_module_names)))"
    )
    # What the package itself imports is not the wire's.
    code = "import local_endpoints, local_endpoints.replicas; " + code
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert output.strip() == "['local_endpoints']"


@pytest.mark.parametrize("line", ["", "a line", "12\ttabs\t", "é\u2028"])
@pytest.mark.parametrize("seat", ["", "1", "4711"])
def test_a_line_about_a_seat(seat: str, line: str) -> None:
    assert parse_seat_line(seat_line(seat, line)) == (seat, line)


@pytest.mark.parametrize("line", ["", "Traceback (most recent call)", "a\tb", "-1\tb", "²\tb"])
def test_what_names_no_seat_is_about_all(line: str) -> None:
    assert parse_seat_line(line) == ("", line)


def test_the_end_of_a_seat() -> None:
    assert is_ended_line(ended_line(-9)) and is_ended_line(ended_line(0))
    assert not is_ended_line("container exited with code 1, says somebody")
