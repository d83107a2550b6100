"""A user and the organizations that they are in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from local_endpoints.access.permissions import ALL_PERMISSIONS, OF_A_MEMBER, MemberRole

USER = "local-user"
ORGANIZATION = "local-class"
NAMESPACES = (USER, ORGANIZATION)
"""Those of the user who runs the service. Others come with ``tokens add``."""
NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,40}[A-Za-z0-9])?")
"""Of a user or an organization."""


@dataclass(frozen=True)
class User:
    """Somebody who has tokens.

    Attributes:
        name: as in URLs; also their namespace.
        organizations: their role in each organization that they are a member of.
        terms: whether they have agreed to the terms of the gated repositories.
    """

    name: str
    organizations: dict[str, MemberRole] = field(default_factory=dict)
    terms: bool = True

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Their own, and those of their organizations."""
        return (self.name, *self.organizations)

    def permissions_in(self, namespace: str) -> frozenset[str]:
        """What they may do there, with the strongest of tokens."""
        if namespace == self.name:
            return ALL_PERMISSIONS
        role = self.organizations.get(namespace)
        return frozenset() if role is None else OF_A_MEMBER[role]

    def may_change(self, namespace: str, *, creator: str) -> bool:
        """Whether they may change what ``creator`` made there, if they may change anything."""
        return creator == self.name or self.organizations.get(namespace) != "contributor"


LOCAL_USER = User(USER, {ORGANIZATION: "admin"})
