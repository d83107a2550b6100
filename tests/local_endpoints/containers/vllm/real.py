"""A real vLLM that is started, asked, and ended."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.local_endpoints.containers.vllm.asked.case import MODEL, Case
from tests.local_endpoints.containers.vllm.comparing import (
    USUAL,
    body_of,
    form_of,
    methods,
    metric_names,
)

PORT = 8137
UP = 180
"""Seconds that a server may take to start."""
PATIENCE = 60
"""Seconds for one answer."""


class RealEngine:
    """One server at a time.

    Args:
        python: the interpreter that has vLLM.
        checkpoint: folder of the weights.
        arguments: of its command line, behind model, name and port.
    """

    def __init__(self, python: Path, checkpoint: Path, arguments: list[str]) -> None:
        self.python = python
        self.checkpoint = checkpoint
        self.arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    def answer(self, case: Case) -> dict[str, Any]:
        """Ask; the first question starts the server."""
        if self._process is None:
            self._start()
        return ask(case)

    def end(self) -> None:
        """End the server and all that it started."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(20)
        self._process = None

    def refusal(self) -> dict[str, Any]:
        """How a start ends that does not succeed."""
        self._process, log = self._launch()
        try:
            code: int | None = self._process.wait(UP)
        except subprocess.TimeoutExpired:
            code = None
        self.end_what_is_left()
        log.seek(0)
        said = _last_words(log.read().decode(errors="replace"))
        return {"arguments": self.arguments, "code": code, "said": said}

    def end_what_is_left(self) -> None:
        """A server that came up after all, or the children of one that did not."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)
        self._process = None

    def _start(self) -> None:
        if self._healthy():
            # It would be asked in place of the new one, which cannot have the port.
            raise RuntimeError(f"another server answers on port {PORT}: end it first")
        self._process, _ = self._launch()
        for _ in range(UP):
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended with {self._process.returncode}")
            if self._healthy():
                return
            time.sleep(1)
        raise TimeoutError(f"no server after {UP} s")

    def _launch(self) -> tuple[subprocess.Popen[bytes], Any]:
        command = [
            *(str(self.python), str(self.python.with_name("vllm")), "serve"),
            *("--model", str(self.checkpoint), "--served-model-name", MODEL),
            *("--host", "127.0.0.1", "--port", str(PORT)),
            # In the precision of the service's own engine, so that numbers can be compared.
            *("--dtype", "float32", "--enforce-eager", *self.arguments),
        ]
        quiet = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1"}
        small = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_CPU_OMP_THREADS_BIND": "nobind"}
        log = tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads it
        process = subprocess.Popen(
            command,
            env={**os.environ, **quiet, **small, "OMP_NUM_THREADS": "2"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return process, log

    def _healthy(self) -> bool:
        try:
            return bool(ask(Case("GET", "/health"))["status"] == 200)
        except (OSError, http.client.HTTPException):
            return False


def version(python: Path) -> str:
    """Of the vLLM that the interpreter has."""
    asked = [str(python), "-c", "import vllm; print(vllm.__version__)"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def _last_words(said: str) -> list[str]:
    """The message of the exception or of the parser, without traces and addresses."""
    lines = [re.sub(r"^\(\w+ pid=\d+\) ?", "", line) for line in said.splitlines()]
    traced = [index for index, line in enumerate(lines) if line.startswith('  File "')]
    after = lines[traced[-1] + 1 :] if traced else lines
    while traced and after[0].startswith("    "):
        del after[0]
    told = [line for line in after if line and not re.match(r"(INFO|WARNING|ERROR) |\[|/", line)]
    return [re.sub(r" at 0x[0-9a-f]+", "", line) for line in told[-6:]]


def ask(case: Case) -> dict[str, Any]:
    """One answer: its status, the headers that do not change each time, and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
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
    body = body_of(kind, text)
    if path == "/metrics":
        return {"names": metric_names(text)}
    if path == "/openapi.json":
        return {"paths": methods(body)}
    return {form_of(kind, text): body}
