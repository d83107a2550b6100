"""The command line that both evaluations share: a table of figures, and every answer as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from training.language.speaker import Speaker

Rows = list[dict[str, Any]]


def report(
    measure: Callable[[Speaker, Rows], dict[str, float]], *, folder: Path, what: str, **options: Any
) -> None:
    """Measure a served folder and print a Markdown table.

    ``options`` are variables of the chat template.
    """
    parser = argparse.ArgumentParser(description=f"Measure the {what} on what was held out.")
    parser.add_argument("--model", type=Path, default=folder, help="served folder")
    parser.add_argument("--json", type=Path, help="file for every answer")
    arguments = parser.parse_args()
    rows: Rows = []
    speaker = Speaker(arguments.model, **options)
    try:
        figures = measure(speaker, rows)
    finally:
        speaker.close()
    print("| measure | value |\n|---|---|")
    for name, value in figures.items():
        print(f"| {name} | {value:g} |")
    if arguments.json:
        text = json.dumps({"figures": figures, "answers": rows}, indent=1, ensure_ascii=False)
        arguments.json.write_text(text + "\n", encoding="utf-8")
