"""Access tokens, what they permit and who their owner is.

The permissions and the texts of the refusals are those observed on the real service in 2026, the
latest on 2026-10-10.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from local_endpoints.errors import ApiError
from local_endpoints.proof import proof_of

READ = "inference.endpoints.read"
WRITE = "inference.endpoints.write"
INFER = "inference.endpoints.infer.write"
ALL_PERMISSIONS = frozenset({READ, WRITE, INFER})

USER = "local-user"
ORGANIZATION = "local-class"
NAMESPACES = (USER, ORGANIZATION)


@dataclass(frozen=True)
class Token:
    """An access token's rights.

    Attributes:
        permissions: a part of ``ALL_PERMISSIONS``.
    """

    permissions: frozenset[str] = ALL_PERMISSIONS

    def require(self, permission: str) -> None:
        """Raises: ApiError 403 without the permission."""
        if permission not in self.permissions:
            raise ApiError(403, f"missing permissions: {permission}")

    def require_member(self, namespace: str) -> None:
        """Raises: ApiError 403 unless the user or one of its organizations is meant."""
        if namespace not in NAMESPACES:
            raise ApiError(
                403,
                f"namespace {namespace} is not yours. This service knows "
                f"{' and '.join(NAMESPACES)}",
            )


class Access:
    """The tokens that this service accepts.

    Args:
        token: the local user's token with all permissions; default a new one. Its shape is
            deliberately not that of a real token.

    Attributes:
        token: as given or made. It is not kept: one that came into other hands is worth nothing
            after the next start.
    """

    def __init__(self, token: str | None = None) -> None:
        self.token = token or _new_token()
        self._tokens = {self.token: Token()}
        self._cannot_pay: set[str] = set()

    def set_payment(self, namespace: str, *, can_pay: bool) -> None:
        """Say whether the namespace has a payment method, as all have when the service starts:
        for trying out the refusal."""
        change = self._cannot_pay.discard if can_pay else self._cannot_pay.add
        change(namespace)

    def can_pay(self, namespace: str) -> bool:
        """Whether the namespace has a payment method."""
        return namespace not in self._cannot_pay

    def require_payment(self, namespace: str) -> None:
        """Raises: ApiError 403 if the namespace has no payment method."""
        if not self.can_pay(namespace):
            raise ApiError(403, f"Payment method required for namespace: {namespace}")

    def add(self, token: str, permissions: frozenset[str] = ALL_PERMISSIONS) -> None:
        """Accept a token, until the service stops."""
        self._tokens[token] = Token(permissions)

    def revoke(self, token: str) -> None:
        """Accept a token no longer. One that is not known is ignored."""
        self._tokens.pop(token, None)

    def issue(self, permissions: frozenset[str]) -> str:
        """A further token with only these permissions, valid until the service stops: for tests
        of refusals."""
        token = _new_token()
        self.add(token, permissions)
        return token

    def prove(self, *, url: str, nonce: str) -> str:
        """The answer to a client that asks whether this service, at this address, knows the
        local user's token."""
        return proof_of(self.token, url=url, nonce=nonce)

    def authenticate(self, authorization: str | None) -> Token:
        """The token of an ``Authorization: Bearer …`` header.

        Raises:
            ApiError: 401 when the header is missing, malformed or names no token of this service.
        """
        scheme, _, presented = (authorization or "").partition(" ")
        found = None
        if scheme.lower() == "bearer":
            for known, token in self._tokens.items():
                if hmac.compare_digest(known.encode(), presented.strip().encode()):
                    found = token
        if found is None:
            raise ApiError(401)
        return found


def _new_token() -> str:
    return f"local_{secrets.token_urlsafe(24)}"
