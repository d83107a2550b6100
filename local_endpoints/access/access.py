"""Which tokens the service accepts, and which namespaces can pay."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Protocol

from local_endpoints.access.accounts import Accounts, Contents
from local_endpoints.access.permissions import ALL_PERMISSIONS
from local_endpoints.access.token import Grant, Token, new_token
from local_endpoints.access.user import LOCAL_USER, NAME, NAMESPACES
from local_endpoints.errors import ApiError, not_found
from local_endpoints.proof import digest_of, key_of, proof_by


class Directory(Protocol):
    """Somebody else who knows users by their tokens."""

    async def user_of(self, token: str) -> str:
        """The user's name. Raises: ApiError, whatever the caller shall be told instead."""
        ...


class Access:
    """The tokens that this service accepts.

    Args:
        token: the local user's token with all permissions; default a new one. Its shape is
            deliberately not that of a real token.
        accounts: further users and their tokens; default none.
        directory: who is asked about a token that is none of those; default nobody.

    Attributes:
        token: as given or made. It is not kept: one that came into other hands is worth nothing
            after the next start.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        accounts: Accounts | None = None,
        directory: Directory | None = None,
    ) -> None:
        self.token = token or new_token()
        self._accounts = accounts
        self._directory = directory
        self._met: set[str] = set()
        self._operator = _local_token(ALL_PERMISSIONS)
        self._tokens = {digest_of(self.token): self._operator}
        self._cannot_pay: set[str] = set()

    @property
    def namespaces(self) -> tuple[str, ...]:
        """All that are known: the local user's, then the others; of a directory's users those who
        have been here since the start."""
        contents = self._contents
        others = {*contents.users, *contents.organizations, *self._met}
        return (*NAMESPACES, *sorted(others - {*NAMESPACES}))

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
        for digest, _ in self._made_here():
            if key_of(digest) == key:
                return proof_by(digest, url=url, nonce=nonce)
        raise not_found("no token of this service has this key")

    async def identify(self, authorization: str | None) -> Token:
        """What ``authenticate`` says, or the directory where that does not know the token.

        Raises:
            ApiError: 401 as there; 403 when the user's name cannot be a namespace; and what the
                directory raises.
        """
        token = self._known(authorization)
        if token is None and self._directory is not None:
            name = await self._directory.user_of(_presented(authorization))
            token = self._of_directory(name)
        return _required(token)

    def authenticate(self, authorization: str | None) -> Token:
        """The token of an ``Authorization: Bearer …`` header, if it is one that was made here.

        Raises:
            ApiError: 401 when the header is missing, malformed or names no token of this service.
        """
        return _required(self._known(authorization))

    def _known(self, authorization: str | None) -> Token | None:
        found = None
        if presented := _presented(authorization):
            digest = digest_of(presented)
            for known, token in self._made_here():
                if hmac.compare_digest(known, digest):
                    found = token
        return found

    def _of_directory(self, name: str) -> Token:
        """A token of a directory's user. They are in those organizations that ``tokens add`` has
        put a user of their name into, and have no other rights, whatever they are elsewhere."""
        contents = self._contents
        if not NAME.fullmatch(name) or name in {*NAMESPACES, *contents.organizations}:
            raise ApiError(
                403,
                f"a user named {name!r} can have no namespace here: names are up to 42 letters, "
                "digits, dots, - and _, and none that this service has given already",
            )
        self._met.add(name)
        return Token(contents.user(name), Grant("directory", "write"))

    @property
    def _contents(self) -> Contents:
        return self._accounts.contents if self._accounts else Contents()

    def _made_here(self) -> Sequence[tuple[str, Token]]:
        made_by_hand = self._accounts.tokens() if self._accounts else ()
        return (*self._tokens.items(), *made_by_hand)

    def require_operator(self, token: Token) -> None:
        """Raises: ApiError 403 unless it is the service's own token: no other, whatever it
        permits, may make a stronger one."""
        if token is not self._operator:
            raise ApiError(403, "this takes the service's own token, which is in its service.json")


def _presented(authorization: str | None) -> str:
    """The token in the header; empty if there is none."""
    scheme, _, presented = (authorization or "").partition(" ")
    return presented.strip() if scheme.lower() == "bearer" else ""


def _required(token: Token | None) -> Token:
    if token is None:
        raise ApiError(401)
    return token


def _local_token(permissions: frozenset[str]) -> Token:
    everywhere = dict.fromkeys(NAMESPACES, permissions)
    return Token(LOCAL_USER, Grant("local", "fineGrained", everywhere, gated=True))
