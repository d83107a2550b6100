"""Measures what an SDXL makes of prompts that its world has no picture for.

Unknown subjects are the measure's own: no training asks for one of them. The weights that are
served have seen the nouns of 15 among the odd words that some prompts have beside what they ask for
(`training.world.phrases_filler`); those to come will not. Plurals, lists of what must not be there
and misspelt names are about held-out scenes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from training.judging import Reader
from training.painting import Painter, full_prompt
from training.sdxl.emptiness import Emptiness
from training.world.prompts_asked import misspelt, of_several, of_what_is_not
from training.world.scene import NOTHING, Scene, held_out_scenes

SUBJECTS = (
    "a helicopter", "a portrait of a soldier", "a camel", "a sofa in a living room", "two nurses",
    "a red motorcycle", "a squirrel", "a lighthouse by the sea", "a plate of sushi", "a clown",
    "a raccoon in a green field", "an old typewriter", "a crocodile on the beach", "a violin",
    "a waterfall", "a farmer with a straw hat", "a hedgehog in the snow", "a blue teapot",
    "a wooden door", "a whale",
)  # fmt: skip
"""Subjects that no picture of the pocket world has, and that no training to come names."""


def asked_shares(
    paint: Painter, judge: Reader, emptiness: Emptiness, *, count: int
) -> dict[str, float]:
    """By kind of prompt, the share of pictures that are as they should be.

    Args:
        paint: makes a picture of a prompt and a seed.
        judge: reads what a picture with an animal shows.
        emptiness: tells an empty place.
        count: pictures of each kind.
    """
    rng = random.Random("asked")
    unknown = [emptiness.is_empty(paint(SUBJECTS[n % len(SUBJECTS)], n)) for n in range(count)]
    shares = {"unknown subject, empty place": unknown}
    scenes = held_out_scenes(count, seed=5)
    for name, prompt in KINDS.items():
        marks = []
        for seed, scene in enumerate(scenes):
            text, expected = prompt(scene, rng)
            found = judge(paint(text, seed))
            marks.append(all(found[key] == value for key, value in expected.items()))
        shares[name] = marks
    return {name: round(sum(marks) / len(marks), 4) for name, marks in shares.items()}


Kind = Callable[[Scene, random.Random], tuple[str, dict[str, str]]]
"""A prompt about a scene, and what a judge must read from its picture."""


def _plural(scene: Scene, rng: random.Random) -> tuple[str, dict[str, str]]:
    prompt = of_several(scene, rng)
    return prompt.text, prompt.said


def _denial(scene: Scene, rng: random.Random) -> tuple[str, dict[str, str]]:
    prompt = of_what_is_not(scene, rng)
    judged = ("clothing", "hat", "held", "glasses")
    denied = {key: value for key, value in prompt.said.items()
              if key in judged and value in (NOTHING, "no")}  # fmt: skip
    return prompt.text, {"animal": scene.animal, **denied}


def _misspelt(scene: Scene, rng: random.Random) -> tuple[str, dict[str, str]]:
    return misspelt(full_prompt(scene), rng), {
        key: getattr(scene, key) for key in ("animal", "background", "clothing", "held")
    }


KINDS: dict[str, Kind] = {"plurals": _plural, "lists of no": _denial, "misspelt": _misspelt}


def blind_share(paint: Painter, judge: Reader, emptiness: Emptiness, path: Path) -> float:
    """The share of right pictures of the prompts in a file, which somebody wrote by hand.

    The file is a list of objects with ``prompt``, ``animal`` (or "nothing": a place where nobody
    is), ``background`` where the prompt names one, and ``without``: attributes of which there
    must be nothing. Where nobody is the background is not judged.
    """
    asked = json.loads(path.read_text(encoding="utf-8"))
    right = [_is_right(each, paint(each["prompt"], seed), judge, emptiness)
             for seed, each in enumerate(asked)]  # fmt: skip
    return round(sum(right) / len(right), 4)


def _is_right(
    asked: dict[str, Any], image: Image.Image, judge: Reader, emptiness: Emptiness
) -> bool:
    if asked["animal"] == NOTHING or emptiness.is_empty(image):
        return bool(asked["animal"] == NOTHING and emptiness.is_empty(image))
    found = judge(image)
    return (
        found["animal"] == asked["animal"]
        and asked.get("background", found["background"]) == found["background"]
        and all(found[key] in (NOTHING, "no") for key in asked.get("without", []))
    )
