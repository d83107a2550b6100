"""Which facts of a text a request for JSON asks for, and under which keys."""

from __future__ import annotations

from typing import Any

from training.language.lexicon import Draw


def asked_keys(draw: Draw, text: str, facts: dict[str, Any]) -> list[str]:
    """Which facts are asked for: as people do, mostly two, in the order of the text."""
    keys = list(facts)
    if draw.chance(0.75):
        keys.sort(key=lambda key: text.find(str(facts[key])))
    if len(keys) > 1 and draw.chance(0.55):
        keys = sorted(draw.rng.sample(keys, draw.rng.choice((1, 2, 2, 2))), key=keys.index)
    return keys


def under_strange_keys(draw: Draw, text: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """The facts in the order of the text under keys that say nothing: so keys have to be copied.

    As they are where the text says a fact in other words than its value.
    """
    places = {key: text.find(str(value)) for key, value in wanted.items()}
    if min(places.values()) < 0 or len(set(places.values())) < len(places):
        return wanted
    keys = dict.fromkeys(draw.thing() for _ in wanted)
    if len(keys) < len(wanted):
        return wanted
    return {
        key: wanted[old]
        for key, old in zip(keys, sorted(places, key=places.__getitem__), strict=True)
    }
