"""Pause whatever still bills: after class, or every evening.

    python -m helpers.sweep                    # the real service, with the token that is there
    python -m helpers.sweep --dry-run          # only say what would be paused
    python -m helpers.sweep --namespace ORG    # with a token that is for an organization alone
    python -m helpers.sweep --backend local    # the service of this computer

It looks into all namespaces that the token may read, and ends with the proof: status 0 when nothing
bills any more, 1 when something does or a namespace could not be read, 2 when it could not even
look. cron can run it: it asks for a token only where somebody sits at the terminal.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from huggingface_hub import pause_inference_endpoint

from helpers.answers import persistently, plain_words
from helpers.connect import BACKENDS, connect, disconnect
from helpers.errors import CourseError, RefusedError
from helpers.spending import (
    NO_ACCESS,
    Billing,
    all_namespaces,
    bills,
    endpoints_of,
    still_billing,
)
from local_endpoints import find_running
from local_endpoints.environment import is_shared_named

CLEAN, LEFT, BLIND = 0, 1, 2
# It does not bill yet, but soon will.
ON_THE_WAY = ("pending",)
ASLEEP = ("scaledToZero",)


@dataclass(frozen=True)
class Swept:
    """What one sweep did.

    Attributes:
        paused: ``namespace/name`` of what was paused, or would be in a dry run.
        refused: what could not be paused, and why.
        billing: what still bills afterwards.
    """

    paused: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    billing: Billing = field(default_factory=Billing)


def sweep(*, namespace: str | None = None, asleep: bool = False, dry_run: bool = False) -> Swept:
    """Pause what bills or is about to.

    Args:
        namespace: user or organization; default the token's user and all its organizations, and the
            connected one.
        asleep: also what is scaled to zero: it costs nothing, but a single request wakes it.
        dry_run: pause nothing.

    Raises:
        RefusedError, UnreachableError: the endpoints cannot be listed.
    """
    swept = Swept()
    states = (*ON_THE_WAY, *(ASLEEP if asleep else ()))
    namespaces = [namespace] if namespace else all_namespaces()
    for each in namespaces:
        for name in _names(each, states, optional=len(namespaces) > 1):
            label = f"{each}/{name}"
            try:
                if not dry_run:
                    _pause(name, each)
                swept.paused.append(label)
            except CourseError as error:
                swept.refused[label] = str(error)
    return Swept(swept.paused, swept.refused, still_billing(namespace=namespace))


def _names(namespace: str, states: Sequence[str], *, optional: bool) -> list[str]:
    try:
        found = endpoints_of(namespace)
    except RefusedError as refusal:
        # ``still_billing`` names such a namespace in the end.
        if optional and refusal.status in NO_ACCESS:
            return []
        raise
    return [str(raw["name"]) for raw in found if bills(raw) or raw["status"]["state"] in states]


def _pause(name: str, namespace: str) -> None:
    with plain_words(f"pausing {namespace}/{name}"):
        persistently(lambda: pause_inference_endpoint(name, namespace=namespace))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.sweep", description="Pause whatever still bills."
    )
    parser.add_argument("--backend", choices=BACKENDS, default="hf")
    parser.add_argument("--namespace", help="user or organization; default all of the token's")
    parser.add_argument("--asleep", action="store_true", help="also what is scaled to zero")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be paused")
    options = parser.parse_args(arguments)
    try:
        if options.backend == "local" and not is_shared_named() and find_running() is None:
            print("No local service is running: nothing bills.")
            return CLEAN
        connect(options.backend)
        swept = sweep(namespace=options.namespace, asleep=options.asleep, dry_run=options.dry_run)
    except CourseError as error:
        print(f"Could not look: {error}", file=sys.stderr)
        return BLIND
    finally:
        disconnect()
    return _report(swept, dry_run=options.dry_run)


def _report(swept: Swept, *, dry_run: bool) -> int:
    verb = "would pause" if dry_run else "paused"
    for label in swept.paused:
        print(f"{verb} {label}")
    for label, why in swept.refused.items():
        print(f"could not pause {label}: {why}", file=sys.stderr)
    for each in swept.billing:
        print(
            f"still billing: {each.namespace}/{each.name}, {each.state}, "
            f"{_price(each.usd_per_hour)}",
            file=sys.stderr,
        )
    for name in swept.billing.unreadable:
        print(f"not allowed to look into {name}: use another token", file=sys.stderr)
    if swept.billing or swept.refused or swept.billing.unreadable:
        return LEFT
    print(f"Nothing bills in {', '.join(swept.billing.namespaces)}.")
    return CLEAN


def _price(usd_per_hour: float) -> str:
    return "price unknown" if math.isnan(usd_per_hour) else f"${usd_per_hour:.2f} per hour"


if __name__ == "__main__":
    sys.exit(main())
