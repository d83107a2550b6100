"""An endpoint's page: its state, and what can be done with it."""

from __future__ import annotations

import ipywidgets
from huggingface_hub import InferenceEndpoint, get_inference_endpoint

from helpers.answers import persistently, plain_words
from helpers.connection import PRESENT
from helpers.errors import CourseError, RefusedError
from helpers.panel import fields
from helpers.panel.base import Displayed
from helpers.panel.facts import badge_of, overview_of, picture_of
from helpers.panel.jobs import Jobs, beside
from helpers.panel.live import Live, Notice
from helpers.panel.offers import Offers, Row, read_offers, row_of
from helpers.panel.playground import playground_for
from helpers.panel.settings_tab import Settings
from helpers.panel.states import state_of
from helpers.panel.static import static_html
from helpers.panel.tabs import Analytics, Cost, Logs, Tab

NEWS_SECONDS = 2.0
NOT_FOUND = 404
DOINGS = {"pause": "Pausing", "resume": "Starting", "delete": "Deleting"}


class EndpointPanel(Displayed):
    """The page. See ``endpoint_panel``.

    Attributes:
        endpoint: as the service last described it; an object of the panel's own.
        pause, resume, wake, delete: the buttons.
        confirm: asks before it deletes.
        playground: by its task, or ``None``.
        analytics, cost, logs, settings: what is in the tabs.
        tabs: the tabs themselves.
        notice: what the panel says.
    """

    def __init__(self, endpoint: InferenceEndpoint) -> None:
        self.endpoint = endpoint
        self.notice = Notice()
        self.jobs = Jobs(self.notice.complain)
        self._offers = Offers()
        self._is_gone = self._is_lost = False
        self.badge = Live("state", badge_of(endpoint), every=NEWS_SECONDS)
        self.badge.on("news", lambda _: self.look())
        self.pause = fields.button("Pause", lambda: self._do("pause"), title="Switch it off")
        self.resume = fields.button("Resume", lambda: self._do("resume"), title="Switch it on")
        self.wake = fields.button("Wake up", lambda: self._do("resume"), title="Start it now")
        self.delete = fields.button("Delete", self._ask_to_delete, style="danger")
        self.confirm = fields.Confirm("Yes, delete it for good")
        self.facts = Live("facts")
        self.playground = playground_for(endpoint.task or "")
        self.analytics, self.cost, self.logs = Analytics(), Cost(), Logs()
        self.settings = Settings(free=PRESENT.is_local)
        self.tabs = self._make_tabs()
        buttons = fields.row(self.pause, self.resume, self.wake, self.delete)
        self.widget = fields.column(
            self.badge, buttons, self.confirm.widget, self.notice, self.tabs
        )
        self._show()
        self.jobs.start("prices", self._read_prices)

    def look(self) -> None:
        """Ask the service for news of the endpoint and of the tab in front."""
        self.jobs.start("look", self._look)
        tab = self._looking.get(self.tabs.titles[self.tabs.selected_index or 0])
        if tab is not None and not self._is_gone and (tab is not self.logs or self.logs.follows):
            tab.look()

    def _make_tabs(self) -> ipywidgets.Tab:
        nowhere = fields.hint(
            f"There is no playground for {self.endpoint.task or 'an unknown task'}: ask it by code."
        )
        play = self.playground.widget if self.playground else nowhere
        self._looking: dict[str, Tab] = {
            tab.title: tab for tab in (self.analytics, self.cost, self.logs)
        }
        pages = {
            "Overview": self.facts,
            "Playground": play,
            **{title: tab.widget for title, tab in self._looking.items()},
            self.settings.title: self.settings.widget,
        }
        tabs = ipywidgets.Tab(children=tuple(pages.values()), titles=tuple(pages))
        tabs.add_class("ie-tabs")
        tabs.observe(lambda _: self.look(), names="selected_index")
        return tabs

    @property
    def _row(self) -> Row | None:
        return row_of(self.endpoint, self._offers)

    def _show(self) -> None:
        """Bring everything up to date with ``endpoint``."""
        state = state_of(self.endpoint.status)
        if (badge := badge_of(self.endpoint)) != self.badge.data:
            self.badge.data = badge
        for button, action in (
            (self.pause, "pause"), (self.resume, "resume"), (self.wake, "wake"),
        ):  # fmt: skip
            button.disabled = self._is_gone or action not in state.actions
        self.delete.disabled = self._is_gone
        rows = {"rows": overview_of(self.endpoint, self._row)}
        if rows != self.facts.data:
            self.facts.data = rows
        for tab in (self.analytics, self.cost, self.logs, self.settings):
            tab.show(self.endpoint, self._row)
        if self.playground is not None:
            self.playground.show(self.endpoint)

    async def _look(self) -> None:
        name, namespace = self.endpoint.name, self.endpoint.namespace
        try:
            with plain_words(f"looking at endpoint {name}"):
                found = await beside(lambda: get_inference_endpoint(name, namespace=namespace))
            self.endpoint = found
            self._show()
            if self._is_lost:
                self._is_lost = False
                self.notice.complain("")
        except CourseError as error:
            if not (isinstance(error, RefusedError) and error.status == NOT_FOUND):
                self._is_lost = True
                raise
            self._be_gone()
        finally:
            self.badge.answered()

    async def _read_prices(self) -> None:
        namespace = self.endpoint.namespace
        self._offers = await beside(lambda: read_offers(namespace))
        self.settings.offer(self._offers)
        self._show()

    def _do(self, what: str) -> None:
        endpoint = self.endpoint

        def do() -> None:
            with plain_words(f"{DOINGS[what].lower()} endpoint {endpoint.name}"):
                found = get_inference_endpoint(endpoint.name, namespace=endpoint.namespace)
                # A change that is not through yet is no refusal.
                persistently(getattr(found, what))

        async def job() -> None:
            self.notice.say(f"{DOINGS[what]} {endpoint.name} …")
            await beside(do)
            self.notice.say("")
            await self._look()

        self.jobs.start("do", job)

    def _ask_to_delete(self) -> None:
        self.confirm.ask(
            f"Delete {self.endpoint.name} for good? Its address and its log go with it. To stop "
            "paying, pausing is enough.",
            lambda: self._do("delete"),
        )

    def _be_gone(self) -> None:
        self._is_gone = True
        self.badge.every = 0
        self._show()
        self.badge.data = {
            "name": self.endpoint.name, "symbol": "∅", "word": "Deleted",
            "meaning": "it does not exist any more, and does not bill", "tone": "quiet",
        }  # fmt: skip
        self.tabs.layout.display = "none"

    # Without a browser.

    def __repr__(self) -> str:
        return f"The page of endpoint {self.endpoint.name}, which is {self.endpoint.status}"

    def static(self) -> str:
        """Its state, its settings and its price."""
        lines = picture_of(self.endpoint, self._row)
        return static_html("state", dict(self.badge.data)) + static_html("facts", {"rows": lines})
