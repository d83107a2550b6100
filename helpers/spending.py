"""Prices, and what costs money right now.

The real service has no route that tells a bill, so costs are computed from price and time: ``bill``
adds them up. What may be spent at all is the business of ``guard``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from huggingface_hub import (
    InferenceEndpoint,
    constants,
    get_session,
    list_inference_endpoints_hardware,
    whoami,
)
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status

from helpers.answers import persistently, plain_words
from helpers.connection import PRESENT
from helpers.errors import RefusedError
from helpers.safety import require_endpoint

# The service bills while an endpoint is initializing and running, and nothing else. After an
# update that failed, replicas with the old settings may be running still.
BILLED_STATES = ("initializing", "updating", "running")
PAGE_SIZE = 100
NO_ACCESS = (401, 403, 404)

HardwareKey = tuple[str, str, str, str]


@dataclass(frozen=True)
class BilledEndpoint:
    """An endpoint that costs money right now.

    Attributes:
        usd_per_hour: price of one replica times the replicas; NaN for hardware that is no longer
            in the price list.
        namespace: user or organization that pays.
    """

    name: str
    state: str
    replicas: int
    usd_per_hour: float
    namespace: str


class Billing(list[BilledEndpoint]):
    """What ``still_billing`` returns: a list that also says where it looked.

    Attributes:
        namespaces: those whose endpoints were read.
        unreadable: user or organizations whose endpoints the token may not read. Look there with
            another token, or in the web interface.
    """

    def __init__(
        self,
        endpoints: Iterable[BilledEndpoint] = (),
        *,
        namespaces: Iterable[str] = (),
        unreadable: Iterable[str] = (),
    ) -> None:
        super().__init__(endpoints)
        self.namespaces = tuple(namespaces)
        self.unreadable = tuple(unreadable)


def price_per_hour(endpoint: InferenceEndpoint) -> float:
    """What the endpoint costs while it is up: USD per hour, all wanted replicas together; NaN for
    hardware that is no longer in the price list.

    Raises:
        RefusedError, UnreachableError: the price list cannot be read.
    """
    require_endpoint(endpoint)
    return _billed(endpoint.raw, price_list(endpoint.namespace), endpoint.namespace).usd_per_hour


def cost_of(seconds: float, *, usd_per_hour: float) -> float:
    """USD for that many seconds on the present backend: every started minute counts.

    Before the first ``connect`` a minute has its real length.
    """
    return math.ceil(seconds / PRESENT.minute) * usd_per_hour / 60


def still_billing(*, namespace: str | None = None) -> Billing:
    """What costs money right now. An empty list is the proof that nothing does.

    All pages of the list are read: ``list_inference_endpoints`` of ``huggingface_hub`` 2.4 shows
    only the first twenty endpoints.

    Args:
        namespace: user or organization; default the token's user and all its organizations, and
            the connected one.

    Raises:
        RefusedError, UnreachableError: the list cannot be read. Then nothing is proven.
    """
    namespaces = all_namespaces() if namespace in (None, "*") else [str(namespace)]
    found, unreadable = endpoints_in(namespaces)
    billed: list[BilledEndpoint] = []
    for each, endpoints in found.items():
        up = [raw for raw in endpoints if bills(raw)]
        prices = price_list(each) if up else {}
        billed += [_billed(raw, prices, each) for raw in up]
    return Billing(billed, namespaces=found, unreadable=unreadable)


def endpoints_in(namespaces: list[str]) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """All endpoints by namespace, and the namespaces that the token may not read: a fine-grained
    one of an organization may not read its own user's.

    Args:
        namespaces: at least one of them must be readable.

    Raises:
        RefusedError, UnreachableError: a list cannot be read.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    unreadable: dict[str, RefusedError] = {}
    for each in namespaces:
        try:
            found[each] = endpoints_of(each)
        except RefusedError as refusal:
            if refusal.status not in NO_ACCESS:
                raise
            unreadable[each] = refusal
    if not found and unreadable:
        raise next(iter(unreadable.values()))
    return found, list(unreadable)


def bills(raw: dict[str, Any]) -> bool:
    """Whether the endpoint, as the API describes it, costs money at this moment."""
    return _state(raw) in BILLED_STATES or (_state(raw) == "updateFailed" and _replicas(raw) > 0)


def replicas_of(raw: dict[str, Any]) -> int:
    """Replicas that cost money while it is up: those that are wanted, at least one."""
    return max(1, _replicas(raw))


def token_namespaces() -> list[str]:
    """The token's user, then the organizations that the user belongs to.

    Raises:
        RefusedError, UnreachableError: the service does not say.
    """
    with plain_words("asking whose token this is"):
        user = persistently(whoami)
        return [str(user["name"]), *(str(each["name"]) for each in user.get("orgs", ()))]


def all_namespaces() -> list[str]:
    """Where endpoints of ours can be: the token's namespaces, then the connected one.

    Raises:
        RefusedError, UnreachableError: the service does not say.
    """
    connected = [PRESENT.connection.namespace] if PRESENT.connection else []
    return list(dict.fromkeys([*token_namespaces(), *connected]))


def endpoints_of(namespace: str) -> list[dict[str, Any]]:
    """All endpoints of a namespace, as the API describes them.

    Raises:
        RefusedError, UnreachableError: the list cannot be read.
    """
    with plain_words(f"listing the endpoints of {namespace}"):
        return list(_pages(namespace))


def price_list(namespace: str) -> dict[HardwareKey, float]:
    """USD per hour and replica, by vendor, region, instance type and size.

    Raises:
        RefusedError, UnreachableError: the list cannot be read.
    """
    with plain_words("reading the price list"):
        rows = persistently(lambda: list_inference_endpoints_hardware(namespace=namespace))
    return {
        (row.vendor, row.region, row.instance_type, row.instance_size): row.price_per_hour
        for row in rows
    }


def hardware_key(spec: dict[str, Any]) -> HardwareKey:
    """What selects the price of an endpoint: its description's place in the price list."""
    provider, compute = spec["provider"], spec["compute"]
    return (
        provider["vendor"],
        provider["region"],
        compute["instanceType"],
        compute["instanceSize"],
    )


def _pages(namespace: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        page = persistently(lambda cursor=cursor: _page(namespace, cursor))  # type: ignore[misc]
        yield from page["items"]
        cursor = page.get("nextCursor")
        if not cursor:
            return


def _page(namespace: str, cursor: str | None) -> dict[str, Any]:
    response = get_session().get(
        f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/{namespace}",
        params={"limit": PAGE_SIZE, **({"cursor": cursor} if cursor else {})},
        headers=build_hf_headers(),
    )
    hf_raise_for_status(response)
    page: dict[str, Any] = response.json()
    return page


def _state(raw: dict[str, Any]) -> str:
    return str(raw["status"]["state"])


def _replicas(raw: dict[str, Any]) -> int:
    return int(raw["status"].get("targetReplica") or 0)


def _billed(
    raw: dict[str, Any], prices: dict[HardwareKey, float], namespace: str
) -> BilledEndpoint:
    replicas = replicas_of(raw)
    return BilledEndpoint(
        name=raw["name"],
        state=_state(raw),
        replicas=replicas,
        usd_per_hour=prices.get(hardware_key(raw), math.nan) * replicas,
        namespace=namespace,
    )
