"""What the local service serves for a wish: looked up once, when an endpoint is created or updated,
and carried with it."""

from __future__ import annotations

from dataclasses import dataclass

from local_endpoints.control_plane.hardware import Compute
from local_endpoints.control_plane.spec import EndpointSpec
from local_endpoints.dialects import UPSTREAM, Dialect
from local_endpoints.repositories import REPOSITORIES, Repository


@dataclass(frozen=True)
class Served:
    """What stands behind an endpoint.

    Attributes:
        repository: the repository that answers.
        dialect: what its containers speak.
        compute: the hardware of one replica.
    """

    repository: Repository
    dialect: Dialect
    compute: Compute


def resolve(spec: EndpointSpec) -> Served | None:
    """What there is for the wish; ``None`` when its model, dialect or hardware does not exist.
    Whether a client may ask for it is not decided here: see ``checks``."""
    repository = REPOSITORIES.get(spec.model.repository)
    if repository is None:
        return None
    dialect, compute = dialect_for(repository, spec), spec.hardware
    if dialect is None or compute is None:
        return None
    return Served(repository, dialect, compute)


def dialect_for(repository: Repository, spec: EndpointSpec) -> Dialect | None:
    """What is run for the wish; ``None`` if its image is not imitated. Where an upstream answers,
    nothing is, and any image will do."""
    return UPSTREAM if repository.upstream else spec.dialect
