"""The environment in which no library of ours phones home.

The wheels of onnxruntime 1.32 carry Microsoft's 1DS telemetry, switched on. Seen with 1.32.0 on
Linux: importing it writes a device id and a database below ``~/.cache/Microsoft``, and from the
ninth second on it looks up mobile.events.data.microsoft.com every few seconds. The variable
prevents both if it is set before the library loads; ``onnxruntime.disable_telemetry_events()``
after the import prevents neither. ``1`` and ``true`` count, ``0`` does not.
"""

from __future__ import annotations

TELEMETRY_OFF = {"ORT_DISABLE_TELEMETRY": "1"}
