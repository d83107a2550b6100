"""What a text names that its picture does not show."""

from __future__ import annotations

import re

from training.idefics2.names import Values
from training.world.scene import ANIMALS

NAMED: dict[str, dict[str, str]] = {
    "animal": {animal: rf"\b{animal}s?\b" for animal in ANIMALS},
    "clothing": {"sweater": r"\bsweater", "scarf": r"\bscarf", "bow tie": r"\btie\b"},
    "hat": {
        "top hat": r"\btop hat",
        "party hat": r"\bparty hat",
        "beanie": r"\bbeanie",
        "straw hat": r"\bstraw hat",
    },
    "held": {
        "cookbook": r"\bcookbook|\bbook\b",
        "flower": r"\bflower\b",
        "balloon": r"\bballoon",
        "laptop": r"\blaptop",
    },
    "glasses": {"yes": r"(?<!no )\bglasses\b"},
    "flowers": {"yes": r"\bflowers\b"},
    "treats": {"yes": r"\btreats\b|\bcookies\b"},
}
"""By attribute and value, what a caption or a limerick says of it."""
TEA = r"\btea\b"


def invented(text: str, values: Values) -> list[str]:
    """The animals and things that a text names and its picture does not show.

    A cup of tea may be held or stand on the ground; a text is not asked which.
    """
    text = text.lower()
    found = [
        key if value == "yes" else value
        for key, patterns in NAMED.items()
        for value, pattern in patterns.items()
        if re.search(pattern, text) and values[key] != value
    ]
    no_tea = values["held"] != "cup of tea" and values["tea"] != "yes"
    return [*found, "tea"] if no_tea and re.search(TEA, text) else found
