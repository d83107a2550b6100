"""Hats; each sits with its lower edge at y = 0 and rises above it."""

from __future__ import annotations

from training.world.canvas import Canvas, mirrored
from training.world.palette import INK, PAINTS, STRAW, STRAW_BAND, STRAW_LINE, WHITE, Paint, mix
from training.world.rig import Rig


def draw_hat(canvas: Canvas, rig: Rig, hat: str, color: str) -> None:
    """Put the hat on the head."""
    view = canvas.moved(0, rig.hat_y, scale=rig.hat_width)
    if hat == "straw hat":
        _straw_hat(view)
        return
    draw = {"top hat": _top_hat, "party hat": _party_hat, "beanie": _beanie}[hat]
    draw(view, PAINTS[color])


def _top_hat(canvas: Canvas, paint: Paint) -> None:
    canvas.ellipse(0, -0.5, 20, 4.6, paint.fill, paint.line)
    crown = mirrored(((0, -20.5), (13.5, -20.5), (12, -1), (6, 1.2), (0, 1.8)))
    canvas.polygon(crown, paint.fill, paint.line)
    band = mirrored(((0, -6.5), (12, -7.5), (11.4, -1.6), (6, 0), (0, 0.6)))
    canvas.polygon(band, mix(paint.line, INK, 0.55))
    canvas.ellipse(0, -20.5, 13.5, 2.6, paint.light, paint.line)


def _party_hat(canvas: Canvas, paint: Paint) -> None:
    canvas.polygon(mirrored(((0, -21.5), (16.5, -1), (9, 2), (0, 2.8))), paint.fill, paint.line)
    canvas.polygon(
        ((-11.2, -6.2), (0, -4.4), (11.2, -6.2), (13, -4), (0, -1.6), (-13, -4)), paint.light
    )
    canvas.polygon(
        ((-6, -12.6), (0, -11.4), (6, -12.6), (7.8, -10.4), (0, -8.8), (-7.8, -10.4)), paint.light
    )
    canvas.ellipse(0, -20, 4.4, 4.4, paint.light, paint.line)


def _beanie(canvas: Canvas, paint: Paint) -> None:
    canvas.ellipse(0, -17, 5.6, 5.6, paint.light, paint.line)
    dome = mirrored(((0, -16), (11, -14), (18, -6), (19.5, 2), (0, 3)))
    canvas.blob(dome, paint.fill, paint.line)
    for x, top in ((-8, -10), (0, -12), (8, -10)):
        canvas.stroke(((x * 0.8, top), (x * 1.2, -4)), paint.shade, 1.6)
    cuff = mirrored(((0, -3.5), (20, -4.5), (21.5, 0), (20, 4), (0, 5.5)))
    canvas.blob(cuff, paint.light, paint.line)
    for x in (-14, -7, 0, 7, 14):
        canvas.stroke(((x, -1.4), (x, 2.6)), paint.fill, 1.8)


def _straw_hat(canvas: Canvas) -> None:
    canvas.ellipse(0, 0, 26, 6.2, STRAW, STRAW_LINE)
    canvas.arc(0, -0.6, 22, 4.4, mix(STRAW, STRAW_LINE, 0.45), start=10, end=170)
    crown = mirrored(((0, -15), (9, -13.6), (13.6, -7), (14.6, 0), (7, 2.4), (0, 3)))
    canvas.blob(crown, STRAW, STRAW_LINE)
    canvas.polygon(mirrored(((0, -4), (13.6, -6), (14.4, -0.6), (7, 1.6), (0, 2.2))), STRAW_BAND)
    canvas.arc(-3, -9, 5, 3.4, mix(STRAW, WHITE, 0.5), start=180, end=270, width=1.6)
