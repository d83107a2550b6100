"""Notebook 1 under load, where nothing is answered: its cells say so, and go on."""

from __future__ import annotations

import ast
import asyncio
import inspect
import math
import statistics
import time
from types import SimpleNamespace
from typing import Any

import httpx2
import matplotlib.pyplot as plt
import pytest

from tests.notebooks import NOTEBOOKS, read

PATH = next(path for path in NOTEBOOKS if path.stem == "01_llm_gemma")


class _Refusing:
    """A client that is never answered."""

    def __init__(self, **_: object) -> None:
        pass

    async def chat_completion(self, *_: object, **__: object) -> None:
        raise httpx2.ConnectError("nobody is there")


def test_cells_under_load_outlive_a_replica_that_answers_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cells = {cell.id: cell.source for cell in read(PATH).cells}
    names: dict[str, Any] = {
        **{"asyncio": asyncio, "httpx2": httpx2, "math": math, "statistics": statistics},
        **{"time": time, "plt": plt, "show_plot": lambda *_, **__: None},
        **{"huggingface_hub": SimpleNamespace(AsyncInferenceClient=_Refusing), "how": {}},
        **{"track": lambda items, _: items, "messages": [], "model_name": "m", "price": 0.8},
    }

    async def run(cell: str) -> None:
        code = compile(cells[cell], cell, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if (left := eval(code, names)) is not None and inspect.isawaitable(left):
            await left

    async def run_all() -> None:
        for cell in ("load", "load-run", "load-plot", "token-cost"):
            await run(cell)

    plt.switch_backend("agg")
    asyncio.run(run_all())
    plt.close("all")
    assert all(math.isnan(row[1]) for row in names["measured"].values())
    said = capsys.readouterr().out.splitlines()
    assert said == [
        " 1 at a time: no answer, 16 refused",
        " 4 at a time: no answer, 16 refused",
        "16 at a time: no answer, 16 refused",
        "64 at a time: no answer, 64 refused",
        " 1 at a time: $nan per million tokens if never idle, $nan if busy for 1% of the hour",
        "64 at a time: $nan per million tokens if never idle, $nan if busy for 1% of the hour",
    ]
