"""The two sides of ``vision.py``, each in a process of its own.

    python benchmarks/vision_sides.py engine MODEL
    python benchmarks/vision_sides.py transformers MODEL CHECKPOINT

Start and memory of these processes are measured, so each of them imports no more than it needs.
Orders come as lines of JSON on standard input, answers go as lines of JSON to standard output;
the input's end is the end.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

QUESTION = "Write a short limerick about this image.<end_of_utterance>\nAssistant:"
THREADS = 1
"""The engine opens its graphs with one thread (``open_session``); torch gets as many."""


@dataclass(frozen=True)
class Told:
    """What a side said about some pictures, all of them at once.

    Attributes:
        first_seconds: from pictures and prompts to the first token of the first answer.
        seconds: from pictures and prompts to the last token of the last answer.
        prompt: the first picture's prompt in tokens.
        answers: in tokens, one per picture.
    """

    first_seconds: float
    seconds: float
    prompt: list[int]
    answers: list[list[int]]


Teller = Callable[[list[Image.Image], int], Told]
"""Answers about pictures, each with so many tokens."""


def engine(folder: Path) -> Teller:
    """This project's engine, set up as a container sets it up."""
    from local_endpoints.containers.tgi.limits import Limits
    from local_endpoints.engine.text.config import ModelConfig
    from local_endpoints.engine.text.delivery import ThreadInbox
    from local_endpoints.engine.text.engine import Engine
    from local_endpoints.engine.text.model import TextModel
    from local_endpoints.engine.text.request import Request, TokenEvent
    from local_endpoints.engine.text.tokens import TextCodec
    from local_endpoints.engine.text.vision import VisionEncoder

    limits = Limits.from_env({}, ModelConfig.load(folder))
    codec = TextCodec(folder)
    vision = VisionEncoder(folder)
    model = TextModel(folder, slots=limits.slots, max_total_tokens=limits.max_total_tokens)
    # No token ends an answer, so that all of them have the length that was asked for.
    model.config = dataclasses.replace(model.config, eos_ids=frozenset())
    engine = Engine(model, codec, vision=vision, max_prefill_tokens=limits.max_batch_prefill_tokens)
    engine.start()
    delimiter = "<fake_token_around_image>"
    tile = delimiter + "<image>" * vision.config.latents
    # The space: transformers' processor puts one behind the picture.
    prompt = f"User:{tile * vision.config.tiles_per_image}{delimiter} {QUESTION}"

    def tell(images: list[Image.Image], tokens: int) -> Told:
        start = time.perf_counter()
        inboxes = [ThreadInbox() for _ in images]
        requests = [
            Request(
                prompt=codec.encode(prompt, add_special_tokens=True),
                inbox=inbox,
                max_new_tokens=tokens,
                tiles=vision.tiles(image),
            )
            for image, inbox in zip(images, inboxes, strict=True)
        ]
        for request in requests:
            engine.submit(request)
        first, answers = 0.0, []
        for inbox in inboxes:
            answer = []
            for event in inbox:
                first = first or time.perf_counter() - start
                if not isinstance(event, TokenEvent):
                    raise RuntimeError(f"the engine gave no answer: {event}")
                answer.append(event.token.id)
            answers.append(answer)
        seconds = time.perf_counter() - start
        return Told(first, seconds, requests[0].prompt.tolist(), answers)

    return tell


def transformers(folder: Path, checkpoint: Path) -> Teller:
    """The peer: ``generate`` of transformers, with the served folder's processor."""
    import torch
    from transformers import AutoProcessor, Idefics2ForConditionalGeneration

    torch.set_num_threads(THREADS)
    torch.set_num_interop_threads(THREADS)
    processor = AutoProcessor.from_pretrained(folder)
    model = Idefics2ForConditionalGeneration.from_pretrained(checkpoint, dtype=torch.float32)
    model.eval()
    # As on the engine's side. With min_new_tokens alone these tokens would be forbidden, and the
    # answers would differ from where one of them is the likeliest.
    model.generation_config.eos_token_id = None

    class Clock:
        """Notes when tokens come; ``generate`` gives it the prompt first."""

        def __init__(self) -> None:
            self.times: list[float] = []

        def put(self, _: object) -> None:
            self.times.append(time.perf_counter())

        def end(self) -> None:
            pass

    def tell(images: list[Image.Image], tokens: int) -> Told:
        start = time.perf_counter()
        clock = Clock()
        inputs = processor(
            text=[f"User:<image>{QUESTION}"] * len(images),
            images=[[image] for image in images],
            return_tensors="pt",
        )
        output = model.generate(
            **inputs,
            do_sample=False,
            min_new_tokens=tokens,
            max_new_tokens=tokens,
            streamer=clock,
        )
        seconds = time.perf_counter() - start
        prompts = inputs["input_ids"]
        answers = output[:, prompts.shape[1] :].tolist()
        return Told(clock.times[1] - start, seconds, prompts[0].tolist(), answers)

    return tell


def main() -> None:
    """Load a side and follow orders."""
    name, *folders = sys.argv[1:]
    load: dict[str, Callable[..., Teller]] = {"engine": engine, "transformers": transformers}
    tell = load[name](*map(Path, folders))
    for line in sys.stdin:
        order = json.loads(line)
        images = []
        for path in order["pictures"]:
            with Image.open(path) as image:
                images.append(image.convert("RGB"))
        told = tell(images, order["tokens"])
        print(json.dumps(dataclasses.asdict(told)), flush=True)


if __name__ == "__main__":
    main()
