"""A token with fewer rights, to see what they are good for. Only the local service hands them out:
those of the real one are made on its page, by you."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

from huggingface_hub import whoami

from helpers.answers import persistently, plain_words
from helpers.connection import PRESENT
from helpers.errors import ConnectError, ParameterError
from helpers.login import TOKENS_PAGE
from local_endpoints.access import ACCOUNTS_FILE, ALL_PERMISSIONS, Accounts
from local_endpoints.access.token import Grant


@contextmanager
def lesson_token(*permissions: str) -> Iterator[str]:
    """A fine-grained token of the local service for a ``with`` block; at its end it is revoked.

    It is yours and holds in your own namespace, as one of ``python -m local_endpoints tokens add``.

    Args:
        permissions: for example ``"inference.endpoints.infer.write"``.

    Raises:
        ConnectError: not connected to the service of this computer.
        ParameterError: a permission that does not exist, or none.
    """
    if not permissions or not ALL_PERMISSIONS.issuperset(permissions):
        raise ParameterError(
            f"{', '.join(permissions) or 'no permission'}: choose among "
            f"{', '.join(sorted(ALL_PERMISSIONS))}"
        )
    folder = PRESENT.connection.state_dir if PRESENT.connection else None
    if folder is None:
        raise ConnectError(
            f"only the local service gives tokens to a lesson. On the real one make yours at "
            f"{TOKENS_PAGE}"
        )
    with plain_words("asking whose token this is"):
        user = str(persistently(whoami)["name"])
    # Two notebooks may do this at the same time.
    name = f"lesson-{secrets.token_hex(4)}"
    made_at = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    grant = Grant(name, "fineGrained", {user: frozenset(permissions)}, created_at=made_at)
    accounts = Accounts(folder / ACCOUNTS_FILE)
    token = accounts.add({user: grant})[user]
    try:
        yield token
    finally:
        accounts.revoke(name)
