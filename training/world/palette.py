"""Every colour of the pocket world."""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[int, int, int]

WHITE: Color = (255, 255, 255)
INK: Color = (52, 38, 48)
FRAME: Color = (44, 40, 58)
BLUSH: Color = (250, 150, 150)
MOUTH: Color = (148, 48, 62)
TONGUE: Color = (246, 132, 138)
BEAK: Color = (252, 172, 52)
BEAK_LINE: Color = (196, 112, 24)
STRAW: Color = (240, 208, 126)
STRAW_LINE: Color = (176, 130, 60)
STRAW_BAND: Color = (168, 68, 48)


@dataclass(frozen=True)
class Paint:
    """The tones of one colour of cloth: its area, outline, stripe and shade."""

    fill: Color
    line: Color
    light: Color
    shade: Color


@dataclass(frozen=True)
class Fur:
    """The tones of one animal.

    Attributes:
        fill, line: of head and body.
        light: of belly, muzzle or cheeks.
        accent: of the inner ear.
    """

    fill: Color
    line: Color
    light: Color
    accent: Color


PAINTS = {
    "red": Paint((222, 48, 54), (140, 22, 38), (248, 132, 124), (190, 34, 48)),
    "blue": Paint((48, 104, 222), (24, 52, 140), (128, 176, 250), (38, 82, 186)),
    "green": Paint((30, 146, 84), (12, 84, 52), (116, 206, 142), (22, 118, 68)),
    "yellow": Paint((254, 212, 54), (188, 132, 18), (255, 240, 160), (236, 184, 36)),
    "purple": Paint((138, 74, 190), (80, 34, 122), (196, 150, 232), (112, 56, 162)),
    "orange": Paint((250, 140, 34), (172, 78, 12), (255, 200, 128), (226, 114, 20)),
    "pink": Paint((252, 146, 190), (190, 74, 124), (255, 208, 226), (236, 116, 166)),
    "white": Paint((250, 251, 255), (134, 150, 184), (206, 216, 236), (222, 229, 242)),
}

FURS = {
    "llama": Fur((248, 232, 202), (172, 130, 90), (255, 248, 232), (244, 180, 166)),
    "fox": Fur((226, 104, 44), (136, 52, 20), (255, 246, 234), (92, 44, 34)),
    "cat": Fur((152, 160, 178), (82, 88, 108), (222, 226, 234), (246, 172, 176)),
    "penguin": Fur((62, 74, 108), (30, 36, 60), (252, 252, 255), (62, 74, 108)),
    "bear": Fur((146, 92, 56), (84, 48, 26), (226, 186, 140), (226, 156, 128)),
    "owl": Fur((150, 116, 122), (88, 62, 72), (250, 232, 204), (122, 90, 98)),
    "rabbit": Fur((236, 228, 236), (146, 128, 152), (255, 252, 255), (250, 176, 190)),
    "frog": Fur((134, 204, 84), (62, 122, 44), (228, 244, 176), (134, 204, 84)),
}


def mix(color: Color, other: Color, share: float) -> Color:
    """``color`` with a share (0 to 1) of another."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(color, other, strict=True))
    return r, g, b


def tinted(fur: Fur, tint: float) -> Fur:
    """The fur a little lighter (positive, up to 1) or darker (down to -1)."""
    other = fur.light if tint > 0 else fur.line
    return Fur(mix(fur.fill, other, abs(tint) * 0.12), fur.line, fur.light, fur.accent)
