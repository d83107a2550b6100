"""Measures whether an SDXL's pictures show what their prompts say.

``python -m training.sdxl.evaluate --model DIR --judge tests/judge/judge.onnx``
draws held-out scenes, prompts the model with everything that they hold, lets the judge read the
pictures and prints the share that is right, by attribute, as JSON. ``--rendered`` adds the judge's
own shares on the drawn scenes themselves: what it would say of perfect pictures. ``--out FILE``
writes the same JSON into a file, too.

``generated`` and ``rendered`` are shares of all scenes, ``first`` of the first 40 generated ones;
``asked`` says of how many of these each share is.

Needs Pillow, numpy and onnxruntime; no torch.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.runtime import ort
from training.files import write_whole
from training.world.draw import draw
from training.world.prompts_wording import with_article
from training.world.scene import (
    ANIMALS,
    BACKGROUNDS,
    CLOTHING,
    COLORED_HATS,
    COLORED_HELD,
    COLORS,
    HATS,
    HELD,
    NOTHING,
    Scene,
    sample_held_out_scene,
)

CLASSES: dict[str, tuple[str, ...]] = {
    "animal": ANIMALS,
    "background": BACKGROUNDS,
    "clothing": (NOTHING, *CLOTHING),
    "clothing_color": COLORS,
    "hat": (NOTHING, *HATS),
    "hat_color": COLORS,
    "held": (NOTHING, *HELD),
    "held_color": COLORS,
    "glasses": ("no", "yes"),
}
"""What the judge tells apart, by attribute, in the order of its outputs."""
COLORED = {"clothing": CLOTHING, "hat": COLORED_HATS, "held": COLORED_HELD}
"""Which values of an attribute have a colour."""
FIRST = 40
"""So many scenes are measured apart, too: the tests draw them again."""
SIDE = 128
PLACES = {
    "rustic wood": "in front of a rustic wooden wall",
    "starry night": "on a starry night",
    "field": "in a field",
    "snow": "in the snow",
    "beach": "on the beach",
    "sky": "in the sky",
}

Painter = Callable[[str, int], Image.Image]
"""Makes a picture from a prompt and a seed."""
Reader = Callable[[Image.Image], dict[str, str]]
"""Reads from a picture the value of every attribute of ``CLASSES``, as a ``Judge`` does."""


class Judge:
    """Reads attributes from pictures.

    The ONNX file takes ``pixels``, float32 ``[n, 3, 128, 128]``, RGB in [0, 1], and gives for
    every attribute of ``CLASSES`` an output of that name: logits, float32 ``[n, classes]``.
    """

    def __init__(self, path: Path) -> None:
        """Open the judge. Raises ``FileNotFoundError`` when there is no such file."""
        if not path.exists():
            raise FileNotFoundError(
                f"No judge at {path}: train one with python -m training.sdxl.judge"
            )
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(self, image: Image.Image) -> dict[str, str]:
        """The value of every attribute of ``CLASSES`` in a picture of any size.

        Colours are empty where there is nothing to colour; ``glasses`` is "yes" or "no".
        """
        return self.read([image])[0]

    def read(self, images: Sequence[Image.Image]) -> list[dict[str, str]]:
        """The same for several pictures at once."""
        pixels = np.stack([_pixels(image) for image in images])
        logits = self._session.run(list(CLASSES), {"pixels": pixels})
        best = {key: values.argmax(axis=1) for key, values in zip(CLASSES, logits, strict=True)}
        return [
            _without_colors_of_nothing(
                {key: CLASSES[key][int(best[key][index])] for key in CLASSES}
            )
            for index in range(len(images))
        ]


def _pixels(image: Image.Image) -> npt.NDArray[np.float32]:
    image = image.convert("RGB")
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    pixels: npt.NDArray[np.float32] = np.asarray(image, np.float32).transpose(2, 0, 1) / 255
    return pixels


def _without_colors_of_nothing(values: dict[str, str]) -> dict[str, str]:
    for key, colored in COLORED.items():
        if values[key] not in colored:
            values[f"{key}_color"] = ""
    return values


def truth(scene: Scene) -> dict[str, str]:
    """What a perfect judge reads from a scene."""
    values = {key: getattr(scene, key) for key in CLASSES if key != "glasses"}
    return {**values, "glasses": "yes" if scene.glasses else "no"}


def full_prompt(scene: Scene) -> str:
    """One plain sentence with everything: "a fox wearing a red scarf, ... in the snow"."""
    worn = [f"{scene.clothing_color} {scene.clothing}"] if scene.clothing != NOTHING else []
    if scene.hat != NOTHING:
        worn.append(f"{scene.hat_color} {scene.hat}".strip())
    phrases = [f"{with_article(scene.animal)}"]
    if worn:
        phrases[0] += " wearing " + " and ".join(with_article(item) for item in worn)
    if scene.glasses:
        phrases.append("with glasses")
    if scene.held != NOTHING:
        phrases.append(f"holding {with_article(f'{scene.held_color} {scene.held}'.strip())}")
    phrases.append(PLACES[scene.background])
    ground = [name for key, name in (("flowers", "flowers"), ("treats", "treats"),
                                     ("tea", "a cup of tea")) if getattr(scene, key)]  # fmt: skip
    if ground:
        phrases.append(f"with {' and '.join(ground)} on the ground")
    return ", ".join(phrases) + "."


def held_out_scenes(count: int, *, seed: int) -> list[Scene]:
    """Scenes whose combination of animal, clothing, colour and held object was never trained."""
    rng = random.Random(seed)
    return [sample_held_out_scene(rng) for _ in range(count)]


def asked(scenes: Iterable[Scene]) -> dict[str, int]:
    """In how many scenes there is something to read, for every attribute of ``CLASSES``.

    Colours count only where the scene has the coloured item.
    """
    wanted = [truth(scene) for scene in scenes]
    return {key: sum(values[key] != "" for values in wanted) for key in CLASSES}


def shares_right(
    scenes: Sequence[Scene], images: Iterable[Image.Image], judge: Reader
) -> dict[str, float]:
    """The share of pictures that show a scene's value, by attribute.

    The shares are of the scenes that ``asked`` counts; an attribute without any is left out.
    """
    right = {key: 0 for key in CLASSES}
    for scene, image in zip(scenes, images, strict=True):
        found = judge(image)
        for key, value in truth(scene).items():
            right[key] += value != "" and found[key] == value
    return {key: round(right[key] / count, 4) for key, count in asked(scenes).items() if count}


def painted(scenes: Sequence[Scene], paint: Painter) -> list[Image.Image]:
    """Pictures that ``paint`` makes from the scenes' prompts, seeded 0, 1, 2, ..."""
    return [paint(full_prompt(scene), seed) for seed, scene in enumerate(scenes)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line: measure, print, and write where told to."""
    parser = argparse.ArgumentParser(description="Measure how well an SDXL follows its prompts.")
    parser.add_argument("--model", type=Path, help="folder of the served files")
    parser.add_argument("--judge", type=Path, required=True, help="judge.onnx")
    parser.add_argument("--scenes", type=int, default=500, help="how many held-out scenes")
    parser.add_argument("--seed", type=int, default=0, help="of the scenes")
    parser.add_argument("--steps", type=int, default=20, help="denoising steps")
    parser.add_argument("--guidance", type=float, default=8.0, help="guidance scale")
    parser.add_argument("--rendered", action="store_true", help="judge the drawn scenes as well")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the JSON here as well")
    options = parser.parse_args(arguments)
    if options.model is None and not options.rendered:
        parser.error("give --model DIR, --rendered, or both")
    judge = Judge(options.judge)
    scenes = held_out_scenes(options.scenes, seed=options.seed)
    result: dict[str, object] = {"scenes": len(scenes)}
    if options.rendered:
        result["rendered"] = shares_right(scenes, (draw(scene) for scene in scenes), judge)
    if options.model is not None:
        paint = open_painter(options.model, steps=options.steps, guidance=options.guidance)
        result |= {"steps": options.steps, "guidance": options.guidance}
        pictures = painted(scenes, paint)
        result["generated"] = shares_right(scenes, pictures, judge)
        result["first"] = shares_right(scenes[:FIRST], pictures[:FIRST], judge)
        result["asked"] = asked(scenes[:FIRST])
    text = json.dumps(result, indent=2)
    print(text)
    if options.out is not None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_whole(options.out, f"{text}\n".encode())


def open_painter(model: Path, *, steps: int, guidance: float) -> Painter:
    """The shipped engine on a model folder, as a painter of one picture at a time."""
    pipeline = DiffusionPipeline(model)

    def paint(prompt: str, seed: int) -> Image.Image:
        request = ImageRequest(
            prompt, seed=seed, num_inference_steps=steps, guidance_scale=guidance
        )
        return pipeline.generate([request])[0]

    return paint


if __name__ == "__main__":
    main()
