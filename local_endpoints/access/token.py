"""An access token: what it was made for, and what its user may do with it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from local_endpoints.access.permissions import (
    OF_A_CLASSIC_TOKEN,
    WRITE,
    TokenRole,
    with_implied,
)
from local_endpoints.access.user import User
from local_endpoints.errors import ApiError

TOKEN_PREFIX = "local_"


@dataclass(frozen=True)
class Grant:
    """What was chosen when a token was made.

    Attributes:
        name: for people, and to revoke it by.
        role: ``read`` and ``write`` hold wherever its user may read and write; ``fineGrained``
            means what follows.
        permissions: by namespace, a part of ``ALL_PERMISSIONS`` each.
        gated: whether it reads the gated repositories that its user has agreed to the terms of.
        created_at: when, as ISO 8601 in UTC; empty for one that lives as long as the service.
    """

    name: str
    role: TokenRole = "write"
    permissions: dict[str, frozenset[str]] = field(default_factory=dict)
    gated: bool = False
    created_at: str = ""

    def permissions_in(self, namespace: str) -> frozenset[str]:
        """What it is for there, whoever has it."""
        if self.role == "fineGrained":
            return with_implied(self.permissions.get(namespace, frozenset()))
        return OF_A_CLASSIC_TOKEN[self.role]


@dataclass(frozen=True)
class Token:
    """A user's token. What it permits, both its grant and its user's place there must permit.

    The refusals are those that were observed in 2026, but for their texts where a comment says so.
    """

    user: User
    grant: Grant

    def permits(self, permission: str, namespace: str) -> bool:
        """Whether it has the permission in the namespace."""
        both = self.grant.permissions_in(namespace) & self.user.permissions_in(namespace)
        return permission in both

    def require(
        self, permission: str, namespace: str | None = None, *, creator: str | None = None
    ) -> None:
        """Refuse who has not the permission.

        Args:
            namespace: where; ``None``, the default: in any of the user's.
            creator: who made what is to be changed, if something is.

        Raises:
            ApiError: 403.
        """
        places = self.user.namespaces if namespace is None else (namespace,)
        permitted = any(self.permits(permission, place) for place in places)
        if permitted and permission == WRITE and creator and namespace:
            permitted = self.user.may_change(namespace, creator=creator)
        if not permitted:
            raise ApiError(403, f"missing permissions: {permission}")

    def require_member(self, namespace: str) -> None:
        """Raises: ApiError 403 unless the user or one of their organizations is meant. The text is
        ours."""
        if namespace not in self.user.namespaces:
            raise ApiError(
                403,
                f"namespace {namespace} is not yours. Yours: {', '.join(self.user.namespaces)}",
            )

    def gate(self, repository: str) -> ApiError | None:
        """The Hub's refusal to give out files of a gated repository; ``None`` if it does.

        Users of the real one have quoted both texts up to 2026, and how ``huggingface_hub`` read
        them shows that only the first has a code.
        """
        if not self.user.terms:
            return ApiError(
                403,
                f"Access to model {repository} is restricted and you are not in the authorized "
                f"list. Visit https://huggingface.co/{repository} to ask for access.",
                hub_code="GatedRepo",
            )
        if self.grant.role == "fineGrained" and not self.grant.gated:
            return ApiError(
                403,
                "Please enable access to public gated repositories in your fine-grained token "
                "settings to view this repository.",
                hub_code="",
            )
        return None


def new_token() -> str:
    """The text of a new token. Its shape is deliberately not that of a real one."""
    return f"{TOKEN_PREFIX}{secrets.token_urlsafe(24)}"
