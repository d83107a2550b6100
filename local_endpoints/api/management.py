"""The management API (``/v2``): the routes that ``huggingface_hub`` 2.4 uses, and logs.

Success is 200 everywhere, also for create and delete, as on the real service.
"""

from __future__ import annotations

import base64
import binascii
import logging
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse

from local_endpoints.access import READ, USER, WRITE, Access, Token
from local_endpoints.api.requests import authenticate, json_object, whole_number
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.hardware import hardware_tree
from local_endpoints.control_plane.lifecycle import Lifecycle
from local_endpoints.control_plane.notices import notices
from local_endpoints.control_plane.spec import merge_spec, parse_spec
from local_endpoints.errors import ApiError, bad_request, header_text

log = logging.getLogger(__name__)
router = APIRouter(prefix="/v2")
catalog_router = APIRouter(prefix="/api/v1/catalog")

ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_LOG_LINES = 1000
WARNING_HEADER = "X-Local-Warning"

Caller = Annotated[Token, Depends(authenticate)]
Body = Annotated[dict[str, Any], Depends(json_object)]


def _lifecycle(request: Request) -> Lifecycle:
    lifecycle: Lifecycle = request.app.state.lifecycle
    return lifecycle


Fleet = Annotated[Lifecycle, Depends(_lifecycle)]


def _permit(caller: Token, namespace: str, permission: str) -> None:
    caller.require_member(namespace)
    caller.require(permission)


def _permit_spending(request: Request, caller: Token, namespace: str) -> None:
    """What starts a bill needs a payment method. That resuming does, too, is an inference from
    creating, where the refusal was observed on 2026-10-10."""
    _permit(caller, namespace, WRITE)
    access: Access = request.app.state.access
    access.require_payment(namespace)


def _object(request: Request, endpoint: Endpoint) -> dict[str, Any]:
    return endpoint.to_object(request.app.state.base_url)


@router.get("/endpoint/{namespace}")
async def list_endpoints(
    request: Request,
    caller: Caller,
    fleet: Fleet,
    namespace: str,
    search: str = "",
    tags: str = "",
    cursor: str = "",
    limit: str = str(PAGE_SIZE),
) -> dict[str, Any]:
    """One page of endpoints, newest first; 20 unless ``limit`` says otherwise."""
    _permit(caller, namespace, READ)
    page_size = whole_number(limit, "limit", most=MAX_PAGE_SIZE)
    wanted = {tag for tag in tags.split(",") if tag}
    found = [
        endpoint
        for endpoint in fleet.list_endpoints(namespace)
        if search in endpoint.name and wanted <= set(endpoint.spec.tags)
    ]
    start = _decode_cursor(cursor)
    stop = start + page_size
    return {
        "items": [_object(request, endpoint) for endpoint in found[start:stop]],
        "nextCursor": _encode_cursor(stop) if stop < len(found) else None,
        "totalItems": len(found),
    }


@router.post("/endpoint/{namespace}")
async def create_endpoint(
    request: Request,
    response: Response,
    caller: Caller,
    fleet: Fleet,
    namespace: str,
    body: Body,
) -> dict[str, Any]:
    """Create an endpoint; the answer is in state ``pending``."""
    _permit_spending(request, caller, namespace)
    spec = parse_spec(body)
    _tell(response, spec.name, body)
    return _object(request, fleet.create(namespace=namespace, user=USER, spec=spec))


@router.get("/endpoint/{namespace}/{name}")
async def get_endpoint(
    request: Request, caller: Caller, fleet: Fleet, namespace: str, name: str
) -> dict[str, Any]:
    """One endpoint."""
    _permit(caller, namespace, READ)
    return _object(request, fleet.get(namespace, name))


@router.put("/endpoint/{namespace}/{name}")
async def update_endpoint(
    request: Request,
    response: Response,
    caller: Caller,
    fleet: Fleet,
    namespace: str,
    name: str,
    body: Body,
) -> dict[str, Any]:
    """Merge the body into the endpoint's settings and deploy them."""
    _permit(caller, namespace, WRITE)
    endpoint = fleet.get(namespace, name)
    spec = merge_spec(endpoint.spec, body)
    _tell(response, name, body)
    fleet.update(endpoint, spec)
    return _object(request, endpoint)


@router.delete("/endpoint/{namespace}/{name}")
async def delete_endpoint(
    caller: Caller, fleet: Fleet, namespace: str, name: str
) -> dict[str, Any]:
    """Delete an endpoint for good."""
    _permit(caller, namespace, WRITE)
    fleet.delete(fleet.get(namespace, name))
    return {}


@router.post("/endpoint/{namespace}/{name}/pause")
async def pause_endpoint(
    request: Request, caller: Caller, fleet: Fleet, namespace: str, name: str
) -> dict[str, Any]:
    """Stop it until ``resume``; nothing bills."""
    _permit(caller, namespace, WRITE)
    endpoint = fleet.get(namespace, name)
    fleet.pause(endpoint)
    return _object(request, endpoint)


@router.post("/endpoint/{namespace}/{name}/resume")
async def resume_endpoint(
    request: Request, caller: Caller, fleet: Fleet, namespace: str, name: str
) -> dict[str, Any]:
    """Start a paused endpoint, or one at zero."""
    _permit_spending(request, caller, namespace)
    endpoint = fleet.get(namespace, name)
    fleet.resume(endpoint)
    return _object(request, endpoint)


@router.post("/endpoint/{namespace}/{name}/scale-to-zero")
async def scale_endpoint_to_zero(
    request: Request, caller: Caller, fleet: Fleet, namespace: str, name: str
) -> dict[str, Any]:
    """Stop it until the next request; nothing bills, the quota stays used."""
    _permit(caller, namespace, WRITE)
    endpoint = fleet.get(namespace, name)
    fleet.scale_to_zero(endpoint)
    return _object(request, endpoint)


@router.get("/endpoint/{namespace}/{name}/replica")
async def list_replicas(caller: Caller, fleet: Fleet, namespace: str, name: str) -> dict[str, Any]:
    """The present replicas and whether they serve."""
    _permit(caller, namespace, READ)
    endpoint = fleet.get(namespace, name)
    return {
        "items": [
            {
                "id": f"{endpoint.deployment}-{replica.id}",
                "status": {"stage": replica.phase, "live": replica.phase == "ready"},
            }
            for replica in fleet.deployment(endpoint).replicas
        ]
    }


@router.get("/endpoint/{namespace}/{name}/logs")
async def read_logs(
    caller: Caller, fleet: Fleet, namespace: str, name: str, tail: str = "100"
) -> PlainTextResponse:
    """The newest log lines as text. ``follow`` is not imitated."""
    _permit(caller, namespace, READ)
    wanted = whole_number(tail, "tail", most=MAX_LOG_LINES)
    lines = fleet.log_tail(fleet.get(namespace, name), wanted)
    return PlainTextResponse("".join(f"{line}\n" for line in lines))


@router.get("/provider/{namespace}")
async def list_hardware(
    request: Request, caller: Caller, fleet: Fleet, namespace: str
) -> dict[str, Any]:
    """Hardware with prices and the namespace's quota."""
    _permit(caller, namespace, READ)
    access: Access = request.app.state.access
    used = fleet.used_accelerators(namespace)
    return hardware_tree(used, with_quota=access.can_pay(namespace))


@router.get("/provider")
async def list_public_hardware() -> dict[str, Any]:
    """Hardware with prices, for anybody; all quotas read 0."""
    return hardware_tree({}, with_quota=False)


@router.api_route("/catalog", methods=ANY_METHOD)
@router.api_route("/catalog/{path:path}", methods=ANY_METHOD)
@catalog_router.api_route("", methods=ANY_METHOD)
@catalog_router.api_route("/{path:path}", methods=ANY_METHOD)
async def catalog(path: str = "") -> None:
    """The catalog, where ``huggingface_hub`` 2.4 looks for it and where older ones did. Reading
    the real one needs no token."""
    raise ApiError(
        501,
        "the catalog is not imitated by the local service, it exists only on the real one. Create "
        "an endpoint with create_inference_endpoint (in a terminal: hf endpoints deploy)",
    )


@router.api_route("/{path:path}", methods=ANY_METHOD)
async def not_imitated(caller: Caller, path: str) -> None:
    """Everything else of the real management API."""
    raise ApiError(
        501,
        f"/v2/{path} is not imitated by the local service: metrics, quotas, audit logs and log "
        "streams exist only on the real one",
    )


def _tell(response: Response, name: str, body: dict[str, Any]) -> None:
    """Say what the real service would keep to itself."""
    for notice in notices(body):
        line = header_text(notice)
        log.warning("endpoint %s: %s", name, line)
        response.headers.append(WARNING_HEADER, line)


def _encode_cursor(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode()


def _decode_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        start = int(base64.urlsafe_b64decode(cursor))
    except (binascii.Error, ValueError):
        start = -1
    if start < 0:
        raise bad_request("cursor is not one of this service's")
    return start
