"""Pictures of no pocket world that look most like photographs and screens: heaps of leaves of many
sizes, people, windows of a screen, and photographs in other colors or side by side.

Random shapes that hide each other, of few large and many small sizes, have the edges and the
contrasts of photographs. Needs Pillow and numpy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from training.idefics2.strange_things import SIDE, Color, color, grainy, piece_of, shade


def strange_view(rng: random.Random) -> Image.Image:
    """A picture, 128 x 128, RGB. The same state of ``rng`` gives the same picture."""
    return rng.choice(KINDS)(rng)


def altered_piece(photographs: Sequence[Image.Image], rng: random.Random) -> Image.Image:
    """A piece of a photograph, half of the times in other colors or beside other pieces."""
    piece = piece_of(photographs, rng)
    if rng.random() < 0.35:
        piece = _recolored(piece, rng)
    if rng.random() < 0.2:
        piece = _beside(piece, _recolored(piece_of(photographs, rng), rng), rng)
    return piece


def _recolored(image: Image.Image, rng: random.Random) -> Image.Image:
    """With its hues turned, its channels exchanged, or light and dark exchanged."""
    kind = rng.random()
    if kind < 0.5:
        hue, saturation, value = image.convert("HSV").split()
        turn, keep = rng.randrange(256), rng.uniform(0.4, 1.4)
        hue = hue.point(lambda level: (level + turn) % 256)
        saturation = saturation.point(lambda level: min(255, int(level * keep)))
        return Image.merge("HSV", (hue, saturation, value)).convert("RGB")
    if kind < 0.8:
        channels = list(image.split())
        rng.shuffle(channels)
        return Image.merge("RGB", channels)
    return ImageOps.invert(image)


def _beside(first: Image.Image, second: Image.Image, rng: random.Random) -> Image.Image:
    """The second one over a part of the first, as an edge, a corner or a picture within."""
    wide, high = rng.randint(SIDE // 4, SIDE), rng.randint(SIDE // 4, SIDE)
    whole = first.copy()
    place = rng.randint(0, SIDE - wide), rng.randint(0, SIDE - high)
    whole.paste(second.resize((wide, high), Image.Resampling.BILINEAR), place)
    return whole


def _leaves(rng: random.Random) -> Image.Image:
    """Shapes of all sizes that hide each other, each with its own shading."""
    image = Image.new("RGB", (SIDE, SIDE), color(rng))
    some = [color(rng) for _ in range(rng.randint(2, 7))]
    smallest, kind = rng.uniform(2, 8), rng.randrange(4)
    for _ in range(rng.randint(60, 260)):
        # Many small ones and few large ones.
        r = min(70.0, smallest / math.sqrt(1 - rng.random() * 0.995))
        x, y = rng.uniform(-10, SIDE + 10), rng.uniform(-10, SIDE + 10)
        leaf = _leaf(rng, r, kind if kind < 3 else rng.randrange(3))
        side = 2 * math.ceil(r) + 1
        mask = Image.new("L", (side, side))
        ImageDraw.Draw(mask).polygon(leaf, fill=255)
        fill = _shaded(shade(rng.choice(some), rng, 50), side, rng)
        image.paste(fill, (round(x - r), round(y - r)), mask)
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.6)))
    return grainy(image, rng, rng.uniform(0, 12))


def _leaf(rng: random.Random, r: float, kind: int) -> list[tuple[float, float]]:
    """The corners of one shape in a square of side ``2 * r``: round, long or angular."""
    count = (14, 12, rng.randint(3, 6))[kind]
    stretch = (1.0, rng.uniform(0.2, 0.5), rng.uniform(0.5, 1))[kind]
    turn = rng.uniform(0, math.tau)
    corners = []
    for number in range(count):
        angle = math.tau * number / count
        along, across = r * math.cos(angle), r * stretch * math.sin(angle)
        corners.append(
            (
                r + along * math.cos(turn) - across * math.sin(turn),
                r + along * math.sin(turn) + across * math.cos(turn),
            )
        )
    return corners


def _shaded(base: Color, side: int, rng: random.Random) -> Image.Image:
    """One color, lighter to one side."""
    small = Image.new("RGB", (2, 2), base)
    for place in ((0, 0), (1, 0), (0, 1)):
        small.putpixel(place, shade(base, rng, 35))
    return small.resize((side, side), Image.Resampling.BILINEAR)


def _person(rng: random.Random) -> Image.Image:
    """Somebody: a face with hair over shoulders, before a blurred view."""
    image = _leaves(rng).filter(ImageFilter.GaussianBlur(rng.uniform(2, 6)))
    pencil = ImageDraw.Draw(image)
    skin = rng.choice(((238, 200, 172), (205, 155, 120), (150, 102, 74), (92, 60, 44)))
    skin, hair, shirt = shade(skin, rng, 12), shade((70, 50, 40), rng, 60), color(rng)
    x, y, r = rng.uniform(45, 83), rng.uniform(35, 62), rng.uniform(13, 30)
    wide = rng.uniform(1.4, 2.2) * r
    pencil.rounded_rectangle((x - wide, y + 1.25 * r, x + wide, SIDE + 40), r, fill=shirt)
    pencil.rectangle((x - 0.4 * r, y, x + 0.4 * r, y + 1.5 * r), fill=shade(skin, rng, 10))
    down = rng.choice((0.2, 0.6, 1.6))
    pencil.ellipse((x - 1.15 * r, y - 1.45 * r, x + 1.15 * r, y + down * r), fill=hair)
    pencil.ellipse((x - 0.85 * r, y - 1.1 * r, x + 0.85 * r, y + 1.15 * r), fill=skin)
    for side in (-0.35, 0.35):
        eye, size = x + side * r, r * 0.12
        pencil.ellipse((eye - size, y - size, eye + size, y + size), fill=(30, 25, 25))
    mouth = (x - 0.35 * r, y + 0.3 * r, x + 0.35 * r, y + 0.75 * r)
    pencil.arc(mouth, 20, 160, fill=(150, 60, 60), width=max(1, int(r / 12)))
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.5)))
    return grainy(image, rng, rng.uniform(0, 12))


def _screen(rng: random.Random) -> Image.Image:
    """Windows, bars and buttons: rectangles in a few plain colors, some with lines of text."""
    greys = [(level,) * 3 for level in (20, 60, 128, 200, 235, 255)]
    some = [*rng.sample(greys, 3), color(rng), color(rng)]
    image = Image.new("RGB", (SIDE, SIDE), rng.choice(some))
    pencil = ImageDraw.Draw(image)
    for _ in range(rng.randint(2, 12)):
        x, y = rng.randint(-20, SIDE), rng.randint(-20, SIDE)
        wide, high = rng.randint(6, 110), rng.randint(4, 90)
        box = (x, y, x + wide, y + high)
        edge = rng.choice(some) if rng.random() < 0.4 else None
        pencil.rectangle(box, fill=rng.choice(some), outline=edge)
        ink = rng.choice(some)
        for line in range(y + 4, y + high - 2, rng.randint(4, 9)) if rng.random() < 0.4 else ():
            pencil.line((x + 3, line, x + 3 + rng.uniform(0.2, 0.9) * wide, line), fill=ink)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1)))


KINDS: tuple[Callable[[random.Random], Image.Image], ...] = (
    _leaves, _leaves, _leaves, _person, _screen, _screen,
)  # fmt: skip
