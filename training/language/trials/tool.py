"""A function as a request lists it, all of its parameters required."""

from __future__ import annotations

from typing import Any


def tool(name: str, description: str, /, **parameters: tuple[str, str]) -> dict[str, Any]:
    """``parameters`` are JSON type and description of each."""
    properties = {
        key: {"type": kind, "description": about} for key, (kind, about) in parameters.items()
    }
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "parameters": {
                "type": "object",
                "properties": properties,
                "required": list(properties),
            },
        },
    }
