"""onnxruntime sessions for the pipeline's graphs."""

from __future__ import annotations

from pathlib import Path

import onnxruntime as ort


def open_session(path: Path, *, threads: int) -> ort.InferenceSession:
    """A session on the processor.

    Args:
        path: the graph.
        threads: how many threads one node may use. The results do not depend on it.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # A waiting thread would keep a core of the learner's laptop busy.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
