"""One Inference Endpoint: what was asked for, the state it is in, and its public form."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

from local_endpoints.control_plane.billing import Meter
from local_endpoints.control_plane.hardware import Compute
from local_endpoints.control_plane.served import Served
from local_endpoints.control_plane.spec import EndpointSpec

State = Literal[
    "pending",
    "initializing",
    "updating",
    "updateFailed",
    "running",
    "paused",
    "failed",
    "scaledToZero",
]
STARTING: frozenset[State] = frozenset({"pending", "initializing", "updating"})
RESTING: frozenset[State] = frozenset({"paused", "failed", "scaledToZero"})
QUOTA_FREE: frozenset[State] = frozenset({"paused", "failed"})

ID_LENGTH = 16
MESSAGES: dict[State, str] = {
    "pending": "Endpoint waiting to be scheduled",
    "initializing": "Endpoint is initializing",
    "updating": "Endpoint is updating",
    "updateFailed": "Endpoint failed to update",
    "running": "Endpoint is ready",
    "paused": "Endpoint is paused",
    "failed": "Endpoint failed to start",
    "scaledToZero": "Endpoint is scaled to zero",
}


def new_id(length: int = ID_LENGTH) -> str:
    """A random name of lower-case letters and digits that starts with a letter."""
    first = secrets.choice(string.ascii_lowercase)
    rest = (secrets.choice(string.ascii_lowercase + string.digits) for _ in range(length - 1))
    return first + "".join(rest)


def iso(seconds: float) -> str:
    """A time as the service writes it: UTC, milliseconds, ``Z`` (the client insists on it)."""
    moment = datetime.fromtimestamp(seconds, tz=timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Endpoint:
    """A record of the fleet.

    Attributes:
        id: the 16 characters that make its URL.
        namespace: user or organization that owns it.
        user: who created it.
        updated_by: who changed it last; its creator, as long as it is empty.
        spec, served: what was asked for, and what there is for it; they change together.
        created_at, updated_at, entered_at, last_used_at: seconds since the epoch; ``entered_at``
            is when the present state began.
        error_message: why it failed; empty otherwise.
        has_url: whether it has left ``pending`` once. Its URL is shown from then on, also while
            it is paused (observed 2026-10-10).
        deployment: eight characters that change with every deployment; part of log names.
        target_replica, ready_replica: replicas wanted and serving.
        deleted_at: set when it was deleted; it can be read for another moment.
    """

    namespace: str
    user: str
    spec: EndpointSpec
    served: Served
    created_at: float
    id: str = field(default_factory=new_id)
    state: State = "pending"
    updated_at: float = 0.0
    updated_by: str = ""
    entered_at: float = 0.0
    last_used_at: float | None = None
    error_message: str = ""
    has_url: bool = False
    deployment: str = field(default_factory=lambda: new_id(8))
    target_replica: int = 0
    ready_replica: int = 0
    deleted_at: float | None = None
    meter: Meter = field(default_factory=Meter)

    def __post_init__(self) -> None:
        self.updated_at = self.updated_at or self.created_at
        self.entered_at = self.entered_at or self.created_at

    @property
    def name(self) -> str:
        """Unique in its namespace."""
        return self.spec.name

    @property
    def compute(self) -> Compute:
        """The hardware of one replica."""
        return self.served.compute

    @property
    def wanted_replicas(self) -> int:
        """Replicas while it is up: ``minReplica``, at least one."""
        return max(1, self.spec.compute.scaling.min_replica)

    def enter(self, state: State, now: float) -> None:
        """Change state; a reason for failure survives only in the failed states."""
        self.state = state
        self.entered_at = self.updated_at = now
        self.has_url = self.has_url or state != "pending"
        if state not in {"failed", "updateFailed"}:
            self.error_message = ""

    def to_object(self, base_url: str) -> dict[str, Any]:
        """The object that the management API answers with.

        Args:
            base_url: address of the service, without a slash at the end.

        Secrets are shown as names without values, and registry credentials are blanked.
        """
        spec = self.spec.model_dump(by_alias=True, exclude={"name"})
        model = spec["model"]
        model["revision"] = model["revision"] or self.served.repository.revision
        model["task"] = model["task"] or self.served.repository.task
        model["secrets"] = dict.fromkeys(model["secrets"], "")
        variant = dict(self.spec.image)
        model["image"] = {self.spec.image_variant: variant}
        if "credentials" in variant:
            variant["credentials"] = {"username": "", "password": None}
        spec["compute"]["id"] = self.compute.id
        scaling = spec["compute"]["scaling"]
        scaling["scaleToZeroTimeout"] = self.spec.idle_minutes
        return {
            "name": self.name,
            **spec,
            "accountId": None,
            "healthRoute": self.spec.health_route,
            "experimentalFeatures": {"cacheHttpResponses": {"enabled": spec["cacheHttpResponses"]}},
            "notifications": {},
            "status": self._status(base_url),
        }

    def _status(self, base_url: str) -> dict[str, Any]:
        creator, last = self.user, self.updated_by or self.user
        status: dict[str, Any] = {
            "state": self.state,
            "message": MESSAGES[self.state],
            "url": f"{base_url}/{self.id}" if self.has_url else None,
            "readyReplica": self.ready_replica,
            "targetReplica": self.target_replica,
            "createdAt": iso(self.created_at),
            "createdBy": {"id": creator, "name": creator},
            "updatedAt": iso(self.updated_at),
            "updatedBy": {"id": last, "name": last},
        }
        if self.error_message:
            status["errorMessage"] = self.error_message
        if self.last_used_at is not None:
            status["lastUsedAt"] = iso(self.last_used_at)
        return status
