"""Measures whether an SDXL's pictures show what their prompts say.

``python -m training.sdxl.evaluate --model DIR --judge tests/judge/judge.onnx``
draws held-out scenes, prompts the model with everything that they hold, lets the judge read the
pictures and prints the share that is right, by attribute, as JSON. ``--rendered`` adds the judge's
own shares on the drawn scenes themselves: what it would say of perfect pictures. ``--beyond N``
adds what it makes of N prompts each about subjects that it does not know, plurals, lists of what
must not be there, and misspelt names; ``--blind FILE`` of prompts written by hand. ``--out FILE``
writes the same JSON into a file, too.

``generated`` and ``rendered`` are shares of all scenes, ``first`` of the first 40 generated ones;
``asked`` says of how many of these each share is.

Needs Pillow, numpy and onnxruntime; no torch.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image

from training.judging import CLASSES, FIRST, Judge, Reader, truth
from training.painting import open_painter, painted
from training.report import report
from training.sdxl.asked import asked_shares, blind_share
from training.sdxl.emptiness import Emptiness
from training.world.draw import draw
from training.world.scene import Scene, held_out_scenes


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line: measure, print, and write where told to."""
    parser = argparse.ArgumentParser(description="Measure how well an SDXL follows its prompts.")
    parser.add_argument("--model", type=Path, help="folder of the served files")
    parser.add_argument("--judge", type=Path, required=True, help="judge.onnx")
    parser.add_argument("--scenes", type=int, default=500, help="how many held-out scenes")
    parser.add_argument("--seed", type=int, default=0, help="of the scenes")
    parser.add_argument("--steps", type=int, default=20, help="denoising steps")
    parser.add_argument("--guidance", type=float, default=8.0, help="guidance scale")
    parser.add_argument(
        "--beyond", type=int, default=0, help="how many prompts of each kind beyond its world"
    )
    parser.add_argument("--blind", type=Path, metavar="FILE", help="prompts written by hand")
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
        emptiness = Emptiness() if options.beyond or options.blind else None
        if emptiness is not None and options.beyond:
            result["beyond"] = asked_shares(paint, judge, emptiness, count=options.beyond)
        if emptiness is not None and options.blind is not None:
            result["blind"] = blind_share(paint, judge, emptiness, options.blind)
    report(result, options.out)


if __name__ == "__main__":
    main()
