"""How many accelerators a namespace may use and uses: what ``checks.check_quota`` enforces."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from local_endpoints.access import READ
from local_endpoints.api.context import Context
from local_endpoints.api.management import permit
from local_endpoints.api.requests import Caller
from local_endpoints.control_plane.hardware import COMPUTES

router = APIRouter(prefix="/v2/provider/quotas")


@router.get("/{namespace}")
async def list_quotas(context: Context, caller: Caller, namespace: str) -> dict[str, Any]:
    """The quota of every instance type, by vendor; without a payment method all are 0."""
    permit(context, caller, namespace, READ)
    lifecycle = context.lifecycle
    most = lifecycle.quotas.of(namespace) if context.access.can_pay(namespace) else {}
    used = lifecycle.used_accelerators(namespace)
    vendors: dict[str, dict[str, dict[str, Any]]] = {}
    for row in COMPUTES:
        vendors.setdefault(row.vendor, {})[row.instance_type] = {
            "instanceType": row.instance_type,
            "architecture": row.architecture,
            "maxAccelerators": most.get(row.quota_key, 0),
            "usedAccelerators": used.get(row.quota_key, 0),
        }
    return {
        "vendors": [
            {"name": vendor, "quotas": list(quotas.values())} for vendor, quotas in vendors.items()
        ]
    }
