"""The management side and the gateway: how long they take, alone and in a crowd.

    python benchmarks/management.py

The service runs with one endpoint that answers and many that are paused: they were written into its
store before it started. Measured are: one client that gets, lists and creates (each new endpoint
starts a real container and is deleted at once); the same request through the gateway and to a
container of the same kind directly, in turn; and a crowd that lists, creates, chats and pauses. The
clients run on the same computer. Tables are printed in Markdown.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from common import Service, at_once, local_service, markdown, resident_mb

from local_endpoints.access import USER
from local_endpoints.clock import SystemClock
from local_endpoints.control_plane.checks import admit
from local_endpoints.control_plane.deployment import Deployment
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.lifecycle import MOST_ENDPOINTS
from local_endpoints.control_plane.spec import parse_spec
from local_endpoints.control_plane.store import Store
from local_endpoints.replicas.launcher import ContainerLauncher
from local_endpoints.replicas.process import ProcessReplica
from local_endpoints.replicas.replica import Replica

REPOSITORY = "google/gemma-1.1-2b-it"
IMAGE = {"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}}
CHAT = {
    "model": "tgi",
    "messages": [{"role": "user", "content": "Please write a short poem about rivers."}],
    "max_tokens": 1,
}
FORWARDED: Mapping[str, tuple[str, str, Any]] = {
    "`GET /health`": ("GET", "/health", None),
    "a chat of one token": ("POST", "/v1/chat/completions", CHAT),
}
ENDPOINTS = f"/v2/endpoint/{USER}"
MOST_PAUSED = MOST_ENDPOINTS - 2
"""All are in one namespace: one more answers, and one at a time is created."""
DOOR = {"429", "503"}
"""What a container says that has too much to do, and the service when it has too many clients."""
SAMPLE_SECONDS = 0.5
BUSY = "the service's processor time, ms"


@dataclass(frozen=True)
class Visit:
    """One request of the crowd: what it was, what came back, and how long that took."""

    kind: str
    status: int
    seconds: float


def wish(name: str) -> dict[str, Any]:
    """The body of a request that creates an endpoint."""
    return {
        "name": name,
        "type": "authenticated",
        "provider": {"vendor": "aws", "region": "us-east-1"},
        "compute": {
            "accelerator": "gpu",
            "instanceType": "nvidia-l4",
            "instanceSize": "x1",
            "scaling": {"minReplica": 1, "maxReplica": 1},
        },
        "model": {"repository": REPOSITORY, "framework": "pytorch", "image": IMAGE},
    }


def endpoint_named(name: str) -> Endpoint:
    """A paused one."""
    spec = parse_spec(wish(name))
    return Endpoint(USER, USER, spec, admit(spec), created_at=time.time(), state="paused")


def fill(folder: Path, count: int) -> None:
    """Write what a service with so many paused endpoints would have left in its folder."""
    store = Store(folder / "state.sqlite3", SystemClock())
    for number in range(count):
        store.add(endpoint_named(f"paused-{number:05}"))
    store.begin(port=0)
    store.close()


class Client:
    """One that asks again and again on the same connection.

    Args:
        session: its connections.
        service: whom it asks.
    """

    def __init__(self, session: aiohttp.ClientSession, service: Service) -> None:
        self._session = session
        self._base = service.url.rpartition("/")[0]
        self._headers = {"Authorization": f"Bearer {service.token}"}

    async def timed(
        self, method: str, path: str, body: Any = None, *, base: str = "", **headers: str
    ) -> tuple[int, float]:
        """Ask and read the whole answer. Returns: its status, and the seconds that it took."""
        start = time.perf_counter()
        async with self._session.request(
            method, (base or self._base) + path, json=body, headers={**self._headers, **headers}
        ) as answer:
            await answer.read()
        return answer.status, time.perf_counter() - start

    async def declared(self) -> dict[str, set[str]]:
        """The statuses that the service's own document declares for what the crowd does."""
        async with self._session.get(f"{self._base}/openapi.json") as answer:
            paths = (await answer.json())["paths"]
        here = "/v2/endpoint/{namespace}"
        return {
            "list": set(paths[here]["get"]["responses"]),
            "create": set(paths[here]["post"]["responses"]),
            "pause": set(paths[f"{here}/{{name}}/pause"]["post"]["responses"]),
            "chat": {"200"},
        }


class Stopwatch:
    """Times of requests, and the processor time that the service alone spent meanwhile, which
    minds other programs little."""

    def __init__(self, service: Service) -> None:
        self.seconds: list[float] = []
        self._process = psutil.Process(service.pid)
        self._busy = 0.0

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Around the requests."""
        before = self._spent()
        yield
        self._busy += self._spent() - before

    @property
    def busy_ms(self) -> str:
        """Processor time per request, in ms."""
        return f"{self._busy / len(self.seconds) * 1000:.1f}"

    def _spent(self) -> float:
        times = self._process.cpu_times()
        return float(times.user + times.system)


async def alone(client: Client, service: Service, *, requests: int, count: int) -> list[list[str]]:
    """One client that manages: rows of a table."""
    asked = {
        "get one": f"{ENDPOINTS}/paused-{count // 2:05}",
        "list, 20 of them": ENDPOINTS,
        "list, 100 of them": f"{ENDPOINTS}?limit=100",
    }
    rows = []
    for label, path in asked.items():
        watch = Stopwatch(service)
        with watch.running():
            for _ in range(requests):
                watch.seconds.append(await _good(client, "GET", path))
        rows.append([label, *_percentiles(watch.seconds), watch.busy_ms])
    watch = Stopwatch(service)
    for number in range(requests // 5):
        name = f"new-{number:05}"
        with watch.running():
            watch.seconds.append(await _good(client, "POST", ENDPOINTS, wish(name)))
        await _good(client, "DELETE", f"{ENDPOINTS}/{name}")
    return [*rows, ["create", *_percentiles(watch.seconds), watch.busy_ms]]


async def _good(client: Client, method: str, path: str, body: Any = None, **more: str) -> float:
    status, seconds = await client.timed(method, path, body, **more)
    if status != 200:
        raise SystemExit(f"{method} {path}: {status}")
    return seconds


@contextlib.asynccontextmanager
async def container() -> AsyncIterator[Replica]:
    """A container such as the service starts, but ours, so that it can be asked directly."""
    with tempfile.TemporaryDirectory() as folder:
        launcher = ContainerLauncher(ProcessReplica, Path(folder), clock=SystemClock())
        changed = asyncio.Event()
        endpoint = endpoint_named("direct")
        endpoint.target_replica = 1
        deployment = Deployment(
            endpoint, launch=lambda order: launcher.launch(order, changed.set), clock=SystemClock()
        )
        deployment.start()
        try:
            await changed.wait()
            (replica,) = deployment.ready()
            yield replica
        finally:
            await launcher.stop_all()


async def forwarded(client: Client, service: Service, *, requests: int) -> list[list[str]]:
    """What the gateway adds: rows of a table."""
    rows = []
    async with container() as replica:
        for label, (method, path, body) in FORWARDED.items():
            watch, direct = Stopwatch(service), []
            for _ in range(requests):
                with watch.running():
                    seconds = await _good(client, method, path, body, base=service.url)
                watch.seconds.append(seconds)
                direct.append(
                    await _good(client, method, path, body, base=replica.url, **replica.headers)
                )
            added = (statistics.median(watch.seconds) - statistics.median(direct)) * 1000
            rows.append([label, _ms(direct), _ms(watch.seconds), f"{added:.2f}", watch.busy_ms])
    return rows


async def crowd(service: Service, *, clients: int, seconds: float) -> list[Visit]:
    """Many that do this and that, each at most one thing at a time."""
    end = time.perf_counter() + seconds
    visits = []

    async def visitor(session: aiohttp.ClientSession, number: int) -> None:
        client, drawn, name = Client(session, service), random.Random(number), f"of-{number:04}"
        does: Mapping[str, tuple[str, str, Any]] = {
            "list": ("GET", ENDPOINTS, None),
            "create": ("POST", ENDPOINTS, wish(name)),
            "pause": ("POST", f"{ENDPOINTS}/{name}/pause", None),
            "chat": ("POST", "/v1/chat/completions", CHAT),
        }
        while time.perf_counter() < end:
            kind = drawn.choice(list(does))
            base = service.url if kind == "chat" else ""
            status, took = await client.timed(*does[kind], base=base)
            visits.append(Visit(kind, status, took))

    await at_once(clients, visitor)
    return visits


async def memory(service: Service, peaks: list[float]) -> None:
    """Keep the largest resident memory in MB: of the service, and with its containers."""
    while True:
        with contextlib.suppress(psutil.NoSuchProcess):
            peaks[1] = max(peaks[1], resident_mb(service.pid))
        peaks[0] = max(peaks[0], _own_mb(service))
        await asyncio.sleep(SAMPLE_SECONDS)


def crowd_table(visits: Sequence[Visit], declared: Mapping[str, set[str]]) -> str:
    """What each kind of visit got; a status that nothing declares is marked with an exclamation
    mark."""
    rows = [["", "requests", "p50, ms", "p99, ms", "answers by status"]]
    for kind, known in declared.items():
        of_kind = [visit for visit in visits if visit.kind == kind]
        counts = Counter(str(visit.status) for visit in of_kind)
        statuses = (
            f"{count} x {status}{'' if status in known | DOOR else ' (!)'}"
            for status, count in sorted(counts.items())
        )
        times = _percentiles([visit.seconds for visit in of_kind])
        rows.append([kind, str(len(of_kind)), *times, ", ".join(statuses)])
    return markdown(rows)


def _own_mb(service: Service) -> float:
    return float(psutil.Process(service.pid).memory_info().rss / 1e6)


def _ms(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.2f}"


def _percentiles(seconds: Sequence[float]) -> list[str]:
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    return [f"{hundredths[49] * 1000:.1f}", f"{hundredths[98] * 1000:.1f}"]


async def measure(service: Service, options: argparse.Namespace) -> None:
    """All of it, one after the other."""
    async with aiohttp.ClientSession() as session:
        client = Client(session, service)
        rows = await alone(client, service, requests=options.requests, count=options.endpoints)
        heading = [f"with {options.endpoints} endpoints", "p50, ms", "p99, ms", BUSY]
        print(markdown([heading, *rows]))
        rows = await forwarded(client, service, requests=options.requests)
        heading = ["p50, ms", "directly", "through the gateway", "added", BUSY]
        print("", markdown([heading, *rows]), sep="\n")
        declared = await client.declared()
    before, peaks = _own_mb(service), [0.0, 0.0]
    watching = asyncio.create_task(memory(service, peaks))
    visits = await crowd(service, clients=options.clients, seconds=options.seconds)
    watching.cancel()
    print("", crowd_table(visits, declared), sep="\n")
    print(
        f"\nThe service's resident memory: {before:.0f} MB before the {options.clients} clients, "
        f"at most {peaks[0]:.0f} MB with them, {_own_mb(service):.0f} MB after them; "
        f"with all containers at most {peaks[1]:.0f} MB."
    )


def parser() -> argparse.ArgumentParser:
    """Of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--endpoints",
        type=_count,
        default=400,
        help=f"paused ones in the store, at most {MOST_PAUSED}: a namespace has at most "
        f"{MOST_ENDPOINTS}. What is left of them is for what the crowd creates (default: 400)",
    )
    parser.add_argument("--requests", type=int, default=500, help="of each kind, one at a time")
    parser.add_argument("--clients", type=int, default=200, help="of the crowd")
    parser.add_argument("--seconds", type=float, default=30, help="of the crowd")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST_PAUSED:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_PAUSED}")
    return count


def main() -> None:
    """Measure and print."""
    options = parser().parse_args()
    with local_service(
        REPOSITORY,
        task="text-generation",
        custom_image=IMAGE,
        prepare=lambda folder: fill(folder, options.endpoints),
    ) as service:
        print(f"service start {service.service_seconds:.2f} s\n")
        asyncio.run(measure(service, options))


if __name__ == "__main__":
    main()
