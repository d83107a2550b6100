"""Which tokens the service accepts, and which namespaces can pay."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from local_endpoints.access.accounts import Accounts
from local_endpoints.access.permissions import ALL_PERMISSIONS
from local_endpoints.access.token import Grant, Token, new_token
from local_endpoints.access.user import LOCAL_USER, NAMESPACES
from local_endpoints.errors import ApiError, not_found
from local_endpoints.proof import digest_of, key_of, proof_by


class Access:
    """The tokens that this service accepts.

    Args:
        token: the local user's token with all permissions; default a new one. Its shape is
            deliberately not that of a real token.
        accounts: further users and their tokens; default none.

    Attributes:
        token: as given or made. It is not kept: one that came into other hands is worth nothing
            after the next start.
    """

    def __init__(self, token: str | None = None, *, accounts: Accounts | None = None) -> None:
        self.token = token or new_token()
        self._accounts = accounts
        self._operator = _local_token(ALL_PERMISSIONS)
        self._tokens = {digest_of(self.token): self._operator}
        self._cannot_pay: set[str] = set()

    @property
    def namespaces(self) -> tuple[str, ...]:
        """All that are known: the local user's, then the others."""
        if self._accounts is None:
            return NAMESPACES
        contents = self._accounts.contents
        return (*NAMESPACES, *sorted({*contents.users, *contents.organizations} - {*NAMESPACES}))

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
        """Accept a token of the local user, until the service stops."""
        self._tokens[digest_of(token)] = _local_token(permissions)

    def revoke(self, token: str) -> None:
        """Accept a token no longer. One that is not known is ignored."""
        self._tokens.pop(digest_of(token), None)

    def issue(self, permissions: frozenset[str]) -> str:
        """A further token of the local user with only these permissions, valid until the service
        stops: for tests of refusals."""
        token = new_token()
        self.add(token, permissions)
        return token

    def prove(self, *, key: str, url: str, nonce: str) -> str:
        """The answer to a client that asks whether this service, at this address, knows a token.

        Args:
            key: ``key_of`` the token's digest.

        Raises:
            ApiError: 404: it does not.
        """
        for digest, _ in self._known():
            if key_of(digest) == key:
                return proof_by(digest, url=url, nonce=nonce)
        raise not_found("no token of this service has this key")

    def authenticate(self, authorization: str | None) -> Token:
        """The token of an ``Authorization: Bearer …`` header.

        Raises:
            ApiError: 401 when the header is missing, malformed or names no token of this service.
        """
        scheme, _, presented = (authorization or "").partition(" ")
        found = None
        if scheme.lower() == "bearer":
            digest = digest_of(presented.strip())
            for known, token in self._known():
                if hmac.compare_digest(known, digest):
                    found = token
        if found is None:
            raise ApiError(401)
        return found

    def _known(self) -> Sequence[tuple[str, Token]]:
        made_by_hand = self._accounts.tokens() if self._accounts else ()
        return (*self._tokens.items(), *made_by_hand)

    def require_operator(self, token: Token) -> None:
        """Raises: ApiError 403 unless it is the service's own token: no other, whatever it
        permits, may make a stronger one."""
        if token is not self._operator:
            raise ApiError(403, "this takes the service's own token, which is in its service.json")


def _local_token(permissions: frozenset[str]) -> Token:
    everywhere = dict.fromkeys(NAMESPACES, permissions)
    return Token(LOCAL_USER, Grant("local", "fineGrained", everywhere, gated=True))
