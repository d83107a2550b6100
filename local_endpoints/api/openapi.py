"""``/openapi.json``: management API, catalog and hub side, for people and for fuzzers.

The real management API has its document in the same place. What this service has beyond the real
one (`local.router`) and what it only refuses with 501 is left out. A route without a description
here is an error, which a test finds.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from local_endpoints.access import USER
from local_endpoints.api import catalog, hub, logs, refused
from local_endpoints.api.catalog import MOST_MODELS
from local_endpoints.api.management import MAX_PAGE_SIZE
from local_endpoints.api.schemas import COMPONENTS, STRING, TIME, Schema, named, required

PATH = "/openapi.json"
CATALOG_PATH = "/api/openapi.json"
"""Where the catalog, whose host is another one, has its own."""
VERSION = "2.0.0"
"""Of the real document whose paths and fields these are."""

router = APIRouter()

TOKEN = (400, 401)
"""What anybody may get who needs a token; 400 is for an unknown ``Host``, too."""
OF_A_NAMESPACE = (*TOKEN, 403)
OF_AN_ENDPOINT = (*OF_A_NAMESPACE, 404)
WITH_A_BODY = (409, 413, 415)
OF_THE_HUB = (400, 401, 404)


@dataclass(frozen=True)
class Operation:
    """What the document says of a method of a route; the summary is the route's docstring.

    Attributes:
        answer: of status 200; None for a file.
        refusals: the other statuses.
        body, example: what is sent.
        query: the parameters behind the path.
        media_type: of the answer.
        optional_token: whether the route answers without a token, too.
    """

    answer: Schema | None
    refusals: tuple[int, ...]
    body: Schema | None = None
    example: Mapping[str, Any] | None = None
    query: Mapping[str, Schema] = field(default_factory=dict)
    media_type: str = "application/json"
    optional_token: bool = False


def _number(most: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": most}


_LIST = {"search": STRING, "tags": STRING, "cursor": STRING, "limit": _number(MAX_PAGE_SIZE)}
_EXAMPLE = {
    "name": "an-endpoint",
    "type": "authenticated",
    "provider": {"vendor": "aws", "region": "us-east-1"},
    "compute": {
        "accelerator": "gpu",
        "instanceType": "nvidia-l4",
        "instanceSize": "x1",
        "scaling": {"minReplica": 0, "maxReplica": 1},
    },
    "model": {
        "repository": "Qwen/Qwen3-1.7B",
        "framework": "pytorch",
        "image": {"tgi": {"url": "ghcr.io/huggingface/text-generation-inference:3.3.7"}},
    },
}
_ONE = Operation(named("Endpoint"), OF_AN_ENDPOINT)
_CHANGE = Operation(named("Endpoint"), (*OF_AN_ENDPOINT, 409))
_MODEL = Operation(named("Model"), OF_THE_HUB, optional_token=True)
_FILES = Operation(named("Files"), OF_THE_HUB, optional_token=True)
_FILE = Operation(
    None, (*OF_THE_HUB, 403, 416), media_type="application/octet-stream", optional_token=True
)
_MODELS = {
    **dict.fromkeys(("accelerator", "engine", "license", "task", "search"), STRING),
    "limit": _number(MOST_MODELS),
}
_DEPLOY = Operation(
    required(endpoint=named("Endpoint")),
    (*OF_AN_ENDPOINT, *WITH_A_BODY),
    body=named("Wish"),
    example={"namespace": USER, "config": {"name": "an-endpoint"}},
)
_NAMED = "/v2/endpoint/{namespace}/{name}"
_TEXT = {
    "replica": STRING,
    "tail": _number(logs.MOST_TAIL),
    "line_max_length": _number(logs.LONGEST_LINE),
}
_RECORDS = {
    **_TEXT,
    **dict.fromkeys(("level", "search"), STRING),
    **dict.fromkeys(("since", "until"), TIME),
}


def _measured(answer: str) -> Operation:
    return Operation(
        named(answer),
        (*OF_AN_ENDPOINT, 413, 415),
        body=named("Period"),
        example={"start": "2026-11-26T18:00:00Z", "stop": "2026-11-26T19:00:00Z"},
    )


OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("GET", "/v2/endpoint/{namespace}"): Operation(named("Endpoints"), OF_A_NAMESPACE, query=_LIST),
    ("POST", "/v2/endpoint/{namespace}"): Operation(
        named("Endpoint"), (*OF_AN_ENDPOINT, *WITH_A_BODY), body=named("Spec"), example=_EXAMPLE
    ),
    ("GET", _NAMED): _ONE,
    ("PUT", _NAMED): Operation(
        named("Endpoint"),
        (*OF_AN_ENDPOINT, *WITH_A_BODY),
        body=named("Changes"),
        example={"compute": {"scaling": {"minReplica": 1}}},
    ),
    ("DELETE", _NAMED): Operation({"type": "object", "maxProperties": 0}, OF_AN_ENDPOINT),
    ("POST", f"{_NAMED}/pause"): _CHANGE,
    ("POST", f"{_NAMED}/resume"): _CHANGE,
    ("POST", f"{_NAMED}/scale-to-zero"): _CHANGE,
    ("GET", f"{_NAMED}/replica"): Operation(named("Replicas"), OF_AN_ENDPOINT),
    ("GET", logs.TEXT): Operation(
        STRING,
        OF_AN_ENDPOINT,
        query={**_TEXT, "follow": {"enum": ["true", "false"]}},
        media_type="text/plain",
    ),
    ("GET", f"{logs.TEXT}/sse"): Operation(
        STRING, OF_AN_ENDPOINT, query=_TEXT, media_type="text/event-stream"
    ),
    ("GET", logs.RECORDS): Operation(
        named("Records"),
        OF_AN_ENDPOINT,
        query={
            **_RECORDS,
            "limit": _number(logs.MOST_RECORDS),
            "order": {"enum": ["asc", "desc"]},
            "cursor": STRING,
        },
    ),
    ("GET", f"{logs.RECORDS}/sse"): Operation(
        STRING, OF_AN_ENDPOINT, query=_RECORDS, media_type="text/event-stream"
    ),
    ("POST", f"{_NAMED}/metrics"): _measured("AllGraphs"),
    ("POST", f"{_NAMED}/metrics/replica-ids"): _measured("ReplicaIds"),
    **{
        ("POST", f"{_NAMED}/metrics/{graph}"): _measured("Graph")
        for graph in (
            *("response-status-code", "response-elapsed", "pending-request"),
            *("replica-running", "replica-status"),
        )
    },
    ("GET", "/v2/provider/quotas/{namespace}"): Operation(named("Quotas"), OF_A_NAMESPACE),
    ("GET", "/v2/provider/{namespace}"): Operation(named("Hardware"), OF_A_NAMESPACE),
    ("GET", "/v2/provider"): Operation(named("Hardware"), (400,), optional_token=True),
    ("GET", "/api/v1/catalog/list"): Operation(
        named("Catalog"), (400,), query=_MODELS, optional_token=True
    ),
    ("POST", "/api/v1/catalog/model/{owner}/{model}/deploy"): _DEPLOY,
    ("POST", "/api/v1/catalog/recipe/{recipe_id}/deploy"): _DEPLOY,
    ("GET", "/api/whoami-v2"): Operation(named("WhoAmI"), TOKEN),
    ("GET", "/api/models/{name}"): _MODEL,
    ("GET", "/api/models/{name}/revision/{revision}"): _MODEL,
    ("GET", "/api/models/{owner}/{name}"): _MODEL,
    ("GET", "/api/models/{owner}/{name}/revision/{revision}"): _MODEL,
    ("GET", "/api/models/{owner}/{name}/auth-check"): Operation(
        STRING, (*OF_THE_HUB, 403), media_type="text/plain", optional_token=True
    ),
    ("GET", "/api/models/{owner}/{name}/tree/{revision}"): _FILES,
    ("GET", "/api/models/{owner}/{name}/tree/{revision}/{folder}"): _FILES,
    **dict.fromkeys(
        (
            (method, f"{repository}/resolve/{{revision}}/{{file}}")
            for method in ("GET", "HEAD")
            for repository in ("/{name}", "/{owner}/{name}")
        ),
        _FILE,
    ),
    **dict.fromkeys(
        (("GET", PATH), ("GET", CATALOG_PATH)),
        Operation({"type": "object"}, (400,), optional_token=True),
    ),
}


@router.get(PATH)
async def openapi() -> JSONResponse:
    """This document; for anybody, as the real one."""
    return JSONResponse(document())


@router.get(CATALOG_PATH)
async def catalog_openapi() -> JSONResponse:
    """The part of this document that is the catalog's; for anybody."""
    return JSONResponse(document((catalog.router,)))


def document(rooms: Sequence[APIRouter] | None = None) -> dict[str, Any]:
    """The OpenAPI document, of all routes unless only some are asked for. Raises: KeyError if a
    route is not described."""
    paths: dict[str, dict[str, Any]] = {}
    for method, route in described(rooms):
        operation = OPERATIONS[method, route.path_format]
        paths.setdefault(route.path_format, {})[method.lower()] = _written(route, operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Local Inference Endpoints", "version": VERSION},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": COMPONENTS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def described(rooms: Sequence[APIRouter] | None = None) -> Iterator[tuple[str, APIRoute]]:
    """Each method of each route that belongs into the document."""
    rooms = rooms or (*refused.IMITATED, catalog.router, hub.router, router)
    for route in chain.from_iterable(room.routes for room in rooms):
        assert isinstance(route, APIRoute)
        yield from ((method, route) for method in sorted(route.methods or ()))


def _written(route: APIRoute, operation: Operation) -> dict[str, Any]:
    answered = operation.answer or {"type": "string", "format": "binary"}
    written: dict[str, Any] = {
        "summary": (inspect.getdoc(route.endpoint) or "").partition("\n")[0],
        "parameters": [*map(_of_the_path, _names(route)), *_of_the_query(operation)],
        "responses": {
            "200": {
                "description": "The answer",
                "content": {operation.media_type: {"schema": answered}},
            },
            **{str(status): _refusal(status) for status in operation.refusals},
        },
    }
    if operation.body is not None:
        content = {"application/json": {"schema": operation.body, "example": operation.example}}
        written["requestBody"] = {"required": True, "content": content}
    if operation.optional_token:
        written["security"] = [{}, {"token": []}]
    return written


def _names(route: APIRoute) -> list[str]:
    return re.findall(r"{(\w+)}", route.path_format)


def _of_the_path(name: str) -> dict[str, Any]:
    schema = {**STRING, "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _of_the_query(operation: Operation) -> Iterator[dict[str, Any]]:
    for name, schema in operation.query.items():
        yield {"name": name, "in": "query", "schema": schema}


def _refusal(status: int) -> dict[str, Any]:
    content = {"application/json": {"schema": named("Refusal")}}
    return {"description": HTTPStatus(status).phrase, "content": content}
