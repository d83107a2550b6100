"""What lies, stands and grows at the animal's feet; each thing has a spot of its own."""

from __future__ import annotations

from training.world.canvas import Canvas, oval
from training.world.held import CHINA, CHINA_LINE, LEAF, LEAF_LINE, draw_bloom, draw_cup
from training.world.palette import PAINTS, Color

CRUST: Color = (222, 158, 84)
CRUST_LINE: Color = (146, 88, 38)
CHIP: Color = (104, 60, 36)


BED = ((34, 103, "pink"), (40, 115, "yellow"), (94, 103, "purple"), (88, 115, "red"))
"""Where each flower blooms, and its colour."""


def draw_treats(canvas: Canvas) -> None:
    """A plate with a cupcake and two cookies, on the lower left."""
    view = canvas.moved(17, 119)
    view.ellipse(0, 1, 15, 4.6, CHINA, CHINA_LINE)
    view.polygon(((-10, -9), (1, -9), (-1, 0), (-8, 0)), (232, 118, 108), (160, 60, 64))
    view.cloud(
        ((-8.5, -11, 4.4), (-0.5, -11, 4.4), (-4.5, -15, 5)), (255, 232, 238), (206, 130, 150)
    )
    view.ellipse(-4.5, -20, 2.6, 2.6, (224, 52, 62), (150, 24, 40), 1)
    for x, y in ((4, -3), (9, -6.5)):
        view.ellipse(x, y, 6, 5.6, CRUST, CRUST_LINE)
        for dx, dy in ((-2, -1.6), (2, -1.4), (0.2, 2)):
            view.ellipse(x + dx, y + dy, 1.1, 1.1, CHIP)


def draw_tea(canvas: Canvas) -> None:
    """A steaming cup, on the lower right."""
    draw_cup(canvas.moved(110, 120, scale=0.86))


def draw_flowers(canvas: Canvas) -> None:
    """Two blooming flowers at either foot."""
    for x, y, color in BED:
        canvas.stroke(((x, y), (x, 124)), LEAF_LINE, 2.6)
        canvas.stroke(((x, y), (x, 124)), LEAF, 1.4)
        canvas.polygon(oval(x + 3, 121, 3.8, 1.8, -35), LEAF, LEAF_LINE, 1)
        draw_bloom(canvas.moved(x, y), PAINTS[color], 7.2)
