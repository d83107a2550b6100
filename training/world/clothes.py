"""Sweaters, scarves and bow ties."""

from __future__ import annotations

from training.world.canvas import Canvas, Point, mirrored
from training.world.palette import Paint
from training.world.rig import Rig

HEM = 107.0


def draw_sweater(canvas: Canvas, rig: Rig, paint: Paint) -> None:
    """The body of a sweater; the sleeves are drawn with the arms."""
    top = rig.body[0][0]
    rows = [y for y, _ in rig.body if top < y < HEM - 2]
    half: tuple[Point, ...] = (
        (0, top + 4),
        (rig.half_width(top + 4) + 1, top + 4),
        *((rig.half_width(y) + 1.6, y) for y in rows),
        (rig.half_width(HEM) + 1.8, HEM - 1),
        (0, HEM + 3.5),
    )
    canvas.blob(mirrored(half), paint.fill, paint.line)
    for y in (88.0, 96.0):
        _stripe(canvas, rig, paint, y)
    _hem(canvas, rig, paint)


def _stripe(canvas: Canvas, rig: Rig, paint: Paint, y: float) -> None:
    half = rig.half_width(y) + 0.6
    canvas.polygon(
        mirrored(
            (
                *((half * u, y + 2 - 2 * u * u) for u in (0, 0.4, 0.75, 1)),
                *((half * u, y + 5.8 - 2 * u * u) for u in (1, 0.75, 0.4, 0)),
            )
        ),
        paint.light,
    )


def _hem(canvas: Canvas, rig: Rig, paint: Paint) -> None:
    half = rig.half_width(HEM - 4) + 1.6
    low = rig.half_width(HEM) + 1.8
    canvas.polygon(
        mirrored(
            (
                *((half * u, HEM - 1 - 3.6 * u * u) for u in (0, 0.4, 0.75, 1)),
                *((low * u, HEM + 3.5 - 4.1 * u * u) for u in (1, 0.75, 0.4, 0)),
            )
        ),
        paint.shade,
        paint.line,
    )


def draw_collar(canvas: Canvas, rig: Rig, paint: Paint) -> None:
    """The rolled collar of a sweater."""
    y, half = rig.neck_y, rig.neck_width - 2
    edge = ((half, y - 5), (half + 1.5, y - 1), (half - 2, y + 3))
    canvas.blob(mirrored(((0, y - 2.5), *edge, (0, y + 5))), paint.shade, paint.line)


def draw_scarf(canvas: Canvas, rig: Rig, paint: Paint) -> None:
    """A wide scarf with one hanging end."""
    y, half = rig.neck_y, rig.neck_width + 2
    end = ((-12, y + 2), (-3, y + 3), (-2.5, y + 25), (-14, y + 25))
    canvas.polygon(end, paint.fill, paint.line)
    canvas.polygon(((-13, y + 16), (-3, y + 16), (-2.9, y + 20), (-13.4, y + 20)), paint.light)
    for x in (-11.3, -5.5):
        canvas.stroke(((x, y + 25), (x, y + 27.5)), paint.line, 1.6)
    ring = mirrored(((0, y - 3), (half * 0.7, y - 6), (half, y - 4), (half, y + 3), (0, y + 8)))
    canvas.blob(ring, paint.fill, paint.line)
    canvas.stroke(((-half * 0.7, y + 1), (0, y + 3), (half * 0.7, y + 1)), paint.light, 2.4)
    knot = ((-12.5, y), (-7, y - 1.5), (-2, y + 1), (-3, y + 9), (-8, y + 10), (-13, y + 8))
    canvas.blob(knot, paint.shade, paint.line)


def draw_bow_tie(canvas: Canvas, rig: Rig, paint: Paint) -> None:
    """A big bow tie under the chin."""
    y = rig.neck_y + 3
    for side in (-1, 1):
        wing = ((2, -2), (8, -6.5), (14, -7.5), (15, 0), (14, 7.5), (8, 6.5), (2, 2))
        canvas.blob(tuple((side * x, y + dy) for x, dy in wing), paint.fill, paint.line)
        canvas.stroke(((side * 5, y), (side * 10, y)), paint.shade, 2)
    canvas.ellipse(0, y, 4.2, 4.6, paint.light, paint.line)
