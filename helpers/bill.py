"""What this run has cost: each endpoint, all of them, and what goes on billing.

The local service keeps a ledger, so its bill is exact. The real one shows the bill in its web
interface only: there it is an estimate, from the hardware list's prices and what ``sightings`` saw.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from helpers.connection import PRESENT, Connection
from helpers.errors import ConnectError
from helpers.sightings import SIGHTINGS, Record
from helpers.spending import HardwareKey, all_namespaces, endpoints_in, price_list
from helpers.table import html_table, text_table

MOST_ROWS = 25
COLUMNS = ("endpoint", "state", "price of a replica", "minutes", "this run", "bills now")


@dataclass(frozen=True)
class BillRow:
    """One endpoint.

    Attributes:
        state: as the service calls it, or ``deleted``.
        usd_per_hour: price of one replica while it is up; NaN for hardware that is no longer in
            the price list.
        minutes: started minutes of this run, of all replicas together.
        usd: what they cost.
        usd_per_hour_now: what goes on billing; 0 when nothing does.
        unseen_minutes: those of ``minutes`` in which it may have been off: an upper bound.
    """

    namespace: str
    name: str
    state: str
    usd_per_hour: float
    minutes: int
    usd: float
    usd_per_hour_now: float
    unseen_minutes: int = 0

    def cells(self) -> tuple[str, ...]:
        """What the table shows, in the order of ``COLUMNS``."""
        doubt = f" (up to {self.unseen_minutes} unseen)" if self.unseen_minutes else ""
        return (
            f"{self.namespace}/{self.name}",
            self.state,
            f"{_dollars(self.usd_per_hour)}/h",
            f"{self.minutes}{doubt}",
            _dollars(self.usd),
            f"{_dollars(self.usd_per_hour_now)}/h" if self.usd_per_hour_now else "nothing",
        )


@dataclass(frozen=True)
class Bill:
    """What ``bill`` returns. A notebook shows a table, everything else the same as text.

    Attributes:
        rows: the dearest first; those that bill now before those that do not.
        is_estimate: whether it was computed here, and not read from a ledger.
        unreadable: user or organizations whose endpoints the token may not read.
    """

    rows: tuple[BillRow, ...]
    is_estimate: bool
    unreadable: tuple[str, ...] = ()

    @property
    def usd(self) -> float:
        """Cost of this run so far; NaN if a price is unknown."""
        return math.fsum(row.usd for row in self.rows)

    @property
    def usd_per_hour(self) -> float:
        """What goes on billing, all endpoints together; NaN if a price is unknown."""
        return math.fsum(row.usd_per_hour_now for row in self.rows)

    @property
    def notes(self) -> list[str]:
        """What stands below the table."""
        goes_on = f"{_dollars(self.usd_per_hour)} per hour" if self.usd_per_hour else "nothing"
        notes = [f"this run: {_dollars(self.usd)}; goes on billing: {goes_on}"]
        if len(self.rows) > MOST_ROWS:
            notes.append(f"and {len(self.rows) - MOST_ROWS} more, which are in the sums")
        if not self.is_estimate:
            return [*notes, "read from the local service's ledger: nobody pays this"]
        notes.append(
            "an estimate: price times started minutes, as far as this run saw them; what is "
            "initializing costs nothing if it never runs. The web interface has the exact usage"
        )
        if any(row.unseen_minutes for row in self.rows):
            notes.append("unseen: between two looks; it may have been off for a part of them")
        if self.unreadable:
            notes.append(f"not looked at, for lack of rights: {', '.join(self.unreadable)}")
        return notes

    def __repr__(self) -> str:
        table = text_table([COLUMNS, *(row.cells() for row in self.rows[:MOST_ROWS])])
        return "\n".join([*(table if self.rows else ["no endpoints"]), *self.notes])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [row.cells() for row in self.rows[:MOST_ROWS]]
        return {"text/plain": repr(self), "text/html": html_table(COLUMNS, rows, notes=self.notes)}


def bill() -> Bill:
    """What the endpoints of all your namespaces have cost in this run, and what goes on billing.

    A run begins with the first ``connect`` to a backend and ends with ``disconnect`` or the
    process. Locally the rows come from the service's ledger, deleted endpoints included. On the
    real service they are estimated: price times started minutes, as far as the
    ``huggingface_hub`` of this process saw the endpoints.

    Raises:
        ConnectError: not connected, or the local service does not answer.
        RefusedError, UnreachableError: endpoints or prices cannot be read.
    """
    connection = PRESENT.connection
    if connection is None:
        raise ConnectError('there is no bill yet: connect first, for example connect("local")')
    return _from_ledger(connection) if connection.is_local else _from_sightings(connection)


def _from_ledger(connection: Connection) -> Bill:
    rows = []
    opening, accounts = PRESENT.openings.get(connection.url, {}), connection.accounts()
    # Others may use this service, too.
    ours = all_namespaces()
    for account in accounts:
        before = opening.get(account["id"], {"minutes": 0, "cost": 0.0, "state": ""})
        if before["state"] == "deleted" or account["namespace"] not in ours:
            continue
        row = BillRow(
            namespace=account["namespace"],
            name=account["name"],
            state=account["state"],
            usd_per_hour=account["replica_price"],
            minutes=account["minutes"] - before["minutes"],
            usd=account["cost"] - before["cost"],
            usd_per_hour_now=account["price_per_hour"],
        )
        rows.append(row)
    return Bill(_sorted(rows), is_estimate=False)


def _from_sightings(connection: Connection) -> Bill:
    # Reading the lists is one more look at everything.
    found, unreadable = endpoints_in(all_namespaces())
    for namespace, endpoints in found.items():
        SIGHTINGS.keep_only(namespace, [str(raw["name"]) for raw in endpoints])
    records = SIGHTINGS.records()
    prices = {each: price_list(each) for each in {record.namespace for record in records}}
    rows = [_estimated(record, prices[record.namespace], connection.minute) for record in records]
    return Bill(_sorted(rows), is_estimate=True, unreadable=tuple(unreadable))


def _estimated(record: Record, prices: dict[HardwareKey, float], minute: float) -> BillRow:
    last = record.last
    spent = [(stretch.minutes(minute), stretch) for stretch in record.stretches()]
    price = prices.get(last.hardware, math.nan)
    return BillRow(
        namespace=record.namespace,
        name=record.name,
        state=last.state,
        usd_per_hour=price,
        minutes=sum(minutes for minutes, _ in spent),
        usd=math.fsum(
            minutes * prices.get(stretch.hardware, math.nan) / 60 for minutes, stretch in spent
        ),
        usd_per_hour_now=price * last.replicas if last.bills else 0.0,
        unseen_minutes=sum(minutes for minutes, stretch in spent if not stretch.seen),
    )


def _sorted(rows: Iterable[BillRow]) -> tuple[BillRow, ...]:
    def order(row: BillRow) -> tuple[bool, float, str, str]:
        usd = math.inf if math.isnan(row.usd) else row.usd
        return not row.usd_per_hour_now, -usd, row.namespace, row.name

    return tuple(sorted(rows, key=order))


def _dollars(usd: float) -> str:
    return "unknown" if math.isnan(usd) else f"${usd:.2f}"
