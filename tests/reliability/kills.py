"""Kills: of the service, of a replica, of a notebook's kernel; in the middle of something."""

from __future__ import annotations

import contextlib
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL

import psutil
import requests
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from local_endpoints.client import find_running
from tests.patience import eventually
from tests.reliability.report import Report
from tests.reliability.sizes import Sizes
from tests.reliability.stand import CHAT, DEADLINE, Stand, standing

PAYING = "paying"
BUSY_SECONDS = 0.3
CONNECT = """
import time
from helpers import connect
connection = connect("local", state_dir={folder!r}, minute={minute})
print(connection.url)
"""
SLEEP = "print('asleep', flush=True); time.sleep(60)"


@contextmanager
def talking(stand: Stand, url: str) -> Iterator[None]:
    """Somebody is being answered meanwhile, and does not mind what happens."""

    def talk() -> None:
        with contextlib.suppress(requests.RequestException):
            body = {**CHAT, "stream": True, "max_tokens": 200}
            with requests.post(
                f"{url}/v1/chat/completions", json=body, headers=stand.headers,
                timeout=DEADLINE, stream=True,
            ) as answer:  # fmt: skip
                for _ in answer.iter_content(None):
                    pass

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield
    finally:
        thread.join(2 * DEADLINE)
        stand.report.expect(not thread.is_alive(), "a stream never ended")


def kill_services(folder: Path, sizes: Sizes, report: Report) -> None:
    """The service is killed and started again: nobody is left, nothing is lost, the bill holds."""
    drawn = random.Random(sizes.seed)
    minute = 2.0
    with standing(folder, report, minute=minute) as stand:
        url = stand.add("tgi-text", PAYING)
        for number in [each for each in sizes.signals for _ in range(sizes.kills)]:
            before = stand.bill(PAYING)
            with talking(stand, url):
                time.sleep(drawn.uniform(0, BUSY_SECONDS))
                begun = time.time()
                stand.kill(number)
            until = begun, time.time()
            left = (folder / "service.json").exists()
            report.expect(
                left == (number == signal.SIGKILL), f"service.json after {number.name}: {left}"
            )
            stand.start()
            stand.expect_bill(
                before, stand.bill(PAYING), until=until, lost=number == signal.SIGKILL
            )
            state = stand.call("GET", f"/{PAYING}")["status"]["state"]
            report.expect(state == "paused", f"after {number.name} the endpoint is {state}")
            stand.call("POST", f"/{PAYING}/resume")
            if drawn.random() < 0.25:
                # Once more, while it starts: that costs nothing.
                time.sleep(drawn.uniform(0, 1))
                stand.kill(number)
                stand.start()
                report.counts["kills of a service that starts a replica"] += 1
                stand.call("POST", f"/{PAYING}/resume")
            again = stand.running(PAYING)
            report.expect(again == url, f"the endpoint's URL changed from {url} to {again}")
            _ask(stand, url)
            _count(report, number)
        report.expect(len(stand.call("GET")["items"]) == 1, "an endpoint is lost")


def kill_replicas(folder: Path, sizes: Sizes, report: Report) -> None:
    """A replica is killed: another takes its place, and the endpoint stays as it is."""
    drawn = random.Random(sizes.seed)
    # A short minute: more than three crashes within ten of them would be a failure.
    with standing(folder, report, minute=0.1) as stand:
        url = stand.add("tgi-text", PAYING)
        first = stand.bill(PAYING)
        for number in [each for each in sizes.signals for _ in range(sizes.kills)]:
            (replica,) = stand.process.children()
            with talking(stand, url):
                time.sleep(drawn.uniform(0, BUSY_SECONDS))
                replica.send_signal(number)
                with report.timed("longest until it was replaced, s"):
                    if not eventually(lambda gone=replica: stand.is_replaced(PAYING, gone)):
                        report.fault(f"a replica that got {number.name} was not replaced")
            _ask(stand, url)
            _count(report, number)
        last = stand.bill(PAYING)
        stand.expect_bill(first, last, until=(last.before, last.after))


def kill_kernels(folder: Path, sizes: Sizes, report: Report) -> None:
    """A notebook's kernel is killed: the service goes on for the next, and at last ends by itself
    with everything."""
    drawn = random.Random(sizes.seed)
    stand = Stand(folder, report, minute=0.3 if sizes.kills == 1 else 1.0)
    for number in [each for each in sizes.signals for _ in range(sizes.kills)]:
        manager = KernelManager(kernel_name="python3")
        with report.timed("longest start of a kernel, s"):
            manager.start_kernel(env=stand.environment, stdout=DEVNULL, stderr=DEVNULL)
            client = manager.blocking_client()
            client.start_channels()
            client.wait_for_ready(timeout=DEADLINE)
        try:
            _run(client, CONNECT.format(folder=str(folder), minute=stand.minute))
            info = find_running(folder)
            assert info is not None
            stand.info = info
            if not stand.info.status()["endpoints"]:
                stand.add("tgi-text", PAYING)
            cell = client.execute(SLEEP)
            while client.get_iopub_msg(timeout=DEADLINE)["content"].get("text") != "asleep\n":
                pass
            time.sleep(drawn.uniform(0, BUSY_SECONDS))
            kernel = psutil.Process(manager.provisioner.pid)
            with report.timed(f"longest end after {number.name}, s"):
                kernel.send_signal(number)
                if number == signal.SIGINT:
                    while client.get_shell_msg(timeout=DEADLINE)["parent_header"]["msg_id"] != cell:
                        pass
                    _run(client, "print(connection.namespace)")
                else:
                    psutil.wait_procs([kernel], timeout=DEADLINE)
                    report.expect(not kernel.is_running(), f"{number.name} did not end a kernel")
            items = stand.info.status()["endpoints"]
            report.expect([item["name"] for item in items] == [PAYING], "an endpoint is lost")
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
        _count(report, number)
    stand.expect_nobody("a service whose kernels are gone")


def _count(report: Report, number: signal.Signals) -> None:
    report.counts[f"kills by {number.name}"] += 1
    if report.counts[f"kills by {number.name}"] % 5 == 0:
        report.say(f"{number.name}: {report.counts[f'kills by {number.name}']}")


def _run(client: BlockingKernelClient, code: str) -> None:
    answer = client.execute_interactive(code, timeout=DEADLINE, output_hook=lambda _: None)
    assert answer["content"]["status"] == "ok", answer["content"]


def _ask(stand: Stand, url: str) -> None:
    answer = stand.ask("POST", f"{url}/v1/chat/completions", json={**CHAT, "max_tokens": 5})
    if answer is not None:
        stand.report.expect(answer.status_code == 200, f"asked again: {answer.text}")
