"""Controls for the hardware: each list follows from what is chosen in the one above."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets

from helpers.panel import fields
from helpers.panel.offers import ACCELERATORS, Offers, Row, label_of, quota_words, shortage
from helpers.panel.repository import RepositoryFacts

Wish = tuple[str, str, str, str, str]
"""Vendor, region, accelerator, instance type and size."""
DEFAULT_WISH: Wish = ("aws", "us-east-1", "gpu", "nvidia-l4", "x1")


class MachineForm:
    """Vendor, region, accelerator and instance.

    Args:
        wish: what is chosen at first, if it is offered.
        on_change: called when something else is chosen.

    Attributes:
        vendor, region, accelerator, instance: the controls.
        widget: all of them.
    """

    def __init__(self, wish: Wish, on_change: Callable[[], None]) -> None:
        self._wish = wish
        self._on_change = on_change
        self._offers = Offers()
        self._filling = False
        vendor, region, accelerator, *_ = wish
        self.vendor = fields.choice("Cloud", [vendor], vendor)
        self.region = fields.choice("Region", [region], region)
        self.accelerator = fields.choice("CPU or GPU", [accelerator], accelerator)
        self.instance = fields.choice("Instance", [("reading the list …", "")], "")
        self.quota = fields.hint()
        self.fits = fields.hint()
        self.widget = fields.column(
            self.vendor, self.region, self.accelerator, self.instance, self.quota, self.fits
        )
        for control in (self.vendor, self.region, self.accelerator, self.instance):
            control.observe(self._follow, names="value")

    def offer(self, offers: Offers) -> None:
        """Show the service's list; what was chosen stays chosen where it is offered."""
        self._offers = offers
        self._fill()

    @property
    def row(self) -> Row | None:
        """What is chosen."""
        return next((row for row in self._offers.rows if row.id == self.instance.value), None)

    def remark(self, facts: RepositoryFacts | None, replicas: int) -> None:
        """Say below the controls whether quota and memory suffice."""
        row = self.row
        if row is None:
            self.quota.value = self.fits.value = ""
            return
        short = shortage(row, replicas=replicas)
        self.quota.value = fields.hint_html(f"⚠ {short}." if short else quota_words(row))
        name = f"{row.instance_type} {row.instance_size}"
        known = facts.fit(row.gpu_memory_gb or row.memory_gb, what=name) if facts else ""
        self.fits.value = fields.hint_html(known)

    def _follow(self, _: object) -> None:
        if not self._filling:
            self._fill()
            self._on_change()

    def _fill(self) -> None:
        offers = self._offers
        if not offers.rows:
            return
        self._filling = True
        try:
            vendor, region, accelerator, type_, size = self._wish
            vendor = _fill(self.vendor, [(each, each) for each in offers.vendors()], vendor)
            regions = [(each, each) for each in offers.regions(vendor)]
            region = _fill(self.region, regions, region)
            kinds = [(ACCELERATORS.get(e, e), e) for e in offers.accelerators(vendor, region)]
            accelerator = _fill(self.accelerator, kinds, accelerator)
            rows = offers.instances(vendor, region, accelerator)
            wanted = offers.find(vendor, region, type_, size)
            instances = [(label_of(row), row.id) for row in rows]
            _fill(self.instance, instances, wanted.id if wanted else "")
        finally:
            self._filling = False


def _fill(control: ipywidgets.Dropdown, options: Sequence[tuple[str, str]], wish: str) -> str:
    """Offer these options; keep the choice, else take the wish, else the first."""
    values = [value for _, value in options]
    chosen = next((each for each in (control.value, wish) if each in values), None)
    if tuple(options) != tuple(control.options):
        control.options = options
    control.value = chosen if chosen is not None else (values[0] if values else None)
    return str(control.value or "")
