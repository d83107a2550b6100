"""Routes that the real service does not have, all under one prefix that no real route uses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse

from local_endpoints.access import ALL_PERMISSIONS, READ
from local_endpoints.api.context import Context
from local_endpoints.api.requests import Body, Caller
from local_endpoints.clock import Clock
from local_endpoints.control_plane.endpoint import Endpoint, iso
from local_endpoints.control_plane.spec import SCALE_TO_ZERO_MINUTES
from local_endpoints.errors import bad_request
from local_endpoints.proof import PROOF_PATH

PREFIX = "/_local"
# The longest idle time-out, 2,880 minutes, can be sat out at once.
MOST_MINUTES = SCALE_TO_ZERO_MINUTES[1]
NONCE = re.compile(r"[\w-]{16,128}", re.ASCII)


async def _require_operator(context: Context, caller: Caller) -> None:
    context.access.require_operator(caller)


router = APIRouter(prefix=PREFIX, dependencies=[Depends(_require_operator)])
open_router = APIRouter()


@open_router.get(PROOF_PATH, response_class=PlainTextResponse)
async def prove(context: Context, key: str = "", nonce: str = "") -> str:
    """What clients ask before they send the token that ``key`` names; see ``proof``. One line for
    each of the service's addresses."""
    if not NONCE.fullmatch(nonce):
        raise bad_request("nonce must be 16 to 128 letters, digits, - and _")
    proofs = [context.access.prove(key=key, url=url, nonce=nonce) for url in context.address.all]
    return "\n".join(proofs)


@open_router.get(f"{PREFIX}/account")
async def account(context: Context, caller: Caller) -> dict[str, Any]:
    """Of the status what concerns the caller: the namespaces whose endpoints their token may look
    at."""
    return _status(context, lambda endpoint: caller.permits(READ, endpoint.namespace))


@router.get("/status")
async def status(context: Context) -> dict[str, Any]:
    """What runs and what it has cost: USD and USD per hour, in local minutes of ``minute``
    seconds, by the service's clock, which says ``now``. ``deleted`` are the latest endpoints that
    were, since the service started."""
    late = {"late_minutes": context.lifecycle.late_minutes}
    return {**_status(context, lambda endpoint: True), **late}


def _status(context: Context, concerns: Callable[[Endpoint], bool]) -> dict[str, Any]:
    clock, lifecycle = context.lifecycle.clock, context.lifecycle
    present = filter(concerns, lifecycle.list_endpoints())
    deleted = filter(concerns, lifecycle.deleted)
    return {
        "url": context.base_url,
        "minute": clock.minute,
        "now": iso(clock.now()),
        "endpoints": [_account(each, clock) for each in present],
        "deleted": [{**_account(each, clock), "state": "deleted"} for each in deleted],
    }


def _account(endpoint: Endpoint, clock: Clock) -> dict[str, Any]:
    """``price_per_hour`` is what bills now, ``replica_price`` that of one replica while it is up,
    ``minutes`` are the started ones of all replicas together."""
    return {
        "id": endpoint.id,
        "namespace": endpoint.namespace,
        "name": endpoint.name,
        "repository": endpoint.spec.model.repository,
        "state": endpoint.state,
        "price_per_hour": endpoint.meter.price_now(),
        "replica_price": endpoint.compute.price_per_hour,
        "minutes": endpoint.meter.total_minutes(clock),
        "cost": endpoint.meter.total(clock),
    }


@router.post("/owners")
async def add_owner(context: Context, body: Body) -> dict[str, Any]:
    """Tell the service of a process that uses it. A service that was started by such a process
    ends itself some time after the last of them is gone."""
    pid = body.get("pid")
    if not isinstance(pid, int) or isinstance(pid, bool) or pid <= 0:
        raise bad_request("pid must be a process id")
    context.owners.add(pid)
    return {}


@router.post("/tokens")
async def issue_token(context: Context, body: Body) -> dict[str, str]:
    """A further token with a part of the permissions, for trying out refusals."""
    permissions = body.get("permissions")
    if not isinstance(permissions, list) or not ALL_PERMISSIONS.issuperset(map(str, permissions)):
        raise bad_request(f"permissions must be a list out of {', '.join(sorted(ALL_PERMISSIONS))}")
    return {"token": context.access.issue(frozenset(permissions))}


@router.post("/payment")
async def set_payment(context: Context, body: Body) -> dict[str, Any]:
    """Give a namespace a payment method or take it away, until the service stops: for trying out
    what a namespace without one is refused. Body: ``{"namespace": str, "canPay": bool}``."""
    namespace, can_pay = body.get("namespace"), body.get("canPay")
    known = context.access.namespaces
    if namespace not in known or not isinstance(can_pay, bool):
        raise bad_request(f"namespace must be one of {', '.join(known)}, and canPay true or false")
    context.access.set_payment(namespace, can_pay=can_pay)
    return {}


@router.post("/clock")
async def advance_clock(context: Context, body: Body) -> dict[str, Any]:
    """Put the service's clock forward, in place of waiting: bills, idle time and everything else
    follow. Body: ``{"advance": seconds}``; a local minute has ``minute`` of them. Requests that
    are held are not: they wait for processes, which start in real time."""
    clock = context.lifecycle.clock
    seconds = _number(body, "advance")
    if not 0 <= seconds <= MOST_MINUTES * clock.minute:
        raise bad_request(
            f"advance must be seconds from 0 to {MOST_MINUTES * clock.minute:g}: two days of local "
            f"minutes, each {clock.minute:g} s long. A clock does not go back"
        )
    await context.lifecycle.advance(seconds)
    return {"minute": clock.minute, "now": iso(clock.now())}


@router.post("/lateness")
async def be_late(context: Context, body: Body) -> dict[str, Any]:
    """Let idle endpoints scale to zero later than their time-out, as the real ones may, until the
    service stops. Body: ``{"minutes": local minutes}``; 0 makes them punctual again."""
    minutes = _number(body, "minutes")
    if not 0 <= minutes <= MOST_MINUTES:
        raise bad_request(f"minutes must be local minutes from 0 to {MOST_MINUTES}")
    context.lifecycle.late_minutes = minutes
    return {"minutes": minutes}


def _number(body: dict[str, Any], name: str) -> float:
    """The number of that name; one that is in no range if there is none."""
    value = body.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return math.nan


@router.post("/stop")
async def stop(context: Context) -> dict[str, Any]:
    """End the service: endpoints are paused, replicas stopped."""
    context.stop()
    return {}
