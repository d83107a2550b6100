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
EXAMPLE_DESCRIPTIONS = {
    "llama": "A cream llama in a straw hat and a blue and violet scarf shows a brown cookbook "
    "before a wooden wall; at its feet stand a cupcake, cookies, flowers and a steaming cup of "
    "tea.",
    "fox": "A fox in a red and yellow striped woolly hat and a blue scarf holds a laptop under a "
    "night sky with moon and stars.",
    "penguin": "A penguin in round glasses and a yellow bow tie holds a cup of tea; it snows, and "
    "two fir trees stand behind it.",
    "frog": "A frog in a straw hat and an orange striped sweater stands on a beach between a "
    "parasol, the sea and the sun. Its hands are empty.",
    "owl": "An owl in a purple woolly hat holds a pink flower on a green hill with more flowers, "
    "under the sun and a cloud.",
    "cat": "A gray cat in a green sweater holds a red balloon, high up among white clouds.",
    "rabbit": "A white rabbit in a red scarf shows a brown cookbook before a wooden wall.",
}
"""What one sees on each of the example pictures. Written by hand, so that a model's answers can be
checked without seeing."""


def example_pictures() -> dict[str, Image.Image]:
    """Seven pictures that the course's own image model drew, by the animal that they show.

    RGB, 128 x 128 pixels. The first one, "llama", is what notebook 2 draws by default.
    """
    folder = files("helpers") / "pictures"
    pictures: dict[str, Image.Image] = {}
    for name in EXAMPLES:
        pictures[PurePath(name).stem] = load_picture((folder / name).read_bytes())
    return pictures
