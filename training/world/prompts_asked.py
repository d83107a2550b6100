"""Prompts about what the pocket world has not, and prompts that say what must not be there.

A painter that does not know its subject has one honest answer: the place where nobody is. Two
foxes may be one, but foxes they are. "No hat, no scarf" is no reason to put them on. And a name
with one wrong letter is still that name.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Sequence

from training.language.articles import with_article
from training.world.phrases import CLOTHING_NAMES, HAT_NAMES, HELD_NAMES
from training.world.phrases_filler import ADJECTIVES
from training.world.prompts import Prompt, prompt_for
from training.world.prompts_disturb import disturb
from training.world.prompts_unknown import COUNTS, of_the_unknown, place, stranger
from training.world.scene import ANIMALS, CLOTHING, COLORS, HATS, HELD, NOTHING, Scene
from training.world.strangers import DOINGS, ELSEWHERE

PLURAL_SHARE, DENIAL_SHARE, COMPANY_SHARE, MISSPELT_SHARE = 0.06, 0.09, 0.05, 0.1
"""How often an animal is asked for in several, without something, beside somebody unknown; and how
often a name is misspelt."""
PLURALS = {"fox": "foxes"}
"""Where the plural is not just an s more."""
MORE_COUNTS = (
    "four", "five", "six", "ten", "a few", "a couple of", "a crowd of", "all the", "these", "2",
    "3", "both", "the", "dozens of", "different", "various",
)  # fmt: skip
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
ALSO_DENIED: dict[str, tuple[str, ...]] = {
    "clothing": (
        "clothes",
        "clothing",
        *(name for item in CLOTHING for name in CLOTHING_NAMES[item]),
    ),
    "hat": ("hats", "headwear", *(name for item in HATS for name in HAT_NAMES[item])),
    "held": tuple(name for item in HELD for name in HELD_NAMES[item]),
    "glasses": ("spectacles", "eyeglasses"),
    "flowers": ("blossoms",),
    "treats": ("biscuits", "pastries"),
    "tea": (),
}
"""Other words for the same."""
ALL_DENIED = {key: (*nouns, *ALSO_DENIED[key]) for key, nouns in DENIED.items()}
SPELT = frozenset(
    word
    for name in (*ANIMALS, *CLOTHING, *HATS, *HELD, *COLORS, "glasses", "snow", "beach")
    for word in name.split()
    if len(word) > 2
)
"""Words that are still read with one wrong letter."""
_FLOWERS, _TEA = frozenset(HELD_NAMES["flower"]), frozenset(HELD_NAMES["cup of tea"])


def asked_for(
    scene: Scene, rng: random.Random, *, misspelt_share: float = MISSPELT_SHARE
) -> Prompt:
    """A prompt that somebody might type to get the picture of a scene, an empty one as well."""
    draw = rng.random()
    if scene.animal == NOTHING:
        prompt = of_the_unknown(scene, rng)
    elif draw < PLURAL_SHARE:
        prompt = of_several(scene, rng, (*COUNTS, *MORE_COUNTS))
    elif draw < PLURAL_SHARE + DENIAL_SHARE:
        prompt = of_what_is_not(scene, rng, richly=True)
    elif draw < PLURAL_SHARE + DENIAL_SHARE + COMPANY_SHARE:
        prompt = in_company(scene, rng)
    else:
        prompt = prompt_for(scene, rng)
    if rng.random() < misspelt_share:
        text = misspelt(prompt.text, rng, replaced=True)
        if rng.random() < 0.3:
            text = misspelt(text, rng, replaced=True)
        return Prompt(text, prompt.said)
    return prompt


def in_company(scene: Scene, rng: random.Random) -> Prompt:
    """An animal with somebody or something unknown: the animal is drawn, the rest is not."""
    draw = rng.random()
    if draw < 0.4:
        # Everything else is said, and so nothing is drawn in the unknown one's stead.
        prompt = prompt_for(scene, rng)
        if "animal" not in prompt.said:
            return prompt
        joined = rng.choice((" and", " with", ", next to", " beside", ", with", " in front of"))
        text = prompt.text.rstrip(". !\n")
        return Prompt(f"{text}{joined} {with_article(stranger(rng))}", prompt.said)
    said = {"animal": scene.animal}
    noun = scene.animal
    if rng.random() < 0.3:
        noun = f"{rng.choice(ADJECTIVES)} {noun}"
    text = with_article(noun)
    if draw < 0.6:
        text += f" {rng.choice(DOINGS)}"
    elif draw < 0.8:
        text += f" {rng.choice(('and', 'with', 'next to', 'dressed as', 'or'))} "
        text += with_article(stranger(rng))
    if draw >= 0.8:
        text += f" {rng.choice(ELSEWHERE)}"
    elif rng.random() < 0.6:
        text += place(scene, rng, said)
    return Prompt(disturb(text, rng, plain=True), said)


def misspelt(text: str, rng: random.Random, *, replaced: bool = False) -> str:
    """With one letter of one name doubled, left out or changed for its neighbour.

    Args:
        text: a prompt.
        rng: source of every choice.
        replaced: whether the letter may also be quite another one.
    """
    names = [match for match in re.finditer(r"[A-Za-z]+", text) if match[0].lower() in SPELT]
    if not names:
        return text
    word = rng.choice(names)
    letters = list(word[0])
    # The first letter stays: an article in front of it must go on fitting.
    kind = rng.randrange(4 if replaced else 3) if len(letters) > 4 else 0
    place = rng.randrange(2 if kind == 2 else 1, len(letters))
    if kind == 0:
        letters.insert(place, letters[place])
    elif kind == 1:
        del letters[place]
    elif kind == 2:
        letters[place - 1 : place + 1] = reversed(letters[place - 1 : place + 1])
    else:
        letters[place] = rng.choice(string.ascii_lowercase)
    return text[: word.start()] + "".join(letters) + text[word.end() :]


def of_several(scene: Scene, rng: random.Random, counts: Sequence[str] = COUNTS) -> Prompt:
    """Two, three or many of an animal that is drawn once; how many is one of ``counts``."""
    said = {"animal": scene.animal}
    adjective = f"{rng.choice(ADJECTIVES)} " if rng.random() < 0.3 else ""
    noun = PLURALS.get(scene.animal, f"{scene.animal}s")
    text = f"{rng.choice(counts)} {adjective}{noun}".lstrip()
    if rng.random() < 0.7:
        text += place(scene, rng, said)
    return Prompt(disturb(text, rng, plain=True), said)


def of_what_is_not(scene: Scene, rng: random.Random, *, richly: bool = False) -> Prompt:
    """An animal and a list of what must not be there.

    Args:
        scene: what is there.
        rng: source of every choice.
        richly: whether in more words than those that are measured.
    """
    said = {"animal": scene.animal}
    text = with_article(scene.animal)
    for key, verb in (("clothing", "in"), ("hat", "with"), ("held", "holding")):
        value, color = getattr(scene, key), getattr(scene, f"{key}_color")
        if value != NOTHING and rng.random() < 0.9:
            said[key] = value
            said |= {f"{key}_color": color} if color else {}
            text += f" {verb} {with_article(f'{color} {value}'.strip())}"
    if rng.random() < 0.7:
        text += place(scene, rng, said)
    denied = _denied(scene, rng, said, richly=richly)
    listed = ", ".join(f"no {noun}" for noun in denied)
    draw = rng.random()
    if not denied:
        return Prompt(disturb(text, rng, plain=True), said)
    if richly and rng.random() < 0.6:
        return Prompt(disturb(_denying(text, denied, rng), rng, plain=True), said)
    if draw < 0.6:
        text = f"{text}, {listed}"
    elif draw < 0.8:
        text = f"{listed}, {text}"
    else:
        text += f", without {' or '.join(denied)}"
    return Prompt(disturb(text, rng, plain=True), said)


def _denying(text: str, denied: list[str], rng: random.Random) -> str:
    """A subject without some things, in one of many ways."""
    draw = rng.random()
    if draw < 0.4:
        no = rng.choice(("no", "no", "without", "not any", "zero"))
        between = rng.choice((" and ", "; ", " / ", ", and ", " - "))
        parts = [f"{no} {noun}" for noun in denied]
        return f"{text}{rng.choice((', ', '; ', ' but ', ' with ', ' - '))}{between.join(parts)}"
    if draw < 0.6:
        verb = rng.choice(("with no", "without any", "that has no", "that comes without"))
        return f"{text} {verb} {rng.choice((' or ', ' and ')).join(denied)}"
    if draw < 0.8:
        begun = rng.choice(("there is no", "it has no", "I want no", "do not draw any"))
        return f"{text}. {begun} {' or '.join(denied)}"
    return f"{' or '.join(f'no {noun}' for noun in denied)}: {text}"


def _denied(
    scene: Scene, rng: random.Random, said: dict[str, str], *, richly: bool = False
) -> list[str]:
    """One to four things that are not in the scene, each of another kind."""
    names = {
        key: [name for name in nouns if not _lies_there(name, scene)]
        for key, nouns in (ALL_DENIED if richly else DENIED).items()
        if getattr(scene, key) in (NOTHING, False)
    }
    names.pop({"flower": "flowers", "cup of tea": "tea"}.get(scene.held, ""), None)
    keys = rng.sample([*names], min(len(names), rng.choice((1, 2, 2, 3, 3, 4))))
    for key in keys:
        said[key] = NOTHING if key in ("clothing", "hat", "held") else "no"
    if not richly:
        return [rng.choice(names[key]) for key in keys]
    several = [min(len(names[key]), rng.choice((1, 1, 1, 2, 3))) for key in keys]
    return [
        name
        for key, count in zip(keys, several, strict=True)
        for name in rng.sample(names[key], count)
    ]


def _lies_there(name: str, scene: Scene) -> bool:
    """Whether something that nobody holds is on the ground all the same."""
    return (name in _FLOWERS and scene.flowers) or (name in _TEA and scene.tea)
