"""What the service and a container process have agreed on. Both sides import it, so it needs
nothing but the standard library.

The service writes one line of JSON, ``ContainerSettings``, on the container's standard input and
keeps the pipe open. The container says where it listens on a line of its standard output, or
prints why it cannot and exits with 1. Every request to it carries the key in ``KEY_HEADER``, or
as a bearer token where the container's engine is a server that wants it so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path

KEY_HEADER = "x-replica-key"

_READY = "Listening on "


class ConfigurationError(Exception):
    """The container cannot start as configured; the text is what the real launcher prints."""


@dataclass(frozen=True)
class ContainerSettings:
    """What a container shall be.

    Attributes:
        dialect: which container to imitate, for example ``tgi``.
        repository: name of the model; a pocket model takes the place of the real one.
        model_dir: folder of the pocket model, or the one file of another.
        env: the container's environment variables, secrets included.
        replica_key: secret that every request must carry.
        docker_label: shown by ``/info``; says that a pocket model speaks.
        accelerators: GPUs of the hardware that it is rented with; 0 for a processor.
        args: of its command line, behind what the service puts there itself.
    """

    dialect: str
    repository: str
    model_dir: Path
    env: dict[str, str] = field(repr=False)
    replica_key: str = field(repr=False)
    docker_label: str = "pocket-model"
    accelerators: int = 1
    args: list[str] = field(default_factory=list)

    def to_line(self) -> bytes:
        """The line that ``parse`` reads, with its end."""
        values = {item.name: getattr(self, item.name) for item in fields(ContainerSettings)}
        return json.dumps({**values, "model_dir": str(self.model_dir)}).encode() + b"\n"

    @staticmethod
    def parse(line: bytes) -> ContainerSettings:
        """Read the line.

        Raises:
            ConfigurationError: it is no JSON object with these fields.
        """
        try:
            given = json.loads(line)
            return ContainerSettings(**{**given, "model_dir": Path(given["model_dir"])})
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(
                "expected one line of JSON with dialect, repository, model_dir, env and "
                f"replica_key on standard input: {type(error).__name__}: {error}"
            ) from None


def ready_line(url: str) -> str:
    """The line in which a container says that it answers at ``url``."""
    return f"{_READY}{url}"


def parse_ready_line(line: str) -> str | None:
    """The URL in a line of a container's log, if it is the one that says so."""
    return line.removeprefix(_READY) if line.startswith(_READY) else None
