"""Where the parts of each animal are: a common skeleton, so that everything fits everyone.

The origin of x is the middle of the animal; y counts down from the top of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from training.world.palette import Fur

GROUND = 119.0
"""The line on which the feet stand."""

HAND = (32.0, 86.0)
"""The hand that holds something, on the right of the picture."""


@dataclass(frozen=True)
class Rig:
    """The measures of an animal.

    Attributes:
        eye_x, eye_y: of the right eye.
        lens: radius of the spectacles.
        hat_y: the line on which a hat sits.
        hat_width: of the head there, relative to a hat's usual width.
        neck_y, neck_width: middle and half width of what is tied round the neck.
        body: half widths of the body by y, from top to bottom.
        shoulder: where the right arm begins.
    """

    eye_x: float = 10.5
    eye_y: float = 51
    lens: float = 9.2
    hat_y: float = 34
    hat_width: float = 1.0
    neck_y: float = 74
    neck_width: float = 19
    body: tuple[tuple[float, float], ...] = (
        (66, 12),
        (76, 17.5),
        (88, 21),
        (99, 22),
        (109, 19.5),
        (114, 12),
    )
    shoulder: tuple[float, float] = (17, 84)

    def half_width(self, y: float) -> float:
        """Of the body at a height."""
        for (y0, w0), (y1, w1) in zip(self.body, self.body[1:], strict=False):
            if y0 <= y <= y1:
                return w0 + (w1 - w0) * (y - y0) / (y1 - y0)
        return self.body[-1][1]


RIGS = {
    "llama": Rig(
        eye_x=10,
        eye_y=43.5,
        lens=8.8,
        hat_y=30,
        hat_width=0.94,
        neck_y=71,
        neck_width=15,
        body=((66, 11), (76, 13), (84, 19), (95, 22.5), (104, 21.5), (111, 15)),
        shoulder=(17, 87),
    ),
    "fox": Rig(eye_x=11),
    "cat": Rig(eye_x=11.5),
    "penguin": Rig(eye_x=9.5),
    "bear": Rig(),
    "owl": Rig(eye_x=11.5, lens=10.6),
    "rabbit": Rig(),
    "frog": Rig(eye_x=15, eye_y=42, lens=9.6, hat_y=32.6, hat_width=0.94, neck_y=75),
}


@dataclass(frozen=True)
class Look:
    """What the seed decides about the animal.

    Attributes:
        x, y, scale: jitter of place and size.
        laughs: an open mouth.
        arm: how far the free arm is lifted, 0 to 1.
    """

    x: float
    y: float
    scale: float
    tint: float
    laughs: bool
    arm: float


@dataclass(frozen=True)
class Character:
    """One animal, ready to be drawn."""

    animal: str
    rig: Rig
    fur: Fur
    look: Look
    hatted: bool
