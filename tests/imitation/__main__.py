"""Prints the tables of what is imitated, or writes them into the service's README.

``python -m tests.imitation [--write]``
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from tests.imitation import management, tgi, vllm
from tests.imitation.row import Row

README = Path(__file__).parents[2] / "local_endpoints" / "README.md"
BEGIN_SERVICE, BEGIN_CONTAINERS = (
    f"<!-- Written by `python -m tests.imitation --write`: change {source} instead. -->"
    for source in ("tests/imitation/management.py", "tests/imitation/")
)
END = "<!-- End of the table. -->"


def tables() -> dict[str, str]:
    """The tables as Markdown, by the line that stands before each."""
    of_vllm = _table("vLLM 0.30, container `vllm`", vllm.ROWS)
    of_tgi = _table("Text Generation Inference 3.3, container `tgi`", tgi.ROWS)
    return {
        BEGIN_SERVICE: _table("Management API, catalog, proxy", management.ROWS),
        BEGIN_CONTAINERS: f"{of_vllm}\n\n{of_tgi}",
    }


def _table(title: str, rows: Sequence[Row]) -> str:
    lines = [f"### {title}", "", "| | | verdict | remark |", "|---|---|---|---|"]
    before = None
    for row in rows:
        names = " ".join(map(_code, row.names))
        part = "" if row.part == before else row.part
        lines.append(f"| {part} | {names} | {row.verdict} | {row.remark} |".replace("|  |", "| |"))
        before = row.part
    return "\n".join(lines)


def _code(name: str) -> str:
    return f"`` {name} ``" if "`" in name else f"`{name}`"


def inserted(text: str) -> str:
    """A README with the tables in their places. Raises: ValueError when a place is not marked."""
    for line, table in tables().items():
        head, begin, rest = text.partition(line)
        _, end, tail = rest.partition(END)
        if not begin or not end:
            raise ValueError(f"{README} lacks the lines {line!r} and {END!r}: put them back")
        text = f"{head}{begin}\n{table}\n{end}{tail}"
    return text


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.imitation", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"into {README.name}")
    if parser.parse_args().write:
        README.write_text(inserted(README.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(*tables().values(), sep="\n\n")


if __name__ == "__main__":
    main()
