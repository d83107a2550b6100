"""What scenes are drawn, and which of them training never sees."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from training.world.scene import (
    ANIMALS,
    BACKGROUNDS,
    CLOTHING,
    COLORED_HATS,
    COLORED_HELD,
    COLORS,
    HATS,
    HELD,
    NOTHING,
    Scene,
    held_out_scenes,
    sample_held_out_scene,
    sample_lesson_scene,
    sample_scene,
    sample_training_scene,
)


def scenes(count: int = 6000) -> list[Scene]:
    rng = random.Random(7)
    return [sample_scene(rng) for _ in range(count)]


def test_a_small_share_of_scenes_is_held_out() -> None:
    share = sum(scene.held_out for scene in scenes()) / 6000
    assert 0.02 <= share <= 0.08


def test_sampling_reaches_every_value() -> None:
    drawn = scenes()
    assert {scene.animal for scene in drawn} == set(ANIMALS)
    assert {scene.background for scene in drawn} == set(BACKGROUNDS)
    assert {scene.clothing for scene in drawn} == {*CLOTHING, NOTHING}
    assert {scene.hat for scene in drawn} == {*HATS, NOTHING}
    assert {scene.held for scene in drawn} == {*HELD, NOTHING}
    for key in ("clothing_color", "hat_color", "held_color"):
        assert {getattr(scene, key) for scene in drawn} == {*COLORS, ""}
    for key in ("glasses", "flowers", "treats", "tea"):
        assert {getattr(scene, key) for scene in drawn} == {True, False}


def test_a_color_is_there_exactly_where_there_is_something_to_color() -> None:
    for scene in scenes():
        assert bool(scene.clothing_color) == (scene.clothing != NOTHING)
        assert bool(scene.hat_color) == (scene.hat in COLORED_HATS)
        assert bool(scene.held_color) == (scene.held in COLORED_HELD)


def test_no_tea_on_the_ground_for_an_animal_that_holds_a_cup() -> None:
    assert not any(scene.tea and scene.held == "cup of tea" for scene in scenes())


def test_training_never_draws_a_held_out_scene() -> None:
    rng = random.Random(3)
    assert not any(sample_training_scene(rng).held_out for _ in range(3000))


def test_evaluation_draws_held_out_scenes_of_every_kind() -> None:
    rng = random.Random(3)
    drawn = [sample_held_out_scene(rng) for _ in range(1500)]
    assert all(scene.held_out for scene in drawn)
    assert {scene.animal for scene in drawn} == set(ANIMALS)
    assert {scene.clothing for scene in drawn} >= set(CLOTHING)
    assert {scene.clothing_color for scene in drawn} >= set(COLORS)
    assert {scene.held for scene in drawn} == {*HELD, NOTHING}


def test_held_out_is_the_same_on_every_machine() -> None:
    held_out = (
        ("frog", "sweater", "purple", "nothing"),
        ("owl", "sweater", "blue", "cookbook"),
        ("penguin", "bow tie", "red", "cup of tea"),
        ("bear", "scarf", "pink", "cookbook"),
    )
    trained = (
        ("penguin", "bow tie", "green", "nothing"),
        ("fox", "scarf", "pink", "cookbook"),
        ("rabbit", "sweater", "purple", "nothing"),
        ("frog", "nothing", "", "laptop"),
    )
    assert all(named(*combination).held_out for combination in held_out)
    assert not any(named(*combination).held_out for combination in trained)


def named(animal: str, clothing: str, color: str, held: str) -> Scene:
    return Scene(animal, "snow", clothing=clothing, clothing_color=color, held=held)


def test_what_the_combination_leaves_out_does_not_matter() -> None:
    for scene in scenes(300):
        other = replace(scene, background="sky", hat="straw hat", hat_color="", seed=1, tea=False)
        assert other.held_out == scene.held_out


def test_animals_are_drawn_equally_often() -> None:
    counts = Counter(scene.animal for scene in scenes())
    assert max(counts.values()) < 1.25 * min(counts.values())


def test_lesson_scenes_have_what_the_lesson_describes() -> None:
    rng = random.Random(7)
    scenes = [sample_lesson_scene(rng) for _ in range(500)]
    assert not any(scene.held_out for scene in scenes)
    assert all(scene.flowers and scene.treats for scene in scenes)
    assert all(scene.clothing != NOTHING and scene.hat != NOTHING for scene in scenes)
    assert 0.5 < sum(scene.animal == "llama" for scene in scenes) / 500 < 0.8
    assert not any(scene.tea and scene.held == "cup of tea" for scene in scenes)


def test_held_out_scenes_are_repeatable() -> None:
    drawn = held_out_scenes(20, seed=3)
    assert all(scene.held_out for scene in drawn)
    assert drawn == held_out_scenes(20, seed=3)
    assert drawn != held_out_scenes(20, seed=4)
