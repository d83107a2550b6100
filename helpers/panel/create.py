"""The form with which the recipe begins: every choice that an endpoint needs, its price and its
call."""

from __future__ import annotations

import asyncio

import ipywidgets
from huggingface_hub import create_inference_endpoint, get_inference_endpoint

from helpers.answers import plain_words
from helpers.connection import PRESENT, REAL_MINUTE
from helpers.errors import CourseError, ParameterError, RefusedError
from helpers.panel import fields
from helpers.panel.base import Displayed
from helpers.panel.container_form import ContainerForm
from helpers.panel.containers import CONTAINERS
from helpers.panel.costs import Costs
from helpers.panel.endpoint import EndpointPanel
from helpers.panel.jobs import Jobs, Work, beside
from helpers.panel.live import Live, Notice
from helpers.panel.machine_form import MachineForm, Wish
from helpers.panel.names import free_name, name_for, name_problem
from helpers.panel.offers import label_of, read_offers
from helpers.panel.order import IDLE_MINUTES, SECURITY, Order, place_order
from helpers.panel.repository import RepositoryFacts, read_repository
from helpers.panel.static import static_html
from helpers.panel.words import usd
from helpers.spending import endpoints_of, token_namespaces

NOT_FOUND = 404
TYPING_SECONDS = 0.4
"""How long nobody has typed before the service is asked."""
MOST_REPLICAS = 10
OWN_NAMESPACE = "the token's user"
MEANINGS = {
    "Repository": "the model on the Hub that the endpoint serves, owner/model",
    "Name": "the endpoint's, free in the namespace: 4 to 32 characters of a-z, 0-9 and hyphens",
    "Namespace": "the user or organization that owns the endpoint and pays",
    "Instance": "what one replica runs on; price, memory and quota come from the service's list",
    "Replicas": "how many copies run: at least, and at most under load",
    "Sleeps after": "without requests for so long it scales to zero, which costs nothing",
    "Access": "who may call it",
    "Container": "the server that speaks for the model",
}
"""What the fields mean, for the static picture of the form."""


class CreatePanel(Displayed):
    """The form. See ``create_panel``.

    Attributes:
        repository, name, namespace, least, most, idle, security: controls.
        machine, container: the controls of hardware and container.
        create: the button.
        confirm: asks again on the real service.
        notice: what the panel says.
        created: the panel of the endpoint that was made, if one was.
    """

    def __init__(
        self, *, repository: str, name: str | None, wish: Wish, namespace: str | None
    ) -> None:
        self.notice = Notice()
        self.jobs = Jobs(self.notice.complain)
        self.created: EndpointPanel | None = None
        self._facts: RepositoryFacts | None = None
        self._taken = ""
        self._named_by_hand = name is not None
        self._make_controls(repository, name, namespace)
        self.machine = MachineForm(wish, self._on_machine)
        self.container = ContainerForm(self._changed)
        self.costs = Live("facts")
        self.code = Live("code")
        self.confirm = fields.Confirm("Yes, create it")
        self.create = fields.button("Create endpoint", self._press, style="primary")
        self._below = fields.column()
        self.widget = self._lay_out()
        self._observe()
        self._changed()
        self.jobs.start("lists", self._read_lists)
        self.jobs.start("repository", self._read_repository)

    def order(self) -> Order:
        """What the form asks for at present.

        Raises:
            ParameterError: a line of it cannot be read.
        """
        row = self.machine.row
        return Order(
            name=self.name.value.strip(),
            repository=self.repository.value.strip(),
            vendor=str(self.machine.vendor.value),
            region=str(self.machine.region.value),
            accelerator=str(self.machine.accelerator.value),
            instance_type=row.instance_type if row else "",
            instance_size=row.instance_size if row else "",
            task=self._facts.task if self._facts else None,
            min_replica=self.least.value,
            max_replica=self.most.value,
            idle_minutes=None if self.least.value else self.idle.value or None,
            security=self.security.value,
            namespace=self.namespace.value or None,
            **self.container.settings(),
        )

    def _make_controls(self, repository: str, name: str | None, namespace: str | None) -> None:
        self.repository = fields.text("Repository", repository, hint="owner/model")
        self.about = fields.hint()
        self.name = fields.text("Name", name or name_for(repository))
        self.name_says = Notice()
        self.take_free = fields.button("Take a free name", self._take_free_name)
        fields.shown(self.take_free, False)
        self.namespace = fields.choice("Namespace", [(namespace or OWN_NAMESPACE, namespace or "")])
        self.least = fields.whole("Replicas at least", 0, least=0, most=MOST_REPLICAS)
        self.most = fields.whole("Replicas at most", 1, least=1, most=MOST_REPLICAS)
        self.idle = fields.choice("Sleeps after", _idle_options(), _idle_default())
        self.security = fields.choice("Access", [(each, each) for each in SECURITY], "private")
        self.security_says = fields.hint(SECURITY["private"])

    def _lay_out(self) -> ipywidgets.VBox:
        scaling = (
            "Asleep it costs nothing, and the first request waits until it has started again. "
            + _minute_words()
        )
        return fields.column(
            fields.title("What"), self.repository, self.about, self.name, self.name_says,
            fields.row(self.take_free), self.namespace,
            fields.title("Where"), self.machine.widget,
            fields.title("How many"), self.least, self.most, self.idle, fields.hint(scaling),
            fields.title("Who may call it"), self.security, self.security_says,
            fields.title("Served by"), self.container.widget,
            fields.title("What it costs"), self.costs,
            fields.title("The same as code"), self.code,
            fields.row(self.create), self.confirm.widget, self.notice, self._below,
        )  # fmt: skip

    def _observe(self) -> None:
        self.repository.observe(self._on_repository, names="value")
        self.name.observe(self._on_name, names="value")
        self.namespace.observe(self._on_namespace, names="value")
        for control in (self.least, self.most, self.idle, self.security):
            control.observe(lambda _: self._changed(), names="value")

    # What changes what.

    def _on_repository(self, _: object) -> None:
        self._facts = None
        if not self._named_by_hand:
            self.name.unobserve(self._on_name, names="value")
            self.name.value = name_for(self.repository.value)
            self.name.observe(self._on_name, names="value")
        self.jobs.start("repository", _unhurried(self._read_repository), replace=True)
        self._changed()

    def _on_namespace(self, _: object) -> None:
        self.jobs.start("offers", self._read_offers, replace=True)
        self.jobs.start("name", self._look_for_name, replace=True)
        self._changed()

    def _on_name(self, _: object) -> None:
        self._named_by_hand = True
        self.jobs.start("name", _unhurried(self._look_for_name), replace=True)
        self._changed()

    def _on_machine(self) -> None:
        self._suggest()
        if (row := self.machine.row) is not None:
            self.container.spread(row.num_accelerators if row.accelerator == "gpu" else 1)
        self._changed()

    def _suggest(self) -> None:
        if self._facts is not None:
            self.container.suggest(self._facts, str(self.machine.accelerator.value))

    def _changed(self) -> None:
        """Bring price, remarks and code up to date."""
        self.confirm.close()
        fields.shown(self.idle, self.least.value == 0)
        self.security_says.value = fields.hint_html(SECURITY[self.security.value])
        self.machine.remark(self._facts, self.most.value)
        row = self.machine.row
        price = row.price_per_hour if row else float("nan")
        rows = Costs(price, self.most.value).rows()
        self.costs.data = {"rows": [{"term": term, "text": text} for term, text in rows]}
        self._say_name()
        try:
            order = self.order()
        except ParameterError as error:
            self.code.data = {"blocks": [{"title": "Not complete yet", "text": str(error)}]}
            return
        self.code.data = {
            "blocks": [
                {"title": "Python", "text": order.python()},
                {"title": "Command line", "text": order.shell()},
            ]
        }

    def _say_name(self) -> None:
        name = self.name.value.strip()
        problem = name_problem(name)
        is_taken = bool(self._taken) and self._taken == name
        fields.shown(self.take_free, is_taken and not problem)
        if problem:
            self.name_says.complain(f"The name {problem}.")
        elif is_taken:
            self.name_says.complain(f"There is an endpoint called {name} already.")
        else:
            self.name_says.complain("")

    # What the service is asked.

    async def _read_lists(self) -> None:
        wish = self.namespace.value
        names = await beside(token_namespaces)
        if wish and wish not in names:
            names.insert(0, wish)
        # That another one is chosen now starts reading what it may rent.
        self.namespace.options = names
        self.namespace.value = wish or names[0]
        if wish == self.namespace.value:
            self._on_namespace(None)

    async def _read_offers(self) -> None:
        namespace = self.namespace.value or None
        self.machine.offer(await beside(lambda: read_offers(namespace)))
        self._on_machine()

    async def _read_repository(self) -> None:
        name = self.repository.value.strip()
        self.about.value = ""
        if name.count("/") != 1 or not all(name.split("/")):
            return
        try:
            facts = await beside(lambda: read_repository(name))
        except CourseError as error:
            self.about.value = fields.hint_html(f"⚠ {error}.")
            return
        self._facts = facts
        self.about.value = fields.hint_html(_about(facts))
        self._suggest()
        self._changed()

    async def _look_for_name(self) -> None:
        name, namespace = self.name.value.strip(), self.namespace.value or None
        if not name_problem(name):
            self._taken = name if await beside(lambda: _exists(name, namespace)) else ""
            self._say_name()

    def _take_free_name(self) -> None:
        self.jobs.start("free name", self._find_free_name)

    async def _find_free_name(self) -> None:
        namespace = str(self.namespace.value)
        listed = await beside(lambda: endpoints_of(namespace))
        self.name.value = free_name({str(raw["name"]) for raw in listed}, self.name.value.strip())

    # Creating.

    def _press(self) -> None:
        try:
            order = self.order()
        except ParameterError as error:
            self.notice.complain(error)
            return
        self.notice.complain("")
        if problems := order.problems():
            self.notice.complain("\n".join(problems))
            return
        if PRESENT.is_local:
            self._create(order)
            return
        row = self.machine.row
        hourly = usd(Costs(row.price_per_hour, order.max_replica).hourly) if row else "money"
        self.confirm.ask(
            f"This costs up to {hourly} per hour on the real service, from the moment it "
            f"initializes until somebody pauses it. Create {order.name}?",
            lambda: self._create(order),
        )

    def _create(self, order: Order) -> None:
        async def create() -> None:
            # A look-up that comes back late would take the new endpoint for somebody else's.
            self.jobs.cancel("name")
            self.create.disabled = True
            self.notice.say(f"Creating {order.name} …")
            try:
                with plain_words(f"creating endpoint {order.name}"):
                    endpoint = await beside(lambda: place_order(order, create_inference_endpoint))
            finally:
                self.create.disabled = False
            self.notice.say(f"{order.name} is created. Its page stands below.", tone="good")
            self.created = EndpointPanel(endpoint)
            self._below.children = (self.created.widget,)

        self.jobs.start("create", create)

    # Without a browser.

    def __repr__(self) -> str:
        return f"The form that creates an endpoint, filled in for {self.repository.value}"

    def static(self) -> str:
        """A table of the fields, their values and meanings, the price and the call."""
        row = self.machine.row
        values = {
            "Repository": self.repository.value,
            "Name": self.name.value,
            "Namespace": self.namespace.label or OWN_NAMESPACE,
            "Instance": label_of(row) if row else "the list was not read",
            "Replicas": f"{self.least.value} to {self.most.value}",
            "Sleeps after": self.idle.label or "never",
            "Access": self.security.value,
            "Container": CONTAINERS[self.container.kind.value].label,
        }
        table = {
            "caption": "The form",
            "columns": ["Field", "Value", "Meaning"],
            "rows": [
                {"cells": [field, values[field], meaning]} for field, meaning in MEANINGS.items()
            ],
        }
        return static_html("table", table) + static_html("facts", dict(self.costs.data))


def _unhurried(work: Work) -> Work:
    """The same when nobody has typed for a while: a new one replaces it."""

    async def later() -> None:
        await asyncio.sleep(TYPING_SECONDS)
        await work()

    return later


def _exists(name: str, namespace: str | None) -> bool:
    try:
        with plain_words(f"looking for an endpoint called {name}"):
            get_inference_endpoint(name, namespace=namespace)
    except RefusedError as refusal:
        if refusal.status == NOT_FOUND:
            return False
        raise
    return True


def _about(facts: RepositoryFacts) -> str:
    parts = [f"Task: {facts.task or 'not said by the Hub'}."]
    if facts.gated:
        parts.append("Gated: accept its licence on its page first, with the account of your token.")
    if facts.pocket:
        parts.append("On this computer a pocket model answers in its name.")
    return " ".join(parts)


def _idle_default() -> int:
    """An hour, as the service's web interface has it; here half an hour of whoever waits."""
    here = PRESENT.connection
    return here.idle_timeout(minutes=30) if here and here.is_local else 60


def _idle_options() -> list[tuple[str, int]]:
    minutes = sorted({*IDLE_MINUTES, _idle_default()})
    return [*((_minutes(each), each) for each in minutes), ("never", 0)]


def _minutes(minutes: int) -> str:
    if PRESENT.minute == REAL_MINUTE:
        return f"{minutes} minutes" if minutes < 60 else f"{minutes / 60:g} h"
    seconds = minutes * PRESENT.minute
    here = f"{seconds:g} s" if seconds < 60 else f"{seconds / 60:g} minutes"
    return f"{minutes:,} billed minutes: {here} here"


def _minute_words() -> str:
    if PRESENT.minute == REAL_MINUTE:
        return ""
    return f"A billed minute lasts {PRESENT.minute:g} s on this computer."
