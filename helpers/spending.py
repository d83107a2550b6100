"""Prices, what costs money right now, and the guard in front of the real service's cash desk.

The real service has no route that tells a bill, so costs are computed from price and time.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
from huggingface_hub import (
    InferenceEndpoint,
    constants,
    get_session,
    list_inference_endpoints_hardware,
    set_async_client_factory,
    set_client_factory,
    whoami,
)
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status
from huggingface_hub.utils._http import default_async_client_factory, default_client_factory

from .errors import SpendLimitError

# The service bills while an endpoint is initializing and running, and nothing else.
BILLED_STATES = ("initializing", "updating", "running")
PAGE_SIZE = 100


@dataclass(frozen=True)
class BilledEndpoint:
    """An endpoint that costs money right now.

    Attributes:
        usd_per_hour: price of one replica times the replicas; NaN for hardware that is no longer
            in the price list.
    """

    name: str
    state: str
    replicas: int
    usd_per_hour: float


def price_per_hour(endpoint: InferenceEndpoint) -> float:
    """What the endpoint costs while it is up: USD per hour, all wanted replicas together; NaN for
    hardware that is no longer in the price list.

    Raises:
        HfHubHTTPError: the price list cannot be read.
    """
    return _billed(endpoint.raw, _price_list(endpoint.namespace)).usd_per_hour


def still_billing(*, namespace: str | None = None) -> list[BilledEndpoint]:
    """What costs money right now. An empty list is the proof that nothing does.

    All pages of the list are read: ``list_inference_endpoints`` of ``huggingface_hub`` 2.4 shows
    only the first twenty endpoints.

    Args:
        namespace: user or organization; default the token's user.

    Raises:
        HfHubHTTPError: the list cannot be read.
    """
    namespace = namespace or str(whoami()["name"])
    billed = [raw for raw in _all_endpoints(namespace) if raw["status"]["state"] in BILLED_STATES]
    if not billed:
        return []
    prices = _price_list(namespace)
    return [_billed(raw, prices) for raw in billed]


def guard_spending(*, namespace: str, max_spend_usd: float | None) -> None:
    """Refuse requests of this process that would create an endpoint beyond the limit.

    The guard sits in the client's public request hook, so that it also covers an explicit
    ``create_inference_endpoint``. Updating and resuming are not covered: they act on what you
    created deliberately.

    Args:
        namespace: whose endpoints count, besides those of the namespace of the new endpoint.
        max_spend_usd: most that one hour of all endpoints together may cost; ``None`` allows
            nothing to be created.
    """

    def guard(request: httpx2.Request) -> None:
        if request.method != "POST":
            return
        address = str(request.url)
        if address.startswith(constants.INFERENCE_CATALOG_ENDPOINT):
            raise SpendLimitError(
                "a deployment from the catalog does not say beforehand what it costs: use "
                "create_inference_endpoint"
            )
        if (target := _namespace_of_new_endpoint(address)) is not None:
            check_spending(
                json.loads(request.content),
                namespaces=sorted({namespace, target}),
                max_spend_usd=max_spend_usd,
            )

    async def async_guard(request: httpx2.Request) -> None:
        guard(request)

    def factory() -> httpx2.Client:
        client = default_client_factory()
        client.event_hooks["request"].append(guard)
        return client

    def async_factory() -> httpx2.AsyncClient:
        client = default_async_client_factory()
        client.event_hooks["request"].append(async_guard)
        return client

    set_client_factory(factory)
    set_async_client_factory(async_factory)


def lift_spending_guard() -> None:
    """Use the client's own connections again: nothing costs money on the local service."""
    set_client_factory(default_client_factory)
    set_async_client_factory(default_async_client_factory)


def check_spending(
    spec: dict[str, Any], *, namespaces: list[str], max_spend_usd: float | None
) -> None:
    """Compare one hour of a new endpoint, and of all that bills already, with the limit.

    Args:
        spec: body of the request that creates it.
        namespaces: whose endpoints count.

    Raises:
        SpendLimitError: no limit was given, the hardware has no price, or the limit is exceeded.
    """
    if max_spend_usd is None:
        raise SpendLimitError(
            "creating an endpoint on the real service costs money: say how much one hour may "
            "cost, for example MAX_SPEND_USD = 2.0, and connect again"
        )
    price = _price_list(namespaces[0]).get(_hardware_key(spec))
    if price is None:
        raise SpendLimitError(
            "the hardware is not in the price list: compare vendor, region, instance type and "
            "size with list_inference_endpoints_hardware()"
        )
    new = price * spec["compute"]["scaling"]["maxReplica"]
    present = sum(
        endpoint.usd_per_hour
        for namespace in namespaces
        for endpoint in still_billing(namespace=namespace)
    )
    # An unknown price (NaN) is no proof that the limit holds.
    if not new + present <= max_spend_usd:
        raise SpendLimitError(
            f"one hour would cost up to ${new + present:.2f} (this endpoint ${new:.2f}, running "
            f"ones ${present:.2f}), more than the limit of ${max_spend_usd:.2f}. Choose smaller "
            "hardware, pause something, or raise MAX_SPEND_USD"
        )


def _namespace_of_new_endpoint(address: str) -> str | None:
    """Where a POST to the address creates an endpoint; ``None`` if it does something else."""
    prefix = f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/"
    if not address.startswith(prefix):
        return None
    namespace, _, rest = address[len(prefix) :].partition("/")
    return None if rest else namespace


def _all_endpoints(namespace: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        response = get_session().get(
            f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/{namespace}",
            params={"limit": PAGE_SIZE, **({"cursor": cursor} if cursor else {})},
            headers=build_hf_headers(),
        )
        hf_raise_for_status(response)
        page = response.json()
        yield from page["items"]
        cursor = page.get("nextCursor")
        if not cursor:
            return


_HardwareKey = tuple[str, str, str, str]


def _price_list(namespace: str) -> dict[_HardwareKey, float]:
    return {
        (row.vendor, row.region, row.instance_type, row.instance_size): row.price_per_hour
        for row in list_inference_endpoints_hardware(namespace=namespace)
    }


def _hardware_key(spec: dict[str, Any]) -> _HardwareKey:
    provider, compute = spec["provider"], spec["compute"]
    return (
        provider["vendor"],
        provider["region"],
        compute["instanceType"],
        compute["instanceSize"],
    )


def _billed(raw: dict[str, Any], prices: dict[_HardwareKey, float]) -> BilledEndpoint:
    status = raw["status"]
    replicas = max(1, status.get("targetReplica") or 0)
    return BilledEndpoint(
        name=raw["name"],
        state=status["state"],
        replicas=replicas,
        usd_per_hour=prices.get(_hardware_key(raw), math.nan) * replicas,
    )
