"""Training pictures that the pocket SDXL painted, so that the model reads those as well.

``python -m training.idefics2.painted --out FILE [--count N] [--part K --parts N]``

Prompts come from training scenes. What a picture shows is what its prompt says and the judge
of the SDXL's own evaluation confirms; where they disagree the attribute counts as unknown.

Needs Pillow, numpy and onnxruntime; no torch.
"""

from __future__ import annotations

import argparse
import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from training.judging import Judge, truth
from training.painting import SHIPPED_SDXL, full_prompt
from training.world.scene import Scene, sample_training_scene

SEED = 31
FIRST_NOISE_SEED = 1_000_000
"""Noise seeds of training pictures start here; those of evaluations count from 0."""
BATCH = 4


@dataclass(frozen=True)
class Painting:
    """A painted picture, its scene, and the attributes of which the judge was not convinced."""

    pixels: npt.NDArray[np.uint8]
    scene: Scene
    doubtful: frozenset[str]


def scene_and_request(number: int) -> tuple[Scene, ImageRequest]:
    """The scene of that number and how it is painted; the same on every machine."""
    rng = random.Random(f"{SEED}/{number}")
    scene = sample_training_scene(rng)
    request = ImageRequest(
        full_prompt(scene),
        seed=FIRST_NOISE_SEED + number,
        num_inference_steps=rng.randint(10, 16),
        guidance_scale=rng.uniform(4.0, 9.0),
    )
    return scene, request


def paint(numbers: Sequence[int], pipeline: DiffusionPipeline, judge: Judge) -> list[Painting]:
    """Paint some scenes in one batch and let the judge look at them."""
    scenes, requests = zip(*(scene_and_request(number) for number in numbers), strict=True)
    pictures = pipeline.generate(requests)
    found = judge.read(pictures)
    return [
        Painting(
            np.asarray(picture),
            scene,
            frozenset(key for key, value in truth(scene).items() if values[key] != value),
        )
        for scene, picture, values in zip(scenes, pictures, found, strict=True)
    ]


def write(paintings: Sequence[Painting], path: Path) -> None:
    """Write paintings into one ``.npz`` file, about 8 kB for each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    words = [
        json.dumps({"scene": each.scene.__dict__, "doubtful": sorted(each.doubtful)})
        for each in paintings
    ]
    files = [_packed(image_of(each)) for each in paintings]
    ends = np.cumsum([len(file) for file in files])
    np.savez(path, files=np.frombuffer(b"".join(files), np.uint8), ends=ends, words=np.array(words))


def _packed(image: Image.Image) -> bytes:
    """As a JPEG with colors at full resolution: a sixth of its bytes."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85, subsampling=0)
    return stream.getvalue()


def read(paths: Sequence[Path]) -> list[Painting]:
    """The paintings of some files."""
    paintings: list[Painting] = []
    for path in paths:
        with np.load(path) as file:
            packed, ends = file["files"].tobytes(), [0, *file["ends"]]
            for start, end, line in zip(ends[:-1], ends[1:], file["words"], strict=True):
                words = json.loads(str(line))
                pixels = np.asarray(Image.open(io.BytesIO(packed[start:end])).convert("RGB"))
                scene = Scene(**words["scene"])
                paintings.append(Painting(pixels, scene, frozenset(words["doubtful"])))
    return paintings


def image_of(painting: Painting) -> Image.Image:
    """The picture as Pillow takes it."""
    return Image.fromarray(painting.pixels)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Paint training pictures with the pocket SDXL.")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npz")
    parser.add_argument("--count", type=int, default=3000, help="pictures of all parts together")
    parser.add_argument("--part", type=int, default=0, help="which of --parts this process paints")
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--model", type=Path, default=SHIPPED_SDXL)
    parser.add_argument("--judge", type=Path, default=Path("tests/judge/judge.onnx"))
    arguments = parser.parse_args()
    pipeline, judge = DiffusionPipeline(arguments.model, threads=1), Judge(arguments.judge)
    numbers = range(arguments.part, arguments.count, arguments.parts)
    paintings: list[Painting] = []
    for start in range(0, len(numbers), BATCH):
        paintings += paint(numbers[start : start + BATCH], pipeline, judge)
        if start % (25 * BATCH) == 0:
            print(f"{len(paintings)} of {len(numbers)}", flush=True)
            write(paintings, arguments.out)
    write(paintings, arguments.out)


if __name__ == "__main__":
    main()
