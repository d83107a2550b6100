"""One switch: ``connect("local")`` or ``connect("hf")``.

``local_endpoints.redirect`` is what "local" does to this process; here is who asks for it, and the
login.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import httpx2
from huggingface_hub import constants

from helpers import traffic
from helpers.connection import PRESENT, REAL_MINUTE, Connection
from helpers.errors import ConnectError, CourseError
from helpers.guard import guard_spending
from helpers.login import log_in
from helpers.safety import safety_net
from helpers.sightings import SIGHTINGS
from local_endpoints import ServiceError
from local_endpoints.environment import is_local
from local_endpoints.peer import Peer
from local_endpoints.redirect import Redirect
from local_endpoints.shared_service import find_or_start

BACKENDS = ("local", "hf")
WARNING_HEADER = "X-Local-Warning"


def _out_of_reach(name: str) -> Exception:
    return ConnectError(
        f"{name} is out of reach while this notebook is connected to the local service. "
        'Use connect("hf") for the real one'
    )


_REDIRECT = Redirect(_out_of_reach)

# The lessons use the tokenizers of transformers, which need no torch: no advice about it, please.
os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")


def connect(
    backend: str = "local",
    *,
    namespace: str | None = None,
    max_spend_usd: float | None = None,
    state_dir: Path | str | None = None,
    minute: float | None = None,
    url: str | None = None,
    token: str | None = None,
) -> Connection:
    """Point this process's ``huggingface_hub`` at a backend. Call it as often as you like.

    Whoever changes from one backend to the other leaves nothing running: ``safety_net`` is closed
    before.

    Args:
        backend: ``"local"`` finds the service of this computer or starts it, or uses the shared
            one that ``url`` names; ``"hf"`` uses the real service, with the token that is there
            already, or asks for one.
        namespace: user or organization; default the token's user.
        max_spend_usd: for ``"hf"``: what one hour of all your endpoints together may cost, in
            USD. Without it nothing can be created there. Ignored by ``"local"``.
        state_dir: for ``"local"``: folder of the service; default ``$LOCAL_ENDPOINTS_STATE_DIR``
            or a folder for this user's program state.
        minute: for ``"local"``: seconds of a billed minute, if the service has to be started;
            default 1.
        url: for ``"local"``: address of a service that somebody else runs for many; default
            ``$LOCAL_ENDPOINTS_URL``. None is started then.
        token: for that service; default ``$LOCAL_ENDPOINTS_TOKEN``.

    Raises:
        ConnectError: an unknown backend, no service, no token, or a token that is refused.
        EndpointLostError: an endpoint of the backend that is left could not be paused.
    """
    if backend not in BACKENDS:
        raise ConnectError(f"unknown backend {backend!r}: choose one of {', '.join(BACKENDS)}")
    _leave(backend)
    # Nothing that is true of the present one may be taken for true if the next step fails.
    PRESENT.connection = None
    if backend == "local":
        folder = Path(state_dir) if state_dir else None
        try:
            service = find_or_start(folder, minute=minute, url=url, token=token)
        except ServiceError as error:
            raise ConnectError(f"no local service: {error}") from None
        PRESENT.connection = _connect_local(namespace, service)
    elif url or token:
        raise ConnectError('url and token are for a shared local service: connect("local", …)')
    else:
        PRESENT.connection = _connect_hf(namespace, max_spend_usd=max_spend_usd)
    return PRESENT.connection


def _leave(backend: str) -> None:
    """Pause what ``safety_net`` holds as long as its backend is within reach.

    Raises:
        EndpointLostError: an endpoint of the real service could not be paused.
    """
    present = PRESENT.connection
    if present is None or present.backend == backend:
        return
    try:
        safety_net.close()
    except CourseError:
        # What this computer's service cannot pause any more costs nothing.
        if not present.is_local:
            raise


def disconnect() -> None:
    """Take everything back that ``connect`` changed in this process: addresses, token, wall,
    environment and spend limit. The service and its endpoints go on."""
    PRESENT.connection = None
    PRESENT.openings.clear()
    SIGHTINGS.clear()
    _REDIRECT.undo()
    traffic.unwatch()


def _connect_local(namespace: str | None, service: Peer) -> Connection:
    try:
        status = service.status()
        seconds = float(status["minute"])
        opening = {each["id"]: each for each in (*status["endpoints"], *status["deleted"])}
        user = str(service.call("GET", "/api/whoami-v2")["name"])
    except ServiceError as error:
        raise ConnectError(f"no local service: {error}") from None
    except (KeyError, TypeError, ValueError):
        raise ConnectError(f"the local service is of another version. {service.remedy}") from None
    _REDIRECT.to(service)
    traffic.watch(on_request=_proof_of(service), on_response=_show_warnings, direct=True)
    url = constants.INFERENCE_ENDPOINTS_ENDPOINT
    PRESENT.openings.setdefault(url, opening)
    return Connection(
        backend="local",
        url=url,
        namespace=namespace or user,
        minute=seconds,
        _service=service,
    )


def _proof_of(service: Peer) -> traffic.OnRequest:
    """Lets requests to the service pass as long as it is the service that answers: when one of this
    computer has ended, its port is free for anybody here."""

    def require_proof(request: httpx2.Request) -> None:
        if not str(request.url).startswith(f"{service.url}/"):
            return
        try:
            service.prove()
        except ServiceError as error:
            raise httpx2.ConnectError(str(error), request=request) from None

    return require_proof


def _connect_hf(namespace: str | None, *, max_spend_usd: float | None) -> Connection:
    # Nothing can be created before the limit holds, not even when one of the next steps fails.
    guard_spending(max_spend_usd=None, on_response=SIGHTINGS.note)
    _REDIRECT.undo()
    if is_local():
        raise ConnectError(
            "this program was started from a notebook that is connected to the local service. "
            'Start it from a terminal, or after connect("hf") in the notebook'
        )
    user = log_in()
    namespace = namespace or user
    guard_spending(namespace=namespace, max_spend_usd=max_spend_usd, on_response=SIGHTINGS.note)
    return Connection(
        backend="hf",
        url=constants.INFERENCE_ENDPOINTS_ENDPOINT,
        namespace=namespace,
        minute=REAL_MINUTE,
        max_spend_usd=max_spend_usd,
    )


def _show_warnings(response: httpx2.Response) -> None:
    """Say what the local service noticed about a request that it accepted."""
    for warning in dict.fromkeys(response.headers.get_list(WARNING_HEADER)):
        print(f"Note: {warning}", file=sys.stderr)
