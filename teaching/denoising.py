"""The pictures in ``images/denoising.svg``: one picture of the pocket model, on its way.

    python -m teaching.denoising    # draw them anew, for example after a training

The drawing itself is written by hand. Each of its ``<image id="after-N">`` gets what the model has
after N of 20 steps, by the prompt, the seed and the guidance scale of notebook 2.
"""

from __future__ import annotations

import argparse
import ast
import base64
import io
import re
import sys
from importlib.resources import files
from pathlib import Path

import nbformat
from PIL import Image

from local_endpoints.engine.diffusion.pipeline import DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest

ROOT = Path(__file__).parents[1]
DRAWING = ROOT / "images" / "denoising.svg"
NOTEBOOK = ROOT / "notebooks" / "02_images_sdxl.ipynb"
STEPS = 20
STAGE = re.compile(r'(<image id="after-(\d+)"[^>]* href=")([^"]*)(")')


def stages() -> list[Image.Image]:
    """The picture after 0, 1, … 20 steps, noise first."""
    pipeline = DiffusionPipeline(Path(str(files("local_endpoints") / "models" / "sdxl")))
    prompt, seed = _parameters()
    picture = pipeline.start(
        ImageRequest(prompt, guidance_scale=8, num_inference_steps=STEPS, seed=seed)
    )
    found = [pipeline.decode(picture)]
    while not picture.finished:
        pipeline.step([picture])
        found.append(pipeline.decode(picture))
    return found


def drawn(svg: str) -> dict[int, Image.Image]:
    """The pictures that a drawing has, by their number of steps."""
    return {
        int(steps): Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")
        for _, steps, url, _ in STAGE.findall(svg)
    }


def redraw(svg: str) -> str:
    """The drawing with fresh pictures."""
    pictures = stages()
    return STAGE.sub(lambda found: found[1] + _as_url(pictures[int(found[2])]) + found[4], svg)


def _parameters() -> tuple[str, int]:
    """Prompt and seed of the notebook."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    (cell,) = [each for each in notebook.cells if "parameters" in each.metadata.get("tags", ())]
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    return values["PROMPT"], values["SEED"]


def _as_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=90, method=6)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()


def main() -> int:
    """The command; returns the exit status."""
    argparse.ArgumentParser(
        prog="python -m teaching.denoising",
        description="Draw the stages in images/denoising.svg anew.",
    ).parse_args()
    DRAWING.write_text(redraw(DRAWING.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
