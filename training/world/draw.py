"""Draw a scene of the pocket world."""

from __future__ import annotations

import random

from PIL import Image

from training.world.backgrounds import draw_background
from training.world.bodies import draw_body, draw_free_arm, draw_holding_arm, draw_paw, draw_tail
from training.world.canvas import Canvas
from training.world.clothes import draw_bow_tie, draw_collar, draw_scarf, draw_sweater
from training.world.face import draw_glasses
from training.world.ground import draw_flowers, draw_tea, draw_treats
from training.world.hats import draw_hat
from training.world.heads import draw_head
from training.world.held import draw_held
from training.world.palette import FURS, PAINTS, tinted
from training.world.rig import GROUND, RIGS, Character, Look
from training.world.scene import NOTHING, Scene


def draw(scene: Scene, *, size: int = 128) -> Image.Image:
    """Draw the scene: ``size`` x ``size`` pixels, RGB, the same bytes for the same scene.

    The seed decides place, size, tint, mood and the background's details in the same way
    whatever else the scene holds.
    """
    rng = random.Random(scene.seed)
    look = _look(rng)
    canvas = Canvas.blank(size)
    shadow = draw_background(canvas, scene.background, rng)
    if scene.animal != NOTHING:
        view = canvas.moved(64 + look.x, GROUND * (1 - look.scale) + look.y, scale=look.scale)
        view.ellipse(0, GROUND, 27, 4, shadow)
        _draw_character(view, _character(scene, look), scene)
    if scene.flowers:
        draw_flowers(canvas)
    if scene.treats:
        draw_treats(canvas)
    if scene.tea:
        draw_tea(canvas)
    return canvas.finished()


def _look(rng: random.Random) -> Look:
    return Look(
        x=rng.uniform(-4, 4),
        y=rng.uniform(-0.5, 3),
        scale=rng.uniform(0.96, 1.04),
        tint=rng.uniform(-1, 1),
        laughs=rng.random() < 0.5,
        arm=rng.random(),
    )


def _character(scene: Scene, look: Look) -> Character:
    return Character(
        animal=scene.animal,
        rig=RIGS[scene.animal],
        fur=tinted(FURS[scene.animal], look.tint),
        look=look,
        hatted=scene.hat != NOTHING,
    )


def _draw_character(canvas: Canvas, character: Character, scene: Scene) -> None:
    rig = character.rig
    paint = PAINTS[scene.clothing_color] if scene.clothing != NOTHING else None
    sleeve = paint if scene.clothing == "sweater" else None
    draw_tail(canvas, character)
    draw_body(canvas, character)
    if sleeve is not None:
        draw_sweater(canvas, rig, sleeve)
    draw_free_arm(canvas, character, sleeve, side=-1)
    if scene.held == NOTHING:
        draw_free_arm(canvas, character, sleeve, side=1)
    else:
        draw_holding_arm(canvas, character, sleeve)
    if sleeve is not None:
        draw_collar(canvas, rig, sleeve)
    draw_head(canvas, character)
    if paint is not None and scene.clothing == "scarf":
        draw_scarf(canvas, rig, paint)
    elif paint is not None and scene.clothing == "bow tie":
        draw_bow_tie(canvas, rig, paint)
    if scene.hat != NOTHING:
        draw_hat(canvas, rig, scene.hat, scene.hat_color)
    if scene.glasses:
        draw_glasses(canvas, character)
    if scene.held != NOTHING:
        draw_held(canvas, scene.held, scene.held_color)
        draw_paw(canvas, character)
