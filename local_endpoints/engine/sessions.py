"""onnxruntime sessions on the processor."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy.typing as npt

from local_endpoints.engine.runtime import ort

Values = npt.NDArray[Any]

_NO_TILES = "ORT_GQA_DISABLE_FLASH_ATTENTION"
"""Read when a session is made (onnxruntime, docs/contrib_ops/cpu/gqa.md)."""


def open_session(
    path: Path, *, threads: int, arena: bool = True, tiles: bool = True
) -> ort.InferenceSession:
    """A session on the processor.

    Args:
        path: the graph.
        threads: how many threads one node may use. The results do not depend on it. The small
            products of the text models get slower with a second one, above all on busy cores.
        arena: whether scratch memory is kept for the next run. A text model would keep that of
            its longest prompt for ever, and gains no speed from it.
        tiles: whether grouped query attention works in tiles, as it does by default since
            onnxruntime 1.29. For a prompt of 1,500 tokens that is twice as fast, and for one new
            token in each of 64 rows it is not: those take 1.2 times as long.
    """
    os.environ[_NO_TILES] = "0" if tiles else "1"
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    # Threads that wait for the next node are fast when they spin, and must not after the last one:
    # they would keep a core of the learner's laptop busy.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    options.log_severity_level = 3
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class RowSession:
    """A graph of one row, run for several rows that are shared out among threads.

    For a graph of many small nodes this is faster than several threads per node (1.6 times with
    two rows on two cores), and every row keeps the bytes that it has alone.

    Args:
        path: the graph.
        threads: how many threads share the rows.
    """

    def __init__(self, path: Path, *, threads: int) -> None:
        self._session = open_session(path, threads=1)
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="rows")

    def run(self, rows: Sequence[Mapping[str, Values]]) -> list[dict[str, Values]]:
        """All outputs for each row's inputs, in their order."""
        if min(len(rows), self._threads) == 1:
            return [self._alone(row) for row in rows]
        return list(self._pool.map(self._alone, rows))

    def _alone(self, row: Mapping[str, Values]) -> dict[str, Values]:
        return dict(zip(self._outputs, self._session.run(self._outputs, row), strict=True))
