"""One switch: ``connect("local")`` or ``connect("hf")``.

In local mode the *unmodified* ``huggingface_hub`` of this process talks to a service on this
computer. That needs three things: other addresses, another token, and a wall in front of the real
hosts, so that a lesson that runs for free cannot cost money by accident.
"""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import Any

import httpx2
import huggingface_hub
from huggingface_hub import constants, hf_api
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import disable_progress_bars, enable_progress_bars

from local_endpoints import ServiceError, ServiceInfo, ensure_running

from .errors import ConnectError
from .spending import guard_spending, lift_spending_guard

BACKENDS = ("local", "hf")
REAL_MINUTE = 60.0
REAL_HOSTS = ("huggingface.co", "huggingface.cloud", "hf.co", "hf.space")
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")
LOOPBACK = ("127.0.0.1", "localhost", "::1")

# The lessons use the tokenizers of transformers, which need no torch: no advice about it, please.
os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")


@dataclass(frozen=True)
class Connection:
    """Where this process is connected to.

    Attributes:
        backend: ``"local"`` or ``"hf"``.
        url: address of the management API.
        namespace: user or organization that owns what is created.
        minute: seconds of one billed minute: 60, or less on the local service.
    """

    backend: str
    url: str
    namespace: str
    minute: float

    @property
    def is_local(self) -> bool:
        """Whether nothing here costs money."""
        return self.backend == "local"


def connect(
    backend: str = "local",
    *,
    namespace: str | None = None,
    max_spend_usd: float | None = None,
    state_dir: Path | str | None = None,
    minute: float | None = None,
) -> Connection:
    """Point this process's ``huggingface_hub`` at a backend. Call it as often as you like.

    Args:
        backend: ``"local"`` finds the service of this computer or starts it; ``"hf"`` uses the
            real service, with the token that is there already, or asks for one.
        namespace: user or organization; default the token's user.
        max_spend_usd: for ``"hf"``: what one hour of all your endpoints together may cost, in
            USD. Without it nothing can be created there. Ignored by ``"local"``.
        state_dir: for ``"local"``: folder of the service; default ``$LOCAL_ENDPOINTS_STATE_DIR``
            or a folder for this user's program state.
        minute: for ``"local"``: seconds of a billed minute, if the service has to be started;
            default 1.

    Raises:
        ConnectError: an unknown backend, no service, no token, or a token that is refused.
    """
    if backend not in BACKENDS:
        raise ConnectError(f"unknown backend {backend!r}: choose one of {', '.join(BACKENDS)}")
    global _current
    if backend == "local":
        _current = _connect_local(namespace, state_dir=state_dir, minute=minute)
    else:
        _current = _connect_hf(namespace, max_spend_usd=max_spend_usd)
    return _current


def cost_of(seconds: float, *, usd_per_hour: float) -> float:
    """USD for that many seconds on the present backend: every started minute counts.

    Before the first ``connect`` a minute has its real length.
    """
    minute = _current.minute if _current else REAL_MINUTE
    return math.ceil(seconds / minute) * usd_per_hour / 60


def _connect_local(
    namespace: str | None, *, state_dir: Path | str | None, minute: float | None
) -> Connection:
    try:
        service = ensure_running(
            Path(state_dir) if state_dir else None, owner=os.getpid(), minute=minute
        )
        seconds = service.status()["minute"]
    except ServiceError as error:
        raise ConnectError(f"no local service: {error}") from None
    lift_spending_guard()
    _REDIRECT.to(service)
    return Connection(
        backend="local",
        url=constants.INFERENCE_ENDPOINTS_ENDPOINT,
        namespace=namespace or _user_name(),
        minute=seconds,
    )


def _connect_hf(namespace: str | None, *, max_spend_usd: float | None) -> Connection:
    _REDIRECT.undo()
    # Nothing can be created before the limit holds, not even when one of the next steps fails.
    guard_spending(namespace="", max_spend_usd=None)
    if huggingface_hub.get_token() is None:
        _ask_for_token()
    namespace = namespace or _user_name()
    guard_spending(namespace=namespace, max_spend_usd=max_spend_usd)
    return Connection(
        backend="hf",
        url=constants.INFERENCE_ENDPOINTS_ENDPOINT,
        namespace=namespace,
        minute=REAL_MINUTE,
    )


def _user_name() -> str:
    try:
        return str(huggingface_hub.whoami()["name"])
    except HfHubHTTPError as error:
        raise ConnectError(
            f"the token was refused ({error.response.status_code}). Make a new one at "
            "https://huggingface.co/settings/tokens and log in again: hf auth login --force"
        ) from None
    except httpx2.TransportError as error:
        raise ConnectError(f"{constants.ENDPOINT} cannot be reached: {error}") from None


def _ask_for_token() -> None:
    """Ask without showing what is typed; the client stores the answer in its token file."""
    help_text = (
        "log in first: run `hf auth login` in a terminal, or set HF_TOKEN before you start "
        "JupyterLab"
    )
    try:
        token = getpass("Hugging Face token (nothing is shown): ").strip()
    except (EOFError, RuntimeError, NotImplementedError):
        # Papermill and nbmake run without anybody at the keyboard.
        raise ConnectError(f"no Hugging Face token, and nobody to ask: {help_text}") from None
    if not token:
        raise ConnectError(f"no Hugging Face token was given: {help_text}")
    huggingface_hub.login(token=token)


class _Redirect:
    """Sends ``huggingface_hub`` to the local service and remembers how to undo that.

    The management address is a constant of the client that is read at every call; the hub's
    address is read at import in some places, so each of them is set.
    """

    def __init__(self) -> None:
        self._constants: dict[str, Any] = {}
        self._environment: dict[str, str | None] = {}
        self._wall: _Wall | None = None

    def to(self, service: ServiceInfo) -> None:
        self.undo()
        home = service.state_dir / "hf-home"
        for name, value in {
            "ENDPOINT": service.url,
            "HUGGINGFACE_CO_URL_TEMPLATE": service.url + "/{repo_id}/resolve/{revision}/{filename}",
            "INFERENCE_ENDPOINTS_ENDPOINT": f"{service.url}/v2",
            "INFERENCE_CATALOG_ENDPOINT": f"{service.url}/api/v1/catalog",
            "HF_HUB_CACHE": str(home / "hub"),
            "HF_TOKEN_PATH": str(home / "token"),
            "HF_STORED_TOKENS_PATH": str(home / "stored_tokens"),
            "HF_HUB_DISABLE_TELEMETRY": True,
            "HF_HUB_DISABLE_IMPLICIT_TOKEN": False,
            "HF_HUB_OFFLINE": False,
        }.items():
            self._constants[name] = getattr(constants, name)
            setattr(constants, name, value)
        hf_api.api.endpoint = service.url
        disable_progress_bars()  # the files come from this computer
        # Programs that a notebook starts with `!` inherit these.
        variables = {
            "HF_ENDPOINT": service.url,
            "HF_HOME": str(home),
            "HF_TOKEN": service.token,
            "HF_OIDC_RESOURCE": None,
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
            "NO_PROXY": _no_proxy(),
            "no_proxy": _no_proxy(),
        }
        # All are remembered before any is set: on Windows NO_PROXY and no_proxy are the same.
        self._environment = {name: os.environ.get(name) for name in variables}
        for name, text in variables.items():
            _set_variable(name, text)
        if self._wall is None:
            self._wall = _Wall()
        self._wall.up = True
        huggingface_hub.close_session()

    def undo(self) -> None:
        for name, value in self._constants.items():
            setattr(constants, name, value)
        for name, text in self._environment.items():
            _set_variable(name, text)
        if self._constants:
            hf_api.api.endpoint = constants.ENDPOINT
            enable_progress_bars()
        self._constants, self._environment = {}, {}
        if self._wall is not None:
            self._wall.up = False
        huggingface_hub.close_session()


class _Wall:
    """Refuses to look up the real hosts' addresses, whatever library asks.

    An audit hook cannot be removed, so it has a switch. Proxies are told to leave these hosts
    alone (see ``_no_proxy``); otherwise a proxy would look them up for us.
    """

    def __init__(self) -> None:
        self.up = False
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.up or event not in LOOKUPS:
            return
        host = arguments[0]
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        if _is_real_host(name):
            raise ConnectError(
                f"{name} is out of reach while this notebook is connected to the local service. "
                'Use connect("hf") for the real one'
            )


def _is_real_host(name: str) -> bool:
    name = name.lower().rstrip(".")
    return any(name == host or name.endswith(f".{host}") for host in REAL_HOSTS)


def _no_proxy() -> str:
    present = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    hosts = [*LOOPBACK, *REAL_HOSTS, *(f".{host}" for host in REAL_HOSTS)]
    return ",".join([*filter(None, [present]), *hosts])


def _set_variable(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


_REDIRECT = _Redirect()
_current: Connection | None = None
