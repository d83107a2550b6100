"""The replicas of an endpoint. The stages are those that the service's guide to analytics names
(2026); how the real answer spells them was not written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from local_endpoints.api.context import Context
from local_endpoints.api.management import Readable
from local_endpoints.replicas.replica import Phase

router = APIRouter(prefix="/v2/endpoint/{namespace}/{name}")

STAGES: Mapping[Phase, str] = {"starting": "pending", "ready": "running", "exited": "failed"}


@router.get("/replica")
async def list_replicas(context: Context, endpoint: Readable) -> dict[str, Any]:
    """The present replicas and whether they serve."""
    return {
        "items": [
            {
                "id": name,
                "status": {"stage": STAGES[replica.phase], "live": replica.phase == "ready"},
            }
            for name, replica in context.lifecycle.deployment(endpoint).ids().items()
        ]
    }
