"""The skeleton of both engines, on work that is done at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from local_endpoints.engine.worker import Worker
from tests.patience import WAIT_SECONDS

Result = tuple[str, Exception | None]


class Echo(Worker[str]):
    """Takes one job per step, which the test lets begin, and is done with it at once.

    Attributes:
        begin: a permit for each step.
        begun: released when a step waits for its permit.
        results: each job with its error, or None.
    """

    def __init__(self, max_requests: int = 8) -> None:
        super().__init__("echo", max_requests=max_requests)
        self.begin = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.results: queue.Queue[Result] = queue.Queue()
        self._jobs: list[str] = []

    @property
    def active(self) -> Sequence[str]:
        return self._jobs

    def submit(self, job: str, *, first: bool = False) -> None:
        self._enqueue(job, first=first)

    def step(self) -> None:
        self._jobs = self._take(1)
        self.begun.release()
        assert self.begin.acquire(timeout=WAIT_SECONDS)
        self._forget_waiting(lambda job: job == "unwanted")
        with self._confined(self.active):
            for job in self.active:
                if job.startswith("bad"):
                    raise RuntimeError(job)
                self.results.put((job, None))
            self._jobs = []

    def fail(self, jobs: Sequence[str], error: Exception) -> None:
        self._jobs = [job for job in self._jobs if job not in jobs]
        for job in jobs:
            self.results.put((job, error))

    def result(self) -> Result:
        return self.results.get(timeout=WAIT_SECONDS)


@pytest.fixture
def start_echo() -> Iterator[Callable[..., Echo]]:
    started: list[Echo] = []

    def start(max_requests: int = 8, *, freely: bool = True) -> Echo:
        echo = Echo(max_requests)
        started.append(echo)
        if freely:
            echo.begin.release(1000)
        echo.start()
        return echo

    yield start
    for echo in started:
        echo.begin.release(1000)
        echo.stop()


def test_jobs_are_done_in_their_order(start_echo: Callable[..., Echo]) -> None:
    echo = start_echo()
    for job in "abc":
        echo.submit(job)
    assert [echo.result() for _ in "abc"] == [("a", None), ("b", None), ("c", None)]


def test_a_job_may_overtake_those_that_wait(start_echo: Callable[..., Echo]) -> None:
    echo = start_echo(freely=False)
    echo.submit("a")
    assert echo.begun.acquire(timeout=WAIT_SECONDS)
    echo.submit("b")
    echo.submit("c", first=True)
    assert echo.waiting == ["c", "b"]
    echo.begin.release(1000)
    assert [echo.result()[0] for _ in "acb"] == ["a", "c", "b"]


def test_waiting_and_active_jobs_are_counted_and_bounded(start_echo: Callable[..., Echo]) -> None:
    echo = start_echo(2, freely=False)
    echo.submit("a")
    assert echo.begun.acquire(timeout=WAIT_SECONDS)
    echo.submit("b")
    assert (echo.active_count, echo.waiting_count) == (1, 1)
    with pytest.raises(QueueFullError, match="2 requests are in flight"):
        echo.submit("c")
    echo.begin.release(1000)
    assert [echo.result()[0] for _ in "ab"] == ["a", "b"]


class Late(Echo):
    """Its jobs are in the batch only when they have been let begin, as prompts that are read."""

    def step(self) -> None:
        joining = self._take(1)
        self.begun.release()
        assert self.begin.acquire(timeout=WAIT_SECONDS)
        for job in joining:
            self.results.put((job, None))


def test_a_job_that_joins_the_batch_counts() -> None:
    late = Late(1)
    late.start()
    late.submit("a")
    assert late.begun.acquire(timeout=WAIT_SECONDS)
    assert late.active_count + late.waiting_count == 0
    with pytest.raises(QueueFullError, match="1 requests are in flight"):
        late.submit("b")
    late.begin.release(1000)
    assert late.result() == ("a", None)
    late.stop()


def test_an_error_is_confined_to_its_job(
    start_echo: Callable[..., Echo], caplog: pytest.LogCaptureFixture
) -> None:
    echo = start_echo()
    echo.submit("bad secret")
    job, error = echo.result()
    assert job == "bad secret" and isinstance(error, RuntimeError)
    assert not echo.healthy
    assert "the work on 1 request(s) failed: RuntimeError\n" in caplog.text
    assert "in step" in caplog.text, "the log says where"
    assert "secret" not in caplog.text, "an exception may repeat a prompt"
    echo.submit("good")
    assert echo.result() == ("good", None)
    echo.stop()
    assert echo.healthy


def test_what_nobody_wants_is_forgotten(start_echo: Callable[..., Echo]) -> None:
    echo = start_echo(freely=False)
    for job in ("a", "unwanted", "b"):
        echo.submit(job)
    echo.begin.release(1000)
    assert [echo.result()[0] for _ in "ab"] == ["a", "b"]
    assert echo.waiting_count == 0


def test_stopping_fails_what_is_left_and_refuses_more(start_echo: Callable[..., Echo]) -> None:
    echo = start_echo(freely=False)
    for job in "abc":
        echo.submit(job)
    assert echo.begun.acquire(timeout=WAIT_SECONDS)
    echo.stop(timeout=0)
    with pytest.raises(EngineStoppedError):
        echo.submit("d")
    echo.begin.release()
    assert echo.result() == ("a", None), "the current step is done"
    for expected in "bc":
        job, error = echo.result()
        assert job == expected and isinstance(error, EngineStoppedError)


def test_a_worker_that_never_started_can_be_stopped() -> None:
    echo = Echo()
    echo.stop()
    with pytest.raises(EngineStoppedError):
        echo.submit("a")
