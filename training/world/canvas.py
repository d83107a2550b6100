"""A drawing surface in units of 1/128 of the picture's side, drawn large and reduced."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

from training.world.palette import Color

Point = tuple[float, float]
UNITS = 128
SUPERSAMPLING = 3
LINE = 1.3
"""Width of an outline, in units."""


class Canvas:
    """Shapes in units, with an origin and a scale of its own.

    A view made by ``moved`` draws on the same picture; coordinates are rounded to whole
    supersampled pixels, so the bytes do not depend on the platform.
    """

    def __init__(self, image: Image.Image, *, x: float = 0, y: float = 0, scale: float = 0) -> None:
        """A view of ``image`` with its origin at the pixel (x, y).

        ``scale`` is in pixels per unit; 0 makes the picture 128 units wide.
        """
        self.image = image
        self._draw = ImageDraw.Draw(image)
        self._x = x
        self._y = y
        self._scale = scale or image.width / UNITS

    @classmethod
    def blank(cls, size: int) -> Canvas:
        """A black square whose finished picture has ``size`` pixels a side."""
        side = size * SUPERSAMPLING
        return cls(Image.new("RGB", (side, side)))

    def finished(self) -> Image.Image:
        """The picture at its final size."""
        return self.image.reduce(SUPERSAMPLING)

    def moved(self, x: float, y: float, *, scale: float = 1) -> Canvas:
        """A view whose origin lies at (x, y) of this one."""
        return Canvas(
            self.image,
            x=self._x + x * self._scale,
            y=self._y + y * self._scale,
            scale=self._scale * scale,
        )

    def rectangle(self, x0: float, y0: float, x1: float, y1: float, fill: Color) -> None:
        """A filled rectangle; the right and the lower edge are not part of it."""
        left, top, right, bottom = self._box(x0, y0, x1, y1)
        self._draw.rectangle((left, top, right - 1, bottom - 1), fill=fill)

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        fill: Color,
        line: Color | None = None,
        width: float = LINE,
    ) -> None:
        """An upright ellipse; the outline lies inside it."""
        box = self._box(x - rx, y - ry, x + rx, y + ry)
        if line is None:
            self._draw.ellipse(box, fill=fill)
        else:
            self._draw.ellipse(box, fill=fill, outline=line, width=self._width(width))

    def ring(self, x: float, y: float, r: float, line: Color, width: float) -> None:
        """The outline of a circle; its width lies inside the radius."""
        box = self._box(x - r, y - r, x + r, y + r)
        self._draw.ellipse(box, outline=line, width=self._width(width))

    def arc(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        line: Color,
        *,
        start: float = 0,
        end: float = 180,
        width: float = LINE,
    ) -> None:
        """Part of an ellipse, in degrees clockwise from the right; the default is a smile."""
        box = self._box(x - rx, y - ry, x + rx, y + ry)
        self._draw.arc(box, start, end, fill=line, width=self._width(width))

    def bowl(self, x: float, y: float, rx: float, ry: float, fill: Color) -> None:
        """The lower half of an ellipse."""
        self._draw.chord(self._box(x - rx, y - ry, x + rx, y + ry), 0, 180, fill=fill)

    def polygon(
        self,
        points: Sequence[Point],
        fill: Color,
        line: Color | None = None,
        width: float = LINE,
    ) -> None:
        """A polygon with rounded corners where it has an outline."""
        pixels = self._pixels(points)
        self._draw.polygon(pixels, fill=fill)
        if line is not None:
            self._stroke([*pixels, pixels[0]], line, self._width(width), joints=True)

    def blob(
        self,
        points: tuple[Point, ...],
        fill: Color,
        line: Color | None = None,
        width: float = LINE,
    ) -> None:
        """A closed smooth curve through the points."""
        pixels = self._pixels(smooth(points))
        self._draw.polygon(pixels, fill=fill)
        if line is not None:
            self._stroke([*pixels, pixels[0]], line, self._width(width), joints=False)

    def stroke(self, points: Sequence[Point], line: Color, width: float = LINE) -> None:
        """A line with round ends and corners."""
        self._stroke(self._pixels(points), line, self._width(width), joints=True)

    def tube(self, points: Sequence[Point], fill: Color, line: Color, width: float) -> None:
        """A thick line with an outline inside its width."""
        self.stroke(points, line, width)
        self.stroke(points, fill, width - 2 * LINE)

    def cloud(
        self,
        circles: Sequence[tuple[float, float, float]],
        fill: Color,
        line: Color | None = None,
    ) -> None:
        """The union of circles (x, y, radius), with one outline round all of them."""
        if line is not None:
            for x, y, r in circles:
                self.ellipse(x, y, r, r, line)
        inset = LINE if line is not None else 0
        for x, y, r in circles:
            self.ellipse(x, y, r - inset, r - inset, fill)

    def _width(self, width: float) -> int:
        return max(1, round(width * self._scale))

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[int, int, int, int]:
        scale = self._scale
        return (
            round(self._x + x0 * scale),
            round(self._y + y0 * scale),
            round(self._x + x1 * scale),
            round(self._y + y1 * scale),
        )

    def _pixels(self, points: Sequence[Point]) -> list[tuple[int, int]]:
        left, top, scale = self._x, self._y, self._scale
        return [(round(left + x * scale), round(top + y * scale)) for x, y in points]

    def _stroke(
        self, pixels: list[tuple[int, int]], line: Color, width: int, *, joints: bool
    ) -> None:
        self._draw.line(pixels, fill=line, width=width)
        if joints and width > 2:
            half = (width - 1) / 2
            for x, y in pixels:
                self._draw.ellipse((x - half, y - half, x + half, y + half), fill=line)


@lru_cache(maxsize=1024)
def smooth(points: tuple[Point, ...], *, steps: int = 5) -> tuple[Point, ...]:
    """A closed Catmull-Rom curve through the points."""
    curve: list[Point] = []
    count = len(points)
    for i in range(count):
        a, b, c, d = (points[(i + k - 1) % count] for k in range(4))
        for step in range(steps):
            t = step / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return tuple(curve)


@lru_cache(maxsize=256)
def curve(points: tuple[Point, ...], *, steps: int = 5) -> tuple[Point, ...]:
    """An open Catmull-Rom curve through the points."""
    full: list[Point] = []
    ends = (points[0], *points, points[-1])
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            full.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return (*full, points[-1])


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t * t
        + (3 * b - a - 3 * c + d) * t * t * t
    )


@lru_cache(maxsize=256)
def mirrored(half: tuple[Point, ...]) -> tuple[Point, ...]:
    """A closed shape from its right half, given from top to bottom, about x = 0."""
    left = tuple((-x, y) for x, y in reversed(half) if x)
    return half + left


@lru_cache(maxsize=256)
def oval(
    x: float, y: float, rx: float, ry: float, degrees: float, *, count: int = 22
) -> tuple[Point, ...]:
    """An ellipse turned clockwise about its centre, as a polygon."""
    turn = math.radians(degrees)
    cos, sin = math.cos(turn), math.sin(turn)
    points: list[Point] = []
    for i in range(count):
        u = rx * math.cos(2 * math.pi * i / count)
        v = ry * math.sin(2 * math.pi * i / count)
        points.append((x + u * cos - v * sin, y + u * sin + v * cos))
    return tuple(points)
