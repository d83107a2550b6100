"""A plot in a notebook, with a description for whoever cannot see it."""

from __future__ import annotations

import base64
import html
import io
from typing import TYPE_CHECKING, Any

from helpers.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_INCH = 100


class Plot:
    """What ``show_plot`` returns. A notebook shows the picture, everything else its description."""

    def __init__(self, png: bytes, about: str, *, width: int) -> None:
        self.png = png
        self.about = about
        self.width = width

    def __repr__(self) -> str:
        return f"plot: {self.about}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        url = "data:image/png;base64," + base64.b64encode(self.png).decode()
        picture = (
            f'<img src="{url}" alt="{html.escape(self.about)}" width="{self.width}" '
            'style="max-width: 100%; border-radius: 6px">'
        )
        return {"text/plain": repr(self), "text/html": picture}


def show_plot(figure: Figure, *, about: str) -> Plot:
    """Show a figure of matplotlib as one picture: on white, so that it is legible on dark pages.

    The figure is closed: a notebook would show it a second time, without a description.

    Args:
        figure: what ``matplotlib.pyplot.subplots`` returns first.
        about: what there is to see, in a sentence or two; screen readers read it aloud.

    Raises:
        ParameterError: there is no description.
    """
    from matplotlib import pyplot

    if not isinstance(about, str) or not about.strip():
        raise ParameterError("about is empty: say what the plot shows, for those who cannot see it")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DOTS_PER_INCH, facecolor="white")
    pyplot.close(figure)
    return Plot(file.getvalue(), about, width=round(figure.get_figwidth() * DOTS_PER_INCH))
