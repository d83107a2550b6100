"""Prompts about subjects that the pocket world has not: they show a place where nobody is."""

from __future__ import annotations

import random

from training.language.articles import with_article
from training.world.phrases import BACKDROPS, COLOR_NAMES, PLACES, SETTINGS
from training.world.phrases_filler import ADJECTIVES, FIGURE_ADJECTIVES, FIGURES, REQUESTS
from training.world.prompts import Prompt
from training.world.prompts_disturb import disturb, invented
from training.world.scene import CLOTHING, COLORS, NOTHING, Scene
from training.world.strangers import (
    DOINGS,
    ELSEWHERE,
    MATTERS,
    OTHER_ANIMALS,
    PEOPLE,
    THINGS,
    UNCOUNTED,
    plural,
)

FACES = ("portrait", "photo", "painting", "drawing", "picture", "sketch", "close-up")
COUNTS = ("two", "two", "three", "some", "many", "a group of", "a family of", "several", "")
QUALITIES = (
    "big", "huge", "tall", "long", "new", "modern", "ancient", "broken", "beautiful", "ugly",
    "strange", "famous", "angry", "sad", "tired", "strong", "rich", "poor", "dark", "bright",
    "golden", "round", "heavy", "fast", "slow", "wild", "lonely", "mysterious", "giant",
    "typical", "medieval", "futuristic", "realistic", "abstract", "electric", "fresh", "delicious",
)  # fmt: skip
_GROUND = (("flowers", "flowers"), ("treats", "cookies"), ("tea", "a cup of tea"))


def of_the_unknown(scene: Scene, rng: random.Random) -> Prompt:
    """A prompt that an empty scene answers: somebody or something that nobody has drawn."""
    said = {"animal": NOTHING}
    text = _subject(rng)
    if rng.random() < 0.12:
        text += f" {rng.choice(DOINGS)}"
    if rng.random() < 0.15:
        # What somebody unknown wears or holds is not drawn either.
        item = with_article(f"{rng.choice(COLORS)} {rng.choice((*CLOTHING, 'hat', 'balloon'))}")
        text += f" {rng.choice(('with', 'in', 'wearing', 'holding'))} {item}"
    text = _figured(text, rng)
    draw = rng.random()
    if draw < 0.55:
        text += place(scene, rng, said)
    elif draw < 0.65:
        text += f" {rng.choice(ELSEWHERE)}"
    for key, words in _GROUND:
        if getattr(scene, key) and rng.random() < 0.9:
            said[key] = "yes"
            text += f", {words} on the ground"
    return Prompt(disturb(text, rng, plain=rng.random() < 0.7), said)


def _subject(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.06:
        return rng.choice(MATTERS)
    if draw < 0.12:
        while len(noun := invented(rng)) < 4:
            pass
        return noun if rng.random() < 0.3 else with_article(noun)
    noun = stranger(rng)
    if draw < 0.18:
        return f"{_single(noun, rng)} and {_single(stranger(rng), rng)}"
    several = noun not in UNCOUNTED and rng.random() < 0.12
    if several:
        noun = plural(noun)
    counted = rng.choice(COUNTS) if several else ""
    draw = rng.random()
    described = noun
    if draw < 0.2:
        described = f"{rng.choice(ADJECTIVES)} {noun}"
    elif draw < 0.4:
        described = f"{rng.choice(QUALITIES)} {noun}"
    elif draw < 0.55:
        described = f"{rng.choice(COLOR_NAMES[rng.choice(COLORS)])} {noun}"
    if several:
        return f"{counted} {described}".lstrip()
    return described if noun in UNCOUNTED else _single(described, rng)


def _single(noun: str, rng: random.Random) -> str:
    """Mostly with an article."""
    draw = rng.random()
    if noun in UNCOUNTED or draw < 0.14:
        return noun
    return f"the {noun}" if draw < 0.2 else with_article(noun)


def stranger(rng: random.Random) -> str:
    """A subject that nobody knows, without an article."""
    return rng.choice(rng.choice((THINGS, THINGS, PEOPLE, OTHER_ANIMALS)))


def _figured(text: str, rng: random.Random) -> str:
    """ "A portrait of a woman", "draw a car", or the text as it is."""
    draw = rng.random()
    if draw < 0.2:
        return f"{with_article(rng.choice((*FACES, *FIGURES)))} of {text}"
    if draw < 0.3:
        return f"{rng.choice(REQUESTS)} {text}"
    if draw < 0.4:
        return f"{with_article(rng.choice(FIGURE_ADJECTIVES))} {rng.choice(FIGURES)} of {text}"
    return text


def place(scene: Scene, rng: random.Random, said: dict[str, str]) -> str:
    """Where the scene is, to follow its subject: " in the snow"; ``said`` is told."""
    said["background"] = scene.background
    draw = rng.random()
    if draw < 0.7:
        return f" {rng.choice(PLACES[scene.background])}"
    if draw < 0.85:
        return f", {rng.choice(SETTINGS[scene.background])}"
    return f" against a background of {rng.choice(BACKDROPS[scene.background])}"
