"""Says in what an answer of the service differs from the one that the real vLLM gave."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).with_name("recorded")
USUAL = {"content-type": "application/json", "vary": "Origin"}
"""Headers of an answer for which a recorded file writes none."""
CLOSE = 2e-3
"""By how much a log-probability may differ: two engines add in another order."""

_MASKED = ("created", "system_fingerprint")
"""Of these only the type is compared."""
_DRAWN = ("content", "text", "token", "bytes", "finish_reason", "arguments")
"""What says something else when another generator draws."""
_HEX = re.compile(r"[0-9a-f]{8,}")


def load(name: str) -> dict[str, Any]:
    """One file of recorded facts."""
    told: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return told


def form_of(content_type: str, text: str) -> str:
    """Under which name a recorded answer keeps its body: ``events``, ``json`` or ``text``."""
    if content_type.startswith("text/event-stream"):
        return "events"
    return "json" if content_type.startswith("application/json") and text else "text"


def body_of(content_type: str, text: str) -> Any:
    """A body as values: the events of a stream, JSON, or text; of a page only its title."""
    form = form_of(content_type, text)
    if form == "events":
        return [_event(each) for each in text.split("\n\n") if each]
    if form == "json":
        return json.loads(text)
    title = re.search(r"<title>.*</title>", text)
    return title[0] if title else text


def metric_names(text: str) -> list[str]:
    """``NAME TYPE`` of each metric of a page."""
    return re.findall(r"^# TYPE (\S+ \S+)$", text, re.MULTILINE)


def methods(description: Mapping[str, Any]) -> dict[str, list[str]]:
    """The methods of each path that an OpenAPI document names."""
    return {path: sorted(each) for path, each in description["paths"].items()}


def _choice(event: Any) -> float:
    """Choices grow at the same time, in no promised order; what ends a stream comes last."""
    choices = event.get("choices") if isinstance(event, dict) else None
    return choices[0]["index"] if choices else math.inf


def _event(text: str) -> Any:
    data = text.removeprefix("data: ")
    return json.loads(data) if data.startswith("{") else text


def differences(theirs: Any, ours: Any, *, drawn: bool = False) -> list[str]:
    """Each difference with its place, for example ``choices.0.text: 'a', not 'b'``.

    Ids count as equal when they have the same form; times when both are numbers. The order of
    names in an object counts.

    Args:
        drawn: the answer was sampled, so that only its form can be compared.
    """
    return list(_walk(theirs, ours, "", drawn))


def _walk(theirs: Any, ours: Any, place: str, drawn: bool) -> Iterator[str]:
    name = place.rpartition(".")[2]
    if drawn and name in _DRAWN and type(theirs) is type(ours):
        return
    if isinstance(theirs, dict) and isinstance(ours, dict):
        if list(theirs) != list(ours):
            yield f"{place}: has {list(ours)}, not {list(theirs)}"
        for key in theirs:
            if key in ours:
                yield from _walk(theirs[key], ours[key], f"{place}.{key}".lstrip("."), drawn)
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours) and not drawn:
            yield f"{place}: {len(ours)} items, not {len(theirs)}"
        for index, pair in enumerate(zip(theirs, ours, strict=False)):
            yield from _walk(*pair, f"{place}.{index}".lstrip("."), drawn)
    elif not _same(theirs, ours, name, drawn):
        yield f"{place}: {ours!r}, not {theirs!r}"


def _same(theirs: Any, ours: Any, name: str, drawn: bool) -> bool:
    if isinstance(theirs, str) and isinstance(ours, str):
        return name in _MASKED or _HEX.sub("#", theirs) == _HEX.sub("#", ours)
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return theirs is ours
    if isinstance(theirs, int | float) and isinstance(ours, int | float):
        return name in _MASKED or drawn or abs(theirs - ours) <= _tolerance(theirs)
    return bool(theirs == ours)


def _tolerance(number: float) -> float:
    return CLOSE if isinstance(number, float) else 0


def compare(theirs: Mapping[str, Any], ours: Any, *, drawn: bool = False) -> list[str]:
    """A recorded answer beside a `Reply` of the service."""
    usual = theirs.get("headers", USUAL)
    found = []
    if ours.status != theirs["status"]:
        found.append(f"status {ours.status}, not {theirs['status']}")
    for name, value in usual.items():
        given = re.sub(r"127\.0\.0\.1:\d+", "HOST", ours.headers.get(name, ""))
        if _HEX.sub("#", given) != _HEX.sub("#", value):
            found.append(f"header {name}: {given!r}, not {value!r}")
    kind = ours.headers.get("content-type", "")
    body = body_of(kind, ours.text)
    if "events" in theirs and isinstance(body, list):
        found += differences(
            sorted(theirs["events"], key=_choice), sorted(body, key=_choice), drawn=drawn
        )
    for form in ("json", "text"):
        if form in theirs:
            found += differences(theirs[form], body, drawn=drawn)
    return found
