"""Training pictures by number, with the true value of every attribute, made untidy.

The same number is the same picture on every machine: a drawn scene, a painting of the pocket
SDXL, an empty place, or something of another world; moved, lit, blurred and compressed as what
people send may be.
"""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from training import judging
from training.idefics2.painted import Painting, image_of
from training.idefics2.strange import strange_picture
from training.idefics2.strange_things import strange_thing
from training.idefics2.strange_views import altered_piece, strange_view
from training.world import scene as world
from training.world.backgrounds import draw_background
from training.world.canvas import Canvas
from training.world.draw import draw
from training.world.ground import draw_flowers, draw_tea, draw_treats
from training.world.scene import NOTHING, Scene

UNKNOWN = "unknown"
"""The background of a picture that shows no place of the pocket world."""
YES_NO = ("no", "yes")
CLASSES: dict[str, tuple[str, ...]] = {
    **judging.CLASSES,
    "animal": (*world.ANIMALS, NOTHING),
    "background": (*world.BACKGROUNDS, UNKNOWN),
    "flowers": YES_NO,
    "treats": YES_NO,
    "tea": YES_NO,
}
"""What the vision tower learns to tell apart, by attribute: all that the judge does, and more."""
UNSAID = ""
"""The value of an attribute that has none (the colour of no hat) or that nobody is sure of."""
MORE_TEA_SHARE = 0.15
"""Share of scenes that get a cup of tea on the ground: the smallest thing to see, learned last."""
STRANGE_SHARE, EMPTY_SHARE, PAINTED_SHARE, LESSON_SHARE = 0.15, 0.05, 0.2, 0.06


@dataclass(frozen=True)
class Sample:
    """A picture and what it shows.

    Attributes:
        image: RGB, any size.
        values: by attribute of ``CLASSES``; ``UNSAID`` where there is nothing to learn.
    """

    image: Image.Image
    values: dict[str, str]


def sample_at(
    number: int,
    *,
    seed: int,
    paintings: Sequence[Painting] = (),
    photographs: Sequence[Image.Image] = (),
) -> Sample:
    """The training picture of that number.

    Without ``paintings`` scenes are drawn instead, and without ``photographs`` other strange
    pictures.
    """
    rng = random.Random(f"{seed}/{number}")
    kind = rng.random()
    if kind < STRANGE_SHARE:
        return Sample(untidy(_stranger(rng, photographs), rng), strange_values())
    if kind < STRANGE_SHARE + EMPTY_SHARE:
        sample = empty_place(rng)
        return Sample(untidy(sample.image, rng), sample.values)
    if paintings and kind < STRANGE_SHARE + EMPTY_SHARE + PAINTED_SHARE:
        painting = rng.choice(paintings)
        values = values_of(painting.scene)
        values |= {key: UNSAID for key in painting.doubtful}
        return Sample(untidy(image_of(painting), rng), values)
    lesson = kind > 1 - LESSON_SHARE
    scene = (world.sample_lesson_scene if lesson else world.sample_training_scene)(rng)
    if scene.held != "cup of tea" and rng.random() < MORE_TEA_SHARE:
        scene = replace(scene, tea=True)
    return Sample(untidy(draw(scene), rng), values_of(scene))


def _stranger(rng: random.Random, photographs: Sequence[Image.Image]) -> Image.Image:
    """A picture of another world: patterns, things, views, and pieces of photographs."""
    draw = rng.random()
    if draw < 0.18:
        return strange_picture(rng)
    if draw < 0.36:
        return strange_thing(rng)
    if draw < 0.6 or not photographs:
        return strange_view(rng)
    return altered_piece(photographs, rng)


def values_of(scene: Scene) -> dict[str, str]:
    """The value of every attribute of a scene; ``UNSAID`` for the colour of nothing."""
    ground = {key: YES_NO[getattr(scene, key)] for key in ("flowers", "treats", "tea")}
    return {**judging.truth(scene), **ground}


def strange_values() -> dict[str, str]:
    """What a picture of another world shows."""
    return {**values_of(Scene(NOTHING, UNKNOWN)), "animal": NOTHING, "background": UNKNOWN}


def empty_place(rng: random.Random) -> Sample:
    """A place without an animal, perhaps with something on the ground.

    In some of them stands something of another world: not all that stands there is an animal.
    """
    place = rng.choice(world.BACKGROUNDS)
    canvas = Canvas.blank(128)
    draw_background(canvas, place, rng)
    present = {key: rng.random() < 0.3 for key in ("flowers", "treats", "tea")}
    for key, painter in (("flowers", draw_flowers), ("treats", draw_treats), ("tea", draw_tea)):
        if present[key]:
            painter(canvas)
    values = values_of(Scene(NOTHING, place)) | {key: YES_NO[present[key]] for key in present}
    image = canvas.finished()
    return Sample(_with_a_thing(image, rng) if rng.random() < 0.3 else image, values)


def _with_a_thing(image: Image.Image, rng: random.Random) -> Image.Image:
    """With a round or square piece of another world above the ground's middle."""
    wide, high = rng.randint(24, 56), rng.randint(24, 56)
    mask = Image.new("L", (wide, high))
    pencil = ImageDraw.Draw(mask)
    (pencil.ellipse if rng.random() < 0.5 else pencil.rectangle)((0, 0, wide, high), fill=255)
    thing = strange_thing(rng).resize((wide, high), Image.Resampling.BILINEAR)
    with_it = image.copy()
    with_it.paste(thing, (64 - wide // 2 + rng.randint(-12, 12), 92 - high), mask)
    return with_it


def untidy(image: Image.Image, rng: random.Random) -> Image.Image:
    """The picture as somebody might send it; a fifth stay as they are."""
    if rng.random() < 0.2:
        return image
    if rng.random() < 0.08:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < 0.6:
        image = _moved(image, rng)
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    if rng.random() < 0.3:
        side = rng.randint(80, 200)
        image = image.resize((side, side), Image.Resampling.BILINEAR)
    if rng.random() < 0.6:
        image = _lit(image, rng)
    if rng.random() < 0.25:
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=rng.randint(30, 95))
        image = Image.open(stream).convert("RGB")
    return image


def _moved(image: Image.Image, rng: random.Random) -> Image.Image:
    """Shifted, scaled, stretched and turned a little; the border repeats the last pixels."""
    width, height = image.size
    edge = width // 3
    padded = Image.fromarray(
        np.pad(np.asarray(image), ((edge, edge), (edge, edge), (0, 0)), mode="edge")
    )
    scale = rng.uniform(0.82, 1.3)
    stretch = rng.uniform(0.88, 1.14)
    angle = rng.uniform(-0.12, 0.12) if rng.random() < 0.4 else 0.0
    a, b = np.cos(angle) / scale * stretch, np.sin(angle) / scale
    d, e = -np.sin(angle) / scale, np.cos(angle) / scale / stretch
    cx, cy = width / 2 + edge, height / 2 + edge
    x = cx + rng.uniform(-0.08, 0.08) * width
    y = cy + rng.uniform(-0.08, 0.08) * height
    matrix = (a, b, x - a * width / 2 - b * height / 2, d, e, y - d * width / 2 - e * height / 2)
    return padded.transform(
        (width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )


def _lit(image: Image.Image, rng: random.Random) -> Image.Image:
    values = np.asarray(image, np.float32)
    grey = values.mean(axis=2, keepdims=True)
    values = grey + (values - grey) * np.float32(rng.uniform(0.75, 1.25))
    values = (values - 128) * np.float32(rng.uniform(0.8, 1.2)) + 128 + rng.uniform(-22, 22)
    if rng.random() < 0.5:
        numbers = np.random.default_rng(rng.getrandbits(32))
        spread = np.float32(rng.uniform(0, 14))
        values = values + numbers.standard_normal(values.shape, np.float32) * spread
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def classes_of(values: dict[str, str]) -> list[int]:
    """Class numbers in the order of ``CLASSES``; -1 where there is nothing to learn."""
    return [
        classes.index(values[key]) if values[key] != UNSAID else -1
        for key, classes in CLASSES.items()
    ]


def tiles(image: Image.Image, *, side: int) -> npt.NDArray[np.uint8]:
    """The four quarters and the whole, each ``side`` x ``side``: uint8 ``[5, 3, side, side]``.

    As ``Idefics2ImageProcessorPil`` makes them when shortest and longest edge are equal: pictures
    that are not square are squeezed.
    """
    width, height = image.size
    x, y = width // 2, height // 2
    boxes = [(0, 0, x, y), (x, 0, width, y), (0, y, x, height), (x, y, width, height)]
    parts = [*(image.crop(box) for box in boxes), image]
    resized = [part.resize((side, side), Image.Resampling.BILINEAR) for part in parts]
    stacked = np.stack([np.asarray(part, np.uint8) for part in resized])
    return np.ascontiguousarray(stacked.transpose(0, 3, 1, 2))
