"""Training pictures by number: what they show, how often, and that nothing held out is shown."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.judge import PATH
from tests.training.digests import digest_of
from training.idefics2 import pictures, processor, strange
from training.idefics2.painted import Painting, scene_and_request
from training.idefics2.pictures import (
    CLASSES,
    EMPTY_SHARE,
    LESSON_SHARE,
    PAINTED_SHARE,
    STRANGE_SHARE,
    UNKNOWN,
    UNSAID,
    Sample,
    classes_of,
    empty_place,
    sample_at,
    strange_values,
    tiles,
    untidy,
    values_of,
)
from training.idefics2.strange import strange_picture
from training.judging import Judge
from training.world.canvas import Canvas
from training.world.draw import draw
from training.world.scene import NOTHING, Scene, sample_scene, sample_training_scene

SEEDS = (41, 43)
"""Those of the two stages of training."""
FOX = Scene("fox", "snow", clothing="scarf", clothing_color="red", hat="straw hat", held="balloon",
            held_color="orange", glasses=True, tea=True)  # fmt: skip
OWL = Scene("owl", "sky")
SAMPLES_DIGEST = "f9ac364f4f81251a29ac7f7e8ff08b7a5d1c51d6eb8ccbbce9b5164b9517bc1a"


def painting(scene: Scene, *doubtful: str) -> Painting:
    pixels = np.random.default_rng(1).integers(0, 256, (128, 128, 3), np.uint8)
    return Painting(pixels, scene, frozenset(doubtful))


@pytest.fixture
def scenes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Scene]]:
    """The scenes that would be drawn; nothing is, and no picture is made untidy."""
    drawn: list[Scene] = []

    def noted(scene: Scene) -> Image.Image:
        drawn.append(scene)
        return Image.new("RGB", (128, 128))

    for module in (pictures, strange):
        monkeypatch.setattr(module, "draw", noted)
    monkeypatch.setattr(pictures, "untidy", lambda image, rng: image)
    monkeypatch.setattr(pictures, "draw_background", lambda *_: None)
    yield drawn


def test_values_of_a_scene() -> None:
    assert values_of(FOX) == {
        "animal": "fox",
        "background": "snow",
        "clothing": "scarf",
        "clothing_color": "red",
        "hat": "straw hat",
        "hat_color": UNSAID,
        "held": "balloon",
        "held_color": "orange",
        "glasses": "yes",
        "flowers": "no",
        "treats": "no",
        "tea": "yes",
    }


def test_classes_are_the_places_of_the_values() -> None:
    numbers = classes_of(values_of(FOX))
    names = [
        classes[number] if number >= 0 else None
        for number, classes in zip(numbers, CLASSES.values(), strict=True)
    ]
    assert names == ["fox", "snow", "scarf", "red", "straw hat", None, "balloon", "orange", "yes",
                     "no", "no", "yes"]  # fmt: skip
    doubtful = classes_of({**values_of(FOX), "animal": UNSAID, "tea": UNSAID})
    assert doubtful == [-1, *numbers[1:-1], -1]


def test_every_scene_has_classes() -> None:
    rng = random.Random(1)
    for _ in range(500):
        values = values_of(sample_scene(rng))
        for (key, value), number in zip(values.items(), classes_of(values), strict=True):
            assert (number == -1) == (value == UNSAID)
            assert value != UNSAID or key.endswith("_color")


def test_a_strange_picture_has_no_animal_and_no_place() -> None:
    values = strange_values()
    assert values["animal"] == NOTHING
    assert values["background"] == UNKNOWN
    assert {values[key] for key in ("clothing", "hat", "held")} == {NOTHING}
    assert {values[key] for key in ("glasses", "flowers", "treats", "tea")} == {"no"}
    colors = [key for key in CLASSES if key.endswith("_color")]
    assert [key for key, number in zip(CLASSES, classes_of(values), strict=True)
            if number == -1] == colors  # fmt: skip


def test_strange_pictures_are_repeatable_and_of_many_kinds() -> None:
    rng, again = random.Random(4), random.Random(4)
    drawn = [strange_picture(rng) for _ in range(60)]
    assert all(image.mode == "RGB" and image.size == (128, 128) for image in drawn)
    assert all(image.tobytes() == strange_picture(again).tobytes() for image in drawn)
    assert len({image.tobytes() for image in drawn}) == 60
    plain = sum(len(image.getcolors(128 * 128) or ()) == 1 for image in drawn)
    assert 0 < plain < 20


@pytest.mark.parametrize("key", ["flowers", "treats", "tea"])
def test_what_lies_on_the_ground_of_an_empty_place_is_drawn(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = [empty_place(random.Random(number)) for number in range(20)]
    monkeypatch.setattr(pictures, f"draw_{key}", lambda canvas: None)
    found = set()
    for number, sample in enumerate(samples):
        without = empty_place(random.Random(number)).image
        changed = without.tobytes() != sample.image.tobytes()
        assert changed == (sample.values[key] == "yes")
        found.add(changed)
    assert found == {True, False}


def test_an_empty_place_is_the_place_that_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_with_a_thing", lambda image, rng: image)
    seen = set()
    for number in range(20):
        sample = empty_place(random.Random(number))
        canvas, rng = Canvas.blank(128), random.Random(number)
        place = rng.choice(pictures.world.BACKGROUNDS)
        pictures.draw_background(canvas, place, rng)
        assert sample.values["background"] == place
        assert sample.values["animal"] == NOTHING
        # Things on the ground leave the upper half alone.
        upper = (0, 0, 128, 64)
        assert canvas.finished().crop(upper).tobytes() == sample.image.crop(upper).tobytes()
        seen.add(place)
    assert len(seen) == 6


def same(first: Sample, second: Sample) -> bool:
    return (first.values, first.image.size, first.image.tobytes()) == (
        second.values,
        second.image.size,
        second.image.tobytes(),
    )


def test_the_same_number_is_the_same_picture() -> None:
    paintings = [painting(FOX), painting(OWL)]
    for number in range(40):
        first = sample_at(number, seed=41, paintings=paintings)
        assert same(first, sample_at(number, seed=41, paintings=paintings))
        assert not same(first, sample_at(number, seed=43, paintings=paintings))
        assert not same(first, sample_at(number + 1, seed=41, paintings=paintings))


def test_the_pictures_are_those_that_are_shown(scenes: list[Scene]) -> None:
    """Whoever changes what is drawn has to begin the pocket Idefics2's training again."""
    values = [sample_at(number, seed=41).values for number in range(1000)]
    assert len(scenes) > 700
    assert digest_of([*values, *scenes]) == SAMPLES_DIGEST


def test_drawn_pictures_show_what_is_said(scenes: list[Scene]) -> None:
    for number in range(300):
        del scenes[:]
        sample = sample_at(number, seed=41)
        if sample.values["animal"] != NOTHING:
            assert [values_of(scene) for scene in scenes] == [sample.values]


def test_paintings_show_what_their_scenes_say_and_nobody_doubts(scenes: list[Scene]) -> None:
    doubted = painting(FOX, "hat", "clothing_color")
    found = []
    for number in range(300):
        del scenes[:]
        sample = sample_at(number, seed=41, paintings=[doubted])
        if not scenes and sample.values["animal"] != NOTHING:
            found.append(sample)
    assert len(found) > 30
    for sample in found:
        assert sample.values == {**values_of(FOX), "hat": UNSAID, "clothing_color": UNSAID}
        assert sample.image.tobytes() == doubted.pixels.tobytes()


@pytest.mark.parametrize("painted", [True, False])
def test_kinds_of_pictures_are_as_frequent_as_they_should_be(
    painted: bool, scenes: list[Scene]
) -> None:
    count = 4000
    counts = dict.fromkeys(("strange", "empty", "painted", "lesson", "scene"), 0)
    paintings = [painting(OWL)] if painted else []
    for number in range(count):
        del scenes[:]
        values = sample_at(number, seed=41, paintings=paintings).values
        if values["background"] == UNKNOWN:
            counts["strange"] += 1
        elif values["animal"] == NOTHING:
            counts["empty"] += 1
        elif not scenes:
            counts["painted"] += 1
        elif is_like_the_lesson(scenes[0]):
            counts["lesson"] += 1
        else:
            counts["scene"] += 1
    shares = {kind: number / count for kind, number in counts.items()}
    assert shares["strange"] == pytest.approx(STRANGE_SHARE, abs=0.015)
    assert shares["empty"] == pytest.approx(EMPTY_SHARE, abs=0.012)
    assert shares["painted"] == pytest.approx(PAINTED_SHARE if painted else 0, abs=0.025)
    assert shares["lesson"] == pytest.approx(LESSON_SHARE, abs=0.02)
    assert shares["scene"] > 0.5


def is_like_the_lesson(scene: Scene) -> bool:
    """Dressed, with a hat and something in its paw, and all sorts of things on the ground."""
    return (
        NOTHING not in (scene.clothing, scene.hat, scene.held)
        and scene.flowers
        and scene.treats
        and (scene.tea or scene.held == "cup of tea")
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_that_is_held_out_is_drawn(seed: int, scenes: list[Scene]) -> None:
    for number in range(4000):
        sample_at(number, seed=seed)
    assert len(scenes) > 3000
    assert not any(scene.held_out for scene in scenes)


def test_nothing_that_is_held_out_is_painted() -> None:
    assert not any(scene_and_request(number)[0].held_out for number in range(3000))


@pytest.mark.parametrize("size", [(128, 128), (96, 128), (200, 90)])
def test_untidy_pictures_stay_pictures(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (size[1], size[0], 3), np.uint8)
    image = Image.fromarray(pixels)
    untouched = 0
    for number in range(100):
        result = untidy(image, random.Random(number))
        assert result.mode == "RGB"
        assert min(result.size) >= 80
        assert result.tobytes() == untidy(image, random.Random(number)).tobytes()
        untouched += result.tobytes() == image.tobytes()
    assert image.tobytes() == pixels.tobytes(), "the picture itself is left alone"
    assert 12 <= untouched <= 40


def test_what_an_untidy_picture_shows_can_still_be_seen() -> None:
    """The judge was trained on tidy pictures and still reads most of them."""
    rng = random.Random(3)
    scenes = [sample_training_scene(rng) for _ in range(60)]
    judge = Judge(PATH)
    found = judge.read([untidy(draw(scene), rng) for scene in scenes])
    for key in ("animal", "background", "clothing", "held"):
        right = [values[key] == getattr(scene, key)
                 for scene, values in zip(scenes, found, strict=True)]  # fmt: skip
        assert sum(right) / len(right) > 0.75, key


@pytest.mark.parametrize("size", [(128, 128), (64, 64), (300, 120), (90, 401), (7, 5), (2, 3)])
def test_tiles_are_those_of_transformers(size: tuple[int, int], tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    processor.write(tmp_path)
    pixels = np.random.default_rng(5).integers(0, 256, (size[1], size[0], 3), np.uint8)
    image = Image.fromarray(pixels)
    found = tiles(image, side=64)
    assert found.shape == (5, 3, 64, 64)
    assert found.dtype == np.uint8
    loaded = transformers.AutoImageProcessor.from_pretrained(tmp_path)
    expected = loaded(image, return_tensors="np")
    np.testing.assert_allclose(found / 127.5 - 1, expected["pixel_values"][0], atol=1e-5)
    assert expected["pixel_attention_mask"].all()


def test_tiles_are_the_quarters_and_the_whole() -> None:
    image = Image.new("RGB", (20, 10))
    colors = {(0, 0): 10, (10, 0): 60, (0, 5): 120, (10, 5): 240}
    for place, level in colors.items():
        image.paste((level, 0, 255 - level), (*place, place[0] + 10, place[1] + 5))
    found = tiles(image, side=16)
    for tile, level in zip(found[:4], colors.values(), strict=True):
        assert {int(value) for value in np.unique(tile[0])} == {level}
        assert {int(value) for value in np.unique(tile[2])} == {255 - level}
    corners = [found[4][0][y][x] for y in (0, -1) for x in (0, -1)]
    assert corners == list(colors.values())
