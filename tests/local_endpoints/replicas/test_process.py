"""Replicas with a container program that the test writes: real processes, no model."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import psutil
import pytest

from local_endpoints.clock import SystemClock
from local_endpoints.replicas import process as replicas
from local_endpoints.replicas.launcher import ContainerLauncher
from local_endpoints.replicas.process import ProcessReplica
from local_endpoints.replicas.replica import ReplicaOrder
from tests.patience import WAIT_SECONDS
from tests.processes import children

CONTAINER = """
import http.server, json, os, signal, sys, threading
from local_endpoints.replicas.wire import ready_line

settings = json.loads(sys.stdin.buffer.readline())
behaviour = settings["env"].get("BEHAVIOUR", "")
print("starting", flush=True)
if behaviour == "crash":
    print("CUDA out of memory", file=sys.stderr, flush=True)
    sys.exit(3)
if behaviour == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if behaviour == "noisy":
    print("x" * 3_000_000)
    sys.stdout.buffer.write(b"\\xff\\xfe not text\\n")
    sys.stdout.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    health = 0

    def do_GET(self):
        right_key = self.headers["x-replica-key"] == settings["replica_key"]
        Handler.health += 1
        print(f"asked {Handler.health} times", flush=True)
        ready = behaviour != "slow" or Handler.health > 3
        if self.path != "/health" or not right_key:
            self.send_error(404)
        else:
            self.send_response(200 if ready else 503)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
if behaviour != "silent":
    print("Listening on http://127.0.0.1:9 (0123456789abcdef)", flush=True)  # as a user may say
    print(ready_line(f"http://127.0.0.1:{server.server_port}", settings["replica_key"]), flush=True)
sys.stdin.buffer.read()
os._exit(0)
"""

Scenario = Callable[["Bench"], Awaitable[None]]


class Bench:
    """A launcher, and a way to wait for what its replicas do."""

    def __init__(self, log_dir: Path) -> None:
        self.log_dir = log_dir
        self.launcher = ContainerLauncher(ProcessReplica, log_dir, clock=SystemClock())
        self.changed = asyncio.Event()

    def launch(
        self,
        behaviour: str = "",
        *,
        health_route: str = "/health",
        endpoint_id: str = "abcdefghijklmnop",
    ) -> ProcessReplica:
        order = ReplicaOrder(
            endpoint_id=endpoint_id,
            dialect="tgi",
            repository="open-models/tiny",
            model_dir=Path("unused"),
            env={"BEHAVIOUR": behaviour, "SECRET": "hidden-value"},
            health_route=health_route,
            log_name="an-endpoint-abc",
        )
        return self.launcher.launch(order, on_change=self.changed.set)

    def logs(self) -> set[str]:
        """The files."""
        return {path.name for path in self.log_dir.iterdir()}

    async def change(self) -> None:
        await asyncio.wait_for(self.changed.wait(), WAIT_SECONDS)
        self.changed.clear()

    async def log_has(self, replica: ProcessReplica, text: str) -> None:
        async def seen() -> None:
            while not any(text in line for line in replica.log.tail(1000)):
                await asyncio.sleep(0.01)

        await asyncio.wait_for(seen(), WAIT_SECONDS)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Scenario], None]:
    """Run a scenario; afterwards no process is left."""
    package = tmp_path / "program" / "local_endpoints" / "containers"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(CONTAINER)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    # `python -m` looks into the current folder first.
    monkeypatch.chdir(tmp_path / "program")

    async def whole(scenario: Scenario) -> None:
        bench = Bench(tmp_path / "logs")
        try:
            await scenario(bench)
        finally:
            await asyncio.wait_for(bench.launcher.stop_all(), WAIT_SECONDS)
        assert containers() == []

    return lambda scenario: asyncio.run(whole(scenario))


def containers() -> list[psutil.Process]:
    return children("local_endpoints.containers")


def test_it_is_ready_when_its_health_route_says_so(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        replica = bench.launch("slow")
        assert replica.phase == "starting"
        await bench.change()
        assert replica.phase == "ready"
        async with aiohttp.ClientSession() as session:
            for headers, status in [(replica.headers, 200), ({"x-replica-key": "wrong"}, 404)]:
                async with session.get(f"{replica.url}/health", headers=headers) as answer:
                    assert answer.status == status

    run(scenario)


def test_a_wrong_health_route_is_never_ready(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        replica = bench.launch(health_route="/wrong")
        await bench.log_has(replica, "asked 3 times")
        assert replica.phase == "starting"

    run(scenario)


def test_a_crash_is_noticed_with_its_last_words(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        replica = bench.launch("crash")
        await bench.change()
        assert replica.phase == "exited"
        log = ["starting", "CUDA out of memory", "container exited with code 3"]
        assert replica.log.tail(10) == log
        assert replica.log.tail(1) == log[-1:]

    run(scenario)


def test_a_kill_is_noticed(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        replica = bench.launch()
        await bench.change()
        (process,) = containers()
        process.kill()
        await bench.change()
        assert replica.phase == "exited"

    run(scenario)


@pytest.mark.parametrize("ready", [False, True])
def test_it_crashes_on_demand(run: Callable[[Scenario], None], ready: bool) -> None:
    async def scenario(bench: Bench) -> None:
        replica = bench.launch()
        if ready:
            await bench.change()
        replica.crash()
        while replica.phase != "exited":
            await bench.change()
        assert "container exited with code" in replica.log.tail(1)[0]

    run(scenario)


def test_stopping_ends_the_process_and_is_no_crash(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        replica = bench.launch()
        await bench.change()
        replica.stop()
        replica.stop()
        await asyncio.wait_for(replica.stopped(), WAIT_SECONDS)
        assert replica.phase == "ready"
        assert not bench.changed.is_set()
        assert containers() == []

    run(scenario)


def test_stopping_at_once(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        bench.launch().stop()

    run(scenario)


def test_stubborn_containers_are_killed(
    run: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "STOP_SECONDS", 0.05)

    async def scenario(bench: Bench) -> None:
        bench.launch("stubborn")
        await bench.change()

    run(scenario)


def test_stop_all_waits_for_all(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        for _ in range(3):
            bench.launch()
        await bench.change()

    run(scenario)


def test_lines_of_any_length_and_encoding_do_not_stop_the_log(
    run: Callable[[Scenario], None],
) -> None:
    async def scenario(bench: Bench) -> None:
        replica = bench.launch("noisy")
        await bench.change()
        assert replica.phase == "ready"
        assert max(map(len, replica.log.tail(1000))) < 2_000_000
        assert any("not text" in line for line in replica.log.tail(1000))

    run(scenario)


def test_secrets_are_not_in_the_process_list(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        replica = bench.launch()
        await bench.change()
        (process,) = containers()
        visible = " ".join([*process.cmdline(), *process.environ().values()])
        assert replica.headers["x-replica-key"] not in visible
        assert "hidden-value" not in visible

    run(scenario)


def test_keys_and_ids_differ(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        first, second = bench.launch(), bench.launch()
        assert first.headers["x-replica-key"] != second.headers["x-replica-key"]
        assert first.id != second.id
        assert len(first.id) == 5

    run(scenario)


def test_logs_are_files_of_this_run_only(run: Callable[[Scenario], None], tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "of-an-earlier-run.log").write_text("old")

    async def scenario(bench: Bench) -> None:
        replica = bench.launch("crash")
        await bench.change()
        (file,) = (tmp_path / "logs").iterdir()
        assert file.name == f"an-endpoint-abc-{replica.id}.log"
        assert file.read_text().splitlines() == ["starting", "CUDA out of memory"]

    run(scenario)


def log_of(replica: ProcessReplica) -> str:
    return f"an-endpoint-abc-{replica.id}.log"


def test_of_many_replicas_one_after_another_the_last_three_logs_are_kept(
    run: Callable[[Scenario], None],
) -> None:
    async def scenario(bench: Bench) -> None:
        other = bench.launch("crash", endpoint_id="ponmlkjihgfedcba")
        await bench.change()
        replicas = []
        for _ in range(5):
            replicas.append(bench.launch("crash"))
            await bench.change()
        assert bench.logs() == {log_of(replica) for replica in (other, *replicas[-3:])}

    run(scenario)


def test_the_log_of_a_replica_that_runs_is_kept(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        running = bench.launch()
        await bench.change()
        for _ in range(4):
            bench.launch("crash")
            await bench.change()
        assert log_of(running) in bench.logs()

    run(scenario)


def test_logs_of_an_endpoint_that_is_forgotten_are_removed(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        bench.launch("crash")
        await bench.change()
        still_running = bench.launch()
        await bench.change()
        other = bench.launch("crash", endpoint_id="ponmlkjihgfedcba")
        await bench.change()
        bench.launcher.forget("abcdefghijklmnop")
        bench.launcher.forget("abcdefghijklmnop")
        assert bench.logs() == {log_of(other)}
        still_running.stop()
        await asyncio.wait_for(still_running.stopped(), WAIT_SECONDS)
        assert bench.logs() == {log_of(other)}
        assert "starting" in still_running.log.tail(10)

    run(scenario)


def test_a_log_that_cannot_be_written_ends_nothing(run: Callable[[Scenario], None]) -> None:
    async def scenario(bench: Bench) -> None:
        shutil.rmtree(bench.log_dir)
        replica = bench.launch()
        await bench.change()
        assert replica.phase == "ready"
        assert "starting" in replica.log.tail(10)
        (process,) = containers()
        process.kill()
        await bench.change()
        assert replica.phase == "exited"

    run(scenario)


def test_a_container_that_cannot_be_started_has_exited(
    run: Callable[[Scenario], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")

    async def scenario(bench: Bench) -> None:
        replica = bench.launch()
        await bench.change()
        assert replica.phase == "exited"
        (line,) = replica.log.tail(10)
        assert line.startswith("container could not be started: ")

    run(scenario)
