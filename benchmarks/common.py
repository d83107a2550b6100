"""What the benchmarks share: the local service with one endpoint, and the memory of processes."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from huggingface_hub import create_inference_endpoint

from helpers import connect, wait_until_running
from local_endpoints import ensure_running, stop_running


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
def local_service(repository_id: str, *, task: str, **more: Any) -> Iterator[Service]:
    """Start the service in a folder of its own, create an endpoint, and end both at the end.

    Args:
        repository_id: the model, as on the Hub.
        task: for example "text-generation".
        more: further arguments of ``create_inference_endpoint``.
    """
    with tempfile.TemporaryDirectory() as folder:
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
