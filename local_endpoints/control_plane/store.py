"""What survives a restart: endpoints, the access token and the port, in one private file.

State is stored, never requests to replay. After a restart every endpoint that was up comes back
*paused*: nothing bills without anybody having asked for it.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from local_endpoints.clock import Clock
from local_endpoints.control_plane.billing import Meter
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.spec import EndpointSpec
from local_endpoints.repositories import REPOSITORIES

log = logging.getLogger(__name__)

FORMAT = 1


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` in one step by a file that only the owner can read (mode 0600)."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


@dataclass
class Store:
    """The service's memory in ``state.json``.

    Args:
        path: the file; it need not exist.
        clock: what ``saved_at`` is read from.

    Attributes:
        token: the access token of the local user. Its shape is deliberately not that of a real
            token.
        port: the port of the last run, tried again so that endpoint URLs stay the same.
        endpoints: by (namespace, name).
    """

    path: Path
    clock: Clock
    token: str = field(default_factory=lambda: f"local_{secrets.token_urlsafe(24)}", repr=False)
    port: int = 0
    endpoints: dict[tuple[str, str], Endpoint] = field(default_factory=dict)

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
            log.warning("%s cannot be read: kept as %s, starting without it", self.path, aside)
            os.replace(self.path, aside)
            return
        self.token, self.port = data["token"], data["port"]
        for endpoint in endpoints:
            if endpoint.spec.model.repository in REPOSITORIES and endpoint.spec.hardware:
                self._bring_back(endpoint, saved_at=data["saved_at"])
            else:
                log.warning("endpoint %s is left out: its model or hardware is gone", endpoint.name)

    def _bring_back(self, endpoint: Endpoint, *, saved_at: float) -> None:
        if endpoint.meter.current is not None:
            # Nobody knows how long the endpoint ran after the last save; that much is owed.
            endpoint.meter.stop(_Frozen(saved_at, self.clock.minute))
        endpoint.ready_replica = endpoint.target_replica = 0
        if endpoint.state != "failed":
            endpoint.enter("paused", self.clock.now())
        self.endpoints[endpoint.namespace, endpoint.name] = endpoint

    def save(self) -> None:
        """Write the file in one step."""
        data = {
            "format": FORMAT,
            "saved_at": self.clock.now(),
            "token": self.token,
            "port": self.port,
            "endpoints": [
                _to_json(endpoint)
                for endpoint in self.endpoints.values()
                if endpoint.deleted_at is None
            ],
        }
        write_private(self.path, json.dumps(data, indent=1))


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
        if name not in {"spec", "meter", "deleted_at"}
    }
    spec = endpoint.spec.model_dump(by_alias=True)
    return {**data, "spec": spec, "meter": asdict(endpoint.meter)}


def _check(data: dict[str, Any]) -> None:
    """Raises: ValueError for another format or values of the wrong type."""
    types = {"format": (int,), "token": (str,), "port": (int,), "saved_at": (int, float)}
    wrong = [name for name, kinds in types.items() if not isinstance(data[name], kinds)]
    if wrong or data["format"] != FORMAT:
        raise ValueError(f"not a state file of format {FORMAT}")


def _endpoint(data: dict[str, Any]) -> Endpoint:
    spec = EndpointSpec.model_validate(data.pop("spec"))
    meter = Meter.from_json(data.pop("meter"))
    return Endpoint(spec=spec, meter=meter, **data)
