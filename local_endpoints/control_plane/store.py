"""What survives a restart: endpoints and the port, in one private file.

State is stored, never requests to replay. After a restart every endpoint that was up comes back
*paused*: nothing bills without anybody having asked for it.

A disk may be full or become read-only at any time. What a client asks for is then undone and
refused (``change``); what happens by itself stands, and is saved when the disk takes it (``keep``).
"""

from __future__ import annotations

import contextlib
import copy
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local_endpoints.clock import MovableClock
from local_endpoints.control_plane.database import Database
from local_endpoints.control_plane.endpoint import MESSAGES, Endpoint, State
from local_endpoints.control_plane.heartbeat import Heartbeat
from local_endpoints.control_plane.records import (
    END_OF_TIME,
    UNREADABLE,
    Saved,
    endpoint_of,
    record_of,
)
from local_endpoints.control_plane.state_json import StateJson
from local_endpoints.control_plane.transitions import next_state
from local_endpoints.errors import ApiError

logger = logging.getLogger(__name__)

MOST_PORT = 65535
# Half a minute and the time between two ticks are together less than the minute that may be lost.
BEAT_MINUTES = 0.5
RETRY_SECONDS = 1.0


@dataclass
class Store:
    """The service's memory: endpoints by namespace and name, and what is kept with them.

    Args:
        path: the file, ``state.sqlite3``; it need not exist. Its heartbeat lies beside it, and so
            does the ``state.json`` of an older service, which is taken over.
        clock: what the time of saving is read from. ``load`` puts it forward to the last moment
            that was noted, if that is still to come.

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
    # Whose records the file does not have as they are.
    _unsaved: dict[str, Endpoint] = field(default_factory=dict, init=False, repr=False)
    _database: Database = field(init=False, repr=False)
    _old_file: StateJson = field(init=False, repr=False)
    _heartbeat: Heartbeat = field(init=False, repr=False)
    _saved_at: float = field(init=False, repr=False)
    _beat_at: float = field(init=False, repr=False)
    # Whether the file has everything but what is unsaved.
    _is_begun: bool = field(default=False, init=False, repr=False)
    # When saving failed the last time; ``None`` while the file is as it should be.
    _failed_at: float | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self._database = Database(self.path)
        self._old_file = StateJson(self.path.with_name("state.json"))
        self._heartbeat = Heartbeat(self.path.with_name("heartbeat.json"))
        self._saved_at = self._beat_at = self.clock.now()

    def add(self, endpoint: Endpoint) -> None:
        """Take it up under its namespace and name."""
        self._endpoints[endpoint.namespace, endpoint.name] = endpoint
        self._by_id[endpoint.id] = endpoint
        self.mark(endpoint)

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
        self.mark(endpoint)

    def mark(self, endpoint: Endpoint) -> None:
        """Something small about it has changed, to be saved with whatever is saved next."""
        self._unsaved[endpoint.id] = endpoint

    def list(self) -> Sequence[Endpoint]:
        """All, in the order in which they were added; also those deleted a moment ago."""
        return tuple(self._endpoints.values())

    def load(self) -> None:
        """Read the file, if there is one. A file that cannot be read is kept aside, not lost.

        Raises:
            OSError: the disk does not let us read it, now.
        """
        for file in (self._database, self._old_file):
            try:
                saved = file.read()
                endpoints = [endpoint_of(record) for record in saved.records] if saved else []
            except UNREADABLE as error:
                aside = file.put_aside()
                logger.warning(
                    "%s cannot be read (%s): kept as %s, starting without it",
                    file.path,
                    error,
                    aside,
                )
                continue
            if saved is not None:
                self._take_over(saved, endpoints)
                return

    def _take_over(self, saved: Saved, endpoints: Sequence[Endpoint | None]) -> None:
        self.port = saved.port if 0 <= saved.port <= MOST_PORT else 0
        ended_at = self._heartbeat.last(saved_at=saved.saved_at, now=END_OF_TIME)
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
        self._old_file.retire()
        # From now on there is room for it.
        self._heartbeat.beat(saved_at=self._saved_at, now=self._saved_at)

    def save(self) -> None:
        """Write what has changed, in one step. Raises: OSError if the disk does not take it."""
        now = self.clock.now()
        if self._database.renew():
            self._is_begun = False
        changed = self._unsaved if self._is_begun else self._by_id
        records = {
            endpoint_id: record_of(endpoint) if self._is_kept(endpoint) else None
            for endpoint_id, endpoint in changed.items()
        }
        self._database.write(
            port=self.port, saved_at=now, records=records, whole=not self._is_begun
        )
        self._is_begun = True
        self._unsaved.clear()
        self._saved_at = self._beat_at = now
        if self._failed_at is not None:
            self._failed_at = None
            logger.warning("%s is saved again", self.path)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _is_kept(self, endpoint: Endpoint) -> bool:
        return endpoint.deleted_at is None and endpoint.id in self._by_id

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
        self.mark(endpoint)
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

    def keep(self, *endpoints: Endpoint) -> None:
        """Save what has happened to them. If the disk does not take it, ``keep_up`` tries again."""
        for endpoint in endpoints:
            self.mark(endpoint)
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
