"""What a token may do, as the Hub describes it to whoever asks with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

READ = "inference.endpoints.read"
MANAGE = "inference.endpoints.write"
CALL = "inference.endpoints.infer.write"

OF_A_CLASSIC_TOKEN = {"read": frozenset({READ, CALL}), "write": frozenset({READ, MANAGE, CALL})}
"""As seen in 2026: a read token can call, a write token can manage."""
KINDS = {
    "read": "a classic token that reads",
    "write": "a classic token that writes: whoever finds it may do all that you may",
    "fineGrained": "a fine-grained token",
}


@dataclass(frozen=True)
class Rights:
    """The rights of a token.

    Attributes:
        user: whose it is.
        kind: in words.
        everywhere: permissions in all of the user's namespaces.
        by_namespace: further permissions.
        told: whether the Hub says what it may do, which it does not of a login by the browser.
    """

    user: str
    kind: str
    everywhere: frozenset[str] = frozenset()
    by_namespace: Mapping[str, frozenset[str]] = field(default_factory=dict)
    told: bool = True

    def permits(self, permission: str, namespace: str) -> bool | None:
        """Whether it has the permission there; ``None`` if the Hub does not say."""
        if not self.told:
            return None
        found = self.everywhere | self.by_namespace.get(namespace, frozenset())
        # The token page has no box of its own for reading: who manages can.
        return permission in found or (permission == READ and MANAGE in found)


def rights_of(user: Mapping[str, Any]) -> Rights:
    """Read them from what ``huggingface_hub.whoami`` returns."""
    name, token = str(user["name"]), (user.get("auth") or {}).get("accessToken") or {}
    role = token.get("role")
    if role not in KINDS:
        return Rights(name, "a login whose rights the Hub does not tell", told=False)
    kind = f"{KINDS[role]}, “{token.get('displayName') or 'without a name'}”, of {name}"
    if role != "fineGrained":
        return Rights(name, kind, OF_A_CLASSIC_TOKEN[role])
    described = token.get("fineGrained") or {}
    scopes: dict[str, frozenset[str]] = {}
    for scope in described.get("scoped") or ():
        place = str((scope.get("entity") or {}).get("name"))
        scopes[place] = scopes.get(place, frozenset()) | frozenset(scope.get("permissions") or ())
    return Rights(name, kind, frozenset(described.get("global") or ()), scopes)
