"""More pictures of no pocket world, nearer to what people send: fur, walls, silhouettes, signs,
rooms, and pieces of photographs.

What they have in common with an animal of the pocket world (fur, a round head with two eyes, the
colours of a place) must not be enough to see one. Needs Pillow and numpy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

SIDE = 128
NOT_STRANGE = ("chelsea.png",)
"""Photographs of scikit-image that show an animal which the model knows by name."""

Color = tuple[int, int, int]


def photographs_in(folder: Path) -> list[Image.Image]:
    """The photographs of a folder in the order of their names, small ones left out.

    Raises ``FileNotFoundError`` where there is none: a folder that is not there is no reason to
    train without photographs.
    """
    images = []
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        if path.suffix in (".png", ".jpg", ".jpeg") and path.name not in NOT_STRANGE:
            with Image.open(path) as image:
                if min(image.size) >= SIDE:
                    images.append(image.convert("RGB"))
    if not images:
        raise FileNotFoundError(f"{folder} has no photograph: scikit-image brings some in its data")
    return images


def piece_of(photographs: Sequence[Image.Image], rng: random.Random) -> Image.Image:
    """A photograph or a part of it, squeezed into a square as the processor does."""
    image = rng.choice(photographs)
    width, height = image.size
    share = 1.0 if rng.random() < 0.2 else rng.uniform(0.25, 1)
    w, h = width * share, height * min(1.0, share * rng.uniform(0.8, 1.25))
    x, y = rng.uniform(0, width - w), rng.uniform(0, height - h)
    piece = image.resize(
        (SIDE, SIDE), Image.Resampling.BILINEAR, (x, y, x + w, y + h), reducing_gap=2.0
    )
    piece = ImageOps.mirror(piece) if rng.random() < 0.5 else piece
    return ImageOps.grayscale(piece).convert("RGB") if rng.random() < 0.1 else piece


def strange_thing(rng: random.Random) -> Image.Image:
    """A picture, 128 x 128, RGB. The same state of ``rng`` gives the same picture."""
    return rng.choice(KINDS)(rng)


def color(rng: random.Random) -> Color:
    """Any colour; more often one of those duller ones that photographs have."""
    parts = [rng.randrange(256) for _ in range(3)]
    mean, keep = sum(parts) / 3, rng.choice((1.0, 0.5, 0.2))
    red, green, blue = (int(mean + keep * (part - mean)) for part in parts)
    return red, green, blue


def shade(color: Color, rng: random.Random, spread: int = 30) -> Color:
    """A colour a little lighter or darker."""
    change = rng.randint(-spread, spread)
    red, green, blue = (min(255, max(0, part + change)) for part in color)
    return red, green, blue


def grainy(image: Image.Image, rng: random.Random, spread: float) -> Image.Image:
    numbers = np.random.default_rng(rng.getrandbits(32))
    values = np.asarray(image, np.float32)
    values = values + numbers.normal(0, spread, (*values.shape[:2], 1)).astype(np.float32)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _fur(rng: random.Random) -> Image.Image:
    """Hairs side by side in one direction, like fur or grass seen from near."""
    base = rng.choice(((198, 120, 60), (120, 84, 60), (230, 226, 220), (90, 90, 96), color(rng)))
    image = Image.new("RGB", (SIDE, SIDE), base)
    pencil = ImageDraw.Draw(image)
    direction, length = rng.uniform(0, math.tau), rng.uniform(6, 26)
    for _ in range(rng.randint(300, 900)):
        x, y = rng.uniform(-10, SIDE), rng.uniform(-10, SIDE)
        angle = direction + rng.uniform(-0.4, 0.4)
        end = (x + length * math.cos(angle), y + length * math.sin(angle))
        pencil.line((x, y, *end), fill=shade(base, rng, 55), width=rng.randint(1, 2))
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.5)))


def _wall(rng: random.Random) -> Image.Image:
    """Bricks, tiles or boards in rows."""
    base, gap = color(rng), color(rng)
    image = Image.new("RGB", (SIDE, SIDE), gap)
    pencil = ImageDraw.Draw(image)
    height, width = rng.randint(6, 40), rng.randint(10, 140)
    for row, y in enumerate(range(-height, SIDE, height)):
        start = -width + (row % 2) * width // 2
        for x in range(start, SIDE, width):
            box = (x, y, x + width - rng.randint(1, 3), y + height - rng.randint(1, 3))
            pencil.rectangle(box, fill=shade(base, rng))
    image = image.rotate(90) if rng.random() < 0.3 else image
    return grainy(image, rng, rng.uniform(0, 16))


def _silhouette(rng: random.Random) -> Image.Image:
    """A dark shape on a light ground, or a light one on a dark ground."""
    ground, ink = (color(rng), color(rng)) if rng.random() < 0.5 else ((245,) * 3, (20,) * 3)
    image = Image.new("RGB", (SIDE, SIDE), ground)
    pencil = ImageDraw.Draw(image)
    cx, cy, count = rng.uniform(45, 85), rng.uniform(45, 85), rng.randint(6, 16)
    turn = rng.uniform(0, math.tau)
    corners = []
    for number in range(count):
        angle, reach = turn + math.tau * number / count, rng.uniform(12, 58)
        corners.append((cx + reach * math.cos(angle), cy + reach * math.sin(angle)))
    pencil.polygon(corners, fill=ink)
    if rng.random() < 0.5:
        # Something like a head, with or without eyes.
        x, y, r = cx, cy - 30, rng.uniform(10, 24)
        pencil.ellipse((x - r, y - r, x + r, y + r), fill=ink)
        for side in (-0.4, 0.4) if rng.random() < 0.5 else ():
            eye = (x + side * r - 2, y - 2, x + side * r + 2, y + 2)
            pencil.ellipse(eye, fill=ground)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1)))


def _sign(rng: random.Random) -> Image.Image:
    """A few large round and square shapes around a middle, like a logo."""
    image = Image.new("RGB", (SIDE, SIDE), (255,) * 3 if rng.random() < 0.5 else color(rng))
    pencil = ImageDraw.Draw(image)
    for _ in range(rng.randint(2, 5)):
        r, x, y = rng.uniform(8, 50), 64 + rng.uniform(-16, 16), 64 + rng.uniform(-16, 16)
        box, fill = (x - r, y - r, x + r, y + r), color(rng)
        kind = rng.randrange(4)
        if kind == 0:
            pencil.ellipse(box, fill=fill)
        elif kind == 1:
            pencil.rounded_rectangle(box, r / 3, fill=fill)
        elif kind == 2:
            pencil.ellipse(box, outline=fill, width=rng.randint(3, 10))
        else:
            start = rng.uniform(0, 360)
            pencil.pieslice(box, start, start + rng.uniform(40, 300), fill=fill)
    return image


def _view(rng: random.Random) -> Image.Image:
    """Bands of colour with blurred things on them, like a landscape, a street or a table."""
    image = Image.new("RGB", (SIDE, SIDE))
    pencil = ImageDraw.Draw(image)
    edges = sorted(rng.uniform(10, 118) for _ in range(rng.randint(1, 3)))
    for top, bottom in zip([0.0, *edges], [*edges, float(SIDE)], strict=True):
        upper, lower = color(rng), color(rng)
        for y in range(int(top), math.ceil(bottom)):
            part = (y - top) / max(1.0, bottom - top) * 0.5
            mixed = [int(a + part * (b - a)) for a, b in zip(upper, lower, strict=True)]
            pencil.line((0, y, SIDE, y), fill=(mixed[0], mixed[1], mixed[2]))
    for _ in range(rng.randint(0, 9)):
        left, upper_edge, wide = rng.uniform(-10, 128), rng.uniform(20, 118), rng.uniform(4, 60)
        high = wide * rng.uniform(0.3, 2)
        paint = pencil.ellipse if rng.random() < 0.5 else pencil.rectangle
        paint((left, upper_edge, left + wide, upper_edge + high), fill=color(rng))
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 4)))
    return grainy(image, rng, rng.uniform(2, 18))


KINDS: tuple[Callable[[random.Random], Image.Image], ...] = (
    _fur, _wall, _silhouette, _sign, _view, _view,
)  # fmt: skip
