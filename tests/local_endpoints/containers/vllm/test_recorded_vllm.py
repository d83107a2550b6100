"""The vLLM dialect gives the answers that vLLM 0.30 gave with the same weights.

`record` says how they were recorded. Both sides run the pocket Qwen3 in single precision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from local_endpoints.containers.__main__ import make_container
from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings
from local_endpoints.repositories import REPOSITORIES
from tests.local_endpoints.containers.conftest import KEY, RunningContainer
from tests.local_endpoints.containers.vllm.asked.arguments import REFUSED
from tests.local_endpoints.containers.vllm.asked.case import MODEL
from tests.local_endpoints.containers.vllm.asked.tables import TABLES
from tests.local_endpoints.containers.vllm.comparing import compare, load, methods, metric_names
from tests.local_endpoints.containers.vllm.different import DIFFERENT, NOT_TAKEN, STARTED

FILES = {name: load(name) for name in TABLES}
STARTS = load("refused")["starts"]
CASES = [
    (file, case) for file, (_, table) in TABLES.items() if file not in NOT_TAKEN for case in table
]
Serve = Callable[[list[str]], RunningContainer]


def order(arguments: list[str]) -> ContainerSettings:
    """Of a container with these arguments."""
    return ContainerSettings("vllm", MODEL, REPOSITORIES[MODEL].path, {}, KEY, args=arguments)


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """A container for each set of arguments, one after the other."""
    running: dict[tuple[str, ...], RunningContainer] = {}

    def start(arguments: list[str]) -> RunningContainer:
        key = tuple(arguments)
        if key not in running:
            running[key] = RunningContainer(order(arguments)).start()
        return running[key]

    yield start
    for container in running.values():
        container.stop()


def found(serve: Serve, file: str, case: str) -> list[str]:
    """In what our answer differs.

    A stream is asked for up to three times: on a busy machine two tokens may come in one event,
    with vLLM as here.
    """
    asked = TABLES[file][1][case]
    theirs = FILES[file]["answers"][case]
    container = serve(FILES[file]["arguments"])
    differing: list[str] = []
    for _ in range(3 if "events" in theirs else 1):
        ours = container.send(asked.method, asked.path, asked.content or None, asked.headers)
        differing = compare(theirs, ours, drawn=asked.drawn)
        if not differing:
            break
    return differing


@pytest.mark.parametrize(("file", "case"), [key for key in CASES if key not in DIFFERENT])
def test_the_answer_is_the_recorded_one(serve: Serve, file: str, case: str) -> None:
    assert found(serve, file, case) == []


@pytest.mark.parametrize(("file", "case"), list(DIFFERENT))
def test_what_is_listed_as_different_is_different(serve: Serve, file: str, case: str) -> None:
    """So that the list cannot grow old."""
    assert found(serve, file, case), DIFFERENT[file, case]


@pytest.mark.parametrize("start", [name for name in STARTS if name not in STARTED])
def test_arguments_that_vllm_refuses_are_refused(start: str) -> None:
    with pytest.raises(ConfigurationError):
        make_container(order(STARTS[start]["arguments"]))


@pytest.mark.parametrize("start", list(STARTED))
def test_what_is_listed_as_started_starts(start: str) -> None:
    make_container(order(STARTS[start]["arguments"])).stop()


def test_the_starts_that_were_recorded_are_those_that_are_asked_for() -> None:
    assert {name: told["arguments"] for name, told in STARTS.items()} == REFUSED


@pytest.mark.parametrize(("file", "argument"), list(NOT_TAKEN.items()))
def test_an_argument_that_is_not_taken_is_named(file: str, argument: str) -> None:
    with pytest.raises(ConfigurationError, match=argument):
        make_container(order(FILES[file]["arguments"]))


@pytest.mark.parametrize("file", list(TABLES))
def test_what_was_recorded_is_what_is_asked(file: str) -> None:
    """A request that was changed without asking the real engine again is found."""
    recorded = {case: told["asked"] for case, told in FILES[file]["answers"].items()}
    assert recorded == {case: asked.digest for case, asked in TABLES[file][1].items()}


def test_no_route_is_described_that_vllm_lacks(serve: Serve) -> None:
    theirs = FILES["routes"]["answers"]["openapi"]["paths"]
    ours = methods(serve([]).get("/openapi.json").json())
    assert {path: theirs.get(path) for path in ours} == ours


def test_no_metric_is_counted_that_vllm_lacks(serve: Serve) -> None:
    theirs = FILES["routes"]["answers"]["metrics"]["names"]
    ours = metric_names(serve([]).get("/metrics").text)
    assert ours
    assert set(ours) <= set(theirs)
