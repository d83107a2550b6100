"""The gate in front of the real service's cash desk.

Every request of this process's ``huggingface_hub`` that can raise the cost per hour passes it:
creating, updating, resuming, also through a helper, a thread or an asynchronous client. What it
compares with the limit is the most that one hour can cost: of each endpoint that is up, starting
or asleep (a request would wake it) the price times ``maxReplica``, in all namespaces of the token.

What it cannot stop, and what only the service's own spending limits can: other processes (the
``hf`` command, another kernel, the web interface), requests to the management API that do not go
through ``huggingface_hub``, organizations whose endpoints the token may not read, and programs
that take the gate away on purpose.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import httpx2
from huggingface_hub import constants

from helpers import traffic
from helpers.errors import RefusedError, SpendLimitError
from helpers.spending import (
    BILLED_STATES,
    NO_ACCESS,
    endpoints_of,
    hardware_key,
    price_list,
    token_namespaces,
)

# Neither bills, nor can a request wake it.
FREE_STATES = ("paused", "failed")
# Resuming one of these changes nothing.
UP_STATES = ("pending", *BILLED_STATES)
PROMISE_SECONDS = 60.0
"""How long a permitted request counts although the service's list does not show it yet."""

ANSWER_SECONDS = 60.0
"""How long the management API may take to answer a request that has no limit of its own."""

Place = tuple[str, str]
"""Namespace and name of an endpoint."""


def guard_spending(
    *,
    max_spend_usd: float | None,
    namespace: str | None = None,
    on_response: traffic.OnResponse | None = None,
) -> None:
    """Let this process's ``huggingface_hub`` spend no more than the limit.

    Args:
        max_spend_usd: most that one hour of all endpoints together may cost, in USD; ``None``
            allows nothing that raises the cost.
        namespace: one more whose endpoints count, besides those of the token.
        on_response: sees every answer, too.
    """
    gate = SpendingGate(max_spend_usd=max_spend_usd, namespace=namespace)

    def check(request: httpx2.Request) -> None:
        bound(request)
        gate.check(request)

    def settle(response: httpx2.Response) -> None:
        gate.settle(response)
        if on_response is not None:
            on_response(response)

    traffic.watch(on_request=check, on_response=settle)


def bound(request: httpx2.Request) -> None:
    """Give a request to the management API, or for whom a token is, a limit of time.

    The client waits for ever by default: behind a connection that broke without a sign, a wait with
    a limit would not end, nor a pause be tried again, nor the gate's lock be free.
    """
    ours = (f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/", f"{constants.ENDPOINT}/api/whoami")
    given = request.extensions.get("timeout") or {}
    if str(request.url).startswith(ours) and all(each is None for each in given.values()):
        request.extensions["timeout"] = httpx2.Timeout(ANSWER_SECONDS).as_dict()


@dataclass(frozen=True)
class Change:
    """A request that can raise the cost of an endpoint.

    Attributes:
        kind: ``create``, ``update`` or ``resume``.
        body: what it sends; empty for ``resume``.
    """

    kind: str
    place: Place
    body: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, request: httpx2.Request) -> Change | None:
        """What the request would do; ``None`` if it raises no cost.

        Raises:
            SpendLimitError: it deploys from the catalog, which names no price beforehand.
        """
        if request.method not in ("POST", "PUT", "PATCH"):
            return None
        address = str(request.url).partition("?")[0]
        if address.startswith(constants.INFERENCE_CATALOG_ENDPOINT):
            raise SpendLimitError(
                "a deployment from the catalog does not say beforehand what it costs: use "
                "create_inference_endpoint"
            )
        prefix = f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/"
        if not address.startswith(prefix):
            return None
        namespace, *rest = [unquote(part) for part in address[len(prefix) :].split("/") if part]
        if request.method == "POST" and not rest:
            body = json.loads(request.content)
            return cls("create", (namespace, str(body.get("name"))), body)
        if request.method != "POST" and len(rest) == 1:
            return cls("update", (namespace, rest[0]), json.loads(request.content))
        if rest[1:] == ["resume"]:
            return cls("resume", (namespace, rest[0]))
        return None


class SpendingGate:
    """Compares what an hour may cost with what it would cost.

    One lock makes looking and deciding one step, and what was permitted counts before the service
    lists it: six creations at once are judged one after the other.

    Args:
        max_spend_usd: the limit, in USD per hour; ``None`` permits no rise.
        namespace: one more whose endpoints count, besides those of the token.
        now: seconds of a clock that only moves forward.
    """

    def __init__(
        self,
        *,
        max_spend_usd: float | None,
        namespace: str | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = max_spend_usd
        self._namespace = namespace
        self._now = now
        self._lock = threading.Lock()
        self._promised: dict[Place, tuple[float, float]] = {}

    def check(self, request: httpx2.Request) -> None:
        """Let the request pass, or stop it before it is sent.

        Raises:
            SpendLimitError: no limit was given, the hardware has no price, or the limit would be
                exceeded.
            RefusedError, UnreachableError: prices or endpoints cannot be read.
        """
        change = Change.of(request)
        if change is None:
            return
        if self._limit is None and change.kind == "create":
            raise _no_limit("create", "")
        with self._lock:
            hourly = self._require_room(change)
            self._promised[change.place] = (hourly, self._now() + PROMISE_SECONDS)

    def settle(self, response: httpx2.Response) -> None:
        """Forget a promise whose request has been answered: from now on the list tells. One
        that stays without an answer may have happened, so it counts a while longer."""
        if response.request.method == "GET":
            return
        change = Change.of(response.request)
        if change is not None and response.status_code < 500:
            with self._lock:
                self._promised.pop(change.place, None)

    def _require_room(self, change: Change) -> float:
        """USD per hour that the changed endpoint can cost at most, if the limit allows it."""
        listed = self._endpoints(change.place[0])
        present = {place: _most_per_hour(raw, price) for place, (raw, price) in listed.items()}
        for place, (hourly, until) in list(self._promised.items()):
            if until < self._now():
                del self._promised[place]
            else:
                present[place] = max(present.get(place, 0.0), hourly)
        before = present.pop(change.place, 0.0)
        after = self._after(change, listed.get(change.place))
        if not _raises_cost(change, listed.get(change.place), before=before, after=after):
            return before
        if self._limit is None:
            raise _no_limit(change.kind, f" (this one up to ${after:.2f} per hour)")
        others = sum(present.values())
        # An unknown price (NaN) is no proof that the limit holds.
        if not after + others <= self._limit:
            raise SpendLimitError(
                f"one hour would cost up to ${after + others:.2f} (this endpoint ${after:.2f}, "
                f"others that are running or may wake ${others:.2f}), more than the limit of "
                f"${self._limit:.2f}. Choose smaller hardware, pause something, or raise "
                "MAX_SPEND_USD"
            )
        return after

    def _endpoints(self, target: str) -> dict[Place, tuple[dict[str, Any], float]]:
        """All endpoints that count, with the price of one replica."""
        namespaces = {target, *([self._namespace] if self._namespace else []), *token_namespaces()}
        found = {}
        for namespace in sorted(namespaces):
            try:
                endpoints = endpoints_of(namespace)
            except RefusedError as refusal:
                if namespace == target or refusal.status not in NO_ACCESS:
                    raise
                continue
            prices = price_list(namespace) if endpoints else {}
            for raw in endpoints:
                price = prices.get(hardware_key(raw), math.nan)
                found[namespace, str(raw["name"])] = (raw, price)
        return found

    def _after(self, change: Change, listed: tuple[dict[str, Any], float] | None) -> float:
        """USD per hour that the endpoint can cost at most after the change."""
        if change.kind == "create":
            spec = change.body
        elif listed is None:
            return 0.0  # there is no such endpoint: the service will say so
        else:
            spec = _merged(listed[0], change.body)
            # What is paused stays so; what has failed starts again with the new settings.
            if change.kind == "update" and listed[0]["status"]["state"] == "paused":
                return 0.0
        price = price_list(change.place[0]).get(hardware_key(spec))
        if price is None:
            raise SpendLimitError(
                "the hardware is not in the price list: compare vendor, region, instance type and "
                "size with list_inference_endpoints_hardware()"
            )
        return price * _most_replicas(spec)


def _no_limit(kind: str, price: str) -> SpendLimitError:
    return SpendLimitError(
        f"to {kind} an endpoint on the real service costs money{price}: say how much one hour may "
        "cost, for example MAX_SPEND_USD = 2.0, and connect again"
    )


def _merged(raw: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The parts of an endpoint's description that make its price, after an update."""
    compute = {**raw["compute"], **(change.get("compute") or {})}
    compute["scaling"] = {**raw["compute"]["scaling"], **(compute.get("scaling") or {})}
    provider = {**raw["provider"], **(change.get("provider") or {})}
    return {"compute": compute, "provider": provider}


def _raises_cost(
    change: Change, listed: tuple[dict[str, Any], float] | None, *, before: float, after: float
) -> bool:
    if change.kind == "update":
        return not after <= before  # NaN on either side counts as a rise
    is_up = listed is not None and listed[0]["status"]["state"] in UP_STATES
    return not (change.kind == "resume" and is_up)


def _is_free(raw: dict[str, Any]) -> bool:
    return raw["status"]["state"] in FREE_STATES


def _most_per_hour(raw: dict[str, Any], price: float) -> float:
    if _is_free(raw):
        return 0.0
    return price * max(_most_replicas(raw), raw["status"].get("targetReplica") or 0)


def _most_replicas(spec: dict[str, Any]) -> int:
    return max(1, int(spec["compute"]["scaling"].get("maxReplica") or 1))
