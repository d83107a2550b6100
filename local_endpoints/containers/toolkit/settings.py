"""What the environment of a toolkit container sets. The names are this project's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from local_endpoints.engine.diffusion.engine import MAX_BATCH
from local_endpoints.engine.diffusion.schedulers import SOLVERS, SolverName
from local_endpoints.replicas.wire import ConfigurationError

MAX_BODY_BYTES = 128_000
"""The real toolkit has no limit of its own. The prompt is tokenized while the batch waits."""

MAX_REQUESTS = 128
"""Pictures of one container that are drawn or wait. The real toolkit draws one at a time and lets
any number wait."""

MAX_SIDE = 2048
"""Of a picture, in pixels: twice SDXL's own. What is larger than the pocket model's own is enlarged
from that."""

MAX_THREADS = 64


@dataclass(frozen=True)
class ToolkitSettings:
    """A container's settings.

    Attributes:
        solver: ``POCKET_SCHEDULER``, ``euler`` or ``ddim``. The real container takes the one from
            the repository, which is Euler for SDXL.
        threads: ``POCKET_THREADS``, of the UNet and the decoder; None for the engine's choice.
        max_batch: ``POCKET_MAX_BATCH``, images that are worked on at once, up to the engine's
            `MAX_BATCH`.
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
        threads = _positive(env, "POCKET_THREADS", MAX_THREADS)
        max_batch = _positive(env, "POCKET_MAX_BATCH", MAX_BATCH)
        return cls(solver, threads, max_batch or cls.max_batch)


def _positive(env: Mapping[str, str], name: str, largest: int) -> int | None:
    given = env.get(name)
    if given is None:
        return None
    # Python reads no numbers of more than some thousand digits.
    readable = given.isascii() and given.isdigit() and len(given) <= len(str(largest))
    if not (readable and 0 < int(given) <= largest):
        raise ConfigurationError(f"{name}={given}: expected a whole number from 1 to {largest}")
    return int(given)
