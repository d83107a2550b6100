"""Prints the table of what is imitated, or writes it into the service's README.

``python -m tests.imitation [--write]``
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from tests.imitation import tgi, vllm
from tests.imitation.row import Row

README = Path(__file__).parents[2] / "local_endpoints" / "README.md"
BEGIN = "<!-- Written by `python -m tests.imitation --write`: change tests/imitation/ instead. -->"
END = "<!-- End of the table. -->"


def table() -> str:
    """Both dialects as Markdown."""
    of_vllm = _dialect("vLLM 0.30, container `vllm`", vllm.ROWS)
    of_tgi = _dialect("Text Generation Inference 3.3, container `tgi`", tgi.ROWS)
    return f"{of_vllm}\n\n{of_tgi}"


def _dialect(title: str, rows: Sequence[Row]) -> str:
    lines = [f"### {title}", "", "| | | verdict | remark |", "|---|---|---|---|"]
    before = None
    for row in rows:
        names = " ".join(f"`{name}`" for name in row.names)
        part = "" if row.part == before else row.part
        lines.append(f"| {part} | {names} | {row.verdict} | {row.remark} |".replace("|  |", "| |"))
        before = row.part
    return "\n".join(lines)


def inserted(text: str) -> str:
    """A README with the table in its place. Raises: ValueError when the place is not marked."""
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{README} lacks the lines {BEGIN!r} and {END!r}: put them back")
    return f"{head}{begin}\n{table()}\n{end}{tail}"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.imitation", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"into {README.name}")
    if parser.parse_args().write:
        README.write_text(inserted(README.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())


if __name__ == "__main__":
    main()
