"""What the service and a container process have agreed on. Both sides import it, so it needs
nothing but the standard library.

The service writes one line of JSON, ``ContainerSettings``, on the container's standard input and
keeps the pipe open. The container says where it listens on a line of its standard output, or
prints why it cannot and exits with 1. Every request to it carries the key in ``KEY_HEADER``, or
as a bearer token where the container's engine is a server that wants it so.

Where containers share a process, each has a *seat* there, a number. The service writes lines
``open SEAT SETTINGS``, ``stop SEAT`` and ``crash SEAT``; each line that comes back begins with the
seat that it is about, and the last one of a seat says that it has ended.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field, fields
from pathlib import Path

KEY_HEADER = "x-replica-key"

_READY = re.compile(r"Listening on (http://127\.0\.0\.1:[0-9]+\S*) \(([0-9a-f]{16})\)", re.ASCII)
_ENDED = re.compile(r"container exited with code -?[0-9]+")
_OF_A_SEAT = re.compile(r"([0-9]*)\t(.*)", re.ASCII | re.DOTALL)


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


def ready_line(url: str, key: str) -> str:
    """The line in which a container says that it answers at ``url``. Users' words come into its
    log, too; its mark is made of the replica's key, which they do not know."""
    return f"Listening on {url} ({_mark(key)})"


def parse_ready_line(line: str, key: str) -> str | None:
    """The URL in a line of a container's log, if it is the one that says so."""
    found = _READY.fullmatch(line)
    return found[1] if found and hmac.compare_digest(found[2], _mark(key)) else None


def _mark(key: str) -> str:
    return hashlib.sha256(f"ready\n{key}".encode()).hexdigest()[:16]


def ended_line(code: int) -> str:
    """The line that says that a container has ended."""
    return f"container exited with code {code}"


def is_ended_line(line: str) -> bool:
    """Whether a line of a container's log is the one that says so."""
    return _ENDED.fullmatch(line) is not None


def seat_line(seat: str, line: str) -> str:
    """A line about a seat, or, with "", about all of its process."""
    return f"{seat}\t{line}"


def parse_seat_line(line: str) -> tuple[str, str]:
    """The seat and the line. What does not begin with a seat was said by what knows of none (the
    interpreter, a library in C) and is about all."""
    found = _OF_A_SEAT.fullmatch(line)
    return (found[1], found[2]) if found else ("", line)
