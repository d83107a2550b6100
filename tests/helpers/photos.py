"""Picture files as people have them: large, turned, transparent, deep, for printing, animated.

Each shows the same scene of the course's world, so that a vision endpoint can be asked about it;
only the noise shows nothing.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from training.world.draw import draw
from training.world.scene import Scene

SCENE = Scene("penguin", "snow", "scarf", "red", held="balloon", held_color="blue", seed=2001)
SIDEWAYS = 6
"""EXIF orientation of a phone held upright: turn by 90 degrees clockwise."""
ORIENTATION = 0x0112


def scene(side: int = 512) -> Image.Image:
    """The scene, square, RGB."""
    return draw(SCENE).resize((side, side), Image.Resampling.LANCZOS)


def with_grain(picture: Image.Image) -> Image.Image:
    """As a camera sees it: the same picture needs many more bytes."""
    grain = np.random.default_rng(1).normal(0, 6, (picture.height, picture.width, 1))
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


def photo(path: Path) -> None:
    """A JPEG of 12 megapixels, some megabytes."""
    with_grain(scene(3464)).save(path, format="JPEG", quality=90)


def turned(path: Path) -> None:
    """A JPEG as phones save it: sideways, and saying so."""
    exif = Image.Exif()
    exif[ORIENTATION] = SIDEWAYS
    scene(1024).transpose(Image.Transpose.ROTATE_90).save(path, format="JPEG", exif=exif)


def transparent(path: Path) -> None:
    """A PNG with a frame that cannot be seen, black underneath."""
    picture = Image.new("RGBA", (640, 640))
    picture.paste(scene(), (64, 64))
    picture.save(path, format="PNG")


def deep(path: Path) -> None:
    """A PNG of sixteen-bit grey."""
    values = np.asarray(scene().convert("L")).astype(np.uint16) * 257
    Image.fromarray(values).save(path, format="PNG")


def for_printing(path: Path) -> None:
    """A JPEG in CMYK, inverted as Adobe's programs and Pillow write it."""
    scene().convert("CMYK").save(path, format="JPEG", quality=95)


def animated(path: Path) -> None:
    """A GIF whose second and third frame show something else."""
    others = [Image.new("RGB", (512, 512), color) for color in ("red", "black")]
    scene().save(path, format="GIF", save_all=True, append_images=others, duration=200)


def noise(path: Path) -> None:
    """A PNG of 4000 x 3000 pixels that nothing can compress, 36 MB."""
    pixels = np.random.default_rng(2).integers(0, 256, (3000, 4000, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, format="PNG", compress_level=0)


KINDS: dict[str, Callable[[Path], None]] = {
    "photo.jpg": photo,
    "turned.jpg": turned,
    "transparent.png": transparent,
    "deep.png": deep,
    "for-printing.jpg": for_printing,
    "animated.gif": animated,
    "noise.png": noise,
}


def make(name: str, folder: Path) -> Path:
    """The file of that name."""
    path = folder / name
    KINDS[name](path)
    return path


def png(
    size: tuple[int, int],
    rows: bytes,
    *,
    depth: int,
    color: int,
    transparent: bytes = b"",
) -> bytes:
    """A PNG by hand, for kinds that Pillow reads and does not write.

    Args:
        size: width and height.
        rows: each begins with a filter byte.
        depth: bits of a sample.
        color: PNG's color type: 0 grey, 2 RGB, 4 grey with opacity, 6 RGBA.
        transparent: content of the tRNS chunk.
    """

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", *size, depth, color, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"tRNS", transparent), (b"IDAT", zlib.compress(rows))]
    kept = [chunk(kind, content) for kind, content in chunks if content]
    return b"\x89PNG\r\n\x1a\n" + b"".join(kept) + chunk(b"IEND", b"")
