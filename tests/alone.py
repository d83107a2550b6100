"""Run a program where there is no network but a name server that writes down what it is asked.

``unshare -rmn python alone.py REPORT PROGRAM…`` needs a user, mount and network namespace of its
own. REPORT becomes a JSON list of the names that anybody in there looked up.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41
NO_SUCH_NAME = b"\x81\x83"


def why_not() -> str:
    """Why a program cannot be run alone on this computer; empty if it can."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return "needs Linux and unshare"
    tried = subprocess.run(["unshare", "-rmn", "true"], capture_output=True, text=True)
    return f"namespaces are not allowed here: {tried.stderr.strip()}" if tried.returncode else ""


def run_alone(*program: str, home: Path) -> list[str]:
    """Run a program with nothing but PATH and HOME in its environment.

    Returns:
        The names that it and its children looked up.
    """
    report = home.with_name("names.json")
    done = subprocess.run(
        ["unshare", "-rmn", sys.executable, __file__, str(report), *program],
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    names: list[str] = json.loads(report.read_text())
    return names


def _replace(path: str, text: str) -> None:
    """Let everybody in this namespace read another text in a file of the system."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    subprocess.run(["mount", "--bind", file.name, path], check=True)


def _main() -> int:
    report, *program = sys.argv[1:]
    control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_RUNNING))
    _replace("/etc/resolv.conf", "nameserver 127.0.0.1\n")
    if os.path.exists("/etc/nsswitch.conf"):
        _replace("/etc/nsswitch.conf", "passwd: files\nhosts: files dns\n")
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    names: list[str] = []
    threading.Thread(target=_answer, args=(server, names), daemon=True).start()
    code = subprocess.run(program).returncode
    Path(report).write_text(json.dumps(names))
    return code


def _answer(server: socket.socket, names: list[str]) -> None:
    while True:
        query, asker = server.recvfrom(4096)
        names.append(_name(query))
        server.sendto(query[:2] + NO_SUCH_NAME + query[4:6] + bytes(6) + query[12:], asker)


def _name(query: bytes) -> str:
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace"))
        at += 1 + query[at]
    return ".".join(labels)


if __name__ == "__main__":
    sys.exit(_main())
