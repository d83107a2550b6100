"""All endpoints in one table, with a way to each one's page."""

from __future__ import annotations

from typing import Any

from huggingface_hub import get_inference_endpoint

from helpers.answers import plain_words
from helpers.panel import fields
from helpers.panel.base import Displayed
from helpers.panel.endpoint import NEWS_SECONDS, EndpointPanel
from helpers.panel.jobs import Jobs, beside
from helpers.panel.live import Live, Notice
from helpers.panel.states import state_of
from helpers.panel.static import static_html
from helpers.panel.words import usd
from helpers.spending import (
    HardwareKey,
    bills,
    endpoints_of,
    hardware_key,
    price_list,
    replicas_of,
    token_namespaces,
)

COLUMNS = ["Name", "State", "Task", "Container", "Hardware", "Bills now"]


class ListPanel(Displayed):
    """The table. See ``panel``.

    Attributes:
        namespace: whose endpoints; the control.
        filter: words that name, model or state must hold; the control.
        table: the table.
        opened: the page that was opened last, if one was.
    """

    def __init__(self) -> None:
        self.notice = Notice()
        self.jobs = Jobs(self.notice.complain)
        self.opened: EndpointPanel | None = None
        self._rows: list[dict[str, Any]] = []
        self.namespace = fields.choice("Namespace", [("reading …", "")], "")
        self.filter = fields.text("Only those with", hint="part of a name, a model or a state")
        empty = "No endpoint. create_panel() makes one."
        self.table = Live("table", {"rows": [], "empty": empty}, every=NEWS_SECONDS)
        self.table.on("news", lambda _: self.look())
        self.table.on("open", self.open)
        self._below = fields.column()
        self.widget = fields.column(
            self.namespace, self.filter, self.notice, self.table, self._below
        )
        self.namespace.observe(lambda _: self.look(), names="value")
        self.filter.observe(lambda _: self._show(), names="value")
        self.jobs.start("namespaces", self._read_namespaces)

    def look(self) -> None:
        """Ask for the list."""
        self.jobs.start("look", self._look)

    def open(self, name: str) -> None:
        """Show an endpoint's page below the table."""
        namespace = str(self.namespace.value)

        async def job() -> None:
            with plain_words(f"opening {name}"):
                found = await beside(lambda: get_inference_endpoint(name, namespace=namespace))
            self.opened = EndpointPanel(found)
            self._below.children = (self.opened.widget,)

        self.jobs.start("open", job, replace=True)

    async def _read_namespaces(self) -> None:
        names = await beside(token_namespaces)
        self.namespace.options = names
        self.namespace.value = names[0]
        await self._look()

    async def _look(self) -> None:
        namespace = str(self.namespace.value)
        try:
            if namespace:
                found = await beside(lambda: endpoints_of(namespace))
                prices = await beside(lambda: price_list(namespace))
                self._rows = [_row(raw, prices) for raw in found]
                self.notice.complain("")
                self._show()
        finally:
            self.table.answered()

    def _show(self) -> None:
        words = self.filter.value.strip().lower()
        rows = [row for row in self._rows if words in row["words"]]
        shown = [{"id": row["id"], "cells": row["cells"]} for row in rows]
        data = {
            **self.table.data,
            "caption": f"Endpoints of {self.namespace.value}: {len(shown)} of {len(self._rows)}",
            "columns": COLUMNS,
            "rows": shown,
            "actions": [{"label": "Open", "event": "open"}],
        }
        if data != self.table.data:
            self.table.data = data

    # Without a browser.

    def __repr__(self) -> str:
        return f"A table of {len(self._rows)} endpoints"

    def static(self) -> str:
        """The table, without its buttons."""
        return static_html("table", dict(self.table.data))


def _row(raw: dict[str, Any], prices: dict[HardwareKey, float]) -> dict[str, Any]:
    state = state_of(str(raw["status"]["state"]))
    image = next(iter(raw["model"].get("image") or {"huggingface": {}}))
    compute = raw["compute"]
    price = prices.get(hardware_key(raw), float("nan"))
    cells = [
        str(raw["name"]),
        f"{state.symbol} {state.word}",
        str(raw["model"].get("task") or "unknown"),
        image,
        f"{compute['instanceType']} {compute['instanceSize']}, {raw['provider']['region']}",
        f"{usd(price * replicas_of(raw))} per hour" if bills(raw) else "nothing",
    ]
    words = " ".join([*cells, str(raw["model"]["repository"])]).lower()
    return {"id": str(raw["name"]), "cells": cells, "words": words}
