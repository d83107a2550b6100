"""What can be permitted, and to whom a role permits it.

The names of the permissions are those that the real service's refusals and ``whoami-v2`` showed in
2026; the token page calls the last two "Manage" and "Make calls to Inference Endpoints".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

READ = "inference.endpoints.read"
WRITE = "inference.endpoints.write"
INFER = "inference.endpoints.infer.write"
ALL_PERMISSIONS = frozenset({READ, WRITE, INFER})

TokenRole = Literal["read", "write", "fineGrained"]
MemberRole = Literal["read", "contributor", "write", "admin"]

OF_A_CLASSIC_TOKEN: Mapping[str, frozenset[str]] = {
    "read": frozenset({READ, INFER}),
    "write": ALL_PERMISSIONS,
}
"""As third parties saw it in 2026: a read token can call, a write token can manage."""
OF_A_MEMBER: Mapping[MemberRole, frozenset[str]] = {
    "read": frozenset({READ, INFER}),
    "contributor": ALL_PERMISSIONS,
    "write": ALL_PERMISSIONS,
    "admin": ALL_PERMISSIONS,
}
"""Inferred from what the Hub's guide says of repositories: a contributor may make some, and change
those alone; ``Token.require`` sees to that. Every member may call what is private (guide)."""


def with_implied(permissions: frozenset[str]) -> frozenset[str]:
    """The permissions and what they include: who manages can read, for the token page has no box
    of its own for that, and tokens with no more than "Manage" are used to list (2026)."""
    return permissions | {READ} if WRITE in permissions else permissions
