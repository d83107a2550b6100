"""A JupyterHub with the configuration that teachers get, and the shared service beside it."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
import requests

from local_endpoints import ServiceInfo, find_running, stop_running
from tests.patience import WAIT_SECONDS, eventually

SNIPPET = Path(__file__).parents[2] / "teaching" / "jupyterhub" / "local_endpoints_service.py"
NAME = "local-endpoints"
# All servers belong to the system's user who runs this.
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/{{username}}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser", "--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.JupyterHub.services = [{{"name": "teacher", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [
    {{
        "name": "teacher",
        "services": ["teacher"],
        "scopes": ["admin:users", "admin:servers", "access:servers"],
    }}
]
load_subconfig("{snippet}")
"""
EXECUTE = """
import functools, os, sys

import nbformat
import websocket
from jupyter_server.gateway.managers import GatewayKernelManager
from nbclient import NotebookClient

# jupyter_server's client shows its token with every request but this one.
header = [f"Authorization: token {os.environ['JUPYTER_GATEWAY_AUTH_TOKEN']}"]
websocket.create_connection = functools.partial(websocket.create_connection, header=header)
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=1800, kernel_manager_class=GatewayKernelManager).execute()
nbformat.write(notebook, sys.argv[1])
"""
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def is_installed() -> bool:
    """Whether there is a JupyterHub, and the proxy that it starts."""
    from importlib.util import find_spec

    proxy = shutil.which("configurable-http-proxy", path=PATH)
    return find_spec("jupyterhub") is not None and proxy is not None


@dataclass
class Stand:
    """Both, running.

    Attributes:
        folder: of all their files.
        info: the service.
        hub: the Hub's process.
        public_url, api_url: of the Hub.
        token: may make users, and start and reach their servers.
    """

    folder: Path
    info: ServiceInfo
    public_url: str
    api_url: str
    token: str = field(repr=False)
    hub: psutil.Process = field(init=False)

    def call(self, method: str, path: str) -> requests.Response:
        """Ask the Hub's API."""
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, self.api_url + path, headers=headers, timeout=300)

    def is_up(self) -> bool:
        """Whether the Hub answers."""
        try:
            return self.call("GET", "/").ok
        except requests.RequestException:
            return False

    def start_server(self, user: str) -> None:
        """Make the user, and start their server."""
        self.call("POST", f"/users/{user}").raise_for_status()
        self.call("POST", f"/users/{user}/server").raise_for_status()
        assert eventually(lambda: self._server(user).get("ready", False)), user

    def _server(self, user: str) -> dict[str, bool]:
        servers: dict[str, dict[str, bool]] = self.call("GET", f"/users/{user}").json()["servers"]
        return servers.get("", {})

    def begin(self, user: str, notebook: nbformat.NotebookNode) -> Run:
        """Execute a notebook in a kernel of the user's server, through the Hub's proxy."""
        path, log = self.folder / f"{user}.ipynb", self.folder / f"{user}.log"
        nbformat.write(notebook, path)
        environment = {
            **os.environ,
            "JUPYTER_GATEWAY_URL": f"{self.public_url}/user/{user}",
            "JUPYTER_GATEWAY_AUTH_TOKEN": self.token,
            "JUPYTER_GATEWAY_REQUEST_TIMEOUT": "300",
            "JUPYTER_GATEWAY_CONNECT_TIMEOUT": "300",
        }
        command = [sys.executable, "-c", EXECUTE, str(path)]
        with log.open("wb") as lines:
            process = subprocess.Popen(command, stdout=lines, stderr=lines, env=environment)
        return Run(user, path, log, process)


@dataclass
class Run:
    """A notebook on its way."""

    user: str
    path: Path
    log: Path
    process: subprocess.Popen[bytes]

    def done(self, seconds: float = 10 * WAIT_SECONDS) -> nbformat.NotebookNode:
        """The executed notebook, when it is.

        Raises:
            AssertionError: one of its cells failed.
        """
        assert self.process.wait(seconds) == 0, self.log.read_text()[-3000:]
        return nbformat.read(self.path, as_version=4)


@contextmanager
def standing(folder: Path) -> Iterator[Stand]:
    """Start both; end both, and all servers, at the end."""
    public, hub, proxy, port = _free_ports(4)
    token, state, api_url = (
        secrets.token_hex(16),
        folder / "state",
        f"http://127.0.0.1:{hub}/hub/api",
    )
    config = CONFIG.format(
        public=public, hub=hub, proxy=proxy, token=token, folder=folder, python=sys.executable,
        snippet=SNIPPET,
    )  # fmt: skip
    (folder / "jupyterhub_config.py").write_text(config)
    service = ["serve", "--shared", "--jupyterhub", "--port", str(port), "--state-dir", str(state)]
    known = {"JUPYTERHUB_API_URL": api_url, "JUPYTERHUB_SERVICE_NAME": NAME}
    with ExitStack() as stack:
        stack.enter_context(_running(folder, "service", ["local_endpoints", *service], **known))
        stack.callback(stop_running, state)
        assert eventually(lambda: find_running(state) is not None)
        info = find_running(state)
        assert info is not None
        stand = Stand(folder, info, f"http://127.0.0.1:{public}", api_url, token)
        stand.hub = stack.enter_context(
            _running(folder, "jupyterhub", ["jupyterhub"], LOCAL_ENDPOINTS_URL=info.url, PATH=PATH)
        )
        _wait(stand.is_up, stand.hub, folder / "jupyterhub.log")
        yield stand


def _wait(condition: Callable[[], bool], process: psutil.Process, log: Path) -> None:
    assert eventually(lambda: condition() or not process.is_running()), log.read_text()[-3000:]
    assert process.is_running(), log.read_text()[-3000:]


@contextmanager
def _running(
    folder: Path, name: str, module: list[str], **environment: str
) -> Iterator[psutil.Process]:
    """A module of Python as a process, with a log, until the end."""
    with (folder / f"{name}.log").open("ab") as log:
        popen = subprocess.Popen(
            [sys.executable, "-m", *module],
            stdout=log, stderr=log, env={**os.environ, **environment}, cwd=folder,
        )  # fmt: skip
    try:
        yield psutil.Process(popen.pid)
    finally:
        popen.terminate()
        popen.wait(WAIT_SECONDS)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
