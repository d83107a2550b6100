"""More pictures of no pocket world, and pieces of photographs."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.idefics2.pictures import UNKNOWN, sample_at
from training.idefics2.strange_things import KINDS, photographs_in, piece_of, strange_thing


def photograph(side: int = 200) -> Image.Image:
    pixels = np.random.default_rng(1).integers(0, 256, (side, side + 40, 3), np.uint8)
    return Image.fromarray(pixels)


def test_they_are_repeatable_and_of_many_kinds() -> None:
    rng, again = random.Random(4), random.Random(4)
    drawn = [strange_thing(rng) for _ in range(40)]
    assert all(image.mode == "RGB" and image.size == (128, 128) for image in drawn)
    assert all(image.tobytes() == strange_thing(again).tobytes() for image in drawn)
    assert len({image.tobytes() for image in drawn}) == 40


@pytest.mark.parametrize("kind", set(KINDS))
def test_no_kind_is_one_plain_colour(kind: object) -> None:
    for number in range(20):
        image = kind(random.Random(number))  # type: ignore[operator]
        assert len(image.getcolors(128 * 128) or (1, 2)) > 1, number


def test_photographs_are_those_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.png", "a.jpg", "chelsea.png", "notes.gif"):
        photograph().save(tmp_path / name)
    photograph(30).save(tmp_path / "icon.png")
    Image.new("L", (200, 200), 7).save(tmp_path / "c.png")
    found = photographs_in(tmp_path)
    assert [image.mode for image in found] == ["RGB"] * 3
    assert found[1].tobytes() == photograph().tobytes()
    assert found[2].getpixel((0, 0)) == (7, 7, 7)


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_folder_without_photographs_is_not_overlooked(name: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="scikit-image"):
        photographs_in(tmp_path / name)


def test_pieces_are_squares_that_differ_and_can_be_had_again() -> None:
    rng, again = random.Random(7), random.Random(7)
    pieces = [piece_of([photograph()], rng) for _ in range(30)]
    assert {piece.size for piece in pieces} == {(128, 128)}
    assert len({piece.tobytes() for piece in pieces}) > 20, "some are whole"
    assert all(piece.tobytes() == piece_of([photograph()], again).tobytes() for piece in pieces)


def test_photographs_are_shown_as_strangers_and_nowhere_else() -> None:
    plain = [sample_at(number, seed=43) for number in range(300)]
    shown = [sample_at(number, seed=43, photographs=[photograph()]) for number in range(300)]
    changed = [both for both in zip(plain, shown, strict=True)
               if both[0].image.tobytes() != both[1].image.tobytes()]  # fmt: skip
    assert 5 < len(changed) < 40
    assert {after.values["background"] for _, after in changed} == {UNKNOWN}
    assert all(before.values == after.values for before, after in zip(plain, shown, strict=True))
