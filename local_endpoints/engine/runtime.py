"""onnxruntime with its telemetry off. Everybody imports it from here, tests included::

from local_endpoints.engine.runtime import ort
"""

from __future__ import annotations

import os

from local_endpoints.telemetry import TELEMETRY_OFF

# The library reads it once, when it loads.
os.environ.update(TELEMETRY_OFF)

import onnxruntime as ort

__all__ = ["ort"]
