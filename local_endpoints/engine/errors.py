"""Why an engine takes no request; the text engine and the image engine share these."""

from __future__ import annotations


class QueueFullError(RuntimeError):
    """The engine has as many requests as it accepts; try again when some are done."""


class EngineStoppedError(RuntimeError):
    """The engine was stopped and takes no more requests."""
