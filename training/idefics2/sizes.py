"""How the pocket Idefics2 cuts pictures up."""

from __future__ import annotations

TILE = 64
"""Pixels of the side of what the vision tower sees at once."""
TILES = 5
"""Four quarters of a picture and the whole of it, as in Idefics2."""
PATCH = 8
"""Pixels of the side of what becomes one position in the vision tower."""
LATENTS = 64
"""Image tokens per tile, as in Idefics2."""
