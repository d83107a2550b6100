"""The process of one replica: settings on standard input, then an HTTP server.

Exits with 1 and the real launcher's message on standard error when it is configured wrongly, and
at once when its standard input closes.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import Protocol, runtime_checkable

from starlette.types import ASGIApp

from local_endpoints.containers import seats
from local_endpoints.containers.answered import Answered
from local_endpoints.containers.key import RequireKey
from local_endpoints.containers.parent import exit_with_parent
from local_endpoints.containers.server import serve, stand_by
from local_endpoints.dialects import DIALECTS
from local_endpoints.engine.part import Engines
from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings


class Container(Protocol):
    """What every dialect's container can do."""

    async def start(self) -> ASGIApp:
        """Load and warm the model; returns the application."""
        ...

    def stop(self) -> None:
        """End the engine's thread."""
        ...


@runtime_checkable
class OwnServer(Protocol):
    """A container whose engine is a server already. It asks for the replica's key itself."""

    def listen(self) -> str:
        """Load the model and open a port on the loopback interface; returns the address."""
        ...

    def stop(self) -> None:
        """End the server."""
        ...


def main() -> int:
    """Run the container, or with the argument ``seats`` many; returns the exit code."""
    if sys.argv[1:] == ["seats"]:
        engines = Engines()
        seats.run(lambda settings: _without_server(make_container(settings, engines)))
        return 0
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        run(ContainerSettings.parse(sys.stdin.buffer.readline()))
    except ConfigurationError as error:
        print(f"Error: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def run(settings: ContainerSettings) -> None:
    """Serve one dialect until told to stop.

    Raises:
        ConfigurationError: the dialect is unknown or refuses its settings.
    """
    container = make_container(settings)
    # Not before: a refusal must be heard even by a parent that has closed its end already.
    exit_with_parent()

    async def make_app() -> ASGIApp:
        assert not isinstance(container, OwnServer)
        return RequireKey(Answered(await container.start()), settings.replica_key)

    try:
        if isinstance(container, OwnServer):
            stand_by(container.listen, key=settings.replica_key)
        else:
            serve(make_app, key=settings.replica_key)
    finally:
        container.stop()


def make_container(settings: ContainerSettings, *engines: Engines) -> Container | OwnServer:
    """The container for the order's dialect, a ``Container`` or an ``OwnServer``, not yet started.

    Args:
        engines: those that the containers of this process share, if there are several.

    Raises:
        ConfigurationError: the dialect is unknown or refuses its settings.
    """
    dialect = DIALECTS.get(settings.dialect)
    if dialect is None:
        known = " or ".join(map(repr, DIALECTS))
        raise ConfigurationError(f"no container speaks {settings.dialect!r}: choose {known}")
    container: Container | OwnServer = dialect.load()(settings, *engines)
    return container


def _without_server(container: Container | OwnServer) -> Container:
    assert not isinstance(container, OwnServer), "it has a process to itself"
    return container


if __name__ == "__main__":
    exit_code = main()
    logging.shutdown()
    sys.stdout.flush()
    # Not sys.exit: an engine's thread that is still inside onnxruntime would come back to an
    # interpreter that is being taken down, and abort the process.
    os._exit(exit_code)
