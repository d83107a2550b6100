"""The management API as a whole: what of the real one is not imitated is refused, and its routes
under another method are 405."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.routing import Match

from local_endpoints.api import logs, management, metrics, quotas, replicas
from local_endpoints.api.requests import Caller
from local_endpoints.errors import ApiError

IMITATED = (management.router, logs.router, metrics.router, replicas.router, quotas.router)
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

router = APIRouter()


@router.api_route("/v2/catalog", methods=ANY_METHOD)
@router.api_route("/v2/catalog/{path:path}", methods=ANY_METHOD)
async def old_catalog(path: str = "") -> None:
    """The catalog, where older clients look for it."""
    raise ApiError(
        501, "the catalog stands at /api/v1/catalog since 2026: update huggingface_hub to 2.4"
    )


@router.api_route("/v2/{path:path}", methods=ANY_METHOD)
@router.api_route("/v3/{path:path}", methods=ANY_METHOD)
@router.api_route("/mcp", methods=ANY_METHOD)
async def not_imitated(request: Request, caller: Caller, path: str = "") -> None:
    """Everything else of the real management API, and its routes under other methods."""
    there = [
        route
        for router in IMITATED
        for route in router.routes
        if route.matches(request.scope)[0] is Match.PARTIAL
    ]
    if there:
        allowed = {method for route in there for method in getattr(route, "methods", ())}
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})
    raise ApiError(
        501,
        f"{request.url.path} is not imitated by the local service. Audit logs, measurements of "
        "hardware and engines, and the MCP server exist only on the real one",
    )
