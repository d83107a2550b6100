"""The drawings: deterministic, complete, and true to their attributes."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageChops

from training.world.draw import draw
from training.world.palette import PAINTS, Color
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
    sample_scene,
)

PLAIN = Scene(animal="llama", background="rustic wood", seed=1)
FULL = Scene(
    animal="llama",
    background="rustic wood",
    clothing="scarf",
    clothing_color="red",
    hat="top hat",
    hat_color="purple",
    held="cookbook",
    glasses=True,
    flowers=True,
    treats=True,
    tea=True,
    seed=2026,
)
WARDROBE_DIGEST = "0b6c18de38c3c94ad68ea32f16fe6418275534ce6dacbaf434ea318048d6b44e"


def changed(first: Scene, second: Scene) -> int:
    """How many pixels differ visibly."""
    difference = ImageChops.difference(draw(first), draw(second)).convert("L")
    return sum(difference.histogram()[6:])


def near(image: Image.Image, color: Color) -> int:
    """How many pixels have almost this colour."""
    bands = ImageChops.difference(image, Image.new("RGB", image.size, color)).split()
    worst = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return sum(worst.histogram()[:9])


def only_new(before: Image.Image, after: Image.Image) -> Image.Image:
    """The second picture where it differs from the first, black elsewhere."""
    difference = ImageChops.difference(before, after).convert("L")
    mask = difference.point(lambda level: 255 if level > 5 else 0)
    return Image.composite(after, Image.new("RGB", after.size), mask)


def with_clothing(kind: str, color: str) -> Scene:
    return replace(PLAIN, clothing=kind, clothing_color=color)


def with_hat(kind: str, color: str) -> Scene:
    return replace(PLAIN, hat=kind, hat_color=color if kind in COLORED_HATS else "")


def with_held(kind: str, color: str) -> Scene:
    return replace(PLAIN, held=kind, held_color=color if kind in COLORED_HELD else "")


def test_the_same_scene_gives_the_same_bytes() -> None:
    assert draw(FULL).tobytes() == draw(FULL).tobytes()


def wardrobe() -> Iterator[Scene]:
    """Scenes that together show every value of every attribute."""
    for i in range(24):
        hat, held = HATS[i % 4], HELD[i % 5]
        yield Scene(
            animal=ANIMALS[i % 8],
            background=BACKGROUNDS[i % 6],
            clothing=CLOTHING[i // 8],
            clothing_color=COLORS[(i + i // 8) % 8],
            hat=hat,
            hat_color=COLORS[(i + 3) % 8] if hat in COLORED_HATS else "",
            held=held,
            held_color=COLORS[(i + 5) % 8] if held in COLORED_HELD else "",
            glasses=i % 3 == 0,
            flowers=i % 2 == 0,
            treats=i % 4 == 1,
            tea=held != "cup of tea" and i % 3 == 1,
            seed=i,
        )


def test_the_pictures_are_those_that_the_models_learned() -> None:
    """Whoever changes a drawing has to train the pocket models again."""
    digest = hashlib.sha256()
    for scene in (FULL, *wardrobe()):
        digest.update(draw(scene).tobytes())
    assert digest.hexdigest() == WARDROBE_DIGEST


def test_drawing_leaves_the_global_random_state_alone() -> None:
    state = random.getstate()
    draw(FULL)
    assert random.getstate() == state


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_another_seed_gives_another_picture(background: str) -> None:
    scene = replace(PLAIN, background=background)
    assert changed(scene, replace(scene, seed=2)) > 200


@pytest.mark.parametrize("size", [64, 128, 200, 512])
def test_size(size: int) -> None:
    image = draw(FULL, size=size)
    assert image.size == (size, size)
    assert image.mode == "RGB"


def test_another_size_shows_the_same_picture() -> None:
    large = draw(FULL, size=512).reduce(4)
    difference = ImageChops.difference(large, draw(FULL)).convert("L")
    assert sum(difference.histogram()[64:]) < 128 * 128 * 0.02


def families() -> Iterator[list[Scene]]:
    """Groups of scenes that differ in one attribute."""
    yield [replace(PLAIN, animal=animal) for animal in ANIMALS]
    yield [replace(PLAIN, background=background) for background in BACKGROUNDS]
    yield [PLAIN, *(with_clothing(kind, "red") for kind in CLOTHING)]
    yield [PLAIN, *(with_hat(kind, "red") for kind in HATS)]
    yield [PLAIN, *(with_held(kind, "red") for kind in HELD)]
    for kind in CLOTHING:
        yield [with_clothing(kind, color) for color in COLORS]
    for kind in COLORED_HATS:
        yield [with_hat(kind, color) for color in COLORS]
    for kind in COLORED_HELD:
        yield [with_held(kind, color) for color in COLORS]
    yield [
        PLAIN,
        replace(PLAIN, glasses=True),
        replace(PLAIN, flowers=True),
        replace(PLAIN, treats=True),
        replace(PLAIN, tea=True),
    ]


@pytest.mark.parametrize("family", list(families()))
def test_every_value_changes_the_picture(family: list[Scene]) -> None:
    for first, second in itertools.combinations(family, 2):
        assert changed(first, second) > 120, (first, second)


@pytest.mark.parametrize("animal", ANIMALS)
def test_every_outfit_fits_every_animal(animal: str) -> None:
    for hat, clothing, held in itertools.product((NOTHING, *HATS), (NOTHING, *CLOTHING), HELD):
        scene = Scene(
            animal=animal,
            background="field",
            clothing=clothing,
            clothing_color="" if clothing == NOTHING else "blue",
            hat=hat,
            hat_color="green" if hat in COLORED_HATS else "",
            held=held,
            held_color="pink" if held in COLORED_HELD else "",
            glasses=True,
            seed=5,
        )
        assert draw(scene, size=32).size == (32, 32)


@pytest.mark.parametrize("color", COLORS)
@pytest.mark.parametrize("animal", ANIMALS)
def test_the_colour_of_the_clothing_dominates(animal: str, color: str) -> None:
    # At night, so that neither clouds nor snow count as a white sweater.
    bare = Scene(animal=animal, background="starry night", seed=3)
    for kind, least in (("sweater", 500), ("scarf", 200), ("bow tie", 80)):
        dressed = draw(replace(bare, clothing=kind, clothing_color=color))
        worn = only_new(draw(bare), dressed)
        counts = {name: near(worn, paint.fill) for name, paint in PAINTS.items()}
        assert near(dressed, PAINTS[color].fill) >= least, kind
        assert max(counts, key=lambda name: counts[name]) == color, (kind, counts)


@pytest.mark.parametrize("color", COLORS)
def test_the_colour_of_the_hat_and_of_what_is_held_is_seen(color: str) -> None:
    bare = near(draw(PLAIN), PAINTS[color].fill)
    for kind in COLORED_HATS:
        assert near(draw(with_hat(kind, color)), PAINTS[color].fill) - bare >= 90, kind
    for kind in COLORED_HELD:
        assert near(draw(with_held(kind, color)), PAINTS[color].fill) - bare >= 200, kind


@pytest.mark.parametrize("animal", ANIMALS)
@pytest.mark.parametrize("held", HELD)
def test_what_is_held_is_on_the_right(animal: str, held: str) -> None:
    bare = Scene(animal=animal, background="field", seed=8)
    holding = replace(bare, held=held, held_color="red" if held in COLORED_HELD else "")
    difference = ImageChops.difference(draw(bare), draw(holding)).convert("L")
    box = difference.point(lambda level: 255 if level > 5 else 0).getbbox()
    assert box is not None
    left, _, right, _ = box
    assert left > 64
    assert right - left >= 26
    assert right < 128


def test_random_scenes_leave_a_margin_above() -> None:
    """No hat and no ear is cut off: the top row shows the background alone."""
    rng = random.Random(0)
    for _ in range(60):
        scene = replace(sample_scene(rng), background="field")
        top = draw(scene).crop((40, 0, 88, 1))
        assert len(top.getcolors() or ()) == 1, scene


def test_where_nobody_is_there_is_the_place_and_what_lies_on_its_ground() -> None:
    empty = Scene(NOTHING, "snow", seed=4)
    with_fox = np.asarray(draw(replace(empty, animal="fox")), np.int16)
    without = np.asarray(draw(empty), np.int16)
    changed = np.abs(with_fox - without).sum(axis=2) > 0
    assert changed[40:110, 50:80].mean() > 0.8
    assert not changed[:, :20].any() and not changed[:10].any()
    assert draw(replace(empty, flowers=True)).tobytes() != draw(empty).tobytes()
