"""What an animal can hold: drawn at the hand."""

from __future__ import annotations

import math

from training.world.canvas import Canvas, Point, curve, oval
from training.world.palette import PAINTS, WHITE, Color, Paint
from training.world.rig import HAND

PAPER: Color = (252, 240, 212)
PAPER_LINE: Color = (196, 166, 118)
COVER: Color = (162, 66, 44)
COVER_LINE: Color = (92, 34, 26)
CHINA: Color = (252, 252, 255)
CHINA_LINE: Color = (120, 132, 168)
TEA: Color = (176, 96, 44)
LEAF: Color = (70, 160, 78)
LEAF_LINE: Color = (36, 102, 50)


def draw_held(canvas: Canvas, held: str, color: str) -> None:
    """Draw the object so that it rests in ``HAND``."""
    x, y = HAND
    if held == "cookbook":
        _cookbook(canvas.moved(x + 7, y - 9))
    elif held == "cup of tea":
        draw_cup(canvas.moved(x + 7, y - 2))
    elif held == "flower":
        _flower(canvas.moved(x, y), PAINTS[color])
    elif held == "balloon":
        _balloon(canvas.moved(x, y), PAINTS[color])
    else:
        _laptop(canvas.moved(x + 6, y - 8))


def _cookbook(canvas: Canvas) -> None:
    tilt = 0.14

    def turned(*points: Point) -> tuple[Point, ...]:
        return tuple((px - py * tilt, py + px * tilt) for px, py in points)

    canvas.polygon(turned((-11, -15), (14, -15), (14, 16), (-11, 16)), COVER_LINE, COVER_LINE)
    canvas.polygon(turned((-10, 10), (13.6, 10), (13.6, 14.6), (-10, 14.6)), PAPER, PAPER_LINE)
    canvas.polygon(turned((10, -14), (13.6, -14), (13.6, 14.6), (10, 14.6)), PAPER, PAPER_LINE)
    canvas.polygon(turned((-12, -16), (11, -16), (11, 11.5), (-12, 11.5)), COVER, COVER_LINE)
    canvas.polygon(turned((-12, -16), (-8, -16), (-8, 11.5), (-12, 11.5)), (124, 46, 34))
    canvas.polygon(turned((7, -16), (11, -16), (11, -12)), (220, 172, 96))
    canvas.polygon(turned((7, 11.5), (11, 11.5), (11, 7.5)), (220, 172, 96))
    pot = canvas.moved(*turned((1.5, -1))[0])
    pot.rectangle(-6.4, -3, 6.4, -0.6, PAPER)
    pot.bowl(0, -1.2, 5.2, 7.2, PAPER)
    pot.rectangle(-1.3, -6, 1.3, -3.8, PAPER)
    pot.rectangle(-4.6, -4.6, 4.6, -3.6, PAPER)


def draw_cup(canvas: Canvas) -> None:
    """A steaming cup with a saucer; the origin is the middle of the saucer."""
    canvas.ellipse(0, 0, 14, 4.2, CHINA, CHINA_LINE)
    canvas.ring(11, -9.5, 5, CHINA_LINE, 3.4)
    canvas.ring(11, -9.5, 4.2, CHINA, 1.4)
    cup = ((-10.5, -15), (10.5, -15), (9.5, -7), (5, -0.6), (-5, -0.6), (-9.5, -7))
    canvas.polygon(cup, CHINA, CHINA_LINE)
    canvas.polygon(((-9.8, -9.6), (9.8, -9.6), (8.8, -6), (-8.8, -6)), (236, 110, 110))
    canvas.ellipse(0, -15, 10.8, 3.4, CHINA, CHINA_LINE)
    canvas.ellipse(0, -14.8, 8.4, 2, TEA)
    for x in (-4, 4):
        points = curve(((x, -20), (x + 1.8, -23), (x - 1.2, -26.5), (x + 0.8, -30)))
        canvas.stroke(points, (176, 190, 214), 3.4)
        canvas.stroke(points, WHITE, 2)


def draw_bloom(canvas: Canvas, paint: Paint, r: float) -> None:
    """Five petals round a yellow centre; the blossom reaches about ``r`` units far."""
    petals = [
        (r * 0.56 * math.sin(turn), -r * 0.56 * math.cos(turn), r * 0.47)
        for turn in (2 * math.pi * i / 5 for i in range(5))
    ]
    canvas.cloud(petals, paint.fill, paint.line)
    centre = PAINTS["orange"] if paint is PAINTS["yellow"] else PAINTS["yellow"]
    canvas.ellipse(0, 0, r * 0.33, r * 0.33, centre.fill, centre.line, 1)


def _flower(canvas: Canvas, paint: Paint) -> None:
    stem = ((-1, 10), (1, -2), (6, -16))
    canvas.stroke(stem, LEAF_LINE, 3.4)
    canvas.stroke(stem, LEAF, 1.8)
    leaf = oval(9, -2, 6.4, 3, -30)
    canvas.polygon(leaf, LEAF, LEAF_LINE)
    draw_bloom(canvas.moved(8, -23), paint, 14.5)


def _balloon(canvas: Canvas, paint: Paint) -> None:
    canvas.stroke(((0, 4), (1, -8), (7, -20), (8, -30)), (96, 92, 112), 1.2)
    canvas.polygon(((8, -32), (11, -27.5), (5, -27.5)), paint.fill, paint.line)
    canvas.ellipse(8, -48, 14, 16.6, paint.fill, paint.line)
    canvas.polygon(oval(3.4, -54.5, 2.5, 4.6, 28), paint.light)


def _laptop(canvas: Canvas) -> None:
    grey, line = (176, 184, 198), (88, 96, 116)
    canvas.polygon(((-13, -17), (14, -17), (14, 4), (-13, 4)), grey, line)
    canvas.rectangle(-10.6, -14.6, 11.6, 1.8, (150, 218, 250))
    canvas.polygon(((-6, -14.6), (0, -14.6), (-7, 1.8), (-10.6, 1.8), (-10.6, -3)), (200, 238, 255))
    canvas.polygon(((-13, 4), (14, 4), (17, 10.5), (-16, 10.5)), (206, 212, 222), line)
    canvas.rectangle(-9, 6, 10, 8.2, (140, 148, 164))
