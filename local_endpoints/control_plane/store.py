"""What survives a restart: endpoints and the port, in one private file.

State is stored, never requests to replay. After a restart every endpoint that was up comes back
*paused*: nothing bills without anybody having asked for it.

A disk may be full or become read-only at any time. What a client asks for is then undone and
refused (``change``); what happens by itself stands, and is saved when the disk takes it (``keep``).
"""

from __future__ import annotations

import contextlib
import copy
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from local_endpoints.clock import MovableClock
from local_endpoints.control_plane.billing import Meter
from local_endpoints.control_plane.endpoint import MESSAGES, Endpoint, State
from local_endpoints.control_plane.heartbeat import Heartbeat
from local_endpoints.control_plane.served import resolve
from local_endpoints.control_plane.spec import EndpointSpec
from local_endpoints.control_plane.transitions import next_state
from local_endpoints.errors import ApiError
from local_endpoints.state_dir import write_private

logger = logging.getLogger(__name__)

FORMAT = 1
MOST_PORT = 65535
# 10,000 years after Christ: what ``datetime`` cannot write.
END_OF_TIME = 253_402_300_800
# Half a minute and the time between two ticks are together less than the minute that may be lost.
BEAT_MINUTES = 0.5
RETRY_SECONDS = 1.0


@dataclass
class Store:
    """The service's memory: endpoints by namespace and name, and what is kept with them.

    Args:
        path: the file, ``state.json``; it need not exist. Its heartbeat lies beside it.
        clock: what ``saved_at`` is read from. ``load`` puts it forward to the last moment that was
            noted, if that is still to come.

    Attributes:
        port: the port of the last run, tried again so that endpoint URLs stay the same.
    """

    path: Path
    clock: MovableClock
    port: int = 0
    _endpoints: dict[tuple[str, str], Endpoint] = field(
        default_factory=dict, init=False, repr=False
    )
    _by_id: dict[str, Endpoint] = field(default_factory=dict, init=False, repr=False)
    _heartbeat: Heartbeat = field(init=False, repr=False)
    _saved_at: float = field(init=False, repr=False)
    _beat_at: float = field(init=False, repr=False)
    # When saving failed the last time; ``None`` while the file is as it should be.
    _failed_at: float | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._heartbeat = Heartbeat(self.path.with_name("heartbeat.json"))
        self._saved_at = self._beat_at = self.clock.now()

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
        ended_at = self._heartbeat.last(saved_at=data["saved_at"], now=END_OF_TIME)
        # A clock that was put forward does not go back when the service is started anew.
        self.clock.advance(seconds=max(0.0, ended_at - self.clock.now()))
        for endpoint in filter(None, endpoints):
            self._bring_back(endpoint, ended_at=ended_at)

    def _bring_back(self, endpoint: Endpoint, *, ended_at: float) -> None:
        if endpoint.meter.current:
            endpoint.meter.stop(_Frozen(ended_at, self.clock.minute))
        endpoint.ready_replica = endpoint.target_replica = 0
        # A state that this version does not know comes back paused, too.
        known: State = endpoint.state if endpoint.state in MESSAGES else "pending"
        state = next_state("service_ended", known)
        if state is not None:
            endpoint.enter(state, self.clock.now())
        self.add(endpoint)

    def begin(self, *, port: int) -> None:
        """Write for the first time, so that a disk that takes nothing is noticed at once.

        Raises:
            OSError: it does not.
        """
        self.port = port
        self.save()
        # From now on there is room for it.
        self._heartbeat.beat(saved_at=self._saved_at, now=self._saved_at)

    def save(self) -> None:
        """Write the file in one step. Raises: OSError if the disk does not take it."""
        now = self.clock.now()
        data = {
            "format": FORMAT,
            "saved_at": now,
            "port": self.port,
            "endpoints": [
                _to_json(endpoint) for endpoint in self.list() if endpoint.deleted_at is None
            ],
        }
        write_private(self.path, json.dumps(data, indent=1))
        self._saved_at = self._beat_at = now
        if self._failed_at is not None:
            self._failed_at = None
            logger.warning("%s is saved again", self.path)

    @contextlib.contextmanager
    def change(self, endpoint: Endpoint) -> Iterator[None]:
        """What is done to the endpoint inside is saved at the end, or else undone. One that is
        not in the store yet is added.

        Raises:
            ApiError: 500 when the disk does not take it. That the real service answers its own
                faults with 500 was seen in 2024; the text is ours.
        """
        is_new = self.get_by_id(endpoint.id) is None
        before = {**vars(endpoint), "meter": copy.deepcopy(endpoint.meter)}
        yield
        if is_new:
            self.add(endpoint)
        try:
            self.save()
        except OSError as error:
            vars(endpoint).update(before)
            if is_new:
                self.remove(endpoint)
            logger.warning("a change of endpoint %s is undone: %s", endpoint.name, error)
            raise ApiError(
                500,
                f"nothing was changed, because {self.path} cannot be written "
                f"({error.strerror}). Free space there, or make the folder writable, and try again",
            ) from None

    def keep(self) -> None:
        """Save what has happened. If the disk does not take it, ``keep_up`` tries again."""
        try:
            self.save()
        except OSError as error:
            if self._failed_at is None:
                self._note_failure(error)
            self._failed_at = self.clock.now()

    def keep_up(self) -> None:
        """Do what is due, often called: save what could not be saved before; while something
        bills, note that time has passed, so that a kill loses less than a minute of it.

        While something is unsaved no time is noted: what the file says does not hold any more.
        """
        now = self.clock.now()
        if self._failed_at is not None:
            if now - self._failed_at >= RETRY_SECONDS:
                self.keep()
            return
        is_due = (now - self._beat_at) / self.clock.minute >= BEAT_MINUTES
        if is_due and any(endpoint.meter.current for endpoint in self.list()):
            self._beat_at = now
            # On a disk that is read-only by now, what cannot be noted is not owed.
            with contextlib.suppress(OSError):
                self._heartbeat.beat(saved_at=self._saved_at, now=now)

    def _note_failure(self, error: OSError) -> None:
        logger.warning(
            "%s cannot be written (%s): what happens from now on is saved as soon as there is "
            "space and the folder is writable",
            self.path,
            error.strerror,
        )
        # What has just happened is not in the file, but until now it was right.
        with contextlib.suppress(OSError):
            self._heartbeat.beat(saved_at=self._saved_at, now=self.clock.now())


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
    """Raises: ValueError for another format or values of the wrong type or size."""
    types = {"format": (int,), "port": (int,), "saved_at": (int, float)}
    wrong = [name for name, kinds in types.items() if not isinstance(data[name], kinds)]
    if wrong or data["format"] != FORMAT or not 0 <= data["saved_at"] < END_OF_TIME:
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
