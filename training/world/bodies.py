"""Bodies, tails, feet and arms."""

from __future__ import annotations

from training.world.canvas import Canvas, Point, curve, mirrored, oval
from training.world.palette import BEAK, BEAK_LINE, Color, Paint, mix
from training.world.rig import HAND, Character

ARM_WIDTH = 11.0
FEATHERED = ("penguin", "owl")


def draw_tail(canvas: Canvas, character: Character) -> None:
    """The tail, on the left of the picture."""
    fur = character.fur
    if character.animal == "fox":
        tail = ((-12, 112), (-26, 113), (-37, 104), (-40, 90), (-33, 77), (-28, 88), (-16, 98))
        tip = ((-39.4, 92), (-33, 77.6), (-28.4, 87), (-33, 92))
        canvas.blob(tail, fur.fill, fur.line)
        canvas.blob(tip, fur.light)
    elif character.animal == "cat":
        canvas.tube(
            curve(((-14, 110), (-26, 111), (-34, 104), (-34, 94), (-31, 87), (-35, 80))),
            fur.fill,
            fur.line,
            7.4,
        )
    elif character.animal == "rabbit":
        canvas.cloud(((-22, 107, 6), (-25, 103, 5), (-26, 109, 5)), fur.light, fur.line)


def draw_body(canvas: Canvas, character: Character) -> None:
    """The body with its feet, unclothed."""
    animal, fur, rig = character.animal, character.fur, character.rig
    if animal == "llama":
        _llama_body(canvas, character)
        return
    feet = (BEAK, BEAK_LINE) if animal in FEATHERED else (fur.fill, fur.line)
    for side in (-1, 1):
        canvas.ellipse(side * 11, 116, 10, 5.4, *feet)
    outline = mirrored(((0, rig.body[0][0] - 2), *((w, y) for y, w in rig.body), (0, 115.5)))
    canvas.blob(outline, fur.fill, fur.line)
    canvas.ellipse(0, 97, 14.5, 16.5, fur.light)
    if animal == "owl":
        for y, xs in ((88, (-6, 0, 6)), (95, (-9, -3, 3, 9)), (102, (-6, 0, 6))):
            for x in xs:
                canvas.arc(x, y, 2.8, 3, fur.fill, width=1.4)
    elif animal == "rabbit":
        canvas.cloud(((-5, 76, 5), (5, 76, 5), (0, 80, 6)), fur.light)


def _llama_body(canvas: Canvas, character: Character) -> None:
    fur = character.fur
    hoof: Color = (122, 86, 66)
    for side in (-1, 1):
        canvas.tube(((side * 11, 104), (side * 11, 115)), fur.fill, fur.line, 12)
        canvas.ellipse(side * 11, 117, 6.6, 3.6, hoof, fur.line)
    wool: list[tuple[float, float, float]] = [(0, 92, 20)]
    for side in (-1, 1):
        wool += [
            (side * 14, 85, 7.6),
            (side * 18, 95, 7.6),
            (side * 15, 105, 7),
            (side * 5.5, 108, 7),
        ]
        wool += [(side * 8.5, 64, 6), (side * 8.5, 73, 7.2), (side * 9.5, 81, 6)]
    wool += [(0, 70, 9)]
    canvas.cloud(wool, fur.fill, fur.line)
    curl = mix(fur.fill, fur.line, 0.35)
    for x, y in ((-5.5, 72), (5.5, 72), (0, 79), (-9, 96), (9, 96), (0, 89), (0, 102)):
        canvas.arc(x, y, 4.4, 4, curl, width=1.8)


def draw_free_arm(canvas: Canvas, character: Character, sleeve: Paint | None, *, side: int) -> None:
    """An arm that holds nothing; ``side`` is -1 on the left of the picture."""
    x, y = character.rig.shoulder
    lift = character.look.arm
    hand = (x + 8 + 5 * lift, y + 17 - 9 * lift)
    _arm(canvas, character, sleeve, ((side * x, y), (side * hand[0], hand[1])))


def draw_holding_arm(canvas: Canvas, character: Character, sleeve: Paint | None) -> None:
    """The arm that leads to ``HAND``."""
    x, y = character.rig.shoulder
    _arm(canvas, character, sleeve, ((x, y), (x + 8, y + 7), HAND))


def _arm(
    canvas: Canvas, character: Character, sleeve: Paint | None, points: tuple[Point, ...]
) -> None:
    fur = character.fur
    (x0, y0), (x1, y1) = points[-2:]
    if sleeve is None and character.animal in FEATHERED:
        _wing(canvas, character, points[0], points[-1])
        return
    if sleeve is None:
        canvas.tube(points, fur.fill, fur.line, ARM_WIDTH)
        _join(canvas, points[0], fur.fill)
        return
    canvas.tube(((x0, y0), (x1, y1)), fur.fill, fur.line, ARM_WIDTH - 1)
    cuff = (x0 + (x1 - x0) * 0.62, y0 + (y1 - y0) * 0.62)
    canvas.tube((*points[:-1], cuff), sleeve.fill, sleeve.line, ARM_WIDTH + 1)
    _join(canvas, points[0], sleeve.fill)


def _join(canvas: Canvas, shoulder: Point, fill: Color) -> None:
    """Let the arm grow out of the body: no outline across the shoulder."""
    x, y = shoulder
    inward = -1 if x > 0 else 1
    canvas.ellipse(x + inward * 3.2, y - 2.4, 4.5, 4.5, fill)
    canvas.ellipse(x + inward * 1.8, y - 3.4, 2.3, 2.3, fill)


def _wing(canvas: Canvas, character: Character, shoulder: Point, tip: Point) -> None:
    """A broad flipper from the shoulder to a little beyond the tip."""
    fur = character.fur
    (x, y), (u, v) = shoulder, (tip[0] - shoulder[0], tip[1] - shoulder[1])
    along_across = ((-0.3, 0), (-0.12, -0.26), (0.4, -0.38), (0.9, -0.24), (1.25, 0.02))
    lower = ((0.95, 0.24), (0.4, 0.34), (-0.12, 0.24))
    points = tuple((x + a * u - b * v, y + a * v + b * u) for a, b in (*along_across, *lower))
    canvas.blob(points, fur.fill, fur.line)
    if character.animal == "owl":
        for a in (0.45, 0.8):
            canvas.arc(x + a * u, y + a * v, 3.4, 3.4, fur.line, start=20, end=160, width=1.2)


def draw_paw(canvas: Canvas, character: Character) -> None:
    """The fingers over what is held."""
    x, y = HAND
    fur = character.fur
    canvas.polygon(oval(x, y, 5.2, 5, 0), fur.fill, fur.line)
