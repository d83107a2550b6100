"""What the environment of a toolkit container sets. The names are this project's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local_endpoints.containers.settings import ConfigurationError
from local_endpoints.engine.diffusion.schedulers import SOLVERS, SolverName

MAX_BODY_BYTES = 2_000_000
"""The real toolkit has no limit of its own."""

MAX_PIXELS = 512 * 512
"""Of one picture; four times the side that the pocket model was trained on."""


@dataclass(frozen=True)
class ToolkitSettings:
    """A container's settings.

    Attributes:
        solver: ``POCKET_SCHEDULER``, ``euler`` or ``ddim``. The real container takes the one from
            the repository, which is Euler for SDXL.
        threads: ``POCKET_THREADS``, of the UNet and the decoder; None for the engine's choice.
        max_batch: ``POCKET_MAX_BATCH``, pictures that are worked on at once.
    """

    solver: SolverName = "euler"
    threads: int | None = None
    max_batch: int = 4

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> ToolkitSettings:
        """Read the environment.

        Raises:
            ConfigurationError: a value is none of those accepted.
        """
        name = env.get("POCKET_SCHEDULER", "euler")
        solver = next((known for known in SOLVERS if known == name), None)
        if solver is None:
            raise ConfigurationError(f"POCKET_SCHEDULER={name}: expected {' or '.join(SOLVERS)}")
        threads = _positive(env, "POCKET_THREADS")
        return cls(solver, threads, _positive(env, "POCKET_MAX_BATCH") or cls.max_batch)


def _positive(env: Mapping[str, str], name: str) -> int | None:
    given = env.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and 0 < int(given) <= 64):
        raise ConfigurationError(f"{name}={given}: expected a whole number from 1 to 64")
    return int(given)
