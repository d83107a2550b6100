"""Text generation over HTTP: tokens per second, start-up, memory; beside `transformers serve`.

    python benchmarks/text.py                          # the local service alone
    python benchmarks/text.py --checkpoint DIR         # and `transformers serve` on DIR

DIR is the checkpoint (config, tokenizer, safetensors) that the shipped ``model.onnx`` was exported
from, so that both sides serve the same weights; it needs the ``training`` extra. Both sides are
measured in one run, turn by turn, and the medians are printed as a Markdown table.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from common import Figure, at_once, comparison, local_service, resident_mb
from tokenizers import Tokenizer

from local_endpoints.repositories import REPOSITORIES

REPOSITORY = REPOSITORIES["google/gemma-1.1-2b-it"]
TOPICS = ["rivers", "bread", "winter", "music", "gardens", "cats", "the moon", "open source"]
ROUNDS_PER_STREAM = 4
MAX_TOKENS = 128


@dataclass
class Side:
    """One server under measurement.

    Attributes:
        pid: its process; children count as its memory.
        start_seconds: from starting the process to its first good answer.
        rates: tokens per second, by number of streams, one value per repeat.
    """

    name: str
    url: str
    headers: dict[str, str]
    model: str
    pid: int
    start_seconds: float
    rates: dict[int, list[float]] = field(default_factory=dict)


async def stream(session: aiohttp.ClientSession, side: Side, *, topic: str, seed: int) -> str:
    """One chat request as a stream; returns the text."""
    body = {
        "model": side.model,
        "messages": [
            {"role": "user", "content": f"Please write a short poem about {topic} for me."}
        ],
        "max_tokens": MAX_TOKENS,
        "temperature": 0.8,
        "seed": seed,
        "stream": True,
    }
    pieces = []
    url = f"{side.url}/v1/chat/completions"
    async with session.post(url, json=body, headers=side.headers) as response:
        response.raise_for_status()
        async for line in response.content:
            if line.startswith(b"data: {"):
                choices = json.loads(line[6:])["choices"]
                pieces.append((choices[0]["delta"].get("content") or "") if choices else "")
    return "".join(pieces)


async def measure(side: Side, *, streams: int, counter: Tokenizer) -> float:
    """Tokens per second over all streams, each asking several times in a row."""

    async def worker(session: aiohttp.ClientSession, number: int) -> int:
        tokens = 0
        for turn in range(ROUNDS_PER_STREAM):
            topic = TOPICS[(number + turn) % len(TOPICS)]
            text = await stream(session, side, topic=topic, seed=100 * number + turn)
            # Counted with the same tokenizer for both: not every server sends one token per event.
            tokens += len(counter.encode(text, add_special_tokens=False).ids) + 1
        return tokens

    seconds, tokens = await at_once(streams, worker)
    return sum(tokens) / seconds


def answers(side: Side) -> bool:
    """Whether a request gets a good answer."""

    async def ask() -> None:
        async with aiohttp.ClientSession() as session:
            await stream(session, side, topic=TOPICS[0], seed=0)

    try:
        asyncio.run(ask())
    except (aiohttp.ClientError, OSError):
        return False
    return True


@contextlib.contextmanager
def local_side() -> Iterator[Side]:
    """The local service with one endpoint, reached through its gateway."""
    image = {"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}}
    with local_service(REPOSITORY.id, task="text-generation", custom_image=image) as service:
        headers = {"Authorization": f"Bearer {service.token}"}
        side = Side("local_endpoints", service.url, headers, "tgi", service.pid, 0.0)
        start = time.perf_counter()
        if not answers(side):
            raise SystemExit("the local endpoint is running but gives no answer")
        created_seconds = service.endpoint_seconds + time.perf_counter() - start
        side.start_seconds = service.service_seconds + created_seconds
        print(
            f"service start {service.service_seconds:.2f} s, "
            f"create to first answer {created_seconds:.2f} s"
        )
        yield side


@contextlib.contextmanager
def transformers_serve(checkpoint: Path, *, port: int) -> Iterator[Side]:
    """The peer: `transformers serve` with continuous batching on the processor."""
    start = time.perf_counter()
    command = [
        str(Path(sys.executable).with_name("transformers")), "serve", str(checkpoint),
        "--port", str(port), "--device", "cpu", "--continuous-batching",
    ]  # fmt: skip
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://localhost:{port}"
    side = Side("transformers serve", url, {}, str(checkpoint), process.pid, 0.0)
    try:
        while not answers(side):
            if process.poll() is not None:
                raise SystemExit("transformers serve ended: is the training extra installed?")
            time.sleep(0.2)
        side.start_seconds = time.perf_counter() - start
        yield side
    finally:
        process.terminate()
        process.wait()


def table(sides: list[Side], streams: list[int]) -> str:
    """Medians as a Markdown table, with the ratio of the two sides."""
    figures = [
        Figure(
            f"tokens/s, {number} streams",
            [statistics.median(side.rates[number]) for side in sides],
            digits=0,
        )
        for number in streams
    ]
    figures += [
        Figure("start to first answer, s", [side.start_seconds for side in sides], digits=2),
        Figure("resident memory, MB", [resident_mb(side.pid) for side in sides], digits=0),
    ]
    return comparison([side.name for side in sides], figures)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, help="serve this with `transformers serve`, too")
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--port", type=int, default=8766, help="for the peer")
    options = parser.parse_args()
    counter = Tokenizer.from_file(str(REPOSITORY.path / "tokenizer.json"))
    with contextlib.ExitStack() as stack:
        sides = [stack.enter_context(local_side())]
        if options.checkpoint:
            peer = transformers_serve(options.checkpoint.absolute(), port=options.port)
            sides.append(stack.enter_context(peer))
        for _ in range(options.repeats):
            for streams in options.streams:
                for side in sides:
                    rate = asyncio.run(measure(side, streams=streams, counter=counter))
                    side.rates.setdefault(streams, []).append(rate)
        print(table(sides, options.streams))


if __name__ == "__main__":
    main()
