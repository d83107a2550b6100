"""One engine for several users: they share its model, its batch and its memory, and see nothing of
each other's requests, but that they take time.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from local_endpoints.engine.worker import Worker

E = TypeVar("E", bound=Worker[Any])

NO_BOUND = 2**31
"""Of an engine's requests: each of its users has a bound of their own."""


@dataclass
class _Used:
    engine: Worker[Any]
    users: int = 0


class Engines:
    """The engines of a process. Whoever wants one like another's uses that."""

    def __init__(self) -> None:
        self._used: dict[Hashable, _Used] = {}

    def enter(self, settings: Hashable, make: Callable[[], E]) -> E:
        """The engine of these settings, made and started if there is none yet."""
        if settings not in self._used:
            engine = make()
            engine.start()
            self._used[settings] = _Used(engine)
        used = self._used[settings]
        used.users += 1
        return cast(E, used.engine)

    def leave(self, settings: Hashable) -> None:
        """One user less; with the last one, the engine's thread ends after its current step. Nobody
        waits for that: the others of the process would wait, too."""
        used = self._used[settings]
        used.users -= 1
        if not used.users:
            del self._used[settings]
            used.engine.stop(timeout=0)


class Part(Generic[E]):
    """What one user has of an engine.

    Args:
        engines: those of the process.
        settings: of the engine. Whatever decides what it computes has to be in them.
        make: makes an engine of these settings.
        max_requests: of this user, waiting and active together; more are refused.
    """

    def __init__(
        self, engines: Engines, settings: Hashable, make: Callable[[], E], *, max_requests: int
    ) -> None:
        self._engine = engines.enter(settings, make)
        self._max_requests = max_requests
        self._engines = engines
        self._settings: Hashable | None = settings

    @abstractmethod
    def _is_mine(self, job: Any) -> bool:
        """Whether a job of the engine is this user's."""

    @property
    def active_count(self) -> int:
        """This user's requests in the current batch."""
        return sum(map(self._is_mine, self._engine.active))

    @property
    def waiting_count(self) -> int:
        """This user's requests not yet in the batch."""
        return sum(map(self._is_mine, self._engine.waiting))

    @property
    def in_flight_count(self) -> int:
        """This user's requests, those that are just joining the batch included."""
        return sum(map(self._is_mine, self._engine.in_flight))

    @property
    def healthy(self) -> bool:
        """Whether the last work on a batch went well."""
        return self._engine.healthy

    def _check_room(self) -> None:
        """To be called before a request of this user is queued.

        Raises:
            QueueFullError: as many as this user may have are already waiting or active.
            EngineStoppedError: also where others still use the engine.
        """
        if self._settings is None:
            raise EngineStoppedError("the engine is stopping and takes no more requests")
        if self.in_flight_count >= self._max_requests:
            raise QueueFullError(
                f"{self._max_requests} requests are in flight: try again when some are done"
            )

    def stop(self) -> None:
        """Use it no longer; the second time nothing happens."""
        settings, self._settings = self._settings, None
        if settings is not None:
            self._engines.leave(settings)
