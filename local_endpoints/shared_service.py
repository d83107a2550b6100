"""A service that somebody else runs for many, as one of them reaches it.

Its operator gives each user an address and a token; a hub sets them as two environment variables.

The address is ``https``, and then the certificate says who answers, or ``http`` to this very
computer. There, any other user could listen when the service has gone, and a user's token outlives
it: so the service proves that it knows the token (``proof``), as the operator's does. ``http`` to
elsewhere shows the token to whoever stands in between, and is refused.

A hub's users have tokens of the hub, of which the service knows nothing before it sees them; and in
a cluster, or with a network of their own for each user, nobody but the operator can listen at the
address. Whoever says so with a third variable gets ``http`` without a proof.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from local_endpoints.address import public_url
from local_endpoints.children.sitecustomize import REAL_HOSTS, SERVICE_VARIABLE
from local_endpoints.client import ensure_running
from local_endpoints.environment import LOOPBACK, TOKEN, TOKEN_VARIABLE
from local_endpoints.errors import ServiceError
from local_endpoints.peer import Peer
from local_endpoints.state_dir import default_state_dir, make_state_dir

TRUST_VARIABLE = "LOCAL_ENDPOINTS_TRUSTED_NETWORK"


@dataclass(frozen=True)
class SharedService(Peer):
    """One for several users, at an address that was given.

    Attributes:
        url: as clients write it.
        token: the user's.
        state_dir: folder of this user for copies of files.
        is_trusted: whether nobody else can listen at the address; see above.

    Raises:
        ServiceError: the token must not be sent to that address.
    """

    status_route: ClassVar[str] = "/_local/account"
    is_shared: ClassVar[bool] = True
    # A class that does the same thing at the same time keeps it busy.
    patience: ClassVar[float] = 30.0
    remedy: ClassVar[str] = "Ask whoever runs it which version of the course it is for"

    url: str
    token: str = field(repr=False)
    state_dir: Path
    is_trusted: bool = False

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "url", public_url(self.url))
        except ValueError as error:
            raise ServiceError(str(error)) from None
        parts = urlsplit(self.url)
        host = str(parts.hostname)
        if any(host == real or host.endswith(f".{real}") for real in REAL_HOSTS):
            raise ServiceError(f'{host} is the real service: connect to it with connect("hf")')
        if TOKEN.search(self.token):
            raise ServiceError(
                f"that is a token of the real Hugging Face, which {host} must not see. Take the "
                "one that the service's operator gave you"
            )
        if not self.token.isascii() or not self.token.isprintable() or not self.token.strip():
            raise ServiceError("a token is one line of letters and digits")
        if parts.scheme == "http" and host not in LOOPBACK and not self.is_trusted:
            raise ServiceError(
                f"{self.url} would send your token where others can read it: use https. (Where the "
                f"network is the operator's alone, {TRUST_VARIABLE}=1 allows it)"
            )

    @property
    def must_prove(self) -> bool:
        """Over ``http``, unless nobody else can listen there."""
        return self.url.startswith("http:") and not self.is_trusted


def find_or_start(
    state_dir: Path | None = None,
    *,
    minute: float | None = None,
    url: str | None = None,
    token: str | None = None,
) -> Peer:
    """The shared service that is named, or else the one of this process's user, which is started if
    none runs. Whoever names a folder means the latter, unless they name an address as well.

    Raises:
        ServiceError: as ``find_shared`` and ``ensure_running``.
    """
    is_own = state_dir is not None and not (url or token)
    shared = None if is_own else find_shared(url, token, state_dir=state_dir)
    return shared or ensure_running(state_dir, owner=os.getpid(), minute=minute)


def find_shared(
    url: str | None = None, token: str | None = None, *, state_dir: Path | None = None
) -> SharedService | None:
    """The service that the arguments or the environment name; it is not asked yet.

    Args:
        url: its address; default ``$LOCAL_ENDPOINTS_URL``.
        token: the user's token; default ``$LOCAL_ENDPOINTS_TOKEN``, unless the environment names
            another address.
        state_dir: folder for copies of files; default ``default_state_dir()``.

    Returns:
        ``None`` where nothing names one: then it is an own service that is meant.

    Raises:
        ServiceError: the one is given without the other, or the token must not be sent there.
    """
    named = os.environ.get(SERVICE_VARIABLE)
    given_url = url or named
    is_named = named is not None and str(given_url).rstrip("/") == named.rstrip("/")
    # The environment's token is for the service that it names, and for no other.
    given_token = token or (os.environ.get(TOKEN_VARIABLE) if is_named or not named else None)
    # Where a notebook is connected to a service of its own, its children find that one's address.
    is_own = given_url == os.environ.get("HF_ENDPOINT")
    if not given_token and (is_own or not given_url):
        return None
    if not given_token:
        raise ServiceError(
            f"{given_url} needs a token: give token=…, or set {TOKEN_VARIABLE} to the one that the "
            f"service's operator gave you. For a service of your own, unset {SERVICE_VARIABLE}"
        )
    if not given_url:
        raise ServiceError(
            f"for which service is the token? Give url=…, or set {SERVICE_VARIABLE}. For a service "
            f"of your own, unset {TOKEN_VARIABLE}"
        )
    folder = (state_dir or default_state_dir()).absolute()
    is_trusted = is_named and os.environ.get(TRUST_VARIABLE) == "1"
    found = SharedService(given_url, given_token, folder, is_trusted)
    make_state_dir(folder)
    return found
