from __future__ import annotations

import io
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import CourseError, ParameterError, PictureError, load_picture
from helpers import picture as picture_module
from tests.helpers.photos import KINDS, ORIENTATION, SIDEWAYS, make, png, scene

QUARTERS = {(0, 0): "red", (1, 0): "lime", (0, 1): "blue", (1, 1): "white"}
"""The colors of ``quartered``, by column and row."""
GREY = ("1", "L", "LA", "I", "I;16")
DEEP = ("I", "I;16")
LOSSY = ("JPEG", "MPO", "WEBP", "AVIF")
WRITTEN = {
    "PNG": ("1", "L", "P", "LA", "RGB", "RGBA", "I;16"),
    "TIFF": ("1", "L", "P", "LA", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "I;16", "I"),
    "JPEG": ("1", "L", "RGB", "RGBX", "CMYK", "YCbCr"),
    "MPO": ("L", "RGB", "CMYK"),
    "WEBP": ("L", "P", "LA", "RGB", "RGBA", "CMYK"),
    "AVIF": ("L", "RGB", "RGBA"),
    "JPEG2000": ("L", "LA", "RGB", "RGBA"),
    "GIF": ("1", "L", "P", "LA", "RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB", "RGBA"),
    "PPM": ("1", "L", "RGB", "RGBA", "I;16", "I"),
    "TGA": ("1", "L", "LA", "P", "RGB", "RGBA"),
    "PCX": ("1", "L", "P", "RGB"),
    "SGI": ("L", "RGB", "RGBA"),
    "DDS": ("L", "LA", "RGB", "RGBA"),
    "QOI": ("RGB", "RGBA"),
}
"""What Pillow writes: formats and, of each, modes."""
TURNS = {
    1: [["red", "lime"], ["blue", "white"]],
    2: [["lime", "red"], ["white", "blue"]],
    3: [["white", "blue"], ["lime", "red"]],
    4: [["blue", "white"], ["red", "lime"]],
    5: [["red", "blue"], ["lime", "white"]],
    6: [["blue", "red"], ["white", "lime"]],
    7: [["white", "lime"], ["blue", "red"]],
    8: [["lime", "white"], ["red", "blue"]],
}
"""How ``quartered`` looks when it is turned as each EXIF orientation says, by the standard's text:
6, for example, means that the first row is the right side and the first column the top."""


def quartered(side: int = 64) -> Image.Image:
    image = Image.new("RGB", (side, side))
    half = side // 2
    for (column, row), color in QUARTERS.items():
        image.paste(color, (column * half, row * half, (column + 1) * half, (row + 1) * half))
    return image


def as_file(image: Image.Image, format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=format, **options)
    return buffer.getvalue()


def corners(picture: Image.Image) -> list[list[str]]:
    """Which color of ``QUARTERS`` is nearest in the middle of each quarter."""
    names = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255,) * 3}

    def nearest(x: int, y: int) -> str:
        seen = np.array(picture.getpixel((x, y)))
        return min(names, key=lambda name: np.abs(seen - names[name]).sum())

    width, height = picture.size
    return [
        [nearest(width * x // 4, height * y // 4) for x in (1, 3)] for y in (1, 3)
    ]  # fmt: skip


def difference(one: Image.Image, other: Image.Image) -> float:
    """Of all values, on average."""
    assert one.size == other.size
    return float(np.abs(np.asarray(one).astype(float) - np.asarray(other)).mean())


def test_every_source_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    image, path = quartered(), tmp_path / "mine.png"
    image.save(path)
    content = path.read_bytes()
    with path.open("rb") as stream, Image.open(path) as lazy:
        stream.read(7)
        sources = [
            *(str(path), path, "~/mine.png", content, bytearray(content), memoryview(content)),
            *(stream, io.BytesIO(content), image, lazy, np.asarray(image)),
        ]
        for source in sources:
            loaded = load_picture(source)
            assert (loaded.mode, loaded.tobytes()) == ("RGB", image.tobytes()), type(source)
        assert not stream.closed


@pytest.mark.parametrize(
    ("format", "mode"), [(format, mode) for format, modes in WRITTEN.items() for mode in modes]
)
def test_any_mode_in_any_format(mode: str, format: str) -> None:
    plain = scene(64).convert("1" if mode == "1" else "L" if mode in GREY else "RGB")
    if mode in DEEP:
        stored = Image.fromarray(np.asarray(plain).astype(np.uint16) * 257)
        stored = stored if mode == "I;16" else stored.convert("I")
    elif mode in ("P", "PA"):
        stored = plain.convert("P", palette=Image.Palette.ADAPTIVE).convert(mode)
    else:
        stored = plain.convert(mode)
    content = as_file(stored, format, **({"quality": 95} if format in LOSSY else {}))
    # 256 colors are coarse, and what is compressed with losses is a little off.
    allowed = 6 if mode in ("P", "PA") or format == "GIF" else 4 if format in LOSSY else 1.5
    assert difference(load_picture(content), plain.convert("RGB")) < allowed


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF", "GIF", "AVIF", "TGA", "ICO"])
def test_what_is_transparent_is_white_in_every_format(format: str) -> None:
    image = Image.new("RGBA", (32, 32))
    image.paste("blue", (8, 8, 24, 24))
    loaded = load_picture(as_file(image, format))
    assert loaded.getpixel((1, 1)) == pytest.approx((255, 255, 255), abs=3)
    assert loaded.getpixel((16, 16)) == pytest.approx((0, 0, 255), abs=5)


@pytest.mark.parametrize(
    ("depth", "color", "row", "transparent", "first"),
    [
        (2, 0, b"\x6c", struct.pack(">H", 1), 85),
        (4, 0, b"\x1f\x70", struct.pack(">H", 1), 17),
        (16, 2, b"\x80\x01" * 3 + b"\0\x09" * 3, b"\x80\x01" * 3, 128),
    ],
    ids=["2 bits", "4 bits", "48 bits"],
)  # fmt: skip
def test_a_transparent_color_in_the_depth_of_its_file(
    depth: int, color: int, row: bytes, transparent: bytes, first: int
) -> None:
    # Pillow alone leaves the first pixel as it is.
    size = (2, 1)
    plain = load_picture(png(size, b"\0" + row, depth=depth, color=color))
    assert plain.getpixel((0, 0)) == (first,) * 3
    data = png(size, b"\0" + row, depth=depth, color=color, transparent=transparent)
    loaded = load_picture(data)
    assert loaded.getpixel((0, 0)) == (255,) * 3
    assert loaded.getpixel((1, 0)) == plain.getpixel((1, 0))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "MPO"])
@pytest.mark.parametrize("orientation", TURNS)
def test_upright(orientation: int, format: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    loaded = load_picture(as_file(quartered(), format, exif=exif))
    assert corners(loaded) == TURNS[orientation]
    assert ORIENTATION not in loaded.getexif()
    assert load_picture(loaded).tobytes() == loaded.tobytes()


@pytest.mark.parametrize("mode", ["I;16", "LA", "P", "CMYK"])
def test_every_mode_is_turned(mode: str) -> None:
    image = Image.new(mode, (40, 20))
    image.getexif()[ORIENTATION] = SIDEWAYS
    assert load_picture(image).size == (20, 40)


@pytest.mark.filterwarnings("error")
def test_a_file_with_broken_metadata_is_shown_as_it_lies() -> None:
    content = as_file(quartered(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\0\x01")
    assert corners(load_picture(content)) == TURNS[1]


def test_a_picture_of_pillows_stays_as_it_is() -> None:
    image = Image.new("RGBA", (400, 200), (255, 0, 0, 0))
    image.getexif()[ORIENTATION] = SIDEWAYS
    load_picture(image, max_side=10).putpixel((0, 0), (1, 2, 3))
    assert (image.size, image.mode, image.getexif()[ORIENTATION]) == ((400, 200), "RGBA", SIDEWAYS)
    plain = quartered()
    load_picture(plain).paste("black", (0, 0, 64, 64))
    assert corners(plain) == TURNS[1]


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF", "AVIF"])
def test_of_an_animated_file_the_first_frame_and_a_word(
    format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "moving"
    others = [Image.new("RGB", (64, 64), color) for color in ("black", "yellow")]
    path.write_bytes(as_file(quartered(), format, save_all=True, append_images=others))
    assert corners(load_picture(path)) == TURNS[1]
    assert capsys.readouterr().err == f"{path} has 3 frames: only the first one is used\n"


def test_the_frame_that_somebody_chose(capsys: pytest.CaptureFixture[str]) -> None:
    others = [Image.new("RGB", (64, 64), "black")]
    content = as_file(quartered(), "GIF", save_all=True, append_images=others)
    with Image.open(io.BytesIO(content)) as image:
        image.seek(1)
        assert load_picture(image).getpixel((5, 5)) == (0, 0, 0)
    assert "only the 2. one is used" in capsys.readouterr().err


def test_a_photo_with_a_thumbnail_is_not_animated(capsys: pytest.CaptureFixture[str]) -> None:
    small = quartered(16)
    load_picture(as_file(quartered(), "MPO", save_all=True, append_images=[small]))
    load_picture(as_file(quartered(), "PNG"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_made_smaller_on_request(format: str) -> None:
    content = as_file(quartered(1024), format)
    loaded = load_picture(content, max_side=100)
    assert loaded.size == (100, 100) and corners(loaded) == TURNS[1]
    assert load_picture(content, max_side=5000).size == (1024, 1024)


@pytest.mark.parametrize("source", ["a file", "a picture"])
@pytest.mark.parametrize("max_side", [0, -1, "x", "256", 10.5, True, [100]])
def test_sides_that_do_not_exist_are_refused(max_side: Any, source: str) -> None:
    picture = quartered() if source == "a picture" else as_file(quartered(), "JPEG")
    with pytest.raises(ParameterError, match=r"max_side is .*: give a whole number above 0"):
        load_picture(picture, max_side=max_side)


@pytest.mark.parametrize("max_side", [1, np.int64(1)])
def test_the_smallest_picture_is_one_pixel(max_side: int) -> None:
    assert load_picture(as_file(quartered(), "JPEG"), max_side=max_side).size == (1, 1)


@pytest.mark.parametrize("max_side", [None, 300])
def test_a_huge_jpeg_is_read_at_a_fraction(max_side: int | None) -> None:
    content = as_file(Image.new("L", (14_000, 14_000), 77), "JPEG")
    loaded = load_picture(content, max_side=max_side)
    assert loaded.size == ((max_side, max_side) if max_side else (7000, 7000))
    assert loaded.getpixel((150, 150)) == (77, 77, 77)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in /proc")
def test_huge_pictures_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    path.write_bytes(as_file(Image.new("L", (14_000, 14_000), 77), "JPEG"))
    code = (
        f"from helpers import load_picture; load_picture({str(path)!r}); "
        "print(open('/proc/self/status').read())"
    )
    status = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    assert int(peak) < 700_000


def header_only(width: int, height: int) -> bytes:
    return png((width, height), b"\0", depth=8, color=0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (header_only(14_000, 14_000), "has hundreds of millions of pixels"),
        (header_only(10_000, 9_000), "10,000 x 9,000 pixels, more than the 50,000,000"),
        (header_only(50_000, 1001), "Make it smaller first, or give the name of a JPEG"),
    ],
)
def test_other_huge_pictures_are_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words):
        load_picture(content)


def test_a_huge_progressive_jpeg_is_refused_since_it_would_be_held_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(picture_module, "MAX_PIXELS", 100)
    monkeypatch.setattr(picture_module, "MAX_PROGRESSIVE_PIXELS", 400)
    content = as_file(quartered(64), "JPEG", progressive=True)
    with pytest.raises(PictureError, match="not a progressive one"):
        load_picture(content)
    assert load_picture(as_file(quartered(16), "JPEG", progressive=True)).size == (8, 8)
    assert load_picture(as_file(quartered(64), "JPEG")).size == (8, 8)


def test_a_picture_in_memory_may_be_as_large_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_module, "MAX_PIXELS", 100)
    assert load_picture(quartered(64), max_side=20).size == (20, 20)
    with (
        Image.open(io.BytesIO(as_file(quartered(64), "PNG"))) as lazy,
        pytest.raises(PictureError, match="64 x 64"),
    ):
        load_picture(lazy)


def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quartered().save("llama.png")
    refusals: dict[str | Path, str] = {
        "": "no file's name was given",
        "lama.png": r"there is no file lama.png. Did you mean llama.png\?",
        "zebra.gif": "there is no file zebra.gif: check the name, and the folder, ",
        ".": r"\. is a folder: name a file in it, for example llama.png",
        tmp_path: "is a folder",
        "https://example.com/llama.png": "is an address: pictures are not fetched here",
        "data:image/png;base64,AAAA": "is an address",
        "a\0b": "cannot be opened",
        "a" * 5000: "cannot be opened",
        "~nobody-has-this-name/llama.png": "cannot be opened",
    }
    for source, words in refusals.items():
        with pytest.raises(PictureError, match=words):
            load_picture(source)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless file here")
def test_an_endless_file_is_not_read() -> None:
    with pytest.raises(PictureError, match="no ordinary file"):
        load_picture("/dev/zero")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything may be read here")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret.png").touch(mode=0)
    with pytest.raises(PictureError, match="cannot be read: Permission denied"):
        load_picture(tmp_path / "secret.png")


@pytest.mark.parametrize("source", [None, 7, 1.5, ["a.png"], object()])
def test_other_things(source: object) -> None:
    with pytest.raises(PictureError, match=f"is no picture but {type(source).__name__}. Give"):
        load_picture(source)  # type: ignore[arg-type]


def test_files_that_are_open_in_the_wrong_way(tmp_path: Path) -> None:
    path = tmp_path / "mine.png"
    quartered().save(path)
    with path.open(encoding="latin-1") as text, pytest.raises(PictureError, match="binary mode"):
        load_picture(text)  # type: ignore[arg-type]
    with pytest.raises(PictureError, match="Open it again"):
        load_picture(text)  # type: ignore[arg-type]
    closed = Image.open(path)
    closed.close()
    with pytest.raises(PictureError, match="closed"):
        load_picture(closed)


@pytest.mark.parametrize("share", [0, 0.02, 0.5, 0.9])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "QOI"])
def test_a_file_that_is_cut_off(format: str, share: float) -> None:
    content = as_file(scene(128), format)
    with pytest.raises(PictureError, match=r"cut off|empty|no picture") as caught:
        load_picture(content[: int(len(content) * share)])
    assert len(str(caught.value)) < 300


def test_a_file_that_is_cut_off_in_a_picture_of_pillows() -> None:
    content = as_file(scene(128), "JPEG")
    lazy = Image.open(io.BytesIO(content[: len(content) // 2]))
    with pytest.raises(PictureError, match="cut off"):
        load_picture(lazy)


def test_a_page_for_printers_starts_no_other_program() -> None:
    with pytest.raises(PictureError, match="is EPS: export it as PNG or JPEG"):
        load_picture(as_file(quartered(), "EPS"))


def test_an_array_without_numbers() -> None:
    with pytest.raises(CourseError, match="NaN"):
        load_picture(np.full((8, 8, 3), np.nan))


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"photo.jpg", "noise.png", "deep.png"}))
def test_the_kinds_of_files_that_people_have(name: str, tmp_path: Path) -> None:
    loaded = load_picture(make(name, tmp_path), max_side=512)
    wanted = scene()
    if name == "transparent.png":
        assert loaded.getpixel((10, 10)) == (255, 255, 255)
        loaded = load_picture(make(name, tmp_path)).crop((64, 64, 576, 576))
    assert loaded.size == (512, 512) and difference(loaded, wanted) < 8


def test_deep_grey_files(tmp_path: Path) -> None:
    loaded = load_picture(make("deep.png", tmp_path))
    assert difference(loaded, scene().convert("L").convert("RGB")) == 0
