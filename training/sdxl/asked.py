"""Measures what an SDXL makes of prompts that its world has no picture for.

Unknown subjects are the measure's own, none of them trained; plurals, lists of what must not be
there and misspelt names are about held-out scenes.
"""

from __future__ import annotations

import random
from collections.abc import Callable

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
"""Subjects that no picture of the pocket world has, and that no training names."""


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
