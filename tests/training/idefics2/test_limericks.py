"""Limericks rhyme and say what the picture shows, and nothing else."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator

import pytest

pytest.importorskip("pronouncing")

from tests.training.idefics2.truth import untrue_in_limerick
from training.idefics2.evaluate import is_aabba
from training.idefics2.limericks import COUPLETS, FRAMES, limerick
from training.idefics2.names import PLACE_WORDS
from training.idefics2.pictures import strange_values, values_of
from training.language.rhymes import rhymes
from training.world.scene import (
    ANIMALS,
    BACKGROUNDS,
    CLOTHING,
    HATS,
    HELD,
    NOTHING,
    Scene,
    sample_training_scene,
)

FOX = values_of(Scene("fox", "snow", clothing="scarf", clothing_color="red"))


def wordings(line: str) -> list[str]:
    """The line with every choice in ``[a|b]``."""
    choice = re.search(r"\[([^\[\]]*)\]", line)
    if choice is None:
        return [line]
    before, after = line[: choice.start()], line[choice.end() :]
    return [text for words in choice[1].split("|") for text in wordings(before + words + after)]


def ends(line: str) -> set[str]:
    """The last words that a line may have."""
    return {re.findall(r"[a-z'{}]+", text.lower())[-1] for text in wordings(line)}


def rhyme_always(first: str, second: str) -> bool:
    return all(rhymes(one, other) for one in ends(first) for other in ends(second))


def limericks(count: int = 2000) -> Iterator[tuple[dict[str, str], str]]:
    """Sampled scenes with their limericks."""
    rng = random.Random(5)
    for _ in range(count):
        values = values_of(sample_training_scene(rng))
        text = limerick(values, rng)
        assert text is not None
        yield values, text


@pytest.mark.parametrize("place", BACKGROUNDS)
def test_every_frame_rhymes_whatever_is_chosen(place: str) -> None:
    for first, second, fifth in FRAMES[place]:
        assert rhyme_always(first, second), (first, second)
        assert rhyme_always(second, fifth), (second, fifth)
        assert rhyme_always(first, fifth), (first, fifth)


@pytest.mark.parametrize("topic", [*HELD, *CLOTHING, *HATS, "glasses", NOTHING])
def test_every_couplet_rhymes_whatever_is_chosen(topic: str) -> None:
    for third, fourth in COUPLETS[topic]:
        assert rhyme_always(third, fourth), (third, fourth)


def test_every_limerick_is_one() -> None:
    for _, text in limericks():
        assert len(text.split("\n")) == 5
        assert is_aabba(text), text
        assert all(line[0].isupper() for line in text.split("\n")), text
        assert not set(text) & set("[]{}|"), text
        assert not re.search(r"\ba [aeio]|\ban [^aeio]", text.lower()), text


def test_every_limerick_names_its_animal_and_its_place_and_no_other() -> None:
    for values, text in limericks():
        # A night sky is a starry night's.
        plain = text.lower().replace("night sky", "night")
        words = set(re.findall(r"[a-z]+", plain))
        assert words & set(ANIMALS) == {values["animal"]}, text
        assert words & set(PLACE_WORDS[values["background"]]), text
        named = {place for place, names in PLACE_WORDS.items() if words & set(names)}
        assert named == {values["background"]}, text


def test_no_limerick_mentions_what_is_not_there() -> None:
    for values, text in limericks():
        assert untrue_in_limerick(text, values) == [], text


def test_what_is_not_there_would_be_noticed() -> None:
    text = next(text for values, text in limericks() if values["animal"] == "fox")
    assert untrue_in_limerick(text, values_of(Scene("owl", "snow")))
    rng = random.Random(2)
    for key, value in (("clothing", "sweater"), ("clothing_color", "blue")):
        assert untrue_in_limerick(limerick(FOX, rng) or "", {**FOX, key: value})


@pytest.mark.parametrize("key", ["held", "clothing", "hat", "glasses"])
def test_everything_that_is_there_is_sung_about(key: str) -> None:
    scene = Scene("cat", "beach", clothing="bow tie", clothing_color="pink", hat="beanie",
                  hat_color="blue", held="laptop", glasses=True)  # fmt: skip
    values = values_of(scene)
    word = {"clothing": "tie", "glasses": "glasses"}.get(key, values[key])
    rng = random.Random(1)
    count = sum(word in (limerick(values, rng) or "") for _ in range(400))
    assert 60 < count < 140


def test_there_is_some_variety() -> None:
    rng = random.Random(1)
    counts = Counter(limerick(FOX, rng) for _ in range(300))
    assert len(counts) >= 10
    assert max(counts.values()) < 90


@pytest.mark.parametrize("key", ["animal", "background"])
def test_no_limerick_about_an_uncertain_animal_or_place(key: str) -> None:
    assert limerick({**FOX, key: ""}, random.Random(0)) is None


@pytest.mark.parametrize("kind", ["held", "clothing", "hat"])
def test_a_thing_of_uncertain_colour_is_sung_about_without_one(kind: str) -> None:
    rng = random.Random(3)
    for item in {"held": HELD, "clothing": CLOTHING, "hat": HATS}[kind]:
        values = {**values_of(Scene("fox", "snow")), kind: item, f"{kind}_color": ""}
        for _ in range(20):
            text = limerick(values, rng)
            assert text is not None
            assert is_aabba(text)
            assert untrue_in_limerick(text, values) == []
            assert "{" not in text and "  " not in text


def test_an_uncertain_thing_is_not_sung_about() -> None:
    rng = random.Random(3)
    for _ in range(50):
        values = {**FOX, "clothing": ""}
        assert untrue_in_limerick(limerick(values, rng) or "?", values) == []


def test_a_strange_picture() -> None:
    assert limerick(strange_values(), random.Random(0)) == (
        "There once was a picture so strange,\n"
        "Its colours and shapes seemed to change;\n"
        "I looked left and right,\n"
        "No animal in sight,\n"
        "It must be quite out of my range."
    )


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("rustic wood", "A wooden wall, and nobody there;"),
        ("starry night", "A starry night, and nobody there;"),
        ("field", "A field, and nobody there;"),
        ("snow", "The snow, and nobody there;"),
        ("beach", "A beach, and nobody there;"),
        ("sky", "The sky, and nobody there;"),
    ],
)
def test_an_empty_place(place: str, line: str) -> None:
    text = limerick(values_of(Scene(NOTHING, place)), random.Random(0))
    assert text == (
        "I looked at the picture with care:\n"
        f"{line}\n"
        "I looked left and right,\n"
        "No animal in sight,\n"
        "Just quiet and plenty of air."
    )
    assert is_aabba(text)


def test_the_same_state_gives_the_same_limerick() -> None:
    first, second = random.Random(8), random.Random(8)
    for values, _ in limericks(200):
        assert limerick(values, first) == limerick(values, second)
