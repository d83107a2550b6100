"""Admission: what an endpoint may ask for, and whether the namespace's quota allows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from local_endpoints.control_plane.endpoint import QUOTA_FREE, Endpoint
from local_endpoints.control_plane.hardware import Compute, QuotaKey
from local_endpoints.control_plane.served import Served, dialect_for
from local_endpoints.control_plane.spec import EndpointSpec
from local_endpoints.errors import ApiError, bad_request, conflict, not_found
from local_endpoints.repositories import REPOSITORIES, list_of_repositories
from local_endpoints.shelf import ModelFile


def admit(spec: EndpointSpec) -> Served:
    """What will be served for the wish.

    Raises:
        ApiError: 404 for a repository without a model or an unknown revision; 400 for an image,
            a task or a variable that cannot serve it, and for hardware that is unknown or not
            available.
    """
    repository = REPOSITORIES.get(spec.model.repository)
    if repository is None:
        raise not_found(
            f"Repository {spec.model.repository} is not served by this local service. "
            f"It serves: {list_of_repositories()}"
        )
    if spec.model.revision not in (None, "main", repository.revision):
        raise not_found(f"Revision {spec.model.revision} not found in {repository.id}")
    if isinstance(repository.entry, ModelFile) and not repository.entry.is_there:
        raise not_found(
            f"The file of {repository.id}, {repository.entry.path}, is gone or has changed. Pull "
            "or add the model again"
        )
    dialect = dialect_for(repository, spec)
    if dialect is None or dialect.name not in repository.dialects:
        image = f"{spec.image_variant} {spec.image_url}".strip()
        raise bad_request(
            f"The local service cannot serve {repository.id} with image `{image}`. "
            f"Use {repository.image_hints}"
        )
    if not dialect.serves_task(spec.model.task, own=repository.task):
        task = f"task `{spec.model.task}`: use `{repository.task}`"
        raise bad_request(f"The local service cannot serve {repository.id} with {task}")
    reserved = ", ".join(sorted(dialect.reserved & {*spec.model.env, *spec.model.secrets}))
    if reserved:
        raise bad_request(
            f"{reserved}: reserved by the system. Use the fields of the image, for example ctxSize"
        )
    compute = spec.hardware
    if compute is None or compute.status in {"not_available", "deprecated"}:
        raise bad_request("Compute instance not available yet")
    return Served(repository, dialect, compute)


def used_accelerators(endpoints: Iterable[Endpoint]) -> dict[QuotaKey, int]:
    """Accelerators that count against a quota, by ``Compute.quota_key`` and ``region_key``: the
    maximum of every endpoint that is neither paused nor failed."""
    used: dict[QuotaKey, int] = {}
    for endpoint in endpoints:
        if endpoint.state not in QUOTA_FREE:
            for key in (endpoint.compute.quota_key, endpoint.compute.region_key):
                used[key] = used.get(key, 0) + _accelerators(endpoint.spec, endpoint.compute)
    return used


def check_quota(
    spec: EndpointSpec,
    served: Served,
    endpoints: Iterable[Endpoint],
    *,
    quotas: Mapping[QuotaKey, int],
    besides: Endpoint | None = None,
) -> None:
    """Raises: ApiError 409 if the wish and the namespace's endpoints, ``besides`` the one that it
    replaces, need more accelerators than the ``quotas`` allow."""
    others = (endpoint for endpoint in endpoints if endpoint is not besides)
    compute = served.compute
    in_use, wanted = used_accelerators(others), _accelerators(spec, compute)
    for key in (compute.quota_key, compute.region_key):
        used, most = in_use.get(key, 0), quotas.get(key)
        if most is not None and used + wanted > most:
            raise conflict(
                f"Quota exceeded for {' '.join(key)}: "
                f"{used} of {most} accelerators in use, {wanted} more wanted"
            )


def require_present(endpoint: Endpoint) -> None:
    """A deleted endpoint can be read for another moment, but not changed. Raises: ApiError 404."""
    if endpoint.deleted_at is not None:
        raise no_such_endpoint(endpoint.namespace, endpoint.name)


def no_such_endpoint(namespace: str, name: str) -> ApiError:
    """404."""
    return not_found(f"endpoint {name} not found in namespace {namespace}")


def _accelerators(spec: EndpointSpec, compute: Compute) -> int:
    return compute.num_accelerators * spec.compute.scaling.max_replica
