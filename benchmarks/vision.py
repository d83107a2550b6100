"""Answers about pictures: time to the first token, tokens per second, start-up, memory, and HTTP.

    python benchmarks/vision.py                      # the engine and the service alone
    python benchmarks/vision.py --transformers       # and transformers, on the same weights

The weights that transformers answers with are written from those that are served; it needs the
``training`` extra. Each side runs in processes of its own, a
fresh one in every repeat (see ``vision_sides.py``); they are measured in one run, turn by turn, and
the medians are printed as a Markdown table. The service is reached as a learner reaches it:
gateway, token, replica.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from common import Figure, at_once, comparison, local_service, markdown, resident_mb
from vision_sides import QUESTION, THREADS, Told

from local_endpoints.repositories import MODELS_DIR, REPOSITORIES
from training.files import write_whole
from training.world.draw import draw
from training.world.scene import sample_held_out_scene

REPOSITORY_ID = "HuggingFaceM4/idefics2-8b-chatty"
MODEL_DIR = MODELS_DIR / "idefics2"
WORKER = Path(__file__).with_name("vision_sides.py")

Ask = Callable[[Sequence[Path]], Told]
"""Lets a side answer about some pictures at once."""


@dataclass
class Side:
    """One way of answering. Every list has one value per measurement.

    Attributes:
        arguments: of its process.
        start_seconds: from starting a process to its first whole answer.
        first_seconds: from picture and prompt to the first token, one stream.
        rates: tokens per second after the first token, one stream.
        batch_rates: tokens per second of all streams at once, pictures and prompts included.
        megabytes: resident memory of a process after its last answer.
        told: the last repeat's answers with one stream, one per picture.
    """

    name: str
    arguments: list[str]
    start_seconds: list[float] = field(default_factory=list)
    first_seconds: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    batch_rates: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class HttpRate:
    """What the service did with so many requests in flight; one value per repeat.

    Attributes:
        waiting: requests in flight.
        per_minute: pictures answered per minute.
        tokens: mean number of tokens per answer.
    """

    waiting: int
    per_minute: list[float] = field(default_factory=list)
    tokens: list[float] = field(default_factory=list)


def draw_pictures(folder: Path, count: int) -> list[Path]:
    """Draw scenes that no training has seen; the same ones in every run."""
    rng = random.Random(0)
    paths = [folder / f"{number}.png" for number in range(count)]
    for path in paths:
        draw(sample_held_out_scene(rng)).save(path)
    return paths


@contextlib.contextmanager
def running(side: Side, *, tokens: int) -> Iterator[tuple[int, Ask]]:
    """A fresh process of a side: its number and how to ask it."""
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "TRANSFORMERS_VERBOSITY": "error",
    }
    process = subprocess.Popen(
        [sys.executable, str(WORKER), *side.arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(pictures: Sequence[Path]) -> Told:
        assert process.stdin and process.stdout
        order = {"pictures": [str(path) for path in pictures], "tokens": tokens}
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(order), file=process.stdin, flush=True)
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"{side.name} ended without an answer: it says above why")
        told = Told(**json.loads(line))
        assert all(len(answer) == tokens for answer in told.answers)
        return told

    with process:
        yield process.pid, ask


def measure(side: Side, pictures: Sequence[Path], options: argparse.Namespace) -> None:
    """One repeat of one side, in a fresh process."""
    start = time.perf_counter()
    with running(side, tokens=options.tokens) as (pid, ask):
        ask(pictures[:1])
        side.start_seconds.append(time.perf_counter() - start)
        ask(pictures)  # the first batch of this size warms up
        side.told = [ask([picture]) for picture in pictures]
        batches = [ask(pictures) for _ in range(options.rounds)]
        side.megabytes.append(resident_mb(pid))
    for told in side.told:
        side.first_seconds.append(told.first_seconds)
        side.rates.append((options.tokens - 1) / (told.seconds - told.first_seconds))
    for told in batches:
        side.batch_rates.append(options.tokens * len(pictures) / told.seconds)


def measure_sides(options: argparse.Namespace) -> list[Side]:
    """Answer in turn with every side."""
    sides = [Side("engine", ["engine", str(options.model)])]
    with tempfile.TemporaryDirectory() as folder:
        if options.transformers:
            from training.idefics2.served import write_checkpoint  # of what only trainings need

            checkpoint = Path(folder) / "checkpoint"
            write_checkpoint(options.model, checkpoint)
            sides.append(
                Side("transformers", ["transformers", str(options.model), str(checkpoint)])
            )
        pictures = draw_pictures(Path(folder), options.streams)
        for _ in range(options.repeats):
            for side in sides:
                measure(side, pictures, options)
    return sides


def figures(sides: list[Side], streams: int) -> list[Figure]:
    """The medians of all sides."""

    def medians(values: Callable[[Side], list[float]]) -> list[float]:
        return [statistics.median(values(side)) for side in sides]

    faster, sooner = "at least 4", "at most 0.5"
    return [
        Figure(
            "picture and prompt to first token, s",
            medians(lambda side: side.first_seconds),
            digits=4,
            goal=sooner,
        ),
        Figure(
            "tokens/s after the first, 1 stream",
            medians(lambda side: side.rates),
            digits=0,
            goal=faster,
        ),
        Figure(
            f"tokens/s, {streams} streams, pictures included",
            medians(lambda side: side.batch_rates),
            digits=0,
            goal=faster,
        ),
        Figure("process start to first answer, s", medians(lambda side: side.start_seconds), 2),
        Figure("resident memory, MB", medians(lambda side: side.megabytes), 0),
    ]


def agreement(sides: list[Side]) -> dict[str, Any]:
    """Whether both sides read and said the same, with one stream.

    Returns:
        ``same prompt``, ``pictures``, ``same answers`` and ``tokens until they differ``: one value
        for each pair of answers that differ.
    """
    ours, theirs = (side.told for side in sides)
    pairs = [(a.answers[0], b.answers[0]) for a, b in zip(ours, theirs, strict=True)]
    places = [
        next((place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y), None)
        for a, b in pairs
    ]
    return {
        "same prompt": ours[0].prompt == theirs[0].prompt,
        "pictures": len(pairs),
        "same answers": places.count(None),
        "tokens until they differ": [place for place in places if place is not None],
    }


def in_words(agreed: dict[str, Any]) -> str:
    """The agreement as a sentence."""
    prompt = "the same" if agreed["same prompt"] else "NOT the same"
    text = (
        f"Prompts in tokens are {prompt} on both sides. "
        f"Of {agreed['pictures']} answers, {agreed['same answers']} are the same"
    )
    places = ", ".join(map(str, agreed["tokens until they differ"]))
    return f"{text}; the others differ after {places} tokens." if places else f"{text}."


async def answers(
    url: str, headers: dict[str, str], *, waiting: int, rounds: int, tokens: int, images: list[str]
) -> tuple[float, float]:
    """Let so many clients ask at once, each several times in a row.

    Returns:
        Pictures answered per minute, and tokens per answer.
    """

    async def client(session: aiohttp.ClientSession, number: int) -> int:
        total = 0
        for turn in range(rounds):
            image = images[(number + turn) % len(images)]
            body = {
                "inputs": f"User:![]({image}){QUESTION}",
                "parameters": {"max_new_tokens": tokens, "details": True},
            }
            async with session.post(f"{url}/generate", json=body, headers=headers) as response:
                response.raise_for_status()
                total += int((await response.json())["details"]["generated_tokens"])
        return total

    seconds, totals = await at_once(waiting, client)
    count = waiting * rounds
    return 60 * count / seconds, sum(totals) / count


def measure_service(options: argparse.Namespace) -> tuple[list[HttpRate], float]:
    """Rates over HTTP, and the resident memory of service and replica in MB."""
    rates = [HttpRate(waiting) for waiting in options.waiting]
    image = {"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}}
    with tempfile.TemporaryDirectory() as folder:
        images = [
            f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
            for path in draw_pictures(Path(folder), options.streams)
        ]
    with local_service(REPOSITORY_ID, task="image-text-to-text", custom_image=image) as service:
        headers = {"Authorization": f"Bearer {service.token}"}

        def ask(waiting: int) -> tuple[float, float]:
            return asyncio.run(
                answers(
                    service.url,
                    headers,
                    waiting=waiting,
                    rounds=options.rounds,
                    tokens=options.tokens,
                    images=images,
                )
            )

        for waiting in options.waiting:
            ask(waiting)  # warms up
        for _ in range(options.repeats):
            for rate in rates:
                per_minute, tokens = ask(rate.waiting)
                rate.per_minute.append(per_minute)
                rate.tokens.append(tokens)
        return rates, resident_mb(service.pid)


def service_table(rates: list[HttpRate], megabytes: float) -> str:
    """The medians over HTTP as a Markdown table."""
    rows = [["requests in flight", "pictures answered per minute", "tokens per answer"]]
    rows += [
        [
            str(rate.waiting),
            f"{statistics.median(rate.per_minute):.0f}",
            f"{statistics.median(rate.tokens):.1f}",
        ]
        for rate in rates
    ]
    return f"{markdown(rows)}\n\nService and replica: {megabytes:.0f} MB resident."


def why_no_service(model: Path) -> str:
    """Why the service cannot be measured; empty where it can."""
    if REPOSITORY_ID not in REPOSITORIES:
        return f"no pocket model of {REPOSITORY_ID} is installed"
    if model != MODEL_DIR.resolve():
        return f"the service answers from {MODEL_DIR} only, not from --model"
    return ""


def main() -> None:
    """Measure, print, and write where told to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=MODEL_DIR, help="folder of the served files")
    parser.add_argument("--transformers", action="store_true", help="transformers, too")
    parser.add_argument("--tokens", type=int, default=64, help="of every answer")
    parser.add_argument("--streams", type=int, default=8, help="pictures answered at once")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3, help="batches, or requests, per repeat")
    parser.add_argument("--waiting", type=int, nargs="+", default=[1, 8], help="over HTTP")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write all values here as JSON")
    options = parser.parse_args()
    if options.tokens < 2:
        parser.error("--tokens must be at least 2: the speed after the first one is measured")
    options.model = options.model.resolve()
    if not (options.model / "vision.onnx").exists():
        raise SystemExit(f"no model that sees pictures in {options.model}")
    sides = measure_sides(options)
    rows = figures(sides, options.streams)
    print(comparison([side.name for side in sides], rows))
    print(f"\n{options.tokens} tokens per answer, {THREADS} thread on each side.")
    document: dict[str, Any] = {
        "tokens": options.tokens,
        "threads": THREADS,
        "sides": {side.name: values_of(side) for side in sides},
        "figures": {row.label: {"medians": row.values, "ratio": row.ratio} for row in rows},
    }
    if len(sides) == 2:
        document["agreement"] = agreed = agreement(sides)
        print(in_words(agreed))
    if reason := why_no_service(options.model):
        print(f"\nOver HTTP nothing was measured: {reason}.")
    else:
        rates, megabytes = measure_service(options)
        print(f"\n{service_table(rates, megabytes)}")
        document["http"] = {"rates": [vars(rate) for rate in rates], "megabytes": megabytes}
    if options.out:
        write_whole(options.out, f"{json.dumps(document, indent=2)}\n".encode())


def values_of(side: Side) -> dict[str, list[float]]:
    """Every single value of a side."""
    names = ("start_seconds", "first_seconds", "rates", "batch_rates", "megabytes")
    return {name: getattr(side, name) for name in names}


if __name__ == "__main__":
    main()
