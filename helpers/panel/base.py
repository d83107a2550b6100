"""What the panels have in common: how they are displayed, with and without a browser."""

from __future__ import annotations

from typing import Any

import ipywidgets

from helpers.panel.jobs import Jobs
from helpers.panel.static import static_page

PATIENCE_SECONDS = 15.0
"""How long displaying waits for what the service was asked, so that the static picture has it."""


class Displayed:
    """Something that a notebook displays: as widgets, or as HTML where there are none.

    Attributes:
        widget: what a browser shows.
        jobs: what is going on.
    """

    widget: ipywidgets.Widget
    jobs: Jobs

    def static(self) -> str:
        """HTML of what it shows at present."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **options: Any) -> Any:
        self.jobs.settle(PATIENCE_SECONDS)
        bundle = self.widget._repr_mimebundle_(**options)
        return bundle | {"text/plain": repr(self), "text/html": static_page(self.static())}
