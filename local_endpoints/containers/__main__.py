"""The process of one replica: settings on standard input, then an HTTP server.

Exits with 1 and the real launcher's message on standard error when it is configured wrongly, and
at once when its standard input closes.
"""

from __future__ import annotations

import logging
import sys

from starlette.types import ASGIApp

from local_endpoints.containers.key import RequireKey
from local_endpoints.containers.parent import exit_with_parent
from local_endpoints.containers.server import serve
from local_endpoints.containers.settings import ConfigurationError, ContainerSettings


def main() -> int:
    """Run the container; returns the exit code."""
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
    if settings.dialect != "tgi":
        raise ConfigurationError(f"no container speaks {settings.dialect!r}: choose 'tgi'")
    # Each dialect brings its own engine: import only the one that is wanted.
    from local_endpoints.containers.tgi.container import TgiContainer

    container = TgiContainer(settings)
    # Not before: a refusal must be heard even by a parent that has closed its end already.
    exit_with_parent()

    async def make_app() -> ASGIApp:
        return RequireKey(await container.start(), settings.replica_key)

    try:
        serve(make_app)
    finally:
        container.stop()


if __name__ == "__main__":
    sys.exit(main())
