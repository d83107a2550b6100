"""What the service tells a container process on the first line of its standard input."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

DEFAULT_DOCKER_LABEL = "pocket-model"


class ConfigurationError(Exception):
    """The container cannot start as configured; the text is what the real launcher prints."""


@dataclass(frozen=True)
class ContainerSettings:
    """One container's order.

    Attributes:
        dialect: which container to be, for example ``tgi``.
        repository: name of the real model whose place the pocket model takes.
        model_dir: folder of the pocket model.
        env: the container's environment variables, as an endpoint's ``env`` sets them.
        replica_key: secret that every request must carry.
        accelerators: GPUs of the hardware that it was rented with; 0 for a processor.
        docker_label: shown by ``/info``; says that a pocket model speaks.
    """

    dialect: str
    repository: str
    model_dir: Path
    env: dict[str, str]
    replica_key: str
    docker_label: str = DEFAULT_DOCKER_LABEL
    accelerators: int = 1

    @classmethod
    def parse(cls, line: bytes) -> ContainerSettings:
        """Read the line.

        Raises:
            ConfigurationError: it is no JSON object with these fields.
        """
        try:
            given = json.loads(line)
            return cls(
                dialect=given["dialect"],
                repository=given["repository"],
                model_dir=Path(given["model_dir"]),
                env={str(name): str(value) for name, value in given.get("env", {}).items()},
                replica_key=given["replica_key"],
                accelerators=int(given.get("accelerators", 1)),
                docker_label=given.get("docker_label") or DEFAULT_DOCKER_LABEL,
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigurationError(
                "expected one line of JSON with dialect, repository, model_dir, env and "
                f"replica_key on standard input: {type(error).__name__}: {error}"
            ) from None
