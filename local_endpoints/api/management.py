"""The management API (``/v2``): the routes that ``huggingface_hub`` 2.4 uses.

Success is 200 everywhere, also for create and delete, as on the real service.
"""

from __future__ import annotations

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from local_endpoints.access import READ, WRITE, Token
from local_endpoints.api.context import Context
from local_endpoints.api.pages import page
from local_endpoints.api.requests import Body, Caller, whole_number
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.hardware import hardware_tree
from local_endpoints.control_plane.notices import notices
from local_endpoints.control_plane.spec import EndpointSpec, merge_spec, parse_spec
from local_endpoints.errors import ApiError, header_text
from local_endpoints.repositories import REPOSITORIES

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/v2")

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
WARNING_HEADER = "X-Local-Warning"


def permit(
    context: Context, caller: Token, namespace: str, permission: str, *, bills: bool = False
) -> None:
    """Raises: ApiError 403.

    What starts a bill needs a payment method. That resuming does, too, is an inference from
    creating, where the refusal was observed on 2026-10-10.
    """
    caller.require_member(namespace)
    caller.require(permission, namespace)
    if bills:
        context.access.require_payment(namespace)


def found(permission: str, *, bills: bool = False) -> Any:
    """A dependency: the endpoint that the path names, for a caller who has the permission.

    Args:
        bills: whether what the caller wants starts a bill.

    Raises:
        ApiError: 401, 403 or 404, in this order; 403 also for a contributor to an organization
            who wants to change what another member made there.
    """

    async def find(context: Context, caller: Caller, namespace: str, name: str) -> Endpoint:
        permit(context, caller, namespace, permission, bills=bills)
        endpoint = context.lifecycle.get(namespace, name)
        caller.require(permission, namespace, creator=endpoint.user)
        return endpoint

    return Depends(find)


def _require_gated(caller: Token, spec: EndpointSpec) -> None:
    """Raises: ApiError 403 for a gated repository whose files the caller may not have.

    The real service answered 500 and not a word in 2024; the reason, in the Hub's words, is ours.
    """
    repository = REPOSITORIES.get(spec.model.repository)
    gate = caller.gate(repository.id) if repository and repository.gated else None
    if gate is not None:
        raise ApiError(403, f"{spec.model.repository}: {gate.detail}")


Readable = Annotated[Endpoint, found(READ)]
Writable = Annotated[Endpoint, found(WRITE)]
Startable = Annotated[Endpoint, found(WRITE, bills=True)]


@router.get("/endpoint/{namespace}")
async def list_endpoints(
    context: Context,
    caller: Caller,
    namespace: str,
    search: str = "",
    tags: str = "",
    cursor: str = "",
    limit: str = str(PAGE_SIZE),
) -> dict[str, Any]:
    """One page of endpoints, newest first; 20 unless ``limit`` says otherwise."""
    permit(context, caller, namespace, READ)
    page_size = whole_number(limit, "limit", most=MAX_PAGE_SIZE)
    wanted = {tag for tag in tags.split(",") if tag}
    matching = [
        endpoint
        for endpoint in context.lifecycle.list_endpoints(namespace)
        if (not search or search in endpoint.name)
        and (not wanted or wanted <= set(endpoint.spec.tags))
    ]
    shown, next_cursor = page(matching, cursor=cursor, size=page_size)
    return {
        "items": [endpoint.to_object(context.base_url) for endpoint in shown],
        "nextCursor": next_cursor,
        "totalItems": len(matching),
    }


@router.post("/endpoint/{namespace}")
async def create_endpoint(
    response: Response, context: Context, caller: Caller, namespace: str, body: Body
) -> dict[str, Any]:
    """Create an endpoint; the answer is in state ``pending``."""
    permit(context, caller, namespace, WRITE, bills=True)
    spec = parse_spec(body)
    _tell(response, spec.name, body)
    _require_gated(caller, spec)
    endpoint = context.lifecycle.create(namespace=namespace, user=caller.user.name, spec=spec)
    return endpoint.to_object(context.base_url)


@router.get("/endpoint/{namespace}/{name}")
async def get_endpoint(context: Context, endpoint: Readable) -> dict[str, Any]:
    """One endpoint."""
    return endpoint.to_object(context.base_url)


@router.put("/endpoint/{namespace}/{name}")
async def update_endpoint(
    # In this order: a body that is no JSON is refused before a name that nobody knows.
    response: Response,
    context: Context,
    caller: Caller,
    body: Body,
    endpoint: Writable,
) -> dict[str, Any]:
    """Merge the body into the endpoint's settings and deploy them."""
    spec = merge_spec(endpoint.spec, body)
    _tell(response, endpoint.name, body)
    _require_gated(caller, spec)
    context.lifecycle.update(endpoint, spec, user=caller.user.name)
    return endpoint.to_object(context.base_url)


@router.delete("/endpoint/{namespace}/{name}")
async def delete_endpoint(context: Context, endpoint: Writable) -> dict[str, Any]:
    """Delete an endpoint for good."""
    context.lifecycle.delete(endpoint)
    return {}


@router.post("/endpoint/{namespace}/{name}/pause")
async def pause_endpoint(context: Context, caller: Caller, endpoint: Writable) -> dict[str, Any]:
    """Stop it until ``resume``; nothing bills."""
    context.lifecycle.pause(endpoint, user=caller.user.name)
    return endpoint.to_object(context.base_url)


@router.post("/endpoint/{namespace}/{name}/resume")
async def resume_endpoint(context: Context, caller: Caller, endpoint: Startable) -> dict[str, Any]:
    """Start a paused endpoint, or one at zero."""
    context.lifecycle.resume(endpoint, user=caller.user.name)
    return endpoint.to_object(context.base_url)


@router.post("/endpoint/{namespace}/{name}/scale-to-zero")
async def scale_endpoint_to_zero(
    context: Context, caller: Caller, endpoint: Writable
) -> dict[str, Any]:
    """Stop it until the next request; nothing bills, the quota stays used."""
    context.lifecycle.scale_to_zero(endpoint, user=caller.user.name)
    return endpoint.to_object(context.base_url)


@router.get("/provider/{namespace}")
async def list_hardware(context: Context, caller: Caller, namespace: str) -> dict[str, Any]:
    """Hardware with prices and the namespace's quota."""
    permit(context, caller, namespace, READ)
    used = context.lifecycle.used_accelerators(namespace)
    pays = context.access.can_pay(namespace)
    return hardware_tree(used, quotas=context.lifecycle.quotas.of(namespace) if pays else {})


@router.get("/provider")
async def list_public_hardware() -> dict[str, Any]:
    """Hardware with prices, for anybody; all quotas read 0."""
    return hardware_tree({}, quotas={})


def _tell(response: Response, name: str, body: dict[str, Any]) -> None:
    """Say what the real service would keep to itself."""
    for notice in notices(body):
        line = header_text(notice)
        logger.warning("endpoint %s: %s", name, line)
        response.headers.append(WARNING_HEADER, line)
