"""The course's example pictures."""

from __future__ import annotations

from helpers import EXAMPLE_DESCRIPTIONS, example_pictures
from tests.judge import judge


def test_each_picture_shows_the_animal_that_it_is_named_after() -> None:
    pictures = example_pictures()
    assert len(pictures) == 7 and next(iter(pictures)) == "llama"
    for name, picture in pictures.items():
        assert (picture.mode, picture.size) == ("RGB", (128, 128))
        assert judge(picture)["animal"] == name


def test_each_is_described() -> None:
    assert list(EXAMPLE_DESCRIPTIONS) == list(example_pictures())
    for animal, description in EXAMPLE_DESCRIPTIONS.items():
        assert animal in description and len(description) > 40
