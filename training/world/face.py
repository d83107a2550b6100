"""Eyes, mouths, cheeks and spectacles."""

from __future__ import annotations

from training.world.canvas import Canvas
from training.world.palette import BLUSH, FRAME, INK, MOUTH, TONGUE, WHITE, Color, mix
from training.world.rig import Character, Rig

LIGHT_EYED = ("owl", "frog", "penguin")
"""Animals with a light ground of their own round the eyes."""


def draw_eyes(canvas: Canvas, rig: Rig, *, r: float = 5) -> None:
    """Two big dark eyes with a light in each."""
    for side in (-1, 1):
        draw_pupil(canvas, side * rig.eye_x, rig.eye_y, r * 0.94, r * 1.12)


def draw_pupil(canvas: Canvas, x: float, y: float, rx: float, ry: float) -> None:
    """One dark eye round (x, y) with two lights in it."""
    canvas.ellipse(x, y, rx, ry, INK)
    canvas.ellipse(x - rx * 0.3, y - ry * 0.36, rx * 0.42, rx * 0.42, WHITE)
    canvas.ellipse(x + rx * 0.36, y + ry * 0.42, rx * 0.2, rx * 0.2, WHITE)


def draw_cheeks(canvas: Canvas, x: float, y: float, color: Color = BLUSH) -> None:
    """A flat oval on either side, ``x`` from the middle, at the height ``y``."""
    for side in (-1, 1):
        canvas.ellipse(side * x, y, 4.4, 2.9, color)


def draw_mouth(
    canvas: Canvas, y: float, *, laughs: bool, line: Color = INK, half: float = 5.5
) -> None:
    """A smile that begins at ``y``, closed or laughing."""
    if laughs:
        canvas.bowl(0, y, half, half * 1.15, MOUTH)
        canvas.ellipse(0, y + half * 0.72, half * 0.52, half * 0.34, TONGUE)
        canvas.stroke(((-half - 0.6, y), (half + 0.6, y)), line, 1.3)
    else:
        canvas.arc(0, y - half * 0.3, half, half * 0.95, line, start=15, end=165, width=1.6)


def draw_muzzle_mouth(canvas: Canvas, y: float, *, laughs: bool, line: Color = INK) -> None:
    """The two-curved mouth under a nose."""
    if laughs:
        canvas.bowl(0, y + 1.2, 3.8, 5.6, MOUTH)
        canvas.ellipse(0, y + 4.6, 2.2, 1.6, TONGUE)
    for side in (-1, 1):
        canvas.arc(side * 3, y, 3.4, 3, line, start=8, end=172, width=1.5)


def draw_glasses(canvas: Canvas, character: Character) -> None:
    """Round dark spectacles; behind clear lenses the eyes stand out from any fur."""
    rig = character.rig
    if character.animal not in LIGHT_EYED:
        lens = mix(character.fur.fill, WHITE, 0.6)
        for side in (-1, 1):
            canvas.ellipse(side * rig.eye_x, rig.eye_y, rig.lens - 1, rig.lens - 1, lens)
        draw_eyes(canvas, rig)
    for side in (-1, 1):
        canvas.ring(side * rig.eye_x, rig.eye_y, rig.lens, FRAME, 2)
    gap = rig.eye_x - rig.lens + 1
    canvas.stroke(((-gap, rig.eye_y - 1), (gap, rig.eye_y - 1)), FRAME, 2)
