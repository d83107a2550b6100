"""How many learners one server bears: a shared service, asked as in a lesson.

    python benchmarks/lesson.py --learners 20 --minutes 10

Each learner makes the requests of notebook 1 (``lesson.json``, written by ``record_lesson.py``) in
its order, waits for each answer as the notebook does, and thinks before every cell: for half as
long to one and a half times as long as makes the lesson last ``--minutes``. All begin within the
first cell's time. The learners run on the same computer as the service; what each takes is told
apart. Kernels are not part of it: ``python -m tests.jupyterhub`` measures those.

With several numbers of learners there is a table, and a second one for the numbers of ``--beyond``,
which are computed from the largest run that kept to the goal, not measured.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil
from asked import Asked, recorded
from common import markdown, own_mb, serving

from local_endpoints.access import ACCOUNTS_FILE, Accounts
from local_endpoints.access.token import Grant

LESSON_MINUTES = 76
"""What notebook 1 takes a person without its exercises, as the course's README.md says."""
GOAL_P99 = 5.0
BUSY = {429, 503}
"""What a container says that has too much to do, and a gateway whose endpoint is not up: clients
are told to ask again."""
PATIENCE_SECONDS, POLL_SECONDS, SAMPLE_SECONDS = 300.0, 1.0, 1.0


@dataclass
class Usage:
    """What a family of processes has taken.

    Attributes:
        seconds: of processor time.
        peak_mb: the most memory at a time (``own_mb``).
    """

    root: psutil.Process
    seconds: float = 0.0
    peak_mb: float = 0.0
    _last: dict[int, float] = field(default_factory=dict)

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(SAMPLE_SECONDS)

    def look(self) -> None:
        """Add what was taken since the last look."""
        total = 0.0
        with contextlib.suppress(psutil.NoSuchProcess):
            for each in (self.root, *self.root.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    times = each.cpu_times()
                    total += own_mb(each)
                    spent = times.user + times.system
                    self.seconds += spent - self._last.get(each.pid, 0.0)
                    self._last[each.pid] = spent
        self.peak_mb = max(self.peak_mb, total)


@dataclass
class Outcome:
    """One run.

    Attributes:
        learners, minutes: as asked for.
        chats: seconds of the chats with an endpoint that was up.
        as_recorded: answers with the status of the recording, or by an endpoint that was up
            sooner than there.
        busy: others with one of BUSY.
        faults: answers, or missing ones, that nothing explains, and how often.
        seconds: from the first request to the last answer.
        service_seconds, service_mb: processor time and the most memory of service and replicas.
        clients_seconds: processor time of the learners.
    """

    learners: int
    minutes: float
    chats: list[float] = field(default_factory=list)
    as_recorded: int = 0
    busy: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    service_seconds: float = 0.0
    service_mb: float = 0.0
    clients_seconds: float = 0.0

    @property
    def p99(self) -> float:
        """Of the chats, in seconds."""
        return statistics.quantiles(self.chats, n=100, method="inclusive")[98]

    @property
    def keeps_to_the_goal(self) -> bool:
        """Whether each answer is explained and 99 of 100 chats take less than five seconds."""
        return not self.faults and self.p99 < GOAL_P99

    def row(self) -> list[str]:
        """Of the table."""
        return [
            str(self.learners),
            f"{self.minutes:g}",
            f"{(self.as_recorded + self.busy) / self.seconds:.0f}",
            f"{statistics.median(self.chats):.2f}",
            f"{self.p99:.2f}",
            f"{self.service_seconds / self.seconds:.2f}",
            f"{self.clients_seconds / self.seconds:.2f}",
            f"{self.service_mb:.0f}",
            f"{self.busy}",
            f"{self.faults.total()}",
        ]


HEADING = [
    "learners", "minutes", "requests/s", "chat p50, s", "p99, s", "cores: service", "learners'",
    "memory, MB", "told to ask again", "unexplained",
]  # fmt: skip


class Learner:
    """One that goes through the lesson.

    Args:
        name: also the namespace.
        token: theirs.
        url: of the service.
        session: connections.
        outcome: where what happens is counted.
    """

    def __init__(
        self, name: str, token: str, url: str, session: aiohttp.ClientSession, outcome: Outcome
    ) -> None:
        self._name, self._token, self._url = name, token, url
        self._session, self._outcome = session, outcome
        self._endpoints: dict[str, str] = {}

    async def learn(self, lesson: Sequence[Asked], *, minutes: float) -> None:
        """The whole lesson."""
        cells = max(each.cell for each in lesson) + 1
        drawn, share = random.Random(self._name), minutes * 60 / cells
        for cell in range(cells):
            await asyncio.sleep(drawn.uniform(0, share) if cell == 0 else 0)
            await asyncio.sleep(drawn.uniform(0.5, 1.5) * share)
            tasks: dict[int, asyncio.Task[None]] = {}
            for number, asked in enumerate(lesson):
                if asked.cell == cell:
                    before = [task for n, task in tasks.items() if n not in asked.beside]
                    tasks[number] = asyncio.create_task(self._in_turn(asked, before))
            await asyncio.gather(*tasks.values())

    async def _in_turn(self, asked: Asked, before: list[asyncio.Task[None]]) -> None:
        await asyncio.gather(*before)
        await asyncio.sleep(asked.gap)
        begun = time.perf_counter()
        try:
            status, state = await self._ask(asked)
            while not _is_answered(asked, status, state):
                if time.perf_counter() - begun > PATIENCE_SECONDS:
                    raise asyncio.TimeoutError(
                        f"never {asked.status} {asked.state}, but {status} {state}"
                    )
                await asyncio.sleep(POLL_SECONDS)
                status, state = await self._ask(asked)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            what = f"{type(error).__name__} {error}: {asked.method} {asked.path}"
            self._outcome.faults[what] += 1
            return
        self._count(asked, status, time.perf_counter() - begun)

    def _count(self, asked: Asked, status: int, seconds: float) -> None:
        is_up_sooner = asked.status in BUSY and status == 200
        if status == asked.status or is_up_sooner:
            self._outcome.as_recorded += 1
            if asked.is_chat and not asked.waits_for_a_start:
                self._outcome.chats.append(seconds)
        elif status in BUSY:
            self._outcome.busy += 1
        else:
            what = f"{status}, not {asked.status}: {asked.method} {asked.path}"
            self._outcome.faults[what] += 1

    async def _ask(self, asked: Asked) -> tuple[int, str | None]:
        """Returns: status, and the state of the endpoint that the answer tells about."""
        headers = {"Authorization": f"Bearer {self._token}"} if asked.has_token else {}
        if asked.hold:
            headers["X-Scale-Up-Timeout"] = asked.hold
        if asked.body:
            headers["Content-Type"] = "application/json"
        async with self._session.request(
            asked.method, self._address(asked.path), data=asked.body, headers=headers
        ) as answer:
            content = await answer.read()
        if asked.path.startswith("/v2/endpoint/") and answer.status == 200:
            self._learn_addresses(content)
        if asked.state is None or answer.status != 200:
            return answer.status, None
        return answer.status, json.loads(content)["status"]["state"]

    def _address(self, path: str) -> str:
        path = path.replace("{namespace}", self._name)
        named = re.match(r"/\{endpoint:([^}]+)\}", path)
        # One that was never created has an address that nobody has.
        return (
            self._endpoints.get(named[1], f"{self._url}/aaaaaaaaaaaaaaaa") + path[named.end() :]
            if named
            else self._url + path
        )

    def _learn_addresses(self, content: bytes) -> None:
        with contextlib.suppress(ValueError):
            said = json.loads(content)
            for each in said.get("items", [said]):
                if url := each.get("status", {}).get("url"):
                    self._endpoints[each["name"]] = url


def _is_answered(asked: Asked, status: int, state: str | None) -> bool:
    """Whether a notebook would go on: it asks again what it asked again in the recording."""
    return not asked.is_repeated or (asked.status, asked.state) == (status, state)


@contextlib.contextmanager
def service(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, int, dict[str, str]]]:
    """A shared service with these users. Yields: its address, its process, their tokens."""
    tokens = Accounts(folder / ACCOUNTS_FILE).add({name: Grant("lesson") for name in names})
    command = ["-m", "local_endpoints", "serve", "--shared"]
    with serving(command, folder, log=folder.parent / "service.log") as info:
        yield info.url, info.pid, tokens


async def run(learners: int, minutes: float, lesson: Sequence[Asked], folder: Path) -> Outcome:
    """One class."""
    names = [f"learner-{number:04}" for number in range(1, learners + 1)]
    outcome = Outcome(learners, minutes)
    with service(folder, names) as (url, pid, tokens):
        usage, own = Usage(psutil.Process(pid)), psutil.Process(os.getpid())
        usage.look()
        usage.seconds = 0.0
        before, begun = sum(own.cpu_times()[:2]), time.perf_counter()
        watching = asyncio.create_task(usage.watch())
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            await asyncio.gather(
                *(
                    Learner(name, tokens[name], url, session, outcome).learn(
                        lesson, minutes=minutes
                    )
                    for name in names
                )
            )
        watching.cancel()
        usage.look()
        outcome.seconds = time.perf_counter() - begun
        outcome.clients_seconds = sum(own.cpu_times()[:2]) - before
        outcome.service_seconds, outcome.service_mb = usage.seconds, usage.peak_mb
    return outcome


def beyond(outcomes: Sequence[Outcome], numbers: Sequence[int]) -> str:
    """Larger classes, computed from the runs: processor time per learner from the largest that
    kept to the goal; memory from a line through the smallest and the largest."""
    good = [each for each in outcomes if each.keeps_to_the_goal]
    if not good:
        return "No run kept to the goal: nothing to compute from."
    first, best = good[0], good[-1]
    each_seconds = best.service_seconds / best.learners
    lengths = (best.seconds / 60, LESSON_MINUTES)
    rows = [["learners", *(f"cores, lesson of {minutes:g} minutes" for minutes in lengths)]]
    for number in numbers:
        used = [number * each_seconds / (minutes * 60) for minutes in lengths]
        rows.append([str(number), *(f"{cores:.2f}" for cores in used)])
    computed = f"{each_seconds:.1f} s of processor time"
    if best.learners > first.learners:
        each_mb = (best.service_mb - first.service_mb) / (best.learners - first.learners)
        computed += f" and {each_mb:.0f} MB"
        memory = (best.service_mb + each_mb * (number - best.learners) for number in numbers)
        for row, cell in zip(rows, ["memory, MB", *(f"{mb:.0f}" for mb in memory)], strict=True):
            row.append(cell)
    return (
        f"{markdown(rows)}\n\nComputed, not measured: {computed} per learner, as with "
        f"{best.learners} of them, who kept {best.service_seconds / best.seconds:.2f} cores busy "
        "on average."
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, nargs="+", default=[20])
    parser.add_argument("--minutes", type=float, default=10, help="how long the lesson lasts")
    parser.add_argument("--beyond", type=int, nargs="*", default=[])
    options = parser.parse_args()
    lesson, outcomes = recorded(), []
    for learners in options.learners:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "state"
            folder.mkdir(mode=0o700)
            outcome = asyncio.run(run(learners, options.minutes, lesson, folder))
        outcomes.append(outcome)
        for what, count in outcome.faults.most_common(20):
            print(f"{learners} learners: {count} x {what}", file=sys.stderr)
        print(dict(zip(HEADING, outcome.row(), strict=True)), file=sys.stderr, flush=True)
    print(markdown([HEADING, *(each.row() for each in outcomes)]))
    if options.beyond:
        print("", beyond(outcomes, options.beyond), sep="\n")


if __name__ == "__main__":
    main()
