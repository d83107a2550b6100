"""What survives a restart: endpoints and the port, in one private file.

State is stored, never requests to replay. After a restart every endpoint that was up comes back
*paused*: nothing bills without anybody having asked for it.
"""

from __future__ import annotations

import json
import logging
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from local_endpoints.clock import Clock
from local_endpoints.control_plane.billing import Meter
from local_endpoints.control_plane.endpoint import MESSAGES, Endpoint, State
from local_endpoints.control_plane.served import resolve
from local_endpoints.control_plane.spec import EndpointSpec
from local_endpoints.control_plane.transitions import next_state

logger = logging.getLogger(__name__)

FORMAT = 1
SAVE_MINUTES = 15
MOST_PORT = 65535


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` in one step by a file that only the owner can read (mode 0600)."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


@dataclass
class Store:
    """The service's memory: endpoints by namespace and name, and what is kept with them.

    Args:
        path: the file, ``state.json``; it need not exist.
        clock: what ``saved_at`` is read from.

    Attributes:
        port: the port of the last run, tried again so that endpoint URLs stay the same.
    """

    path: Path
    clock: Clock
    port: int = 0
    _endpoints: dict[tuple[str, str], Endpoint] = field(
        default_factory=dict, init=False, repr=False
    )
    _by_id: dict[str, Endpoint] = field(default_factory=dict, init=False, repr=False)
    _saved_at: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._saved_at = self.clock.now()

    def add(self, endpoint: Endpoint) -> None:
        """Take it up under its namespace and name."""
        self._endpoints[endpoint.namespace, endpoint.name] = endpoint
        self._by_id[endpoint.id] = endpoint

    def get(self, namespace: str, name: str) -> Endpoint | None:
        """The endpoint of that name."""
        return self._endpoints.get((namespace, name))

    def get_by_id(self, endpoint_id: str) -> Endpoint | None:
        """The endpoint behind a URL."""
        return self._by_id.get(endpoint_id)

    def remove(self, endpoint: Endpoint) -> None:
        """Forget it."""
        del self._endpoints[endpoint.namespace, endpoint.name]
        del self._by_id[endpoint.id]

    def list(self) -> Sequence[Endpoint]:
        """All, in the order in which they were added; also those deleted a moment ago."""
        return tuple(self._endpoints.values())

    def load(self) -> None:
        """Read the file, if there is one. A file that cannot be read is kept aside, not lost."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            _check(data)
            endpoints = [_endpoint(item) for item in data["endpoints"]]
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            aside = self.path.with_suffix(".unreadable.json")
            logger.warning("%s cannot be read: kept as %s, starting without it", self.path, aside)
            os.replace(self.path, aside)
            return
        self.port = data["port"] if 0 <= data["port"] <= MOST_PORT else 0
        for endpoint in filter(None, endpoints):
            self._bring_back(endpoint, saved_at=data["saved_at"])

    def _bring_back(self, endpoint: Endpoint, *, saved_at: float) -> None:
        if endpoint.meter.current is not None:
            # Nobody knows how long the endpoint ran after the last save; that much is owed.
            endpoint.meter.stop(_Frozen(saved_at, self.clock.minute))
        endpoint.ready_replica = endpoint.target_replica = 0
        # A state that this version does not know comes back paused, too.
        known: State = endpoint.state if endpoint.state in MESSAGES else "pending"
        state = next_state("service_ended", known)
        if state is not None:
            endpoint.enter(state, self.clock.now())
        self.add(endpoint)

    def save(self) -> None:
        """Write the file in one step."""
        self._saved_at = self.clock.now()
        data = {
            "format": FORMAT,
            "saved_at": self._saved_at,
            "port": self.port,
            "endpoints": [
                _to_json(endpoint) for endpoint in self.list() if endpoint.deleted_at is None
            ],
        }
        write_private(self.path, json.dumps(data, indent=1))

    def save_if_due(self) -> None:
        """Save when something bills and the last save was fifteen local minutes ago: after a
        crash, what ran since then is not owed."""
        minutes = (self.clock.now() - self._saved_at) / self.clock.minute
        if minutes >= SAVE_MINUTES and any(endpoint.meter.current for endpoint in self.list()):
            self.save()


@dataclass(frozen=True)
class _Frozen:
    moment: float
    minute: float

    def now(self) -> float:
        return self.moment


def _to_json(endpoint: Endpoint) -> dict[str, Any]:
    data = {
        name: value
        for name, value in vars(endpoint).items()
        if name not in {"spec", "served", "meter", "deleted_at"}
    }
    spec = endpoint.spec.model_dump(by_alias=True)
    return {**data, "spec": spec, "meter": asdict(endpoint.meter)}


def _check(data: dict[str, Any]) -> None:
    """Raises: ValueError for another format or values of the wrong type."""
    types = {"format": (int,), "port": (int,), "saved_at": (int, float)}
    wrong = [name for name, kinds in types.items() if not isinstance(data[name], kinds)]
    if wrong or data["format"] != FORMAT or not math.isfinite(data["saved_at"]):
        raise ValueError(f"not a state file of format {FORMAT}")


def _endpoint(data: dict[str, Any]) -> Endpoint | None:
    """The endpoint that ``_to_json`` wrote; ``None`` when what it served is gone."""
    spec = EndpointSpec.model_validate(data.pop("spec"))
    meter = Meter.from_json(data.pop("meter"))
    served = resolve(spec)
    if served is None:
        logger.warning("endpoint %s is left out: its model, image or hardware is gone", spec.name)
        return None
    return Endpoint(spec=spec, served=served, meter=meter, **data)
