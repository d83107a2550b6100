"""The service with a Ray of its own, as an operator starts it: private, and gone when it is gone.
Left out without Ray Serve, as ``test_ray_kind.py``."""

from __future__ import annotations

import contextlib
import importlib.util
import ipaddress
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import requests

from local_endpoints.client import ServiceInfo, find_running, stop_running
from tests.fakes import spec_body
from tests.patience import WAIT_SECONDS, eventually
from tests.processes import Process, service, wait_until_gone

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("ray") is None, reason='takes pip install -e ".[ray]"'
    ),
    pytest.mark.skipif(sys.platform != "linux", reason="reads other processes' sockets"),
]

AGENTS = {"ray::DashboardAgent", "ray::RuntimeEnvAgent"}
SECRET = "a-secret-of-the-endpoint"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Start the service; whatever is left of it at the end is killed."""
    started: list[Process] = []

    def start() -> Process:
        started.append(service(tmp_path / "state", "--replicas", "ray"))
        started[-1].url()
        return started[-1]

    yield start
    for process in started:
        process.kill()


def endpoint_runs(info: ServiceInfo) -> bool:
    (endpoint,) = info.status()["endpoints"]
    return bool(endpoint["state"] == "running")


def listening(processes: list[psutil.Process]) -> Iterator[tuple[str, int]]:
    """Where others than this computer's users reach them."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            for connection in process.net_connections("tcp"):
                if connection.status == psutil.CONN_LISTEN:
                    address = ipaddress.ip_address(connection.laddr.ip)
                    mapped = getattr(address, "ipv4_mapped", None)
                    if not (mapped or address).is_loopback:
                        yield connection.laddr


def refuses_strangers(port: int) -> bool:
    import grpc

    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_unary("/ray.serve.ASGIService/HandleRequest")
        with pytest.raises(grpc.RpcError) as refused:
            call(b"", timeout=WAIT_SECONDS)
    return bool(refused.value.code() == grpc.StatusCode.UNAUTHENTICATED)


def test_it_is_private_and_leaves_nothing_however_it_ends(
    start: Callable[[], Process], tmp_path: Path
) -> None:
    state_dir = tmp_path / "state"
    first = start()
    info = find_running(state_dir)
    assert info is not None
    body = spec_body(model={"secrets": {"MY_SECRET": SECRET}})
    info.call("POST", "/v2/endpoint/local-user", body)
    assert eventually(lambda: endpoint_runs(info))
    (endpoint,) = info.status()["endpoints"]
    answer = requests.post(
        f"{info.url}/{endpoint['id']}/generate",
        json={"inputs": "A fox", "parameters": {"max_new_tokens": 3}},
        headers={"Authorization": f"Bearer {info.token}"},
        timeout=WAIT_SECONDS,
    )
    assert answer.json()["generated_text"]

    family = psutil.Process(first.pid).children(recursive=True)
    assert any("ServeReplica" in process.name() for process in family)
    assert all(refuses_strangers(port) for _, port in listening(family))
    folder = Path(family[0].environ()["RAY_AUTH_TOKEN_PATH"]).parent
    assert os.stat(folder).st_mode & 0o077 == 0
    written = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    visible = [str(process.as_dict(["cmdline", "environ"])).encode() for process in family]
    for secret in (SECRET, info.token):
        assert not any(secret.encode() in text for text in written + visible)

    # For another minute, Ray's two agents try to tell its head, which is gone, that it is gone.
    staying = [process for process in family if process.name() in AGENTS]
    first.popen.kill()
    wait_until_gone(*set(family) - set(staying))

    second = start()
    family = psutil.Process(second.pid).children(recursive=True)
    assert stop_running(state_dir)
    wait_until_gone(*family)
    assert not folder.exists()
    assert second.result()[2].count("Traceback") == 0
