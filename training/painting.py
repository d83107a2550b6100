"""Pictures that an SDXL paints from the prompts of scenes.

Needs Pillow, numpy and onnxruntime; no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.repositories import MODELS_DIR
from training.language.articles import with_article
from training.world.scene import NOTHING, Scene

SHIPPED_SDXL = MODELS_DIR / "sdxl"
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


def painted(scenes: Sequence[Scene], paint: Painter) -> list[Image.Image]:
    """Pictures that ``paint`` makes from the scenes' prompts, seeded 0, 1, 2, ..."""
    return [paint(full_prompt(scene), seed) for seed, scene in enumerate(scenes)]


def open_painter(model: Path, *, steps: int, guidance: float) -> Painter:
    """The shipped engine on a model folder, as a painter of one picture at a time."""
    pipeline = DiffusionPipeline(model)

    def paint(prompt: str, seed: int) -> Image.Image:
        request = ImageRequest(
            prompt, seed=seed, num_inference_steps=steps, guidance_scale=guidance
        )
        return pipeline.generate([request])[0]

    return paint
