"""A container must not outlive the service that started it."""

from __future__ import annotations

import os
import threading

STDIN = 0


def exit_with_parent() -> None:
    """End this process at once when standard input reaches its end.

    The parent holds the other end of the pipe: it closes when the parent dies, however it dies.
    """
    threading.Thread(target=_watch, name="parent-watch", daemon=True).start()


def _watch() -> None:
    # Not sys.stdin: its lock, held by a blocked read, would hang an ordinary interpreter exit.
    try:
        while os.read(STDIN, 4096):
            pass
    except OSError:
        pass
    os._exit(0)
