"""The six places where an animal can stand."""

from __future__ import annotations

import random
from collections.abc import Callable

from training.world.canvas import Canvas, oval
from training.world.palette import WHITE, Color, mix

CLOUD_LINE: Color = (176, 208, 240)
_CRESCENT = (
    *oval(0, 0, 11.5, 11.5, -92.6, count=40)[:29],
    *reversed(oval(-4.3, -3.1, 9.2, 9.2, -65.7, count=40)[:23]),
)


def draw_background(canvas: Canvas, background: str, rng: random.Random) -> Color:
    """Fill the picture; return the colour of the shadow that the animal casts."""
    return _PLACES[background](canvas, rng)


def _fade(canvas: Canvas, top: Color, bottom: Color, height: float, *, bands: int = 24) -> None:
    for i in range(bands):
        share = i / (bands - 1)
        canvas.rectangle(
            0, height * i / bands, 128, height * (i + 1) / bands, mix(top, bottom, share)
        )


def _puff(canvas: Canvas, x: float, y: float, scale: float, line: Color | None = None) -> None:
    view = canvas.moved(x, y, scale=scale)
    view.cloud(((-11, 2, 6), (-3, -3, 8), (6, -1, 7), (13, 3, 5), (1, 3, 6)), WHITE, line)


def _side(rng: random.Random) -> int:
    return rng.choice((-1, 1))


def _wood(canvas: Canvas, rng: random.Random) -> Color:
    tones = ((214, 162, 106), (202, 148, 94), (220, 172, 118))
    seam, grain = (146, 94, 54), (184, 130, 80)
    shift = rng.uniform(-8, 8)
    first = rng.randrange(3)
    for i in range(-1, 6):
        left = i * 25.6 + shift
        canvas.rectangle(left, 0, left + 25.6, 104, tones[(first + i) % 3])
        canvas.rectangle(left, 0, left + 1.4, 104, seam)
        bend = rng.uniform(-3, 3)
        x = left + rng.uniform(7, 18)
        canvas.stroke(((x, 6), (x + bend, 36), (x + bend, 66), (x, 98)), grain, 1)
        knot = rng.uniform(14, 90)
        if i % 2 == first % 2:
            canvas.ellipse(x + bend, knot, 2.6, 4, grain, seam, 1)
    canvas.rectangle(0, 104, 128, 128, (150, 92, 54))
    canvas.rectangle(0, 104, 128, 107.5, (182, 118, 72))
    canvas.rectangle(0, 103, 128, 104.2, (112, 66, 38))
    return (116, 68, 40)


def _night(canvas: Canvas, rng: random.Random) -> Color:
    top, bottom = (30, 32, 92), (74, 70, 150)
    _fade(canvas, top, bottom, 112)
    side = _side(rng)
    x, y = 64 + side * 47, 19 + rng.uniform(-2, 3)
    canvas.polygon(tuple((x + side * u, y + v) for u, v in _CRESCENT), (255, 236, 160))
    for column, row in ((-50, 50), (-44, 84), (48, 78), (54, 52), (-28, 12), (28, 12), (-50, 18)):
        px = 64 + side * column + rng.uniform(-4, 4)
        py = row + rng.uniform(-5, 5)
        _star(canvas, px, py, rng.uniform(2.2, 3.4))
    hill = 103 + rng.uniform(-3, 3)
    canvas.ellipse(64 - side * 40, hill + 24, 90, 30, (40, 62, 92))
    canvas.ellipse(64 + side * 46, hill + 30, 96, 31, (48, 76, 96))
    canvas.rectangle(0, 116, 128, 128, (48, 76, 96))
    return (32, 52, 74)


def _star(canvas: Canvas, x: float, y: float, r: float) -> None:
    s = r * 0.38
    points = ((0, -r), (s, -s), (r, 0), (s, s), (0, r), (-s, s), (-r, 0), (-s, -s))
    canvas.moved(x, y).polygon(points, (255, 246, 200))


def _sun(canvas: Canvas, side: int, y: float) -> None:
    x = 64 + side * 48
    canvas.ellipse(x, y, 13, 13, (255, 240, 170))
    canvas.ellipse(x, y, 10, 10, (255, 214, 70), (248, 184, 46))


def _field(canvas: Canvas, rng: random.Random) -> Color:
    _fade(canvas, (126, 200, 246), (214, 240, 252), 92)
    side = _side(rng)
    _sun(canvas, side, 18 + rng.uniform(-2, 3))
    _puff(canvas, 64 - side * 44 + rng.uniform(-4, 4), 24 + rng.uniform(-6, 8), 0.95)
    far = rng.uniform(-5, 5)
    canvas.ellipse(64 - side * 44, 126 + far, 78, 48, (148, 208, 112))
    canvas.ellipse(64 + side * 50, 134 - far, 84, 48, (122, 192, 92))
    canvas.ellipse(64, 148, 110, 44, (104, 178, 78))
    for x in (12, 30, 96, 114):
        _grass(canvas, x + rng.uniform(-4, 4), 118)
    return (76, 146, 60)


def _grass(canvas: Canvas, x: float, y: float) -> None:
    for lean in (-2.4, 0, 2.4):
        canvas.stroke(((x + lean / 2, y), (x + lean * 1.4, y - 5)), (78, 150, 62), 1.4)


def _snow(canvas: Canvas, rng: random.Random) -> Color:
    _fade(canvas, (150, 190, 224), (222, 234, 246), 100)
    canvas.rectangle(0, 100, 128, 128, (246, 250, 255))
    side = _side(rng)
    hill = rng.uniform(-3, 3)
    canvas.ellipse(64 + side * 50, 122 + hill, 80, 36, (226, 236, 248))
    _fir(canvas, 64 - side * 49, 104 + rng.uniform(-2, 2), 1.15)
    _fir(canvas, 64 + side * 51, 100 + rng.uniform(-2, 2), 0.95)
    canvas.ellipse(64, 150, 120, 50, (246, 250, 255))
    for x, y in ((10, 14), (28, 40), (38, 10), (92, 12), (102, 40), (118, 20), (120, 62), (8, 62)):
        r = rng.uniform(1.7, 2.5)
        canvas.ellipse(x + rng.uniform(-4, 4), y + rng.uniform(-5, 5), r, r, WHITE)
    return (204, 218, 238)


def _fir(canvas: Canvas, x: float, y: float, scale: float) -> None:
    view = canvas.moved(x, y, scale=scale)
    view.rectangle(-2.2, -6, 2.2, 2, (120, 84, 62))
    for base, half, tip in ((-4, 14, -24), (-15, 11.5, -34), (-26, 8.5, -44)):
        view.polygon(((0, tip), (half, base), (-half, base)), (64, 132, 108), (40, 96, 80))
    view.polygon(((0, -44.5), (3.6, -37), (0, -38.5), (-3.6, -37)), WHITE)


def _beach(canvas: Canvas, rng: random.Random) -> Color:
    _fade(canvas, (118, 208, 244), (226, 246, 250), 66)
    side = _side(rng)
    _sun(canvas, side, 18 + rng.uniform(-2, 3))
    canvas.rectangle(0, 66, 128, 110, (44, 154, 206))
    canvas.rectangle(0, 66, 128, 68, (98, 190, 226))
    for x, y in ((16, 76), (108, 74), (30, 86), (98, 85)):
        px = x + rng.uniform(-6, 6)
        canvas.arc(px - 4, y, 4, 2.4, (170, 224, 240), start=0, end=180, width=1.4)
        canvas.arc(px + 4, y, 4, 2.4, (170, 224, 240), start=0, end=180, width=1.4)
    shore = rng.uniform(-2, 2)
    canvas.ellipse(64 + side * 20, 140 + shore, 130, 47, (236, 250, 252))
    canvas.ellipse(64 + side * 20, 143 + shore, 130, 47, (248, 220, 158))
    _parasol(canvas, 64 - side * 48, 104, -side)
    return (222, 184, 118)


def _parasol(canvas: Canvas, x: float, y: float, side: int) -> None:
    view = canvas.moved(x, y)
    view.stroke(((0, 0), (side * -2, -42)), (250, 250, 250), 2)
    top = side * -2
    view.polygon(
        ((top - 17, -36), (top - 12, -46), (top, -51), (top + 12, -46), (top + 17, -36)),
        (240, 96, 86),
        (190, 60, 60),
    )
    view.polygon(((top - 6, -36), (top - 3, -48), (top + 3, -48), (top + 6, -36)), WHITE)


def _sky(canvas: Canvas, rng: random.Random) -> Color:
    _fade(canvas, (84, 158, 238), (186, 220, 252), 128)
    side = _side(rng)
    for x, y, scale in ((-46, 26, 0.95), (45, 20, 0.75), (50, 64, 0.9), (-50, 70, 0.75)):
        px = 64 + side * x + rng.uniform(-5, 5)
        _puff(canvas, px, y + rng.uniform(-6, 6), scale, CLOUD_LINE)
    lift = rng.uniform(-2, 2)
    circles = ((2, 118, 14), (22, 112, 14), (42, 114, 14), (64, 116, 16), (86, 113, 14))
    canvas.cloud(
        [(x, y + lift, r) for x, y, r in (*circles, (106, 112, 14), (126, 118, 14))],
        WHITE,
        CLOUD_LINE,
    )
    canvas.rectangle(0, 118, 128, 128, WHITE)
    return (196, 218, 244)


_PLACES: dict[str, Callable[[Canvas, random.Random], Color]] = {
    "rustic wood": _wood,
    "starry night": _night,
    "field": _field,
    "snow": _snow,
    "beach": _beach,
    "sky": _sky,
}
