"""What the benchmarks share: the local service with one endpoint, clients, memory, and tables."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import psutil
from huggingface_hub import create_inference_endpoint

# The repository's root, for ``training``: it is not installed, and Python looks beside the script
# that it runs only. Every benchmark imports this module first.
sys.path.append(str(Path(__file__).parents[1]))

from helpers import connect, wait_until_running
from local_endpoints import ServiceInfo, ensure_running, find_running, stop_running

START_SECONDS = 60.0
Result = TypeVar("Result")


@dataclass(frozen=True)
class Service:
    """The local service with one endpoint that is running.

    Attributes:
        url: of the endpoint, through the gateway.
        token: that its requests must bear.
        pid: of the service; the replica is its child.
        service_seconds: from nothing to a service that answers.
        endpoint_seconds: from creating the endpoint to its state "running".
    """

    url: str
    token: str
    pid: int
    service_seconds: float
    endpoint_seconds: float


@contextlib.contextmanager
def serving(command: Sequence[str], folder: Path, *, log: Path) -> Iterator[ServiceInfo]:
    """A service that a command of Python starts, from its first answer on; stopped at the end.

    Args:
        command: what follows ``python``, without the state directory.
        folder: the state directory.
        log: file for what the service says.
    """
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, *command, "--state-dir", str(folder)], stdout=said, stderr=said
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while (info := find_running(folder)) is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the service did not start: see {log}")
            time.sleep(0.1)
        yield info
    finally:
        stop_running(folder)
        process.wait()


@contextlib.contextmanager
def local_service(
    repository_id: str,
    *,
    task: str,
    prepare: Callable[[Path], None] = lambda folder: None,
    **more: Any,
) -> Iterator[Service]:
    """Start the service in a folder of its own, create an endpoint, and end both at the end.

    Args:
        repository_id: the model, as on the Hub.
        task: for example "text-generation".
        prepare: called with the folder before the service starts.
        more: further arguments of ``create_inference_endpoint``.
    """
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        start = time.perf_counter()
        info = ensure_running(Path(folder), owner=os.getpid(), minute=60)
        service_seconds = time.perf_counter() - start
        try:
            connect("local", state_dir=folder)
            start = time.perf_counter()
            endpoint = create_inference_endpoint(
                "benchmark", repository=repository_id, framework="pytorch", task=task,
                vendor="aws", region="us-east-1", accelerator="gpu", instance_type="nvidia-l4",
                instance_size="x1", min_replica=1, type="private", **more,
            )  # fmt: skip
            wait_until_running(endpoint, refresh_every=0.02)
            endpoint_seconds = time.perf_counter() - start
            yield Service(
                str(endpoint.url), info.token, info.pid, service_seconds, endpoint_seconds
            )
        finally:
            stop_running(Path(folder))


def resident_mb(pid: int) -> float:
    """Resident memory of a process and its children, in MB."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) / 1e6


def own_mb(process: psutil.Process) -> float:
    """Memory of one process in MB, where what processes share is divided among them (PSS). Only
    Linux tells that; elsewhere what is shared counts for each of them (resident memory)."""
    used = process.memory_full_info()
    return float(getattr(used, "pss", used.rss)) / 1e6


async def at_once(
    count: int, client: Callable[[aiohttp.ClientSession, int], Awaitable[Result]]
) -> tuple[float, list[Result]]:
    """Let some clients ask at the same time.

    Args:
        count: of clients.
        client: asks its questions, given a session and the client's number.

    Returns:
        Seconds until the last one is done, and what each of them returned.
    """
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        start = time.perf_counter()
        results = await asyncio.gather(*(client(session, number) for number in range(count)))
        return time.perf_counter() - start, results


@dataclass(frozen=True)
class Figure:
    """One row of a comparison.

    Attributes:
        label: what was measured, with its unit.
        values: one per side, ours first.
        digits: how many to print after the point.
        goal: what the ratio shall be, in words; empty where nothing is aimed at.
    """

    label: str
    values: list[float]
    digits: int
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """Of the first side to the second; None where there is only one."""
        return self.values[0] / self.values[1] if len(self.values) == 2 else None


def comparison(names: list[str], figures: Sequence[Figure]) -> str:
    """Figures as a Markdown table, one column per side; two sides have a ratio.

    Goals stand next to the ratio; where no figure has one, there is no such column.
    """
    heading = ["", *names]
    if len(names) == 2:
        heading += ["ratio", "goal"] if any(figure.goal for figure in figures) else ["ratio"]
    rows = [heading]
    for figure in figures:
        row = [figure.label, *(f"{value:.{figure.digits}f}" for value in figure.values)]
        if figure.ratio is not None:
            row += [f"{figure.ratio:.2f}", figure.goal]
        rows.append(row[: len(heading)])
    return markdown(rows)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its heading."""
    heading, *others = rows
    lines = [heading, ["---"] * len(heading), *others]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
