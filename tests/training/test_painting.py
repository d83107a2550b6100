"""Prompts that say all of a scene, and who paints them."""

from __future__ import annotations

from PIL import Image

from training.painting import full_prompt, painted
from training.world.draw import draw
from training.world.scene import Scene

FOX = Scene("fox", "snow", clothing="scarf", clothing_color="red", hat="straw hat", held="balloon",
            held_color="orange", glasses=True, tea=True)  # fmt: skip
BARE = Scene("owl", "sky")


def test_the_full_prompt_says_everything() -> None:
    assert full_prompt(FOX) == (
        "a fox wearing a red scarf and a straw hat, with glasses, holding an orange balloon, "
        "in the snow, with a cup of tea on the ground."
    )
    assert full_prompt(BARE) == "an owl, in the sky."


def test_the_painter_gets_the_prompts_and_a_seed_of_its_own_for_each() -> None:
    asked = []

    def paint(prompt: str, seed: int) -> Image.Image:
        asked.append((prompt, seed))
        return draw(BARE)

    assert len(painted([FOX, BARE], paint)) == 2
    assert asked == [(full_prompt(FOX), 0), (full_prompt(BARE), 1)]
