"""Prompts about what the pocket world has not, and prompts that say what must not be there.

A painter that does not know its subject has one honest answer: the place where nobody is. Two
foxes may be one, but foxes they are. "No hat, no scarf" is no reason to put them on. And a name
with one wrong letter is still that name.
"""

from __future__ import annotations

import random
import re

from training.language.articles import with_article
from training.world.phrases import BACKDROPS, COLOR_NAMES, PLACES, SETTINGS
from training.world.phrases_filler import ADJECTIVES, FIGURE_ADJECTIVES, FIGURES, REQUESTS
from training.world.prompts import Prompt, prompt_for
from training.world.prompts_disturb import disturb
from training.world.scene import ANIMALS, CLOTHING, COLORS, HATS, HELD, NOTHING, Scene

PLURAL_SHARE, DENIAL_SHARE, MISSPELT_SHARE = 0.04, 0.05, 0.05

THINGS = (
    "car", "house", "map", "bicycle", "castle", "robot", "guitar", "chair", "table", "boat",
    "train", "bridge", "clock", "telephone", "pizza", "apple", "mountain", "volcano", "city",
    "street", "spaceship", "rocket", "lamp", "mirror", "shoe", "statue", "logo", "church", "ship",
    "truck", "kitchen", "bowl of fruit", "cup of coffee", "vase", "mushroom", "skyscraper",
)  # fmt: skip
PEOPLE = (
    "woman", "man", "girl", "boy", "child", "person", "king", "queen", "wizard", "knight",
    "astronaut", "pirate", "doctor", "teacher", "dancer", "old man", "young woman", "baby",
)  # fmt: skip
OTHER_ANIMALS = (
    "dog", "puppy", "horse", "lion", "tiger", "elephant", "giraffe", "mouse", "wolf", "deer",
    "duck", "chicken", "fish", "shark", "dolphin", "turtle", "snake", "cow", "pig", "sheep",
    "monkey", "zebra", "dragon", "unicorn", "butterfly", "bee", "spider", "parrot", "eagle",
)  # fmt: skip
UNKNOWN = (*THINGS, *PEOPLE, *OTHER_ANIMALS)
"""Subjects that no picture of the pocket world has."""
FACES = ("portrait", "photo", "painting", "drawing", "picture", "sketch", "close-up")
COUNTS = ("two", "two", "three", "some", "many", "a group of", "a family of", "several", "")
PLURALS = {"fox": "foxes"}
"""Where the plural is not just an s more."""
DENIED: dict[str, tuple[str, ...]] = {
    "clothing": CLOTHING,
    "hat": ("hat", *HATS),
    "held": HELD,
    "glasses": ("glasses",),
    "flowers": ("flowers",),
    "treats": ("cookies", "treats"),
    "tea": ("tea",),
}
"""What a prompt may say that there is not, by attribute of a scene."""
SPELT = frozenset(
    word
    for name in (*ANIMALS, *CLOTHING, *HATS, *HELD, *COLORS, "glasses", "snow", "beach")
    for word in name.split()
    if len(word) > 2
)
"""Words that are still read with one wrong letter."""


def asked_for(scene: Scene, rng: random.Random) -> Prompt:
    """A prompt that somebody might type to get the picture of a scene, an empty one as well."""
    if scene.animal == NOTHING:
        prompt = of_the_unknown(scene, rng)
    else:
        draw = rng.random()
        if draw < PLURAL_SHARE:
            prompt = of_several(scene, rng)
        elif draw < PLURAL_SHARE + DENIAL_SHARE:
            prompt = of_what_is_not(scene, rng)
        else:
            prompt = prompt_for(scene, rng)
    if rng.random() < MISSPELT_SHARE:
        return Prompt(misspelt(prompt.text, rng), prompt.said)
    return prompt


def misspelt(text: str, rng: random.Random) -> str:
    """With one letter of one name doubled, left out or changed for its neighbour."""
    names = [match for match in re.finditer(r"[A-Za-z]+", text) if match[0].lower() in SPELT]
    if not names:
        return text
    word = rng.choice(names)
    letters = list(word[0])
    # The first letter stays: an article in front of it must go on fitting.
    kind = rng.randrange(3) if len(letters) > 4 else 0
    place = rng.randrange(2 if kind == 2 else 1, len(letters))
    if kind == 0:
        letters.insert(place, letters[place])
    elif kind == 1:
        del letters[place]
    else:
        letters[place - 1 : place + 1] = reversed(letters[place - 1 : place + 1])
    return text[: word.start()] + "".join(letters) + text[word.end() :]


def of_the_unknown(scene: Scene, rng: random.Random) -> Prompt:
    said = {"animal": NOTHING}
    noun = rng.choice(rng.choice((THINGS, PEOPLE, OTHER_ANIMALS)))
    draw = rng.random()
    if draw < 0.25:
        noun = f"{rng.choice(ADJECTIVES)} {noun}"
    elif draw < 0.4:
        noun = f"{rng.choice(COLOR_NAMES[rng.choice(COLORS)])} {noun}"
    text = with_article(noun)
    if rng.random() < 0.2:
        # What somebody unknown wears or holds is not drawn either.
        item = with_article(f"{rng.choice(COLORS)} {rng.choice((*CLOTHING, 'hat', 'balloon'))}")
        text += f" {rng.choice(('with', 'in', 'wearing', 'holding'))} {item}"
    text = _figured(text, rng)
    if rng.random() < 0.6:
        text += _place(scene, rng, said)
    for key, words in (("flowers", "flowers"), ("treats", "cookies"), ("tea", "a cup of tea")):
        if getattr(scene, key) and rng.random() < 0.9:
            said[key] = "yes"
            text += f", {words} on the ground"
    return Prompt(disturb(text, rng, plain=True), said)


def _figured(text: str, rng: random.Random) -> str:
    """ "A portrait of a woman", "draw a car", or the text as it is."""
    draw = rng.random()
    if draw < 0.3:
        return f"{with_article(rng.choice((*FACES, *FIGURES)))} of {text}"
    if draw < 0.4:
        return f"{rng.choice(REQUESTS)} {text}"
    if draw < 0.5:
        return f"{with_article(rng.choice(FIGURE_ADJECTIVES))} {rng.choice(FIGURES)} of {text}"
    return text


def _place(scene: Scene, rng: random.Random, said: dict[str, str]) -> str:
    said["background"] = scene.background
    draw = rng.random()
    if draw < 0.7:
        return f" {rng.choice(PLACES[scene.background])}"
    if draw < 0.85:
        return f", {rng.choice(SETTINGS[scene.background])}"
    return f" against a background of {rng.choice(BACKDROPS[scene.background])}"


def of_several(scene: Scene, rng: random.Random) -> Prompt:
    """Two, three or many of an animal that is drawn once."""
    said = {"animal": scene.animal}
    adjective = f"{rng.choice(ADJECTIVES)} " if rng.random() < 0.3 else ""
    noun = PLURALS.get(scene.animal, f"{scene.animal}s")
    text = f"{rng.choice(COUNTS)} {adjective}{noun}".lstrip()
    if rng.random() < 0.7:
        text += _place(scene, rng, said)
    return Prompt(disturb(text, rng, plain=True), said)


def of_what_is_not(scene: Scene, rng: random.Random) -> Prompt:
    """An animal and a list of what must not be there."""
    said = {"animal": scene.animal}
    text = with_article(scene.animal)
    for key, verb in (("clothing", "in"), ("hat", "with"), ("held", "holding")):
        value, color = getattr(scene, key), getattr(scene, f"{key}_color")
        if value != NOTHING and rng.random() < 0.9:
            said[key] = value
            said |= {f"{key}_color": color} if color else {}
            text += f" {verb} {with_article(f'{color} {value}'.strip())}"
    if rng.random() < 0.7:
        text += _place(scene, rng, said)
    denied = _denied(scene, rng, said)
    listed = ", ".join(f"no {noun}" for noun in denied)
    draw = rng.random()
    if not denied:
        return Prompt(disturb(text, rng, plain=True), said)
    if draw < 0.6:
        text = f"{text}, {listed}"
    elif draw < 0.8:
        text = f"{listed}, {text}"
    else:
        text += f", without {' or '.join(denied)}"
    return Prompt(disturb(text, rng, plain=True), said)


def _denied(scene: Scene, rng: random.Random, said: dict[str, str]) -> list[str]:
    """One to four things that are not in the scene, each of another kind."""
    names = {
        key: [name for name in nouns if not _lies_there(name, scene)]
        for key, nouns in DENIED.items()
        if getattr(scene, key) in (NOTHING, False)
    }
    names.pop({"flower": "flowers", "cup of tea": "tea"}.get(scene.held, ""), None)
    keys = rng.sample([*names], min(len(names), rng.choice((1, 2, 2, 3, 3, 4))))
    for key in keys:
        said[key] = NOTHING if key in ("clothing", "hat", "held") else "no"
    return [rng.choice(names[key]) for key in keys]


def _lies_there(name: str, scene: Scene) -> bool:
    """Whether something that nobody holds is on the ground all the same."""
    return (name == "flower" and scene.flowers) or (name == "cup of tea" and scene.tea)
