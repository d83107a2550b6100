from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from helpers import ParameterError, PictureError, gallery


def shown(html: str) -> list[Image.Image]:
    sources = re.findall(r'src="data:image/webp;base64,([^"]+)"', html)
    return [Image.open(io.BytesIO(base64.b64decode(source))) for source in sources]


def test_every_picture_is_shown_with_its_caption_as_description() -> None:
    pictures = [Image.new("RGB", (128, 128), color) for color in ("red", "blue")]
    page = gallery(pictures, ["seed 1", "seed 2"])._repr_mimebundle_()["text/html"]
    assert re.findall(r'alt="([^"]+)"', page) == ["seed 1", "seed 2"]
    red, blue = (image.convert("RGB").getpixel((64, 64)) for image in shown(page))
    assert red[0] > 240 > 20 > red[2] and blue[2] > 240 > 20 > blue[0]


def test_a_description_says_what_the_caption_leaves_out() -> None:
    page = gallery([Image.new("RGB", (8, 8))], ["seed 1"], about="a fox")._repr_mimebundle_()
    assert 'alt="seed 1: a fox"' in page["text/html"]
    assert ">seed 1</figcaption>" in page["text/html"]


def test_a_description_of_ones_own_for_each_picture_takes_the_captions_place() -> None:
    pictures = [Image.new("RGB", (8, 8))] * 2
    page = gallery(pictures, ["a bear?", "b"], about=["an owl", "a cat"])._repr_mimebundle_()
    assert re.findall(r'alt="([^"]+)"', page["text/html"]) == ["an owl", "a cat"]
    assert ">a bear?</figcaption>" in page["text/html"]


def test_a_description_is_missing() -> None:
    pictures = [Image.new("RGB", (8, 8))] * 2
    with pytest.raises(ParameterError, match="2 pictures need as many descriptions, not 1"):
        gallery(pictures, ["a", "b"], about=["an owl"])
    with pytest.raises(ParameterError, match="a description is None: give text"):
        gallery(pictures, ["a", "b"], about=["an owl", None])  # type: ignore[list-item]


def test_without_pictures_the_captions_remain() -> None:
    pictures = [Image.new("RGB", (8, 8))] * 2
    assert repr(gallery(pictures, ["a", "b"])) == "2 pictures: a | b"
    assert repr(gallery(pictures[:1], ["a"])) == "1 picture: a"


def test_large_pictures_are_previewed_small() -> None:
    page = gallery([Image.new("RGB", (1024, 512))], ["wide"])._repr_mimebundle_()["text/html"]
    assert shown(page)[0].size == (256, 128)


def test_captions_cannot_break_the_page() -> None:
    page = gallery([Image.new("RGBA", (8, 8))], ['<script>"'])._repr_mimebundle_()["text/html"]
    assert "<script>" not in page and "&lt;script&gt;&quot;" in page


def test_no_color_of_its_own() -> None:
    page = gallery([Image.new("L", (8, 8))], ["grey"])._repr_mimebundle_()["text/html"]
    assert "color" not in page and "background" not in page


def test_a_caption_is_missing() -> None:
    with pytest.raises(ParameterError, match="2 pictures need as many captions, not 1"):
        gallery([Image.new("RGB", (8, 8))] * 2, ["one"])


@pytest.mark.parametrize("pictures", [Image.new("RGB", (8, 8)), "a", b"a", None, {"a": "a.png"}])
def test_what_is_no_list_of_pictures(pictures: Any) -> None:
    with pytest.raises(ParameterError, match="a list of pictures is wanted, not"):
        gallery(pictures, ["a"])
    with pytest.raises(ParameterError, match="a list of pictures is wanted, not"):
        gallery(pictures, "a")


@pytest.mark.parametrize("captions", ["a", None, 7])
def test_what_is_no_list_of_captions(captions: Any) -> None:
    with pytest.raises(ParameterError, match=f"captions is {captions!r}: give a list of texts"):
        gallery([Image.new("RGB", (8, 8))], captions)


@pytest.mark.parametrize("caption", [1, None, b"a"])
def test_a_caption_that_is_no_text(caption: Any) -> None:
    with pytest.raises(ParameterError, match=r"a caption is .*: give text"):
        gallery([Image.new("RGB", (8, 8))], [caption])


@pytest.mark.parametrize("width", [0, -1, "wide", 10.5])
def test_a_width_that_does_not_exist(width: Any) -> None:
    with pytest.raises(ParameterError, match=r"width is .*: give a whole number above 0"):
        gallery([Image.new("RGB", (8, 8))], ["a"], width=width)


def test_whatever_holds_pictures_and_captions_is_shown() -> None:
    pictures = {"red": Image.new("RGB", (8, 8)), "blue": Image.new("RGB", (8, 8))}
    shown = gallery((each for each in pictures.values()), (f"a {name}" for name in pictures))
    assert repr(shown) == "2 pictures: a red | a blue"


def test_pictures_are_shown_as_they_are_sent(tmp_path: Path) -> None:
    transparent, deep = Image.new("RGBA", (8, 8)), Image.new("I;16", (8, 8), 0x8080)
    sideways = Image.new("RGB", (40, 20))
    sideways.getexif()[0x0112] = 6
    sideways.save(tmp_path / "phone.jpg", exif=sideways.getexif())
    sources = [transparent, deep, sideways, tmp_path / "phone.jpg"]
    page = gallery(sources, ["white", "grey", "turned", "turned"])._repr_mimebundle_()["text/html"]
    white, grey, *turned = shown(page)
    assert white.convert("RGB").getpixel((4, 4)) == pytest.approx((255,) * 3, abs=3)
    assert grey.convert("RGB").getpixel((4, 4)) == pytest.approx((128,) * 3, abs=3)
    assert [each.size for each in turned] == [(20, 40)] * 2


def test_pictures_longer_than_webp_can_hold() -> None:
    page = gallery([Image.new("RGB", (20_000, 2))], ["long"])._repr_mimebundle_()["text/html"]
    assert shown(page)[0].size == (256, 1)


def test_what_is_no_picture_is_refused_at_once() -> None:
    with pytest.raises(PictureError, match="it is text"):
        gallery([b"some words"], ["?"])


def test_the_gallery_keeps_previews_only() -> None:
    picture = Image.new("RGB", (1024, 512))
    assert gallery([picture], ["wide"], width=300).pictures[0][0].size == (300, 150)
    assert picture.size == (1024, 512)
