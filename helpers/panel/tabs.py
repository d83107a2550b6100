"""The tabs of an endpoint's page that only look: analytics, cost and logs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import ipywidgets
from huggingface_hub import InferenceEndpoint

from helpers.bill import bill
from helpers.connection import PRESENT
from helpers.panel import fields
from helpers.panel.analytics import GRAPHS
from helpers.panel.facts import costs_of
from helpers.panel.jobs import Jobs, beside
from helpers.panel.live import Live, Notice
from helpers.panel.management import last_heard_of, read_graph, read_log
from helpers.panel.offers import Row
from helpers.panel.words import usd

PERIODS = [("5 minutes", 300), ("1 hour", 3600), ("24 hours", 86_400)]
LOG_LINES = [50, 200, 1000]


class Tab:
    """What the tabs have in common: they ask for news while they are in front.

    Attributes:
        title: what stands on the tab.
        notice: what goes wrong here is said here.
        widget: everything in it.
    """

    title = ""
    widget: ipywidgets.Widget

    def __init__(self) -> None:
        self.notice = Notice()
        self.jobs = Jobs(self.notice.complain)
        self.endpoint: InferenceEndpoint | None = None
        self.row: Row | None = None

    def show(self, endpoint: InferenceEndpoint, row: Row | None) -> None:
        """Take over what the service last said about the endpoint."""
        self.endpoint, self.row = endpoint, row

    def look(self) -> None:
        """Ask for news, unless they are being asked for."""
        self.jobs.start("look", self._look)

    async def _look(self) -> None:
        raise NotImplementedError


class Analytics(Tab):
    """Requests, latency and replicas over time."""

    title = "Analytics"

    def __init__(self) -> None:
        super().__init__()
        self.period = fields.choice("The last", PERIODS, PERIODS[0][1])
        self.plots = Live("plots", {"plots": [], "note": "Reading …"})
        self.widget = fields.column(self.period, self.notice, self.plots)
        self._ahead = timedelta(0)
        self.period.observe(lambda _: self.look(), names="value")

    def show(self, endpoint: InferenceEndpoint, row: Row | None) -> None:
        """Learn what time it is at the service: a lesson can put the local one's clock forward."""
        super().show(endpoint, row)
        self._ahead = max(self._ahead, last_heard_of(endpoint) - datetime.now(timezone.utc))

    async def _look(self) -> None:
        endpoint, seconds = self.endpoint, self.period.value
        if endpoint is None:
            return
        stop = datetime.now(timezone.utc) + self._ahead

        def plots() -> list[dict[str, Any]]:
            return [
                graph.plot(read_graph(endpoint, graph.route, seconds=seconds, stop=stop))
                for graph in GRAPHS
            ]

        try:
            self.plots.data = {"plots": await beside(plots)}
        except Exception:
            self.plots.data = {"plots": []}
            raise
        self.notice.complain("")


class Cost(Tab):
    """What it has cost, what it costs now, and what it would if it were forgotten."""

    title = "Usage & Cost"

    def __init__(self) -> None:
        super().__init__()
        self.bill = Live("facts")
        self.prices = Live("facts")
        self.widget = fields.column(self.notice, self.bill, self.prices)

    def show(self, endpoint: InferenceEndpoint, row: Row | None) -> None:
        """Compute from the price list what can be computed."""
        super().show(endpoint, row)
        self.prices.data = {"rows": costs_of(endpoint, row)}

    async def _look(self) -> None:
        endpoint = self.endpoint
        if endpoint is None:
            return
        found = await beside(bill)
        self.notice.complain("")
        place = (endpoint.namespace, endpoint.name)
        row = next((each for each in found.rows if (each.namespace, each.name) == place), None)
        lines = [("Spend limit", _limit_words())]
        if row is not None:
            lines = [
                ("This run", f"{usd(row.usd, digits=4)} for {row.minutes} started minutes"),
                ("Now", f"{usd(row.usd_per_hour_now)} per hour" if row.usd_per_hour_now
                 else "it does not bill"),
                ("All endpoints, now", f"{usd(found.usd_per_hour)} per hour"),
                *lines,
            ]  # fmt: skip
        source = (
            "An estimate: price times started minutes, as far as this kernel saw them. The web "
            "interface has the exact usage."
            if found.is_estimate
            else "From the local service's ledger: nobody pays this."
        )
        rows = [{"term": term, "text": text} for term, text in lines]
        self.bill.data = {"rows": rows, "note": source}


class Logs(Tab):
    """The end of the container's log."""

    title = "Logs"

    def __init__(self) -> None:
        super().__init__()
        self.tail = fields.choice("Lines", LOG_LINES, LOG_LINES[0])
        self.filter = fields.text("Only lines with", hint="any part of them, capitals or not")
        self.follow = fields.check("Follow", True)
        self.refresh = fields.button("Read again", self.look)
        self.lines = Live("log", {"lines": [], "note": "Reading …"})
        self._read: list[str] = []
        self.widget = fields.column(
            fields.row(self.tail, self.filter), fields.row(self.follow, self.refresh), self.notice,
            self.lines,
        )  # fmt: skip
        self.tail.observe(lambda _: self.look(), names="value")
        self.filter.observe(lambda _: self._show_lines(), names="value")

    @property
    def follows(self) -> bool:
        """Whether news are wanted without asking."""
        return bool(self.follow.value)

    async def _look(self) -> None:
        endpoint, lines = self.endpoint, self.tail.value
        if endpoint is None:
            return
        self._read = await beside(lambda: read_log(endpoint, lines=lines))
        self.notice.complain("")
        self._show_lines()

    def _show_lines(self) -> None:
        words = self.filter.value.strip().lower()
        lines = [line for line in self._read if words in line.lower()]
        note = f"{len(lines)} of {len(self._read)} lines" if words else f"{len(lines)} lines"
        self.lines.data = {"lines": lines, "note": note}


def _limit_words() -> str:
    connection = PRESENT.connection
    if connection is None:
        return "not connected"
    if connection.is_local:
        return "none is needed on this computer"
    if connection.max_spend_usd is None:
        return "none was given: nothing that raises the cost is allowed"
    return f"{usd(connection.max_spend_usd)} per hour, everything together: more is refused"
