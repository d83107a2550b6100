"""The drawing of a picture on its way shows what the model does."""

from __future__ import annotations

from PIL import ImageChops, ImageStat

from teaching.denoising import DRAWING, STEPS, drawn, redraw
from tests.judge import judge


def test_the_drawing_shows_the_models_own_pictures() -> None:
    committed = DRAWING.read_text(encoding="utf-8")
    pictures, fresh = drawn(committed), drawn(redraw(committed))
    assert list(pictures) == list(fresh) == [0, 4, 8, 12, 16, STEPS]
    for steps, picture in pictures.items():
        difference = ImageStat.Stat(ImageChops.difference(picture, fresh[steps])).mean
        # Another processor or another Pillow changes some pixels a little.
        assert max(difference) < 3, f"{steps} steps: run python -m teaching.denoising"
    assert judge(pictures[STEPS])["animal"] == "llama"
