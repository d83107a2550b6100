"""A replica as the service sees it, whatever runs it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from local_endpoints.replicas.log import Log
from local_endpoints.replicas.wire import KEY_HEADER, ContainerSettings
from local_endpoints.shelf import Upstream

Phase = Literal["starting", "ready", "exited"]


def new_replica_id() -> str:
    """Five characters, the last part of a log's name."""
    return secrets.token_hex(3)[:5]


@dataclass(frozen=True, kw_only=True)
class ReplicaOrder(ContainerSettings):
    """What a replica shall run: its container's settings, and what is needed to watch it.

    Attributes:
        endpoint_id: whose replica it is.
        replica_key: a new secret for every order.
        health_route: path that answers 200 when the container is ready.
        log_name: first part of the log's file name, for example ``gemma-6pajyw3k``.
        bearer: whether the container takes its key as a bearer token, and not in ``KEY_HEADER``.
        upstream: where the replica is, if it runs outside this service.
    """

    endpoint_id: str
    replica_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    health_route: str
    log_name: str
    bearer: bool = False
    upstream: Upstream | None = None

    @property
    def kind(self) -> str:
        """The kind of replica that it asks for; see ``kinds``."""
        return "upstream" if self.upstream else "process"

    @property
    def key_headers(self) -> dict[str, str]:
        """What every request to the container must carry."""
        if self.bearer:
            return {"Authorization": f"Bearer {self.replica_key}"}
        return {KEY_HEADER: self.replica_key}


class Replica(Protocol):
    """A replica as the lifecycle and the gateway see it.

    Attributes:
        id: five characters, the last part of its log name.
        phase: ``starting`` until the health route answers 200, then ``ready``; ``exited`` when it
            ended without having been stopped.
        url: address of the container, only meaningful when ready.
        headers: what every request to the container must carry, for example its key.
        withheld: lower-case names of headers of clients that it must not see, nor they of it.
        signature: lower-case name of a header that is in all that it answers, if something stands
            in between that may answer in its place; else empty.
        in_flight: requests that the gateway is forwarding to it.
        log: what it has said lately.
    """

    id: str
    phase: Phase
    url: str
    headers: Mapping[str, str]
    withheld: Collection[str]
    signature: str
    in_flight: int
    log: Log

    def stop(self) -> None:
        """Begin to stop it; returns at once."""
        ...

    def crash(self) -> None:
        """Let it die as if by itself; returns at once."""
        ...


class Launcher(Protocol):
    """Starts replicas of one kind, or of all."""

    def launch(self, order: ReplicaOrder, on_change: Callable[[], None]) -> Replica:
        """Start a replica; ``on_change`` is called at every change of its phase."""
        ...

    def forget(self, endpoint_id: str) -> None:
        """The endpoint was deleted: remove what its replicas have left."""
        ...

    async def stop_all(self) -> None:
        """Stop every replica and return when nothing of them is left."""
        ...
