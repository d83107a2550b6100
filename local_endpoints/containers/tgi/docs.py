"""The description of the routes: an OpenAPI document, and a plain page made from it.

TGI shows Swagger UI under ``/docs``. This page needs no scripts and nothing from outside, so it
works without internet. Both are made from the readers that check the bodies.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from typing import Any

from local_endpoints.containers.http.serde import Reader
from local_endpoints.containers.tgi.schemas import (
    chat_request,
    compat_generate_request,
    completion_request,
    generate_request,
    invocation,
)

TITLE = "Text Generation Inference"

_POST: Mapping[str, tuple[str, Reader]] = {
    "/": ("Generate tokens, as one answer in a list or as a stream", compat_generate_request),
    "/generate": ("Generate tokens", generate_request),
    "/generate_stream": ("Generate a stream of tokens as server-sent events", generate_request),
    "/v1/chat/completions": ("Answer a chat, whole or as a stream of chunks", chat_request),
    "/v1/completions": ("Go on with one text or several", completion_request),
    "/invocations": ("What / or one of the two routes under /v1 takes", invocation),
    "/tokenize": ("The tokens of a prompt", generate_request),
    "/chat_tokenize": ("The prompt that a chat becomes, and its tokens", chat_request),
}

_GET: Mapping[str, str] = {
    "/": "Health check",
    "/health": "Health check",
    "/ping": "Health check",
    "/info": "The served model and the container's limits",
    "/metrics": "What Prometheus reads",
    "/v1/models": "The served model, in OpenAI's form",
    "/docs": "This page",
    "/api-doc/openapi.json": "The OpenAPI document this page is made from",
}

_STATUSES: Mapping[str, str] = {
    "200": "The answer",
    "400": "The body is no JSON",
    "413": "The body is too large",
    "415": "The content type is not JSON",
    "422": "A field does not fit, or a check refuses it",
    "424": "The model failed",
    "429": "Too many requests are in flight",
}


def openapi(version: str) -> dict[str, Any]:
    """The OpenAPI document of the routes that this container has."""
    paths: dict[str, dict[str, Any]] = {}
    for path, summary in _GET.items():
        paths.setdefault(path, {})["get"] = {
            "summary": summary,
            "responses": {"200": {"description": _STATUSES["200"]}},
        }
    for path, (summary, reader) in _POST.items():
        paths.setdefault(path, {})["post"] = {
            "summary": summary,
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": reader.schema}},
            },
            "responses": {
                status: {"description": description} for status, description in _STATUSES.items()
            },
        }
    return {"openapi": "3.0.3", "info": {"title": TITLE, "version": version}, "paths": paths}


def html_page(document: Mapping[str, Any]) -> str:
    """An OpenAPI document as one static page."""
    title = html.escape(f"{document['info']['title']} {document['info']['version']}")
    body = "\n".join(
        line
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for line in _operation(path, method, operation)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n"
        "<p>Dialect spoken by a local container in which a pocket model answers.</p>\n"
        f"{body}\n</body>\n</html>\n"
    )


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{method.upper()} {html.escape(path)}</code></h2>"
    yield f"<p>{html.escape(operation['summary'])}.</p>"
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        for shape in schema.get("oneOf", [schema]):
            yield f"<ul>\n{_fields(shape)}\n</ul>"
    yield "<p>Statuses:</p>\n<ul>"
    for status, answer in operation["responses"].items():
        yield f"<li>{status}: {html.escape(answer['description'])}</li>"
    yield "</ul>"


def _fields(schema: Mapping[str, Any]) -> str:
    required = schema.get("required", [])
    return "\n".join(
        f"<li><code>{html.escape(name)}</code>: {html.escape(_kind(field))}"
        f"{', required' if name in required else ''}{_nested(field)}</li>"
        for name, field in schema.get("properties", {}).items()
    )


def _nested(field: Mapping[str, Any]) -> str:
    inner = field.get("items", field)
    return f"\n<ul>\n{_fields(inner)}\n</ul>" if "properties" in inner else ""


def _kind(field: Mapping[str, Any]) -> str:
    if "oneOf" in field:
        return " or ".join(_kind(each) for each in field["oneOf"])
    kind: str = field.get("type", "any value")
    if kind == "array":
        kind = f"list of {_kind(field['items'])}"
    if "enum" in field:
        kind += f" ({', '.join(field['enum'])})"
    return f"{kind} or null" if field.get("nullable") else kind
