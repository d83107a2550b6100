"""The drawings of ``images/``: legible at a notebook's width, on light and on dark pages."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

DRAWINGS = sorted((Path(__file__).parents[1] / "images").glob("*.svg"))
NOTEBOOK_WIDTH = 760
SMALLEST_TEXT = 13
SVG = "{http://www.w3.org/2000/svg}"
LEGIBLE = 4.5
"""Contrast of text, by WCAG 2.2's success criterion 1.4.3."""

each_drawing = pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)


def test_they_share_one_style() -> None:
    """A page shows it as a picture, so that it cannot take its style from anywhere else."""
    assert len({_style(path) for path in DRAWINGS}) == 1


@each_drawing
def test_it_has_a_name_and_a_description(path: Path) -> None:
    drawing = ElementTree.parse(path).getroot()
    labels = [
        drawing.find(f"*[@id='{label}']") for label in drawing.attrib["aria-labelledby"].split()
    ]
    assert [label is not None and len(label.text or "") > 10 for label in labels] == [True, True]


@each_drawing
def test_its_text_is_large_enough(path: Path) -> None:
    drawing = ElementTree.parse(path).getroot()
    assert drawing.attrib["viewBox"].split()[2] == drawing.attrib["width"] == str(NOTEBOOK_WIDTH)
    sizes = re.findall(r"font-size[:=]\s*\"?(\d+)", path.read_text(encoding="utf-8"))
    assert sizes and min(map(int, sizes)) >= SMALLEST_TEXT
    # Colors come from the style alone, which has both of each.
    assert not re.findall(r"\b(?:fill|stroke|color)=\"#", path.read_text(encoding="utf-8"))


def test_text_stands_out_in_light_and_in_dark() -> None:
    light, dark = _style(DRAWINGS[0]).split("@media (prefers-color-scheme: dark)")
    for rules in (light, dark):
        fills = dict(re.findall(r"^\s*\.?(\w+) \{ fill: (#\w+)", rules, re.MULTILINE))
        text = fills.pop("text")
        fills.pop("head")
        assert {"paper", "box", "blue", "orange", "green", "red"} <= set(fills)
        for name, fill in fills.items():
            assert _contrast(text, fill) >= LEGIBLE, name


def _style(path: Path) -> str:
    style = ElementTree.parse(path).getroot().find(f"{SVG}style")
    assert style is not None and style.text, path
    return style.text


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
