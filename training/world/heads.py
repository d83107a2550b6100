"""The heads of the eight animals."""

from __future__ import annotations

from collections.abc import Callable

from training.world.canvas import Canvas, mirrored, oval
from training.world.face import draw_cheeks, draw_eyes, draw_mouth, draw_muzzle_mouth, draw_pupil
from training.world.palette import BEAK, BEAK_LINE, INK, WHITE, Color, mix
from training.world.rig import Character

NOSE: Color = (72, 46, 52)
PINK_NOSE: Color = (238, 122, 136)
FROG_LIPS: Color = (48, 88, 40)


def draw_head(canvas: Canvas, character: Character) -> None:
    """The head with its ears and face, without hat and spectacles."""
    _HEADS[character.animal](canvas, character)


def _llama(canvas: Canvas, character: Character) -> None:
    fur, rig = character.fur, character.rig
    for side in (-1, 1):
        ear = (
            (9, 36),
            (13, 27),
            (14.5, 18),
            (16, 10.5),
            (20, 12),
            (23.4, 20),
            (23.4, 29),
            (18, 38),
        )
        inner = ((13.5, 33), (16.4, 26), (17.6, 16.5), (20.6, 22), (20.6, 28), (17.5, 34))
        canvas.blob(tuple((side * x, y) for x, y in ear), fur.fill, fur.line)
        canvas.blob(tuple((side * x, y) for x, y in inner), fur.accent)
    face = mirrored(((0, 27), (13, 31), (19.5, 42), (18, 52), (14, 61), (0, 66)))
    canvas.blob(face, fur.fill, fur.line)
    canvas.ellipse(0, 56.5, 12.2, 8.6, fur.light)
    canvas.blob(((-3.4, 52), (0, 51.4), (3.4, 52), (1.6, 55), (0, 56), (-1.6, 55)), NOSE)
    canvas.stroke(((0, 55), (0, 58)), NOSE, 1.3)
    draw_muzzle_mouth(canvas, 57.6, laughs=character.look.laughs, line=NOSE)
    draw_cheeks(canvas, 13.4, 52.4)
    draw_eyes(canvas, rig, r=4.9)
    for side in (-1, 1):
        for x, y, dx, dy in ((4, -2.2, 2.6, -1.6), (4.3, 0.4, 2.8, -0.4)):
            start = (side * (rig.eye_x + x), rig.eye_y + y)
            canvas.stroke((start, (start[0] + side * dx, start[1] + dy)), INK, 1.4)
    tuft = ((-13.5, 31, 5.6), (13.5, 31, 5.6), (-7, 27.6, 7), (7, 27.6, 7), (0, 25.6, 7.4))
    fringe = ((-7.5, 32, 4.6), (0, 33.4, 5), (7.5, 32, 4.6))
    canvas.cloud((*tuft, *fringe), fur.light, fur.line)


def _fox(canvas: Canvas, character: Character) -> None:
    fur, rig = character.fur, character.rig
    for side in (-1, 1):
        ear = tuple((side * x, y) for x, y in ((6, 34), (22, 14), (22.6, 46)))
        inner = tuple((side * x, y) for x, y in ((12.5, 33), (20.4, 20), (20.4, 37)))
        canvas.polygon(ear, fur.fill, fur.line)
        canvas.polygon(inner, fur.accent)
    half = ((0, 28.8), (12.5, 31.4), (21, 41), (24, 51), (28, 59), (19, 65), (9, 71), (0, 73))
    canvas.blob(mirrored(half), fur.fill, fur.line)
    for side in (-1, 1):
        cheek = ((1, 70.8), (10, 69.4), (18, 64.2), (25.6, 58.8), (15, 57.8), (7, 59), (2, 57))
        canvas.blob(tuple((side * x, y) for x, y in cheek), fur.light)
    canvas.ellipse(0, 64, 7, 6.6, fur.light)
    canvas.ellipse(0, 60.5, 3.8, 2.9, NOSE)
    draw_muzzle_mouth(canvas, 64.4, laughs=character.look.laughs, line=NOSE)
    draw_cheeks(canvas, 17, 60.6)
    draw_eyes(canvas, rig)


def _cat(canvas: Canvas, character: Character) -> None:
    fur, rig = character.fur, character.rig
    for side in (-1, 1):
        ear = tuple((side * x, y) for x, y in ((5, 34), (21, 15), (24, 45)))
        inner = tuple((side * x, y) for x, y in ((11.5, 33), (19.4, 21.5), (21, 37)))
        canvas.polygon(ear, fur.fill, fur.line)
        canvas.polygon(inner, fur.accent)
    canvas.blob(
        mirrored(((0, 29.5), (14, 32.5), (23.8, 42), (26, 55), (18.5, 67), (0, 72))),
        fur.fill,
        fur.line,
    )
    for x in (-5, 0, 5):
        canvas.stroke(((x, 34), (x * 0.8, 40 - abs(x) * 0.4)), fur.line, 2)
    canvas.ellipse(0, 62.5, 9.5, 6.6, fur.light)
    canvas.blob(((-3, 58.6), (3, 58.6), (0, 61.6)), PINK_NOSE)
    draw_muzzle_mouth(canvas, 62, laughs=character.look.laughs, line=NOSE)
    draw_cheeks(canvas, 17, 60.5)
    for side in (-1, 1):
        for y, end in ((58.5, 56.5), (62, 63)):
            canvas.stroke(((side * 21, y), (side * 31, end)), mix(fur.line, WHITE, 0.1), 1)
    draw_eyes(canvas, rig)


def _penguin(canvas: Canvas, character: Character) -> None:
    fur, rig = character.fur, character.rig
    canvas.stroke(((0, 32), (-3, 25)), fur.line, 3)
    canvas.stroke(((0, 32), (3, 26)), fur.line, 3)
    canvas.ellipse(0, 51, 24.5, 22, fur.fill, fur.line)
    for side in (-1, 1):
        canvas.ellipse(side * 9, 50.5, 10.6, 11.4, fur.light)
    canvas.ellipse(0, 59.5, 17.5, 11.5, fur.light)
    draw_cheeks(canvas, 14, 61)
    draw_eyes(canvas, rig)
    if character.look.laughs:
        canvas.blob(((-5, 60), (5, 60), (0, 68)), BEAK_LINE)
        canvas.blob(((-6, 59), (0, 55.4), (6, 59), (0, 63.5)), BEAK, BEAK_LINE)
    else:
        canvas.blob(((-6, 59), (0, 55.4), (6, 59), (0, 65.5)), BEAK, BEAK_LINE)


def _bear(canvas: Canvas, character: Character) -> None:
    fur, rig = character.fur, character.rig
    for side in (-1, 1):
        canvas.ellipse(side * 19.5, 35, 9, 9, fur.fill, fur.line)
        canvas.ellipse(side * 19.5, 35, 5, 5, fur.accent)
    canvas.ellipse(0, 51, 25.5, 22, fur.fill, fur.line)
    canvas.ellipse(0, 61, 11.5, 9, fur.light)
    canvas.ellipse(0, 56.4, 4.4, 3.2, NOSE)
    canvas.ellipse(-1.2, 55.4, 1.3, 0.9, WHITE)
    draw_muzzle_mouth(canvas, 61, laughs=character.look.laughs, line=NOSE)
    draw_cheeks(canvas, 18, 60, (236, 128, 104))
    draw_eyes(canvas, rig)


def _owl(canvas: Canvas, character: Character) -> None:
    fur, rig = character.fur, character.rig
    for side in (-1, 1):
        tuft = tuple((side * x, y) for x, y in ((4, 33), (24.5, 17), (25, 46)))
        canvas.polygon(tuft, fur.fill, fur.line)
        canvas.polygon(
            tuple((side * x, y) for x, y in ((14, 32), (22.4, 22.5), (22.8, 37))), fur.accent
        )
    canvas.blob(
        mirrored(((0, 31), (14, 33), (25, 42), (26.5, 55), (18, 68), (0, 72))), fur.fill, fur.line
    )
    for side in (-1, 1):
        x = side * rig.eye_x
        canvas.ellipse(x, rig.eye_y, 12.4, 12.4, fur.light)
        canvas.ellipse(x, rig.eye_y, 8.2, 8.2, (255, 190, 62), (206, 132, 30))
        draw_pupil(canvas, x, rig.eye_y, 5.4, 5.6)
    draw_cheeks(canvas, 17.5, 64)
    if character.look.laughs:
        canvas.blob(((-3.6, 61), (3.6, 61), (0, 69)), BEAK_LINE)
    canvas.blob(((-4.2, 57.5), (0, 55.6), (4.2, 57.5), (0, 65)), BEAK, BEAK_LINE)


def _rabbit(canvas: Canvas, character: Character) -> None:
    fur, rig = character.fur, character.rig
    x, y, turn = (23, 24, 38) if character.hatted else (10.5, 23.4, 9)
    for side in (-1, 1):
        canvas.polygon(oval(side * x, y, 6.6, 16.4, side * turn), fur.line)
        canvas.polygon(oval(side * x, y, 5.3, 15.1, side * turn), fur.fill)
        canvas.polygon(oval(side * x, y + 0.6, 3, 11.8, side * turn), fur.accent)
    canvas.blob(
        mirrored(((0, 30), (13.5, 33.4), (22.5, 44), (25, 56.5), (18, 67.5), (0, 72))),
        fur.fill,
        fur.line,
    )
    canvas.ellipse(0, 63, 9.5, 6.6, fur.light)
    canvas.blob(((-3.2, 58.4), (3.2, 58.4), (0, 61.8)), PINK_NOSE)
    tooth = 68.4 if character.look.laughs else 67.4
    canvas.polygon(((-2.2, 64), (2.2, 64), (1.8, tooth), (-1.8, tooth)), WHITE, fur.line, 1)
    for side in (-1, 1):
        canvas.arc(side * 3, 62, 3.4, 3, NOSE, start=8, end=172, width=1.5)
    draw_cheeks(canvas, 16.5, 60.5)
    draw_eyes(canvas, rig)


def _frog(canvas: Canvas, character: Character) -> None:
    fur, rig = character.fur, character.rig
    for side in (-1, 1):
        canvas.ellipse(side * rig.eye_x, rig.eye_y, 10.6, 10.6, fur.fill, fur.line)
    canvas.blob(
        mirrored(((0, 35), (12, 36.8), (26, 49), (28, 58), (19.5, 68.5), (0, 73))),
        fur.fill,
        fur.line,
    )
    for side in (-1, 1):
        x, y = side * rig.eye_x, rig.eye_y
        canvas.ellipse(x, y, 9.3, 9.3, fur.fill)
        canvas.ellipse(x, y, 7.2, 7.2, WHITE, fur.line, 1)
        draw_pupil(canvas, x - side * 0.6, y + 0.3, 5, 5.3)
        canvas.ellipse(side * 3, 53, 1.2, 1.2, fur.line)
    draw_cheeks(canvas, 21, 58, (250, 158, 134))
    if character.look.laughs:
        draw_mouth(canvas, 58, laughs=True, line=FROG_LIPS, half=10)
    else:
        canvas.arc(0, 54.5, 15, 10.5, FROG_LIPS, start=10, end=170, width=1.8)


_HEADS: dict[str, Callable[[Canvas, Character], None]] = {
    "llama": _llama,
    "fox": _fox,
    "cat": _cat,
    "penguin": _penguin,
    "bear": _bear,
    "owl": _owl,
    "rabbit": _rabbit,
    "frog": _frog,
}
