"""The settings that an endpoint can change while it exists."""

from __future__ import annotations

from typing import Any

from huggingface_hub import InferenceEndpoint, get_inference_endpoint

from helpers.answers import plain_words
from helpers.errors import ParameterError
from helpers.panel import fields
from helpers.panel.costs import Costs
from helpers.panel.jobs import beside
from helpers.panel.offers import Offers, Row, label_of, row_of, shortage
from helpers.panel.order import IDLE_MINUTES
from helpers.panel.tabs import Tab
from helpers.panel.words import price

MOST_REPLICAS = 10


class Settings(Tab):
    """Instance, replicas and sleep. Vendor and region stay as they are: the service exchanges
    them for no endpoint that exists.

    Attributes:
        instance, least, most, idle: the controls.
        apply: the button.
    """

    title = "Settings"

    def __init__(self, *, free: bool) -> None:
        super().__init__()
        self._free = free
        self._offers = Offers()
        self._shown_spec: Any = None
        self.instance = fields.choice("Instance", [("reading the list …", "")], "")
        self.least = fields.whole("Replicas at least", 0, least=0, most=MOST_REPLICAS)
        self.most = fields.whole("Replicas at most", 1, least=1, most=MOST_REPLICAS)
        self.idle = fields.choice("Sleeps after", [("never", 0)], 0)
        self.says = fields.hint()
        self.apply = fields.button("Update endpoint", self._press, style="primary")
        self.confirm = fields.Confirm("Yes, update it")
        note = fields.hint(
            "While the replicas are exchanged the endpoint is updating. With one replica it may "
            "refuse requests meanwhile."
        )
        self.widget = fields.column(
            self.instance, self.least, self.most, self.idle, self.says, fields.row(self.apply),
            self.confirm.widget, note, self.notice,
        )  # fmt: skip
        for control in (self.instance, self.least, self.most, self.idle):
            control.observe(lambda _: self._changed(), names="value")

    def offer(self, offers: Offers) -> None:
        """Show the service's hardware list."""
        self._offers, self._shown_spec = offers, None

    def show(self, endpoint: InferenceEndpoint, row: Row | None) -> None:
        """Fill the controls, when the endpoint has other settings than the last time."""
        super().show(endpoint, row)
        compute = endpoint.raw["compute"]
        if compute == self._shown_spec:
            return
        self._shown_spec = compute
        provider, scaling = endpoint.raw["provider"], compute.get("scaling") or {}
        rows = self._offers.instances(
            provider["vendor"], provider["region"], compute["accelerator"]
        )
        options = [(label_of(each), each.id) for each in rows]
        if row is not None and row.id not in {each.id for each in rows}:
            options.insert(0, (label_of(row), row.id))
        if row is None:
            name = f"{compute['instanceType']} {compute['instanceSize']} · price unknown"
            options.insert(0, (name, ""))
        self.instance.options = options
        self.instance.value = row.id if row else ""
        self.least.value = int(scaling.get("minReplica") or 0)
        self.most.value = int(scaling.get("maxReplica") or 1)
        minutes = int(scaling.get("scaleToZeroTimeout") or 0)
        choices = sorted({*IDLE_MINUTES, minutes} - {0})
        self.idle.options = [*((f"{each} billed minutes", each) for each in choices), ("never", 0)]
        self.idle.value = minutes
        self._changed()

    def changes(self) -> dict[str, Any]:
        """What ``update_inference_endpoint`` would get: only what is changed.

        Raises:
            ParameterError: it cannot work.
        """
        if self.endpoint is None:
            return {}
        if self.least.value > self.most.value:
            raise ParameterError("the least number of replicas is above the most")
        scaling = self.endpoint.raw["compute"].get("scaling") or {}
        row = self._row()
        wanted: dict[str, tuple[Any, Any]] = {
            "min_replica": (self.least.value, scaling.get("minReplica")),
            "max_replica": (self.most.value, scaling.get("maxReplica")),
            "scale_to_zero_timeout": (
                0 if self.least.value else self.idle.value, scaling.get("scaleToZeroTimeout") or 0
            ),
        }  # fmt: skip
        found = {name: new for name, (new, old) in wanted.items() if new != old}
        if row is not None and row != self.row:
            found |= {"instance_type": row.instance_type, "instance_size": row.instance_size}
        if not found.get("scale_to_zero_timeout", 1):
            # The client sends nothing for None: a time-out ends with the replica that is kept.
            del found["scale_to_zero_timeout"]
            if not self.least.value:
                raise ParameterError(
                    "an idle time-out cannot be taken away from here: keep a replica instead"
                )
        return found

    def _row(self) -> Row | None:
        return next((row for row in self._offers.rows if row.id == self.instance.value), None)

    def _changed(self) -> None:
        self.confirm.close()
        fields.shown(self.idle, self.least.value == 0)
        row = self._row()
        if row is None:
            self.says.value = ""
            return
        hourly = Costs(row.price_per_hour, self.most.value).hourly
        short = "" if row == self.row else shortage(row, replicas=self.most.value)
        text = f"With these settings up to {price(hourly)} per hour. "
        self.says.value = fields.hint_html(text + (f"⚠ {short}." if short else ""))

    def _press(self) -> None:
        try:
            changes = self.changes()
        except ParameterError as error:
            self.notice.complain(error)
            return
        if not changes:
            self.notice.say("Nothing is changed.")
            return
        words = ", ".join(f"{name} = {value}" for name, value in changes.items())
        if self._free:
            self._update(changes)
        else:
            self.confirm.ask(
                f"Update to {words}? It starts again, and bills.", lambda: self._update(changes)
            )

    def _update(self, changes: dict[str, Any]) -> None:
        endpoint = self.endpoint
        assert endpoint is not None

        def update() -> InferenceEndpoint:
            with plain_words(f"updating endpoint {endpoint.name}"):
                found = get_inference_endpoint(endpoint.name, namespace=endpoint.namespace)
                return found.update(**changes)

        async def job() -> None:
            self.notice.say("Updating …")
            updated = await beside(update)
            self.show(updated, row_of(updated, self._offers))
            self.notice.say("The service has the new settings.", tone="good")

        self.jobs.start("update", job)
