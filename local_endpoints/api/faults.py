"""What a test or a lesson lets go wrong, and what the service was asked: routes that the real
service does not have. They need the user's own token."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from local_endpoints.api import local
from local_endpoints.api.context import Context
from local_endpoints.api.requests import Body
from local_endpoints.control_plane.quotas import QUOTAS, REGIONS
from local_endpoints.errors import bad_request

router = APIRouter(prefix=local.PREFIX, dependencies=local.router.dependencies)


@router.post("/quota")
async def set_quota(context: Context, body: Body) -> dict[str, Any]:
    """Give a namespace another quota, until the service stops: for trying out what is refused
    beyond it. Body: ``{"namespace": str, "vendor": str, "instanceType": str, "maxAccelerators":
    int}``, with a ``region`` for what may be used of the type there; null takes it back."""
    namespace, most = body.get("namespace"), body.get("maxAccelerators")
    names = ("vendor", "instanceType", *(["region"] if "region" in body else []))
    key = tuple(str(body.get(name)) for name in names)
    known = REGIONS if "region" in body else QUOTAS
    is_count = isinstance(most, int) and not isinstance(most, bool) and most >= 0
    namespaces = context.access.namespaces
    if namespace not in namespaces or key not in known or not (most is None or is_count):
        types = ", ".join(" ".join(each) for each in sorted(known))
        raise bad_request(
            f"namespace must be one of {', '.join(namespaces)}, maxAccelerators a number from 0 or "
            f"null, {', '.join(names)} one of {types}"
        )
    context.lifecycle.quotas.change(namespace, key, most)
    return {}


@router.get("/faults")
async def list_faults(context: Context) -> dict[str, Any]:
    """The faults and how often each has struck."""
    return {"items": [fault.to_object() for fault in context.faults]}


@router.post("/faults")
async def add_fault(context: Context, body: Body) -> dict[str, Any]:
    """Let requests, or starts of replicas, fail from now on. Body: see ``faults.Rule``."""
    return context.faults.add(body).to_object()


@router.delete("/faults")
async def remove_faults(context: Context) -> dict[str, Any]:
    """Let everything work again."""
    context.faults.remove()
    return {}


@router.delete("/faults/{fault_id}")
async def remove_fault(context: Context, fault_id: str) -> dict[str, Any]:
    """Remove one fault."""
    context.faults.remove(fault_id)
    return {}


@router.get("/journal")
async def read_journal(context: Context) -> dict[str, Any]:
    """The newest 1,000 requests, oldest first; see ``journal.Entry``."""
    return {"items": context.journal.to_objects()}


@router.delete("/journal")
async def clear_journal(context: Context) -> dict[str, Any]:
    """Forget them."""
    context.journal.clear()
    return {}
