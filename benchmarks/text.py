"""Text generation over HTTP: tokens per second, start-up, memory; beside other servers.

    python benchmarks/text.py                                     # the local service alone
    python benchmarks/text.py --transformers --llamacpp q8_0 f16  # and these, on the same weights
    python benchmarks/text.py --url vllm=http://127.0.0.1:8000    # and what runs there

The others' files, a checkpoint and GGUF, are written from the weights that are served.
`transformers serve` needs the ``training`` extra and llama.cpp the ``llamacpp`` extra; what stands
behind a URL is started by hand, on the checkpoint that ``--write-checkpoint DIR`` leaves. All sides
are measured in one run, turn by turn, and the medians are printed as a Markdown table; start and
memory are measured once.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from common import at_once, local_service, markdown, resident_mb
from tokenizers import Tokenizer

from local_endpoints.repositories import REPOSITORIES

REPOSITORY = REPOSITORIES["google/gemma-1.1-2b-it"]
TOPICS = ["rivers", "bread", "winter", "music", "gardens", "cats", "the moon", "open source"]
TGI = {"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}}
ROUNDS_PER_STREAM = 4
MAX_TOKENS = 128


@dataclass
class Side:
    """One server under measurement.

    Attributes:
        pid: its process; children count as its memory. None where it was started by hand.
        start_seconds: from starting the process to its first good answer; 0 where it is not known.
        rates: tokens per second, by number of streams, one value per repeat.
    """

    name: str
    url: str
    headers: dict[str, str]
    model: str
    pid: int | None
    start_seconds: float
    rates: dict[int, list[float]] = field(default_factory=dict)


async def stream(
    session: aiohttp.ClientSession, side: Side, *, topic: str, seed: int, tries: int = 3
) -> str:
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
        if response.status == 503 and tries > 1:
            # llama.cpp closes connections that the gateway is about to use: a client asks again.
            return await stream(session, side, topic=topic, seed=seed, tries=tries - 1)
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
def local_side(
    name: str = "local_endpoints",
    repository: str = REPOSITORY.id,
    image: dict[str, Any] = TGI,
    prepare: Callable[[Path], None] = lambda folder: None,
) -> Iterator[Side]:
    """The local service with one endpoint, reached through its gateway."""
    with local_service(
        repository, task="text-generation", custom_image=image, prepare=prepare
    ) as service:
        headers = {"Authorization": f"Bearer {service.token}"}
        side = Side(name, service.url, headers, "tgi", service.pid, 0.0)
        start = time.perf_counter()
        if not answers(side):
            raise SystemExit("the local endpoint is running but gives no answer")
        created_seconds = service.endpoint_seconds + time.perf_counter() - start
        side.start_seconds = service.service_seconds + created_seconds
        print(
            f"{name}: service start {service.service_seconds:.2f} s, "
            f"create to first answer {created_seconds:.2f} s"
        )
        yield side


def llamacpp(kind: str, *, streams: int) -> contextlib.AbstractContextManager[Side]:
    """llama.cpp behind the same service and gateway, with the same weights in a GGUF file."""
    from training.gguf_export import export

    name = f"pocket/gemma-{kind}-GGUF"

    def add(folder: Path) -> None:
        file = folder / f"gemma-{kind}.gguf"
        export(REPOSITORY.path, file, kind_of_matrix=kind)
        command = [sys.executable, "-m", "local_endpoints", "add", str(file), "--as", name]
        subprocess.run([*command, "--state-dir", str(folder)], check=True)

    context = streams * 2 * MAX_TOKENS
    image = {
        "llamacpp": {
            "url": "ghcr.io/ggml-org/llama.cpp:server",
            "ctxSize": context,
            "nParallel": streams,
            "threadsHttp": 2 * streams,
        }
    }
    return local_side(f"llama.cpp {kind}", name, image, add)


def write_checkpoint(folder: Path) -> Path:
    """The served weights in the format of transformers; returns the folder."""
    from safetensors.numpy import save_file

    from training.graphs.served import read_back

    folder.mkdir(parents=True, exist_ok=True)
    for path in REPOSITORY.path.glob("*.json"):
        shutil.copy(path, folder)
    save_file(dict(read_back(REPOSITORY.path)), folder / "model.safetensors", {"format": "pt"})
    return folder


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


def running(name: str, url: str) -> Side:
    """A server that was started by hand."""

    async def served() -> str:
        async with aiohttp.ClientSession() as session, session.get(f"{url}/v1/models") as response:
            model: str = (await response.json())["data"][0]["id"]
            return model

    return Side(name, url, {}, asyncio.run(served()), None, 0.0)


def table(sides: list[Side], streams: list[int]) -> str:
    """Medians as a Markdown table; behind each other side's, how many times as much ours is."""
    figures = [
        (
            f"tokens/s, {number} streams",
            [statistics.median(side.rates[number]) for side in sides],
            0,
        )
        for number in streams
    ]
    figures.append(("start to first answer, s (once)", [side.start_seconds for side in sides], 2))
    memory = [resident_mb(side.pid) if side.pid else 0.0 for side in sides]
    figures.append(("resident memory, MB (once)", memory, 0))
    first, *others = sides
    rows = [["", first.name, *(cell for side in others for cell in (side.name, "ratio"))]]
    for label, (ours, *theirs), digits in figures:
        cells = [label, f"{ours:.{digits}f}"]
        for value in theirs:
            cells += [f"{value:.{digits}f}", f"{ours / value:.2f}"] if value else ["", ""]
        rows.append(cells)
    return markdown(rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--transformers", action="store_true", help="`transformers serve`, too")
    parser.add_argument("--llamacpp", nargs="+", default=[], metavar="TYPE", help="f32, f16, q8_0")
    parser.add_argument("--url", nargs="+", default=[], metavar="NAME=URL", help="running servers")
    parser.add_argument("--write-checkpoint", type=Path, metavar="DIR", help="write it and end")
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--port", type=int, default=8766, help="for `transformers serve`")
    options = parser.parse_args()
    if options.write_checkpoint:
        print(write_checkpoint(options.write_checkpoint))
        return
    counter = Tokenizer.from_file(str(REPOSITORY.path / "tokenizer.json"))
    with contextlib.ExitStack() as stack:
        sides = [stack.enter_context(local_side())]
        if options.transformers:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            peer = transformers_serve(write_checkpoint(folder), port=options.port)
            sides.append(stack.enter_context(peer))
        for kind in options.llamacpp:
            sides.append(stack.enter_context(llamacpp(kind, streams=max(options.streams))))
        sides += [running(*each.split("=", 1)) for each in options.url]
        for _ in range(options.repeats):
            for streams in options.streams:
                for side in sides:
                    rate = asyncio.run(measure(side, streams=streams, counter=counter))
                    side.rates.setdefault(streams, []).append(rate)
        print(table(sides, options.streams))


if __name__ == "__main__":
    main()
