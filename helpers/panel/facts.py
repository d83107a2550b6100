"""What an endpoint is, as lines for people, from the service's description of it.

Both services' descriptions will do: whatever one of them leaves out is said to be missing.
"""

from __future__ import annotations

from typing import Any

from huggingface_hub import InferenceEndpoint

from helpers.panel.costs import Costs
from helpers.panel.offers import Row, memory_of
from helpers.panel.order import SECURITY
from helpers.panel.states import state_of
from helpers.panel.words import MASK, masked, plural, price

UNKNOWN = "the service does not say"

Line = dict[str, Any]


def badge_of(endpoint: InferenceEndpoint) -> dict[str, Any]:
    """The data of ``Live``'s state."""
    state = state_of(endpoint.status)
    status = endpoint.raw["status"]
    message = str(status.get("errorMessage") or status.get("message") or "")
    return {
        "name": endpoint.name,
        "symbol": state.symbol,
        "word": state.word,
        "meaning": state.meaning,
        "tone": state.tone,
        "note": message,
    }


def overview_of(endpoint: InferenceEndpoint, row: Row | None) -> list[Line]:
    """Address, model, hardware, scaling and settings.

    Args:
        row: its hardware in the service's list; ``None`` if it is not there.
    """
    raw = endpoint.raw
    model, compute, provider = raw["model"], raw["compute"], raw["provider"]
    kind, image = next(iter((model.get("image") or {"huggingface": {}}).items()))
    return [
        _line("Address", endpoint.url or "none yet", copy=endpoint.url is not None),
        _line("Model", f"{endpoint.repository}, revision {str(endpoint.revision or 'main')[:7]}"),
        _line("Task", endpoint.task or UNKNOWN),
        _line("Container", _container(kind, image or {})),
        _line("Hardware", f"{provider['vendor']} {provider['region']}, {_hardware(compute, row)}"),
        _line("Price", _price(row)),
        _line("Replicas", _replicas(raw)),
        _line("Sleeps after", _sleep(compute.get("scaling") or {})),
        _line("Access", f"{endpoint.type}: {SECURITY.get(str(endpoint.type), UNKNOWN)}"),
        _line("Environment", _variables(model)),
        _line("Tags", ", ".join(raw.get("tags") or ()) or "none"),
        _line("Created", f"{endpoint.created_at:%Y-%m-%d %H:%M} UTC, by {_author(raw)}"),
    ]


def costs_of(endpoint: InferenceEndpoint, row: Row | None) -> list[Line]:
    """What it costs, from the price list alone."""
    most = _scaling(endpoint.raw).get("maxReplica") or 1
    costs = Costs(row.price_per_hour if row else float("nan"), most)
    (first, hourly), *forgotten = costs.rows()
    lines = [_line(f"While it runs, {first}", hourly)]
    lines += [_line(term.capitalize(), text) for term, text in forgotten]
    if row is None:
        lines.append(_line("Why unknown", "its hardware is not in the service's price list"))
    return lines


def picture_of(endpoint: InferenceEndpoint, row: Row | None) -> list[Line]:
    """What a saved notebook shows: nothing that differs from run to run."""
    changing = ("Address", "Created", "Model")
    lines = [line for line in overview_of(endpoint, row) if line["term"] not in changing]
    return [_line("Model", endpoint.repository), *lines]


def _line(term: str, text: str, *, copy: bool = False) -> Line:
    return {"term": term, "text": text, "copy": copy}


def _scaling(raw: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = raw["compute"].get("scaling") or {}
    return found


def _container(kind: str, image: dict[str, Any]) -> str:
    url = image.get("url")
    return f"{kind}, {url}" if url else f"{kind} (the service's own)"


def _hardware(compute: dict[str, Any], row: Row | None) -> str:
    name = f"{compute['instanceType']} {compute['instanceSize']}"
    return f"{name}, {memory_of(row):,.0f} GB" if row else name


def _price(row: Row | None) -> str:
    if row is None:
        return "unknown: its hardware is not in the service's price list"
    return f"{price(row.price_per_hour)} per hour and replica, while it is up"


def _replicas(raw: dict[str, Any]) -> str:
    scaling, status = _scaling(raw), raw["status"]
    ready = status.get("readyReplica")
    now = f"{plural(ready, 'replica')} ready" if ready is not None else f"now: {UNKNOWN}"
    return f"{scaling.get('minReplica', '?')} to {scaling.get('maxReplica', '?')}; {now}"


def _sleep(scaling: dict[str, Any]) -> str:
    if scaling.get("minReplica"):
        return "never: it keeps a replica"
    minutes = scaling.get("scaleToZeroTimeout")
    return f"{minutes} billed minutes without a request" if minutes else "never"


def _variables(model: dict[str, Any]) -> str:
    shown = [f"{name}={value}" for name, value in masked(model.get("env") or {}).items()]
    shown += [f"{name}={MASK}" for name in model.get("secrets") or {}]
    return ", ".join(shown) or "none"


def _author(raw: dict[str, Any]) -> str:
    created_by = raw["status"].get("createdBy") or {}
    return str(created_by.get("name") or UNKNOWN)
