"""A plot is one picture with a description."""

from __future__ import annotations

import base64
import io
import re

import pytest
from matplotlib import pyplot
from PIL import Image

from helpers import ParameterError, show_plot


def test_one_described_picture_on_white() -> None:
    figure, axes = pyplot.subplots(figsize=(4, 2))
    axes.plot([1, 2], [3, 5])
    shown = show_plot(figure, about='It rises from 3 to 5, "steeply".')
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == 'plot: It rises from 3 to 5, "steeply".'
    assert 'alt="It rises from 3 to 5, &quot;steeply&quot;." width="400"' in bundle["text/html"]
    coded = re.search(r"base64,([^\"]+)", bundle["text/html"])
    assert coded
    with Image.open(io.BytesIO(base64.b64decode(coded[1]))) as picture:
        assert picture.size == (400, 200)
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert not pyplot.get_fignums(), "else the notebook shows it a second time"


@pytest.mark.parametrize("about", ["", "  ", None])
def test_without_a_description_it_is_refused(about: str) -> None:
    figure, _ = pyplot.subplots()
    with pytest.raises(ParameterError, match="say what the plot shows"):
        show_plot(figure, about=about)
    pyplot.close(figure)
