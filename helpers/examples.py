"""Pictures to ask a vision endpoint about."""

from __future__ import annotations

from importlib.resources import files
from pathlib import PurePath

from PIL import Image

from helpers.picture import load_picture

EXAMPLES = (
    *("llama.png", "fox.webp", "penguin.webp", "frog.webp", "owl.webp", "cat.webp"),
    "rabbit.webp",
)


def example_pictures() -> dict[str, Image.Image]:
    """Seven pictures that the course's own image model drew, by the animal that they show.

    RGB, 128 x 128 pixels. The first one, "llama", is what notebook 2 draws by default.
    """
    folder = files("helpers") / "pictures"
    pictures: dict[str, Image.Image] = {}
    for name in EXAMPLES:
        pictures[PurePath(name).stem] = load_picture((folder / name).read_bytes())
    return pictures
