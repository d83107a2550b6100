"""Prompts about unknown subjects, plurals, what must not be there, and misspelt names."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest

from tests.training.digests import digest_of
from training.world.phrases import (
    ANIMAL_NAMES,
    CLOTHING_NAMES,
    GLASSES_NAMES,
    HAT_NAMES,
    HELD_NAMES,
    SETTINGS,
    TREAT_NAMES,
)
from training.world.prompts import Prompt
from training.world.prompts_asked import (
    ALL_DENIED,
    SPELT,
    asked_for,
    in_company,
    misspelt,
    of_several,
    of_what_is_not,
)
from training.world.prompts_unknown import of_the_unknown
from training.world.scene import (
    ANIMALS,
    NOTHING,
    Scene,
    sample_empty_scene,
    sample_scene,
)
from training.world.strangers import UNKNOWN, plural

ASKED_DIGEST = "16d8c88af5a952bad6d951822704b0a02c980f2424e8d86e2872f4b909626f57"


def drawn(count: int = 3000) -> list[tuple[Scene, Prompt]]:
    rng = random.Random(12)
    scenes = [sample_scene(rng) if n % 4 else sample_empty_scene(rng) for n in range(count)]
    return [(scene, asked_for(scene, rng)) for scene in scenes]


def truth(scene: Scene, key: str) -> str:
    value = getattr(scene, key)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def test_everything_said_is_true() -> None:
    for scene, prompt in drawn():
        for key, value in prompt.said.items():
            assert value == truth(scene, key), (prompt, scene)


def test_an_empty_scene_is_asked_for_by_a_subject_that_nobody_knows() -> None:
    every = {name for names in ANIMAL_NAMES.values() for name in names} - {"teddy"}
    rng = random.Random(3)
    for _ in range(1500):
        scene = sample_empty_scene(rng)
        prompt = of_the_unknown(scene, rng)
        assert prompt.said["animal"] == NOTHING
        text = prompt.text.lower()
        assert not any(re.search(rf"\b{name}s?\b", text) for name in every), text
        assert asked_for(scene, rng).said["animal"] == NOTHING


def test_unknown_subjects_are_unknown() -> None:
    named = (ANIMAL_NAMES, CLOTHING_NAMES, HAT_NAMES, HELD_NAMES)
    known = {name for names in named for each in names.values() for name in each}
    known |= {name.split()[-1] for name in known} | {*GLASSES_NAMES, *TREAT_NAMES}
    assert not known & set(UNKNOWN)
    settings = {name for names in SETTINGS.values() for name in names}
    assert not settings & set(UNKNOWN)
    assert len(set(UNKNOWN)) == len(UNKNOWN) > 500


def test_somebody_unknown_beside_an_animal_is_not_drawn() -> None:
    rng = random.Random(9)
    for _ in range(500):
        scene = sample_scene(rng)
        prompt = in_company(scene, rng)
        assert prompt.said.get("animal", scene.animal) == scene.animal
        for key, value in prompt.said.items():
            assert value == truth(scene, key), prompt


def test_several_of_the_unknown() -> None:
    nouns = ("car", "church", "city", "monkey", "wolf", "box", "fish")
    several = ["cars", "churches", "cities", "monkeys", "wolves", "boxes", "fish"]
    assert [plural(noun) for noun in nouns] == several


def test_several_are_one_of_their_kind() -> None:
    rng = random.Random(4)
    for _ in range(500):
        scene = sample_scene(rng)
        prompt = of_several(scene, rng)
        assert prompt.said["animal"] == scene.animal
        assert re.search(rf"{scene.animal}e?s\b", prompt.text.lower()), prompt
    assert any("foxes" in of_several(Scene("fox", "snow"), rng).text for _ in range(9))


@pytest.mark.parametrize("richly", [False, True])
def test_what_is_denied_is_not_there_and_is_said_not_to_be(richly: bool) -> None:
    rng = random.Random(5)
    counts: Counter[int] = Counter()
    for _ in range(1500):
        scene = sample_scene(rng)
        prompt = of_what_is_not(scene, rng, richly=richly)
        text = prompt.text.lower()
        denied = [key for key, value in prompt.said.items() if value in (NOTHING, "no")]
        counts[len(denied)] += 1
        for key in denied:
            assert any(noun in text for noun in ALL_DENIED[key]), (prompt, key)
            assert getattr(scene, key) in (NOTHING, False)
        assert bool(denied) == bool(re.search(r"\b(no|without|zero|not any|do not)\b", text)), (
            prompt
        )
        if scene.flowers or scene.held == "flower":
            assert not re.search(r"(no|without|or) flower", text), prompt
        if scene.tea or scene.held == "cup of tea":
            assert not re.search(r"(no|without|or) (cup of )?tea", text), prompt
    assert min(counts[number] for number in (1, 2, 3, 4)) > 50


@pytest.mark.parametrize("word", ["fox", "owl", "penguin", "sweater"])
def test_a_name_is_misspelt_by_one_letter(word: str) -> None:
    rng = random.Random(6)
    found = {misspelt(f"a {word} by a lake", rng) for _ in range(100)}
    for text in found:
        changed = text.removeprefix("a ").removesuffix(" by a lake")
        assert changed != word or "tt" in word
        assert abs(len(changed) - len(word)) <= 1
        assert changed[0] == word[0]
    assert len(found) > 1
    assert misspelt("a car by a lake", rng) == "a car by a lake"


def test_a_misspelt_name_is_no_other_name() -> None:
    rng = random.Random(7)
    for word in sorted(SPELT):
        assert not {misspelt(word, rng) for _ in range(60)} & (SPELT - {word})


def test_each_kind_has_its_share() -> None:
    asked = [prompt for scene, prompt in drawn(8000) if scene.animal != NOTHING]
    several = sum(any(re.search(rf"\b{animal}e?s\b", prompt.text.lower()) for animal in ANIMALS)
                  for prompt in asked)  # fmt: skip
    lists = sum(len(re.findall(r"\bno\b", prompt.text.lower())) > 1 for prompt in asked)
    assert 0.04 < several / len(asked) < 0.08
    assert 0.03 < lists / len(asked) < 0.09


def test_the_same_random_state_gives_the_same_prompt() -> None:
    first, second = random.Random(8), random.Random(8)
    for scene, _ in drawn(300):
        assert asked_for(scene, first) == asked_for(scene, second)


def test_no_slips_of_the_pen() -> None:
    for _, prompt in drawn():
        text = prompt.text.lower()
        assert text.strip()
        assert not re.search(r"\ba [aeio]|\ban [^aeiou]|  |,,| ,|[{}\[\]|]", text) or "|" in text, (
            text
        )


def test_what_was_asked_stays_asked() -> None:
    """The next training of the pocket SDXL learns from these."""
    prompts = ((each.text, sorted(each.said.items())) for _, each in drawn())
    assert digest_of(prompts) == ASKED_DIGEST
