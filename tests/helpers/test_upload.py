from __future__ import annotations

import io
from typing import Any

import ipywidgets
import pytest
from ipywidgets.widgets.widget import _instances
from PIL import Image

from helpers import ParameterError, PictureUpload, load_picture


def choose(upload: PictureUpload, content: bytes, name: str = "mine.png") -> None:
    """What the browser sends when somebody chooses a file."""
    upload.files.set_state(
        {
            "value": [
                {
                    "name": name,
                    "type": "image/png",
                    "size": len(content),
                    "content": memoryview(content),
                    "last_modified": 1_700_000_000_000,
                }
            ]
        }
    )


def picture_file(color: str = "red", format: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(buffer, format=format, **options)
    return buffer.getvalue()


class Paused(Exception):
    server_message = "Bad Request: The endpoint is paused <here>"


class Model:
    """Says the color of the middle, unless it is paused."""

    def __init__(self) -> None:
        self.asked: list[Image.Image] = []
        self.paused = False

    def __call__(self, picture: Image.Image) -> str:
        self.asked.append(picture)
        if self.paused:
            raise Paused
        return f"It is {picture.getpixel((20, 15))}."


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def upload(model: Model) -> PictureUpload:
    return PictureUpload(model)


def test_nothing_is_asked_before_a_file_is_chosen(upload: PictureUpload, model: Model) -> None:
    upload.again.click()
    assert not model.asked and upload.again.disabled
    assert upload.answer.value == ""
    bundle = upload._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"].startswith("A button to choose a picture")


def test_the_answer_stands_below_the_picture(upload: PictureUpload, model: Model) -> None:
    choose(upload, picture_file())
    assert "data:image/webp;base64," in upload.answer.value
    assert "It is (255, 0, 0)." in upload.answer.value
    assert 'alt="the picture that you chose"' in upload.answer.value


def test_the_same_file_can_be_chosen_again(upload: PictureUpload, model: Model) -> None:
    for _ in range(3):
        choose(upload, picture_file())
        assert upload.files.value == ()
    assert len(model.asked) == 3


def test_another_file_replaces_the_first(upload: PictureUpload) -> None:
    choose(upload, picture_file("red"))
    choose(upload, picture_file("blue"))
    assert "It is (0, 0, 255)." in upload.answer.value
    assert "255, 0, 0" not in upload.answer.value


def test_after_a_pause_the_same_picture_is_asked_about_again(
    upload: PictureUpload, model: Model
) -> None:
    model.paused = True
    choose(upload, picture_file())
    assert "No answer: Bad Request: The endpoint is paused &lt;here&gt;" in upload.answer.value
    advice = "If the endpoint is paused, run the cell that creates it again, and press &quot;Ask"
    assert advice in upload.answer.value and "<img" not in upload.answer.value
    assert "resume()" not in upload.answer.value  # Nobody would pause what it starts.
    model.paused = False
    upload.again.click()
    assert "It is (255, 0, 0)." in upload.answer.value and "No answer" not in upload.answer.value
    assert not upload.again.disabled


def test_a_file_that_is_no_picture_is_explained_by_its_name(
    upload: PictureUpload, model: Model
) -> None:
    choose(upload, picture_file())
    choose(upload, b"some words", name="<notes>.txt")
    assert (
        "&lt;notes&gt;.txt is no picture that can be read here: it is text" in upload.answer.value
    )
    assert upload.again.disabled and len(model.asked) == 1
    upload.again.click()
    assert len(model.asked) == 1
    choose(upload, picture_file())
    assert "It is (255, 0, 0)." in upload.answer.value


def test_what_is_asked_about_is_upright_and_plain(upload: PictureUpload, model: Model) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = picture_file("red", "JPEG", exif=exif)
    choose(upload, content)
    (asked,) = model.asked
    assert (asked.size, asked.mode) == ((30, 40), "RGB")
    assert asked.tobytes() == load_picture(content).tobytes()


def test_of_an_animated_file_it_says_what_is_used(upload: PictureUpload) -> None:
    others = [Image.new("RGB", (40, 30), "blue")]
    choose(
        upload, picture_file("red", "GIF", save_all=True, append_images=others), name="moving.gif"
    )
    assert (
        "It is (255, 0, 0)." in upload.answer.value or "It is (254, 0, 0)." in upload.answer.value
    )
    assert "moving.gif has 2 frames: only the first one is used" in upload.answer.value
    choose(upload, picture_file("red"))
    assert "moving.gif" not in upload.answer.value


def shown_lines(upload: PictureUpload) -> list[str]:
    """What a browser shows as text, from top to bottom."""
    view = upload._repr_mimebundle_()["application/vnd.jupyter.widget-view+json"]
    box = _instances[view["model_id"]]
    return [child.value for child in box.children if isinstance(child, ipywidgets.HTML)]


def test_how_large_a_file_may_be_always_stands_there(upload: PictureUpload, model: Model) -> None:
    # Of a larger file nothing gets here: what to do then must have been said before.
    def stands_there() -> bool:
        first = shown_lines(upload)[0]
        return first.startswith("<p>Up to 10 MB") and "run this cell again" in first

    assert stands_there()
    choose(upload, picture_file())
    assert stands_there() and "It is" in shown_lines(upload)[1]
    choose(upload, b"some words")
    assert stands_there() and "no picture" in shown_lines(upload)[1]
    model.paused = True
    choose(upload, picture_file())
    assert stands_there() and "No answer" in shown_lines(upload)[1]


def test_an_answer_that_is_no_text_is_said_below() -> None:
    def forgetful(picture: Image.Image) -> Any:
        """Without return."""

    upload = PictureUpload(forgetful)
    choose(upload, picture_file())
    assert "No answer: the function gave None, let it return text" in upload.answer.value


def test_what_no_button_can_be_made_of() -> None:
    wrong: Any = "What is it?"
    with pytest.raises(ParameterError, match="give a function that takes a picture"):
        PictureUpload(wrong)
    with pytest.raises(ParameterError, match="width is 0: give a whole number above 0"):
        PictureUpload(str, width=0)
