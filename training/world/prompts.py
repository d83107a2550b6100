"""Prompts about a scene: what a person might type to get that picture.

Every prompt is true of its scene and says which attributes it commits to. The seed text of the
course lies in the middle of the distribution: see ``prompts_families.lesson``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from training.world import prompts_families as families
from training.world.phrases_filler import FLAWS
from training.world.prompts_disturb import disturb
from training.world.prompts_wording import Wording, is_absent
from training.world.scene import NOTHING, Scene

SHORT_SHARE, LONG_SHARE = 0.2, 0.3
LESSON_SHARE = 0.15
"""Share of the course's own style among prompts that are not short."""
MAIN_SHARE = 0.975
"""How often clothing, hat, held object and glasses are mentioned in prompts that are not short."""
ABSENT_SHARE = 0.04
"""How often a missing attribute is mentioned as missing."""
MAIN = ("clothing", "hat", "held", "glasses")
GROUND = ("flowers", "treats", "tea")
FAMILIES = (families.plain, families.listing, families.sentences, families.scenery_first)
FAMILY_WEIGHTS = (50, 22, 15, 13)


@dataclass(frozen=True)
class Prompt:
    """A prompt and what it commits to.

    Attributes:
        text: the prompt as typed.
        said: value by attribute name of ``Scene``, for the attributes that the text settles.
            Flags are "yes" or "no"; "nothing" stands only where the text says that there is
            nothing. What the text leaves open is missing.
    """

    text: str
    said: dict[str, str] = field(default_factory=dict)


def prompt_for(scene: Scene, rng: random.Random) -> Prompt:
    """Draw a prompt about a scene. The same state of ``rng`` gives the same prompt."""
    draw = rng.random()
    if draw < SHORT_SHARE:
        return _short(scene, rng)
    if families.fits_lesson(scene) and rng.random() < 0.25:
        text = families.LESSON_SENTENCE
        if rng.random() < 0.2:
            text = disturb(text, rng, plain=True)
        return Prompt(text, dict(families.LESSON_SAID))
    in_lesson_style = rng.random() < LESSON_SHARE
    everything = draw > 1 - LONG_SHARE or (in_lesson_style and rng.random() < 0.7)
    w = Wording(scene, rng, _mentioned(scene, rng, everything=everything))
    if in_lesson_style:
        return Prompt(disturb(families.lesson(w), rng, plain=rng.random() < 0.6), w.said)
    family = rng.choices(FAMILIES, FAMILY_WEIGHTS)[0]
    if family is families.scenery_first and not w.has("background"):
        family = families.plain
    return Prompt(disturb(family(w), rng, plain=False), w.said)


def _mentioned(scene: Scene, rng: random.Random, *, everything: bool) -> list[str]:
    """The attributes that a prompt of middle or full length mentions."""
    keys = ["animal"] if rng.random() < 0.985 else []
    if rng.random() < (0.98 if everything else 0.8):
        keys.append("background")
    for key in (*MAIN, *GROUND):
        if is_absent(scene, key):
            share = ABSENT_SHARE if _worth_denying(scene, key) else 0.0
        elif key in MAIN:
            share = MAIN_SHARE
        else:
            share = 0.95 if everything else 0.4
        if rng.random() < share:
            keys.append(key)
    return keys or ["animal"]


def _worth_denying(scene: Scene, key: str) -> bool:
    # "No clothes" would not be true of an animal in a hat; "no tea" not of one that holds a cup.
    if key == "clothing":
        return scene.hat == NOTHING
    if key == "tea":
        return scene.held != "cup of tea"
    return key != "flowers" or scene.held != "flower"


def _short(scene: Scene, rng: random.Random) -> Prompt:
    if rng.random() < 0.04:
        return Prompt(disturb(", ".join(rng.sample(FLAWS, rng.randint(1, 4))), rng, plain=True))
    present = [key for key in (*MAIN, *GROUND) if not is_absent(scene, key)]
    if rng.random() < 0.55:
        key = rng.choice(["animal", "animal", "background", *present])
        absent = [key for key in MAIN if is_absent(scene, key) and _worth_denying(scene, key)]
        if absent and rng.random() < 0.04:
            key = rng.choice(absent)
        w = Wording(scene, rng, [key])
        return Prompt(disturb(_single(w, key), rng, plain=True), w.said)
    keys = rng.sample(["background", *present], min(len(present) + 1, rng.choice((1, 1, 2))))
    if rng.random() < 0.85 or len(keys) == 1:
        keys.append("animal")
    w = Wording(scene, rng, keys)
    family = families.plain if "animal" in keys and rng.random() < 0.7 else families.listing
    return Prompt(disturb(family(w), rng, plain=True), w.said)


def _single(w: Wording, key: str) -> str:
    """A prompt about one attribute and nothing else."""
    if key in w.absent:
        return w.negations(short=True)[0]
    if key == "background":
        return w.setting() if w.chance(0.7) else w.place()
    if key == "tea" or (key == "held" and w.scene.held == "cup of tea" and w.chance(0.3)):
        # A cup of tea alone may be in the hand or on the ground: it settles nothing.
        return w.rng.choice(("tea", "a cup of tea", "cup of tea", "a mug of tea"))
    if key == "held" and w.chance(0.25):
        return w.holding()
    if key == "clothing" and w.chance(0.08):
        return w.rng.choice(("clothes", "clothing"))
    noun = str(w.hat(generic=0.35)) if key == "hat" else str(getattr(w, key)())
    if key in ("animal", "clothing", "hat", "held") and w.chance(0.6):
        noun = w.a(noun)
    if key in ("clothing", "hat", "glasses") and w.chance(0.12):
        noun = f"wearing {noun}"
    return noun
