"""Names a scene's attributes one by one and keeps account of what has been said."""

from __future__ import annotations

import random
from collections.abc import Sequence

from training.language.articles import with_article
from training.world.phrases import (
    ANIMAL_NAMES,
    AROUND,
    BACKDROPS,
    BESIDE,
    CLOTHING_NAMES,
    COLOR_NAMES,
    FLOWER_NAMES,
    GLASSES_NAMES,
    HAT_NAMES,
    HELD_NAMES,
    HOLDING,
    ITEM_ADJECTIVES,
    LIMBS,
    NEGATIONS,
    PLACES,
    SETTINGS,
    SHORT_NEGATIONS,
    TEA_NAMES,
    TREAT_NAMES,
)
from training.world.phrases_filler import ADJECTIVES
from training.world.scene import COLORED_HATS, NOTHING, Scene

COLOR_SHARE = 0.85
"""How often a coloured item that is mentioned is mentioned with its colour."""


class Wording:
    """Words for one prompt about one scene.

    Attributes:
        said: what the words given out so far commit to (see ``Prompt.said``).
        absent: attributes that the scene lacks and whose absence is to be mentioned.
    """

    def __init__(self, scene: Scene, rng: random.Random, mentioned: Sequence[str]) -> None:
        """Take the attributes that may be mentioned, present and absent ones alike."""
        self.scene = scene
        self.rng = rng
        self.mentioned = set(mentioned)
        self.absent = {key for key in self.mentioned if is_absent(scene, key)}
        self.said: dict[str, str] = {}
        self.telegram = rng.random() < 0.06
        """Whether articles are left out."""

    def has(self, key: str) -> bool:
        """Whether an attribute is present and to be mentioned."""
        return key in self.mentioned and key not in self.absent

    def chance(self, probability: float) -> bool:
        """Flip a coin."""
        return self.rng.random() < probability

    def pick(self, words: Sequence[str], usual: float = 0.45) -> str:
        """Choose a word, the first one with a probability of at least ``usual``."""
        return words[0] if self.rng.random() < usual else self.rng.choice(words)

    def a(self, noun: str) -> str:
        """Put the indefinite article in front."""
        return noun if self.telegram else with_article(noun)

    def animal(self, *, adjective: str = "") -> str:
        """The animal, without an article: "cute little fox"."""
        name = self.scene.animal
        self.said["animal"] = name
        noun = self.pick(ANIMAL_NAMES[name], 0.6)
        if adjective:
            return f"{adjective} {noun}"
        if self.chance(0.3):
            noun = f"{self.rng.choice(ADJECTIVES)} {noun}"
            if self.chance(0.15):
                noun = noun if noun.startswith("cute") else f"cute {noun}"
        return noun

    def clothing(self) -> str:
        """The clothing, without an article: "warm red scarf"."""
        item = self.scene.clothing
        self.said["clothing"] = item
        noun = self.pick(CLOTHING_NAMES[item])
        return self._colored(noun, item, "clothing_color", self.scene.clothing_color)

    def hat(self, *, generic: float = 0.03) -> str:
        """The hat, without an article; with probability ``generic`` not saying which."""
        item = self.scene.hat
        if item in COLORED_HATS and self.chance(generic):
            return self._colored("hat", "", "hat_color", self.scene.hat_color)
        self.said["hat"] = item
        noun = self.pick(HAT_NAMES[item])
        return self._colored(noun, item, "hat_color", self.scene.hat_color)

    def held(self) -> str:
        """The held object, without an article."""
        item = self.scene.held
        self.said["held"] = item
        noun = self.pick(HELD_NAMES[item])
        return self._colored(noun, item, "held_color", self.scene.held_color)

    def glasses(self) -> str:
        """The glasses."""
        self.said["glasses"] = "yes"
        noun = self.pick(GLASSES_NAMES)
        return noun.removeprefix("a ") if self.telegram else noun

    def worn(self) -> list[str]:
        """Clothing, hat and glasses in any order, each with its article."""
        items = []
        if self.has("clothing"):
            items.append(self.a(self.clothing()))
        if self.has("hat"):
            items.append(self.a(self.hat()))
        if self.has("glasses"):
            items.append(self.glasses())
        self.rng.shuffle(items)
        return items

    def holding(self, *, verb: str = "") -> str:
        """What the animal does with the held object: "holding a balloon"."""
        scene = self.scene
        if not verb:
            draw = self.rng.random()
            if draw < 0.55:
                verb = "holding"
            elif draw < 0.7:
                verb = self.rng.choice(("carrying", "clutching", "holding up", "proudly holding"))
            elif draw < 0.85 or scene.held == "cup of tea":
                verb = self.rng.choice(HOLDING[scene.held])
            else:
                verb = "with"
        noun = self.held()
        if verb in HOLDING["cup of tea"] and "of" not in noun:
            verb = "holding"
        phrase = f"{verb} {self.a(noun)}"
        if verb in ("holding", "with") and self.chance(0.12):
            limb = LIMBS[scene.animal] if self.chance(0.6) else "hand"
            phrase += f" in its {limb}"
        return phrase

    def place(self) -> str:
        """Where the animal is: "in the snow"."""
        self.said["background"] = self.scene.background
        return self.pick(PLACES[self.scene.background], 0.3)

    def backdrop(self) -> str:
        """The background after a preposition: "rustic wood"."""
        self.said["background"] = self.scene.background
        return self.pick(BACKDROPS[self.scene.background], 0.35)

    def setting(self) -> str:
        """The background on its own: "snowy landscape"."""
        self.said["background"] = self.scene.background
        return self.pick(SETTINGS[self.scene.background], 0.35)

    def flowers(self) -> str:
        """The flowers on the ground."""
        self.said["flowers"] = "yes"
        return self.pick(FLOWER_NAMES)

    def treats(self) -> str:
        """The treats on the ground."""
        self.said["treats"] = "yes"
        return self.pick(TREAT_NAMES, 0.3)

    def tea(self) -> str:
        """The cup of tea on the ground. Say with it that it stands there."""
        self.said["tea"] = "yes"
        noun = self.pick(TEA_NAMES)
        return noun.removeprefix("a ") if self.telegram else noun

    def ground(self) -> list[str]:
        """Everything on the ground, in any order."""
        items = [getattr(self, key)() for key in ("tea", "treats", "flowers") if self.has(key)]
        self.rng.shuffle(items)
        return items

    def around(self, items: Sequence[str]) -> str:
        """Where these things on the ground are."""
        alone = len(items) == 1 and items[0].endswith(("tea", "teacup"))
        return self.rng.choice(BESIDE if alone else AROUND)

    def negations(self, *, short: bool = False) -> list[str]:
        """What is not there."""
        phrases = []
        for key in sorted(self.absent):
            self.said[key] = "no" if key in _FLAGS else NOTHING
            phrases.append(self.pick((SHORT_NEGATIONS if short else NEGATIONS)[key]))
        return phrases

    def join(self, items: Sequence[str]) -> str:
        """A list with "and": "a, b and c"."""
        if len(items) < 2:
            return "".join(items)
        if len(items) > 2 and self.chance(0.12):
            return " and ".join(items)
        comma = "," if len(items) > 2 and self.chance(0.4) else ""
        return f"{', '.join(items[:-1])}{comma} and {items[-1]}"

    def _colored(self, noun: str, item: str, key: str, color: str) -> str:
        adjective = self.rng.choice(ITEM_ADJECTIVES[item]) if item and self.chance(0.2) else ""
        if not color or self.rng.random() > COLOR_SHARE:
            return f"{adjective} {noun}".lstrip()
        self.said[key] = color
        word = self.pick(COLOR_NAMES[color], 0.6)
        if self.chance(0.02):
            word += "-colored"
        return f"{adjective} {word} {noun}".lstrip()


_FLAGS = frozenset({"glasses", "flowers", "treats", "tea"})


def is_absent(scene: Scene, key: str) -> bool:
    """Whether a scene lacks an attribute such as "hat" or "tea"."""
    return getattr(scene, key) in (NOTHING, False)
