"""The service: one of the doctor's own, or the one that a class shares."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.connect import connect, disconnect
from local_endpoints import stop_running


@contextmanager
def own_service() -> Iterator[str]:
    """A local service in a temporary folder, which ends with the block. Gives what it took."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        began = time.monotonic()
        try:
            address = connect("local", state_dir=folder).url.removesuffix("/v2")
            yield f"{address}, started in {time.monotonic() - began:.1f} s"
        finally:
            disconnect()
            stop_running(Path(folder))


def check_shared_service() -> str:
    """The one that ``LOCAL_ENDPOINTS_URL`` names answers, and knows whose the token is.

    Raises:
        ConnectError: it does not.
    """
    try:
        connection = connect("local")
        address = connection.url.removesuffix("/v2")
        return f"{address}, shared with others; your namespace is {connection.namespace}"
    finally:
        disconnect()
