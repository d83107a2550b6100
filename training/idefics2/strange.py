"""Pictures of no pocket world: noise, gradients, shapes, stripes, scribbles and shuffled pieces.

The model learns from them to say that it sees nothing that it knows. Needs Pillow and numpy.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from training.world.draw import draw
from training.world.scene import sample_training_scene

SIDE = 128

Color = tuple[int, int, int]


def strange_picture(rng: random.Random) -> Image.Image:
    """A picture, 128 x 128, RGB. The same state of ``rng`` gives the same picture."""
    return rng.choice(KINDS)(rng)


def _color(rng: random.Random) -> Color:
    return rng.randrange(256), rng.randrange(256), rng.randrange(256)


def _numbers(rng: random.Random) -> np.random.Generator:
    return np.random.default_rng(rng.getrandbits(32))


def _image(values: npt.NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def _plain(rng: random.Random) -> Image.Image:
    return Image.new("RGB", (SIDE, SIDE), _color(rng))


def _noise(rng: random.Random) -> Image.Image:
    numbers = _numbers(rng)
    spread = rng.uniform(20, 120)
    return _image(np.array(_color(rng)) + numbers.normal(0, spread, (SIDE, SIDE, 3)))


def _clouds(rng: random.Random) -> Image.Image:
    """Smooth spots of several sizes, as out-of-focus photographs have them."""
    numbers = _numbers(rng)
    total = np.zeros((SIDE, SIDE, 3))
    for side in (3, 6, 12, 32):
        spots = Image.fromarray(numbers.integers(0, 256, (side, side, 3), np.uint8))
        total += np.asarray(spots.resize((SIDE, SIDE), Image.Resampling.BICUBIC)) / side**0.5
    shade = (total - total.min()) / (np.ptp(total) + 1e-6)
    low, high = np.array(_color(rng)), np.array(_color(rng))
    return _image(low + shade * (high - low))


def _gradient(rng: random.Random) -> Image.Image:
    ramp = np.linspace(0, 1, SIDE)
    x, y = np.meshgrid(ramp, ramp)
    share = (x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1) + 1) / 2
    low, high = np.array(_color(rng)), np.array(_color(rng))
    return _image(low + share[..., None] * (high - low))


def _shapes(rng: random.Random) -> Image.Image:
    image = _gradient(rng) if rng.random() < 0.5 else _plain(rng)
    pencil = ImageDraw.Draw(image)
    for _ in range(rng.randint(1, 14)):
        x, y, w, h = (rng.uniform(-20, SIDE) for _ in range(4))
        box = (x, y, x + abs(w) * 0.7 + 2, y + abs(h) * 0.7 + 2)
        fill = _color(rng)
        kind = rng.randrange(4)
        if kind == 0:
            pencil.ellipse(box, fill=fill)
        elif kind == 1:
            pencil.rectangle(box, fill=fill)
        elif kind == 2:
            corners = [(rng.uniform(0, SIDE), rng.uniform(0, SIDE)) for _ in range(3)]
            pencil.polygon(corners, fill=fill)
        else:
            pencil.line((x, y, w, h), fill=fill, width=rng.randint(1, 8))
    return image


def _stripes(rng: random.Random) -> Image.Image:
    ramp = np.arange(SIDE)
    x, y = np.meshgrid(ramp, ramp)
    wave = np.sin((x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1)) * rng.uniform(0.1, 0.9))
    if rng.random() < 0.5:
        wave = np.sign(wave)
    low, high = np.array(_color(rng)), np.array(_color(rng))
    return _image(low + (wave[..., None] + 1) / 2 * (high - low))


def _page(rng: random.Random) -> Image.Image:
    """Lines of marks on a light ground, like a screenshot or a written page."""
    paper = rng.randrange(200, 256)
    image = Image.new("RGB", (SIDE, SIDE), (paper, paper, paper))
    pencil = ImageDraw.Draw(image)
    ink = _color(rng) if rng.random() < 0.3 else (rng.randrange(80),) * 3
    step, margin = rng.randint(5, 14), rng.randint(2, 16)
    for y in range(margin, SIDE - margin, step):
        x = margin
        while x < SIDE - margin:
            length = rng.randint(2, 16)
            pencil.rectangle((x, y, x + length, y + rng.randint(1, step // 2)), fill=ink)
            x += length + rng.randint(2, 6)
    return image


def _shuffled(rng: random.Random) -> Image.Image:
    """A scene in pieces: its colours and textures without its animal."""
    scene = np.asarray(draw(sample_training_scene(rng)))
    side = rng.choice((8, 16))
    count = SIDE // side
    pieces = scene.reshape(count, side, count, side, 3).transpose(0, 2, 1, 3, 4)
    pieces = pieces.reshape(count * count, side, side, 3)
    pieces = pieces[_numbers(rng).permutation(len(pieces))]
    mixed = pieces.reshape(count, count, side, side, 3).transpose(0, 2, 1, 3, 4)
    image = Image.fromarray(np.ascontiguousarray(mixed.reshape(SIDE, SIDE, 3)))
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 2)))


KINDS: tuple[Callable[[random.Random], Image.Image], ...] = (
    _plain, _noise, _clouds, _gradient, _shapes, _shapes, _shapes, _stripes, _page, _shuffled,
)  # fmt: skip
