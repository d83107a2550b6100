"""What this process has seen of endpoints on the real service, and what that must have cost.

The real service has no route that tells a bill, but every answer that describes an endpoint says
whether it is up. Between two answers nobody looked: what is up both times counts as up all the
time; what was up only once, or asleep, may have been. Those minutes are counted, and told apart.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import unquote

import httpx2
from huggingface_hub import constants

from helpers.spending import HardwareKey, bills, hardware_key, replicas_of

ACTIONS = ("pause", "resume", "scale-to-zero")
STARTED = ("pending", "initializing")
NOT_FOUND = 404

Kind = Literal["billed", "unseen", "free"]
Place = tuple[str, str]
"""Namespace and name of an endpoint."""


@dataclass(frozen=True)
class Sighting:
    """What one answer said about an endpoint.

    Attributes:
        at: seconds since the epoch.
        state: as the service calls it; ``deleted`` when it is gone.
        bills: whether it cost money.
        replicas: how many did, or would.
        created: when the endpoint was, in the service's words: another one may get its name.
        asked: whether it answers a change that this process asked for.
    """

    at: float
    state: str
    bills: bool
    replicas: int
    hardware: HardwareKey
    created: str
    asked: bool


@dataclass
class Stretch:
    """A time in which replicas of one hardware were up, or may have been.

    Attributes:
        seen: whether it was up whenever somebody looked.
    """

    start: float
    end: float
    replicas: int
    hardware: HardwareKey
    seen: bool

    def minutes(self, seconds_of_a_minute: float) -> int:
        """Started minutes, of all replicas together."""
        return math.ceil((self.end - self.start) / seconds_of_a_minute) * self.replicas


@dataclass
class Record:
    """What is known of one endpoint.

    Attributes:
        last: the latest sighting.
        owed: when it was up, oldest first.
        starting: the same of a start that is not known to have succeeded. One that fails is free.
    """

    namespace: str
    name: str
    last: Sighting
    owed: list[Stretch] = field(default_factory=list)
    starting: list[Stretch] = field(default_factory=list)

    def add(self, sighting: Sighting) -> None:
        """See it once more."""
        kind, before = _between(self.last, sighting), self.last
        if kind != "free":
            self._extend(sighting, seen=kind == "billed")
        self.last = sighting
        if sighting.state == "failed" and before.state in STARTED:
            self.starting = []
        elif sighting.state not in STARTED:
            self.owed, self.starting = [*self.owed, *self.starting], []

    def stretches(self) -> list[Stretch]:
        """All of them, those of a start that goes on included."""
        return [*self.owed, *self.starting]

    def _extend(self, sighting: Sighting, *, seen: bool) -> None:
        source = self.last if self.last.bills else sighting
        known = (source.replicas, source.hardware, seen)
        present = self.starting or self.owed
        newest = present[-1] if present else None
        if (
            newest is not None
            and newest.end == self.last.at
            and (newest.replicas, newest.hardware, newest.seen) == known
        ):
            newest.end = sighting.at
        else:
            self.starting.append(Stretch(self.last.at, sighting.at, *known))


class Sightings:
    """Records of all endpoints that this process has seen, whichever thread saw them.

    Args:
        now: seconds since the epoch. No clock that stands still while the computer sleeps.
    """

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._present: dict[Place, Record] = {}
        self._deleted: list[Record] = []

    def note(self, response: httpx2.Response) -> None:
        """Look at an answer of the management API; every other is left alone."""
        parts = _parts(response)
        if not parts or not isinstance(response.stream, httpx2.SyncByteStream):
            return
        request, namespace = response.request, parts[0]
        asked = request.method != "GET"
        if len(parts) == 2 and response.status_code == NOT_FOUND and not asked:
            self._forget((namespace, parts[1]), asked=False)
        if response.status_code >= 400:
            return
        if len(parts) == 2 and request.method == "DELETE":
            self._forget((namespace, parts[1]), asked=True)
            return
        response.read()
        # An answer of another form is the caller's business.
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            body = response.json()
            for raw in body.get("items", [body]):
                self._add(namespace, raw, asked=asked)

    def keep_only(self, namespace: str, names: Iterable[str]) -> None:
        """Somebody read the whole list of the namespace: what is not on it was deleted."""
        with self._lock:
            known = {place for place in self._present if place[0] == namespace}
        for place in known - {(namespace, name) for name in names}:
            self._forget(place, asked=False)

    def records(self) -> list[Record]:
        """Those that exist, then those that were deleted."""
        with self._lock:
            return [*self._present.values(), *self._deleted]

    def clear(self) -> None:
        """Forget everything: a new run begins."""
        with self._lock:
            self._present, self._deleted = {}, []

    def _add(self, namespace: str, raw: dict[str, Any], *, asked: bool) -> None:
        sighting = Sighting(
            at=self._now(),
            state=str(raw["status"]["state"]),
            bills=bills(raw),
            replicas=replicas_of(raw),
            hardware=hardware_key(raw),
            created=str(raw["status"]["createdAt"]),
            asked=asked,
        )
        place = (namespace, str(raw["name"]))
        with self._lock:
            record = self._present.get(place)
            if record is not None:
                record.add(sighting)
            elif not self._is_deleted(place, sighting):
                self._present[place] = Record(*place, sighting)

    def _is_deleted(self, place: Place, sighting: Sighting) -> bool:
        """What was deleted can be read for another moment."""
        return any(
            (record.namespace, record.name) == place and record.last.created == sighting.created
            for record in self._deleted
        )

    def _forget(self, place: Place, *, asked: bool) -> None:
        with self._lock:
            record = self._present.pop(place, None)
            if record is not None:
                gone = replace(
                    record.last, at=self._now(), state="deleted", bills=False, asked=asked
                )
                record.add(gone)
                self._deleted.append(record)


SIGHTINGS = Sightings()
"""Those of this process."""


def _between(before: Sighting, after: Sighting) -> Kind:
    """What the time between two sightings cost."""
    if before.bills:
        return "billed" if after.bills or after.asked else "unseen"
    if before.state in ("pending", "scaledToZero"):
        # It starts, or a request wakes it, without our doing. We can only resume what sleeps.
        woken_by_us = before.state == "scaledToZero" and after.asked and after.state in STARTED
        return "free" if before.state == after.state or woken_by_us else "unseen"
    return "unseen" if after.bills and not after.asked else "free"


def _parts(response: httpx2.Response) -> list[str]:
    """Namespace, or namespace and name, of a request whose answer describes endpoints."""
    prefix = f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/"
    address = str(response.request.url).partition("?")[0]
    if not address.startswith(prefix):
        return []
    parts = [unquote(part) for part in address[len(prefix) :].split("/") if part]
    if len(parts) == 3 and parts[2] in ACTIONS:
        return parts[:2]
    return parts if len(parts) < 3 else []
