"""Many clients at once, with enough descriptors and with few."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import aiohttp

from tests.patience import eventually
from tests.reliability.flatness import Levels
from tests.reliability.report import Report
from tests.reliability.sizes import Sizes
from tests.reliability.stand import CHAT, DEADLINE, ENDPOINTS, Stand, standing

GOOD = (200, 429, 503)
"""429 is a container's word for too many requests, 503 the door's for too many connections."""
SETTLE_SECONDS = 3.0
"""Until a crowd's traces are gone: the gateway keeps idle connections for two seconds."""


def load(folder: Path, sizes: Sizes, report: Report) -> None:
    """As many descriptors as the system gives."""
    _load(folder, sizes, report, descriptors=None)


def load_on_few_descriptors(folder: Path, sizes: Sizes, report: Report) -> None:
    """So few that the door must refuse some."""
    _load(folder, sizes, report, descriptors=sizes.descriptors)


def _load(folder: Path, sizes: Sizes, report: Report, *, descriptors: int | None) -> None:
    with standing(folder, report, descriptors=descriptors) as stand:
        urls = [stand.add("tgi-text"), stand.add("vllm-text")]
        # What the first requests leave behind is no leak.
        asyncio.run(_crowd(stand, urls, sizes, seconds=max(1.0, sizes.load_seconds / 6)))
        report.counts.clear()
        time.sleep(SETTLE_SECONDS)
        levels = Levels(stand)
        levels.measure()
        bill = stand.bill("tgi-text")
        asyncio.run(_crowd(stand, urls, sizes, seconds=sizes.load_seconds))
        answer = stand.ask("GET", f"{stand.info.url}/v2/provider")
        report.expect(answer is not None and answer.ok, "it does not answer after the load")
        report.expect(eventually(levels.is_quiet), "a crowd that has gone leaves something")
        levels.measure()
        levels.expect_flat()
        last = stand.bill("tgi-text")
        stand.expect_bill(bill, last, until=(last.before, last.after))
        report.expect(len(stand.family()) == 3, "a replica was lost")
        report.expect(report.counts["answers 200"] > 0, "nobody was served")


async def _crowd(stand: Stand, urls: list[str], sizes: Sizes, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    # A connection for each request: one that is kept may be closed in the very moment of its use.
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    timeout = aiohttp.ClientTimeout(total=DEADLINE)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, headers=stand.headers
    ) as session:
        await asyncio.gather(
            *(_client(session, stand, urls, random.Random(n), end) for n in range(sizes.clients))
        )


async def _client(
    session: aiohttp.ClientSession, stand: Stand, urls: list[str], drawn: random.Random, end: float
) -> None:
    report = stand.report
    while time.monotonic() < end:
        url = drawn.choice(urls)
        method, path, body = drawn.choice(
            [
                ("GET", f"{url}/health", None),
                ("GET", f"{url}/v1/models", None),
                ("GET", f"{stand.info.url}{ENDPOINTS}", None),
                ("POST", f"{url}/v1/chat/completions", {**CHAT, "max_tokens": 4}),
                ("POST", f"{url}/v1/chat/completions", {**CHAT, "max_tokens": 8, "stream": True}),
            ]
        )
        if body is not None:
            body = {**body, "model": "tgi" if url == urls[0] else "Qwen/Qwen3-1.7B"}
        begun = time.monotonic()
        try:
            async with session.request(method, path, json=body) as answer:
                text = await answer.text()
        except asyncio.TimeoutError:
            report.fault(f"no answer within {DEADLINE:g} s: {method} {path}")
        except aiohttp.ClientError as error:
            report.fault(f"{type(error).__name__} {error}: {method} {path}")
        else:
            report.longest("longest answer, s", time.monotonic() - begun)
            report.counts[f"answers {answer.status}"] += 1
            report.expect(answer.status in GOOD, f"{answer.status} {text[:200]}: {method} {path}")
        await asyncio.sleep(drawn.uniform(0, 0.05))
