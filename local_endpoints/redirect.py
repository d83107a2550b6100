"""What local mode does to this process, and to the programs it starts.

The *unmodified* ``huggingface_hub`` talks to a service on this computer. That needs three things:
other addresses, another token, and a wall in front of the real hosts, so that a lesson that runs
for free cannot cost money by accident. ``Redirect.undo`` takes everything back.

====================================  ==========================================================
who                                   what holds in local mode
====================================  ==========================================================
this process                          addresses, token and wall
Python programs it starts, and those  the same, through the environment and ``children``
that they start
Python that ignores ``PYTHONPATH``    token and hub address; there is no wall, and the management
or ``site`` (``-E``, ``-I``, ``-S``)  address is the real one
other programs (``curl``, ``git``)    the environment only; there is no wall
a program with an empty environment   nothing: it is as if started from a terminal
====================================  ==========================================================

In all rows but the last no token of yours is in the environment, so that nothing can be billed:
the real service refuses the local token. Nor is one in the environment of the service and its
replicas (``local_endpoints.environment``).

The wall stops names, however they are spelled: where Python looks them up or connects to them,
where ``requests`` or ``urllib`` asks a proxy for them, and wherever Python's own ``ssl`` would
speak with them, also through a proxy or at an address that was found in another way. It is there
against accidents, not against intent, and cannot stop, in this process:

- plain HTTP through an explicit proxy by libraries with sockets of their own (``httpx2``,
  ``aiohttp``), or to an address given as a number: the real hosts answer it with a redirection to
  HTTPS, and that is stopped
- libraries that bring another TLS and look up names themselves (``pyOpenSSL``, ``pycurl``, ``grpc``
  and other native code)
- code that takes the wall down

When the service has ended and somebody else on the computer listens at its address,
``huggingface_hub`` in this process notices (see ``connect``). Other clients (``requests``,
``openai``) and the programs that a notebook starts do not: the token that they send has ended with
the service, but what they ask is heard, and what they are answered is not ours.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import httpx2
import huggingface_hub
from huggingface_hub import constants, hf_api
from huggingface_hub.utils import disable_progress_bars, enable_progress_bars

from local_endpoints.children.sitecustomize import OutOfReachError, Wall, addresses
from local_endpoints.environment import hub_home, local_variables
from local_endpoints.peer import Peer

# What the client reads whenever it makes a connection, and may fail on.
CONNECTION_VARIABLES = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"),
)


class Redirect:
    """Sends ``huggingface_hub`` to the local service and remembers how to undo that.

    The management address is a constant of the client that is read at every call; the hub's
    address is read at import in some places, so each of them is set.

    Args:
        refusal: makes the exception of whoever asks for a real host, from the host's name; by
            default an ``OutOfReachError``.
    """

    def __init__(self, refusal: Callable[[str], Exception] | None = None) -> None:
        self._refusal = refusal or _out_of_reach
        self._constants: dict[str, Any] = {}
        self._environment: dict[str, str | None] = {}
        self._wall: Wall | None = None

    def to(self, service: Peer) -> None:
        """Use this service from now on."""
        self.undo()
        home = hub_home(service.state_dir)
        for name, value in {
            "ENDPOINT": service.url,
            "HUGGINGFACE_CO_URL_TEMPLATE": service.url + "/{repo_id}/resolve/{revision}/{filename}",
            **addresses(service.url),
            "HF_HUB_CACHE": str(home / "hub"),
            "HF_TOKEN_PATH": str(home / "token"),
            "HF_STORED_TOKENS_PATH": str(home / "stored_tokens"),
            "AGENT_HARNESSES_PATH": str(home / ".agent_harnesses.json"),
            "HF_HUB_DISABLE_TELEMETRY": True,
            "HF_HUB_DISABLE_IMPLICIT_TOKEN": False,
            "HF_HUB_OFFLINE": False,
        }.items():
            self._constants[name] = getattr(constants, name)
            setattr(constants, name, value)
        hf_api.api.endpoint = service.url
        disable_progress_bars()  # the files come from this computer
        self._set_environment(
            local_variables(
                url=service.url,
                token=service.token,
                state_dir=service.state_dir,
                shared=service.is_shared,
            )
        )
        self._drop_what_breaks_connections()
        if self._wall is None:
            self._wall = Wall(self._refusal)
        self._wall.up = True
        huggingface_hub.close_session()

    def undo(self) -> None:
        """Leave everything as it was before ``to``; the second time nothing happens."""
        if not self._constants:
            return
        for name, value in self._constants.items():
            setattr(constants, name, value)
        for name, text in self._environment.items():
            _set_variable(name, text)
        hf_api.api.endpoint = constants.ENDPOINT
        enable_progress_bars()
        self._constants, self._environment = {}, {}
        if self._wall is not None:
            self._wall.up = False
        huggingface_hub.close_session()

    def _set_environment(self, variables: dict[str, str | None]) -> None:
        # All are remembered before any is set: on Windows NO_PROXY and no_proxy are the same.
        self._environment = {name: os.environ.get(name) for name in variables}
        for name, text in variables.items():
            _set_variable(name, text)

    def _drop_what_breaks_connections(self) -> None:
        """Only this computer is spoken to, but a proxy or a certificate file that the client
        cannot use stops it from making any connection."""
        present = {
            name: os.environ.pop(name) for name in CONNECTION_VARIABLES if name in os.environ
        }
        for name, text in present.items():
            self._environment.setdefault(name, text)
            os.environ[name] = text
            try:
                httpx2.Client().close()
            except (ImportError, OSError, ValueError, httpx2.InvalidURL):
                del os.environ[name]


def _out_of_reach(name: str) -> Exception:
    return OutOfReachError(
        f"{name} is out of reach while this process is connected to the local service"
    )


def _set_variable(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
