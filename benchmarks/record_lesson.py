"""Write down what one learner asks of the service in notebook 1: ``lesson.json``.

    python benchmarks/record_lesson.py

The notebook runs by itself, as fast as it goes, against a shared service in a process that notes
every request. What is left is what ``lesson.py`` repeats for many: in which cell a request is made,
which requests it waits for and how long after them it comes, what it says, and the status that it
gets. Run it again when the notebook or ``huggingface_hub`` asks for other things.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from asked import LESSON, Asked
from common import serving
from nbclient import NotebookClient

from local_endpoints.access import ACCOUNTS_FILE, Accounts
from local_endpoints.access.token import Grant

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "01_llm_gemma.ipynb"
LEARNER = "learner"
NOT_THE_LEARNERS = ("/_local/proof", "/_local/stop")


def serve(log: Path, arguments: list[str]) -> None:
    """Be the service, and write a line for each request."""
    from local_endpoints.__main__ import main
    from local_endpoints.app import ServiceApp

    answer = ServiceApp.__call__
    with log.open("a") as lines:

        async def noting(self: ServiceApp, scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                return await answer(self, scope, receive, send)
            noted: dict[str, Any] = {"begun": time.time(), "said": b"", "status": 0}
            # Read at once: what is refused, the service leaves unread.
            messages = [await receive()]
            while messages[-1].get("more_body"):
                messages.append(await receive())
            noted["sent"] = b"".join(message.get("body", b"") for message in messages)
            pending = iter(messages)

            async def received() -> Any:
                message = next(pending, None)
                return await receive() if message is None else message

            async def sent(message: Any) -> None:
                noted["status"] = message.get("status", noted["status"])
                noted["said"] += message.get("body", b"")
                await send(message)

            headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
            await answer(self, scope, received, sent)
            noted |= {name: base64.b64encode(noted[name]).decode() for name in ("sent", "said")}
            noted |= {"ended": time.time(), "method": scope["method"], "headers": headers}
            query = scope["query_string"].decode()
            noted["path"] = f"{scope['path']}?{query}" if query else scope["path"]
            lines.write(json.dumps(noted) + "\n")
            lines.flush()

        ServiceApp.__call__ = noting  # type: ignore[method-assign]
        main(arguments)


def run_notebook() -> list[float]:
    """Run notebook 1 in this process's environment. Returns: when each of its code cells began."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    begun: list[float] = []

    def note(cell: nbformat.NotebookNode, cell_index: int) -> None:
        if cell.cell_type == "code":
            begun.append(time.time())

    NotebookClient(notebook, timeout=900, on_cell_start=note).execute(cwd=str(NOTEBOOK.parent))
    return begun


def lesson(lines: list[dict[str, Any]], begun: list[float]) -> list[Asked]:
    """What happened, in the form that can be repeated."""
    lines = sorted(lines, key=lambda line: line["begun"])
    names = dict(named for line in lines for named in _endpoints(line))
    cell_of = [sum(start <= line["begun"] for start in begun) - 1 for line in lines]
    asked = []
    for number, line in enumerate(lines):
        earlier = [n for n in range(number) if cell_of[n] == cell_of[number]]
        beside = [n for n in earlier if lines[n]["ended"] > line["begun"]]
        answered = [lines[n]["ended"] for n in set(earlier) - set(beside)]
        since = max([begun[cell_of[number]], *answered])
        asked.append(
            Asked(
                cell=cell_of[number],
                beside=beside,
                gap=round(max(0.0, line["begun"] - since), 3),
                method=line["method"],
                path=_general(line["path"], names),
                body=base64.b64decode(line["sent"]).decode() or None,
                hold=line["headers"].get("x-scale-up-timeout"),
                has_token="authorization" in line["headers"],
                status=line["status"],
                seconds=round(line["ended"] - line["begun"], 3),
                state=_state(line),
            )
        )
    return asked


def _endpoints(line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Ids and names of the endpoints that an answer tells about."""
    with suppress(ValueError):
        said = json.loads(base64.b64decode(line["said"]))
        for each in said.get("items", [said]) if isinstance(said, dict) else ():
            if url := isinstance(each, dict) and each.get("status", {}).get("url"):
                yield url.rpartition("/")[2], each["name"]


def _general(path: str, names: dict[str, str]) -> str:
    """Without what another class, or another edition of a model, would ask otherwise."""
    first, slash, rest = path[1:].partition("/")
    if first in names:
        return f"/{{endpoint:{names[first]}}}{slash}{rest}"
    path = re.sub(r"/resolve/[0-9a-f]{40}/", "/resolve/main/", path)
    return re.sub(rf"^/v2/(endpoint|provider)/{LEARNER}\b", r"/v2/\1/{namespace}", path)


def _state(line: dict[str, Any]) -> str | None:
    is_look = re.fullmatch(rf"/v2/endpoint/{LEARNER}/[^/?]+", line["path"])
    if line["method"] != "GET" or not is_look or line["status"] != 200:
        return None
    return str(json.loads(base64.b64decode(line["said"]))["status"]["state"])


def main() -> None:
    """Record and write."""
    if sys.argv[1:2] == ["--serve"]:
        return serve(Path(sys.argv[2]), sys.argv[3:])
    with tempfile.TemporaryDirectory() as name:
        folder, log = Path(name) / "state", Path(name) / "log"
        folder.mkdir(mode=0o700)
        grant = Grant("lesson")
        token = Accounts(folder / ACCOUNTS_FILE).add({LEARNER: grant})[LEARNER]
        command = [__file__, "--serve", str(log), "serve", "--shared"]
        with serving(command, folder, log=Path(name) / "service.log") as info:
            os.environ |= {
                "LOCAL_ENDPOINTS_URL": info.url,
                "LOCAL_ENDPOINTS_TOKEN": token,
                "LOCAL_ENDPOINTS_TRUSTED_NETWORK": "1",
                "LOCAL_ENDPOINTS_STATE_DIR": str(Path(name) / "learner"),
            }
            begun = run_notebook()
        lines = [json.loads(line) for line in log.read_text().splitlines()]
    lines = [line for line in lines if not line["path"].startswith(NOT_THE_LEARNERS)]
    found = lesson(lines, begun)
    text = ",\n".join(json.dumps(each.to_object()) for each in found)
    assert token not in text
    LESSON.write_text(f"[\n{text}\n]\n")
    print(f"{len(found)} requests in {len(begun)} cells, {LESSON.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
