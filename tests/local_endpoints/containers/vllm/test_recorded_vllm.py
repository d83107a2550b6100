"""The vLLM dialect gives the answers that vLLM 0.30 gave with the same weights.

`record` says how they were recorded. Both sides run the pocket Qwen3 in single precision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local_endpoints.replicas.wire import ContainerSettings
from local_endpoints.repositories import REPOSITORIES
from tests.local_endpoints.containers.conftest import KEY, RunningContainer
from tests.local_endpoints.containers.vllm.asked.case import MODEL, Case
from tests.local_endpoints.containers.vllm.comparing import RECORDED, compare, is_drawn, load
from tests.local_endpoints.containers.vllm.different import DIFFERENT

FILES = {path.stem: load(path.stem) for path in sorted(RECORDED.glob("*.json"))}
ANSWERS = {
    (file, case): told
    for file, content in FILES.items()
    for case, told in content.get("answers", {}).items()
}
Serve = Callable[[list[str]], RunningContainer]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """A container for each set of arguments, one after the other."""
    running: dict[tuple[str, ...], RunningContainer] = {}

    def start(arguments: list[str]) -> RunningContainer:
        key = tuple(arguments)
        if key not in running:
            folder = REPOSITORIES[MODEL].path
            order = ContainerSettings("vllm", MODEL, folder, {}, KEY, args=arguments)
            running[key] = RunningContainer(order).start()
        return running[key]

    yield start
    for container in running.values():
        container.stop()


def found(serve: Serve, file: str, case: str) -> list[str]:
    """In what our answer differs."""
    told = ANSWERS[file, case]
    asked = Case.read(told["asked"])
    container = serve(FILES[file]["arguments"])
    ours = container.send(asked.method, asked.path, asked.content or None, asked.headers)
    return compare(told["answered"], ours, drawn=is_drawn(told["asked"]))


@pytest.mark.parametrize(("file", "case"), [key for key in ANSWERS if key not in DIFFERENT])
def test_the_answer_is_the_recorded_one(serve: Serve, file: str, case: str) -> None:
    assert found(serve, file, case) == []


@pytest.mark.parametrize(("file", "case"), list(DIFFERENT))
def test_what_is_listed_as_different_is_different(serve: Serve, file: str, case: str) -> None:
    """So that the list cannot grow old."""
    assert found(serve, file, case), DIFFERENT[file, case]


def test_every_recorded_request_can_be_sent_again() -> None:
    written: list[Any] = [told["asked"] for told in ANSWERS.values()]
    assert [Case.read(each).written() for each in written] == written
