"""Logs as clients read them: text, events and records."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from local_endpoints.control_plane.endpoint import Endpoint, iso
from tests.local_endpoints.api.conftest import NAMESPACE, Api, error_text
from tests.patience import WAIT_SECONDS, eventually

PATH = f"/endpoint/{NAMESPACE}/an-endpoint"


@pytest.fixture
def endpoint(api: Api) -> Endpoint:
    return api.service.create_running()


def say(api: Api, *lines: str, replica: int = -1) -> None:
    chosen = api.service.launcher.launched[replica]
    api.service.server.call(lambda: chosen.say(*lines))


def names(api: Api) -> list[str]:
    return [item["id"] for item in api.get(f"{PATH}/replica").json()["items"]]


def records(api: Api, **parameters: str) -> Any:
    url = f"{api.service.url}/v3{PATH}/logs"
    return requests.get(url, params=parameters, headers=api.service.headers, timeout=20)


def lines(api: Api, **parameters: str) -> list[str]:
    return [record["line"] for record in records(api, **parameters).json()]


def test_a_line_of_the_text_begins_with_its_time(api: Api, endpoint: Endpoint) -> None:
    say(api, "one", "two", "three")
    answer = api.get(f"{PATH}/logs", tail="2")
    time = iso(api.service.clock.now()).replace("Z", "+00:00")
    assert answer.text == f"- {time} two\n- {time} three\n"
    assert answer.headers["content-type"].startswith("text/plain")


def test_the_text_of_all_present_replicas_is_in_order_of_time(api: Api) -> None:
    api.service.create_running(scaling={"minReplica": 2, "maxReplica": 2})
    first, second = names(api)
    for number, replica in enumerate((0, 1, 0)):
        say(api, f"line {number}", replica=replica)
        api.service.clock.advance(seconds=1)
    text = api.get(f"{PATH}/logs").text
    assert [line.partition(" line ")[2] for line in text.splitlines()] == ["0", "1", "2"]
    assert api.get(f"{PATH}/logs", replica=second).text.endswith(" line 1\n")
    assert len(api.get(f"{PATH}/logs", replica=first).text.splitlines()) == 2


def test_the_text_of_an_endpoint_without_replicas_is_that_of_the_last(
    api: Api, endpoint: Endpoint
) -> None:
    say(api, "goodbye")
    api("POST", f"{PATH}/pause")
    assert api.get(f"{PATH}/logs").text.endswith(" goodbye\n")
    api("POST", f"{PATH}/resume")
    api.service.tick(3)
    assert api.get(f"{PATH}/logs").text == "", "the present replica has said nothing"


def test_who_wants_more_lines_than_there_are_gets_them(api: Api, endpoint: Endpoint) -> None:
    say(api, *map(str, range(150)))
    assert len(api.get(f"{PATH}/logs").text.splitlines()) == 100
    assert len(api.get(f"{PATH}/logs", tail="50000").text.splitlines()) == 150
    assert len(lines(api, tail="50000")) == 150


def test_long_lines_are_cut(api: Api, endpoint: Endpoint) -> None:
    say(api, "x" * 100)
    assert api.get(f"{PATH}/logs", line_max_length="7").text.endswith(f" {'x' * 7}\n")
    assert lines(api, line_max_length="7") == ["x" * 7]


def test_records_have_the_fields_that_clients_read(api: Api, endpoint: Endpoint) -> None:
    say(api, "2026-11-26 20:00:00,000 WARNING the disk is nearly full", "no level here")
    (replica,) = names(api)
    first, second = records(api).json()
    assert first == {
        "timestamp": iso(api.service.clock.now()),
        "line": "2026-11-26 20:00:00,000 WARNING the disk is nearly full",
        "stream": "stdout",
        "replica_id": replica,
        "level": "warning",
    }
    assert second["level"] is None


def test_records_are_filtered(api: Api, endpoint: Endpoint) -> None:
    begun = api.service.clock.now()
    for line in ("INFO loading", "Error: no such model", "ERROR out of memory", "INFO Loaded"):
        say(api, line)
        api.service.clock.advance(seconds=10)
    assert lines(api, level="error") == ["Error: no such model", "ERROR out of memory"]
    assert lines(api, search="LOAD") == ["INFO loading", "INFO Loaded"]
    assert lines(api, level="INFO", search="loaded") == ["INFO Loaded"]
    assert lines(api, since=iso(begun + 10), until=iso(begun + 20)) == [
        "Error: no such model",
        "ERROR out of memory",
    ]
    assert lines(api, tail="1") == ["INFO Loaded"]
    assert lines(api, order="desc", limit="1") == ["INFO Loaded"]
    assert lines(api, search="nothing like it") == []


def test_records_of_replicas_that_are_gone_are_kept(api: Api, endpoint: Endpoint) -> None:
    say(api, "the first")
    (first,) = names(api)
    api("POST", f"{PATH}/pause")
    api("POST", f"{PATH}/resume")
    api.service.tick(3)
    say(api, "the second")
    assert lines(api) == ["the first", "the second"]
    assert lines(api, replica=first) == ["the first"]


def test_a_link_leads_to_the_next_page(api: Api, endpoint: Endpoint) -> None:
    say(api, *map(str, range(5)))
    answer, found = records(api, limit="2", order="desc"), []
    while True:
        found += [record["line"] for record in answer.json()]
        if "next" not in answer.links:
            break
        url = answer.links["next"]["url"]
        answer = requests.get(url, headers=api.service.headers, timeout=20)
    assert found == ["4", "3", "2", "1", "0"]


@contextmanager
def following(api: Api, path: str, **parameters: str) -> Iterator[Iterator[str]]:
    """The lines of an answer that does not end."""
    url = f"{api.service.url}{path}"
    with requests.get(
        url, params=parameters, headers=api.service.headers, stream=True, timeout=WAIT_SECONDS
    ) as answer:
        assert answer.status_code == 200
        yield (line for line in answer.iter_lines(decode_unicode=True) if line)


def test_text_is_followed(api: Api, endpoint: Endpoint) -> None:
    say(api, "one", "two")
    with following(api, f"/v2{PATH}/logs", follow="true", tail="1") as seen:
        assert next(seen).endswith(" two")
        say(api, "three", "four")
        assert next(seen).endswith(" three")
        assert next(seen).endswith(" four")
        api("POST", f"{PATH}/pause")
        api("POST", f"{PATH}/resume")
        api.service.tick(3)
        say(api, "from the next replica")
        assert next(seen).endswith(" from the next replica")


def test_events_of_text_and_of_records(api: Api, endpoint: Endpoint) -> None:
    say(api, "INFO one")
    with following(api, f"/v2{PATH}/logs/sse") as texts:
        event = next(texts)
        assert event.startswith("data: - ") and event.endswith("+00:00 INFO one")
    with following(api, f"/v3{PATH}/logs/sse", level="info") as objects:
        say(api, "DEBUG two", "INFO three")
        found = [json.loads(next(objects).removeprefix("data: ")) for _ in range(2)]
        assert [record["line"] for record in found] == ["INFO one", "INFO three"]


def test_a_line_that_would_end_an_event_does_not(api: Api, endpoint: Endpoint) -> None:
    say(api, "10 %\r20 %")
    with following(api, f"/v2{PATH}/logs/sse") as texts:
        assert next(texts).endswith(" 10 %")
        assert next(texts) == "data: 20 %"


def test_following_ends_with_the_client_and_with_the_endpoint(api: Api, endpoint: Endpoint) -> None:
    def tasks() -> int:
        return api.service.server.call(lambda: len(asyncio.all_tasks()))

    before = tasks()
    with following(api, f"/v2{PATH}/logs/sse") as seen:
        say(api, "one")
        next(seen)
        assert tasks() > before
    assert eventually(lambda: tasks() <= before)
    with following(api, f"/v2{PATH}/logs", follow="true") as seen:
        assert next(seen).endswith(" one")
        api("DELETE", PATH)
        assert list(seen) == []


@pytest.mark.parametrize(
    ("version", "suffix", "parameters", "text"),
    [
        ("v2", "", {"tail": "0"}, "tail must be from 1 to 1000000"),
        ("v2", "", {"tail": "many"}, "tail must be"),
        ("v2", "", {"line_max_length": "0"}, "line_max_length must be"),
        ("v2", "", {"follow": "maybe"}, "follow must be true or false"),
        ("v2", "/sse", {"tail": "0"}, "tail must be"),
        ("v3", "", {"limit": "5001"}, "limit must be from 1 to 5000"),
        ("v3", "", {"order": "up"}, "order must be asc or desc"),
        ("v3", "", {"since": "yesterday"}, "since must be a time such as"),
        ("v3", "", {"until": "1700000000"}, "until must be a time such as"),
        ("v3", "", {"cursor": "no"}, "cursor is not one of this service's"),
        ("v3", "/sse", {"since": "yesterday"}, "since must be"),
    ],
)
def test_parameters_that_make_no_sense(
    api: Api, endpoint: Endpoint, version: str, suffix: str, parameters: dict[str, str], text: str
) -> None:
    url = f"{api.service.url}/{version}{PATH}/logs{suffix}"
    answer = requests.get(url, params=parameters, headers=api.service.headers, timeout=20)
    assert text in error_text(answer, 400)


@pytest.mark.parametrize("suffix", ["", "/sse"])
@pytest.mark.parametrize("version", ["v2", "v3"])
def test_a_replica_that_never_was_is_404_and_says_which_were(
    api: Api, endpoint: Endpoint, version: str, suffix: str
) -> None:
    (name,) = names(api)
    url = f"{api.service.url}/{version}{PATH}/logs{suffix}"
    answer = requests.get(
        url, params={"replica": "no-such"}, headers=api.service.headers, timeout=20
    )
    assert name in error_text(answer, 404)
