"""What local mode does to this process: other addresses, another token, and a wall.

In local mode the *unmodified* ``huggingface_hub`` of this process talks to a service on this
computer. That needs three things: other addresses, another token, and a wall in front of the real
hosts, so that a lesson that runs for free cannot cost money by accident.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import huggingface_hub
from huggingface_hub import constants, hf_api
from huggingface_hub.utils import disable_progress_bars, enable_progress_bars

from local_endpoints import ServiceInfo

from .errors import ConnectError

REAL_HOSTS = ("huggingface.co", "huggingface.cloud", "hf.co", "hf.space")
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Redirect:
    """Sends ``huggingface_hub`` to the local service and remembers how to undo that.

    The management address is a constant of the client that is read at every call; the hub's
    address is read at import in some places, so each of them is set.
    """

    def __init__(self) -> None:
        self._constants: dict[str, Any] = {}
        self._environment: dict[str, str | None] = {}
        self._wall: Wall | None = None

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
            self._wall = Wall()
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


class Wall:
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
