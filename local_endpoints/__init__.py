"""A local Hugging Face Inference Endpoints service with tiny real models.

``ensure_running`` finds or starts the service of a state directory; ``python -m local_endpoints``
does the same from a shell.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local_endpoints.client import ServiceInfo, ensure_running, find_running, stop_running
    from local_endpoints.errors import ServiceError

__all__ = ["ServiceError", "ServiceInfo", "ensure_running", "find_running", "stop_running"]


def __getattr__(name: str) -> Any:
    """The names above, imported when they are asked for: where this package is installed, every
    run of pytest loads it for its plugin."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("local_endpoints.client"), name)
