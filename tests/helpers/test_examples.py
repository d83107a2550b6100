"""The course's example pictures."""

from __future__ import annotations

from helpers import example_pictures
from tests.judge import judge


def test_each_picture_shows_the_animal_that_it_is_named_after() -> None:
    pictures = example_pictures()
    assert len(pictures) == 7 and next(iter(pictures)) == "llama"
    for name, picture in pictures.items():
        assert (picture.mode, picture.size) == ("RGB", (128, 128))
        assert judge(picture)["animal"] == name
