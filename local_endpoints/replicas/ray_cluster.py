"""Ray, where replicas are placed: one that is started here and for us alone, or a cluster's.

Whoever may talk to Ray may run programs as its user, and the users of a computer share its loopback
interface. So one of our own listens there, wants a token that a file in its folder has, and ends
with this process, however that ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import secrets
import shutil
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_endpoints.environment import LOOPBACK
from local_endpoints.errors import ServiceError
from local_endpoints.state_dir import write_private

HOST = "127.0.0.1"
PORT_OF_CLUSTERS = 8000
"""Where Serve listens by default."""
PROXY_SECONDS = 20.0
OBJECT_STORE_BYTES = 100_000_000
"""Nothing of ours lies there. Ray takes no less than 75 MB."""


@dataclass(frozen=True)
class RayCluster:
    """A Ray that this process is connected to, with Serve running.

    Attributes:
        url: of Serve's HTTP proxy on this computer.
        prefix: how the names of this service's applications begin.
    """

    url: str
    prefix: str


@contextlib.contextmanager
def ray_cluster(state_dir: Path, address: str | None = None) -> Iterator[RayCluster]:
    """Start Ray, or connect to a cluster's, and end or leave it again. To be called in the main
    thread: what Ray starts ends with the thread that has started it. Applications that a killed
    service of this state directory has left are deleted.

    Args:
        address: of the cluster, ``HOST:PORT`` or ``auto``, on whose head node this runs; ``None``
            to start one for this process.

    Raises:
        ServiceError: Ray is not installed, cannot be started or reached, or Serve's proxy does not
            answer on this computer.
    """
    identity = f"{socket.gethostname()} {state_dir}".encode()
    prefix = f"le-{hashlib.sha256(identity).hexdigest()[:8]}-"
    with contextlib.ExitStack() as ending:
        options: dict[str, Any] = {"address": address}
        if address is None:
            options = ending.enter_context(_of_our_own(f"{prefix}ray"))
        ray, serve = _imported()
        try:
            ray.init(log_to_driver=False, configure_logging=False, **options)
            ending.callback(ray.shutdown)
            url = _serve_url(serve, port=_free_port() if address is None else PORT_OF_CLUSTERS)
            _delete(serve, prefix)
        except ServiceError:
            raise
        except Exception as error:  # Ray has a dozen kinds of them, and its libraries have theirs
            where = f"at {address} cannot be reached" if address else "cannot be started"
            raise ServiceError(f"Ray {where}: {str(error) or type(error).__name__}") from error
        _wait_for_proxy(url)
        yield RayCluster(url, prefix)


def _imported() -> tuple[Any, Any]:
    try:
        import ray
        from ray import serve
    except ImportError as error:
        raise ServiceError(
            f'--replicas ray needs Ray Serve ({error}): pip install -e ".[ray]"'
        ) from None
    # Otherwise it says with every application that it is running already.
    logging.getLogger("ray.serve").setLevel(logging.WARNING)
    return ray, serve


@contextlib.contextmanager
def _of_our_own(name: str) -> Iterator[dict[str, Any]]:
    """What ``ray.init`` is told, with a folder of that name for Ray, and with variables, which it
    reads when it is imported and hands on to its processes."""
    # Paths of sockets are short, and so is this one: the state directory's may not be.
    parent = Path("/tmp") if os.name == "posix" else Path(tempfile.gettempdir())
    folder = parent / name
    # What a killed service has left. Somebody else's, or a link, stays, and is an error.
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
        write_private(folder / "token", secrets.token_urlsafe(32))
    except OSError as error:
        raise ServiceError(f"Ray gets no folder {folder} ({error.strerror}): remove it") from None
    os.environ |= {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(folder / "token"),
        # Its name says what Ray needs it for; on Linux, too, 0 means the loopback interface.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_USAGE_STATS_ENABLED": "0",
        # Workers for functions, which we have none of.
        "RAY_prestart_worker_first_driver": "0",
    }
    try:
        yield {
            "address": "local",
            # Ray opens its folder to everybody: it is one in ours, which stays closed.
            "_temp_dir": str(folder / "ray"),
            "include_dashboard": False,
            "object_store_memory": OBJECT_STORE_BYTES,
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve_url(serve: Any, *, port: int) -> str:
    """Have Serve listen on the port, if it does not run yet. Returns: where it listens."""
    # No public function tells that of a Serve that has been running.
    running = serve.context._get_global_client(raise_if_no_controller_running=False)
    if running is None:
        serve.start(proxy_location="HeadOnly", http_options={"host": HOST, "port": port})
        return f"http://{HOST}:{port}"
    if running.http_config.host not in LOOPBACK:
        raise ServiceError(
            f"Serve of this cluster listens on {running.http_config.host}, where others reach it. "
            "Start it anew with a host of 127.0.0.1, or leave that to this service"
        )
    return f"http://{HOST}:{running.http_config.port}"


def _delete(serve: Any, prefix: str) -> None:
    for name in serve.status().applications:
        if name.startswith(prefix):
            serve.delete(name)


def _wait_for_proxy(url: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + PROXY_SECONDS
    while True:
        try:
            with opener.open(f"{url}/-/healthz", timeout=PROXY_SECONDS):
                return
        except urllib.error.HTTPError:
            return  # it answers 503 while there is no application
        except OSError as error:
            if time.monotonic() > deadline:
                raise ServiceError(
                    f"Ray Serve does not answer at {url} ({error}): the service has to run on the "
                    "cluster's head node, and Serve's proxy has to listen there"
                ) from None
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
        return port
