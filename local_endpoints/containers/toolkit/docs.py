"""``/openapi.json`` of the container. The real toolkit has no such document: this one is for people
who look around and for fuzzers."""

from __future__ import annotations

from typing import Any

from local_endpoints.containers.toolkit.sdxl import IMITATED

PATH = "/openapi.json"

_PICTURES = ("png", "jpeg", "tiff", "bmp", "gif", "webp")

_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_NUMBER = {"type": "number"}
_KINDS: dict[str, dict[str, Any]] = {
    "negative_prompt": _TEXTS,
    "num_inference_steps": {"type": "integer", "minimum": 1},
    "guidance_scale": _NUMBER,
    "height": {"type": "integer", "multipleOf": 8},
    "width": {"type": "integer", "multipleOf": 8},
}
"""The arguments that clients send; those of others are left open."""

_CALL = {
    "type": "object",
    "required": ["inputs"],
    "properties": {
        "inputs": _TEXTS,
        "parameters": {
            "type": "object",
            "properties": {
                "seed": {"type": "integer"},
                **{name: _KINDS.get(name, {}) for name in sorted(IMITATED)},
            },
        },
    },
}
_REFUSAL = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}},
}


def openapi(version: str) -> dict[str, Any]:
    """The OpenAPI document of the routes that this container has."""
    draw = {
        "summary": "Draw a picture: a file of the type in `Accept`, or base64 in JSON",
        "requestBody": {"required": True, "content": {"application/json": {"schema": _CALL}}},
        "responses": {
            "200": {
                "description": "The picture",
                "content": {
                    "application/json": {"schema": {"type": "string"}},
                    **{f"image/{name}": {"schema": {"type": "string"}} for name in _PICTURES},
                },
            },
            "400": {
                "description": "Whatever is wrong with the request",
                "content": {"application/json": {"schema": _REFUSAL}},
            },
        },
    }

    def get(summary: str, content: dict[str, Any]) -> dict[str, Any]:
        answer = {"description": "The answer", "content": content}
        return {"summary": summary, "responses": {"200": answer}}

    health = get("Health check", _TEXT)
    document = {"application/json": {"schema": {"type": "object"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hugging Face Inference Toolkit", "version": version},
        "paths": {
            "/": {"get": health, "post": draw},
            "/health": {"get": health},
            "/predict": {"post": draw},
            "/metrics": {"get": get("Pictures that are drawn and that wait", _TEXT)},
            PATH: {"get": get("This document, which the real toolkit does not have", document)},
        },
    }
