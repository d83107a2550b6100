"""What a replica has said lately, with the time of every line."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from local_endpoints.clock import Clock
from local_endpoints.replicas.log_file import LogFile

MOST_LINES = 1000
MOST_CHARACTERS = 2_000_000


@dataclass(frozen=True)
class LogLine:
    """One line.

    Attributes:
        at: when it came, in seconds since the epoch, by the service's clock.
        text: without its end.
    """

    at: float
    text: str


class Log:
    """The newest lines of a replica, oldest first: at most 1,000, and fewer where they are long.

    Args:
        clock: the one clock.
        file: takes them as well.

    Attributes:
        taken: how many lines there have ever been.
    """

    def __init__(self, clock: Clock, file: LogFile | None = None) -> None:
        self.taken = 0
        self._clock = clock
        self._file = file
        self._lines: deque[LogLine] = deque()
        self._characters = 0

    def write(self, text: str) -> None:
        """Take a line, without its end."""
        if self._file is not None:
            self._file.write(text)
        self._lines.append(LogLine(self._clock.now(), text))
        self._characters += len(text)
        self.taken += 1
        while len(self._lines) > MOST_LINES or self._characters > MOST_CHARACTERS:
            self._characters -= len(self._lines.popleft().text)

    def close_file(self) -> None:
        """The replica has ended: what is still said of it does not go into its file."""
        if self._file is not None:
            self._file.close()

    def since(self, taken: int = 0) -> list[LogLine]:
        """What has come after the first ``taken`` lines, as far as it is still there."""
        new = self.taken - taken
        return list(self._lines)[-new:] if new > 0 else []

    def tail(self, lines: int) -> list[str]:
        """The texts of the newest lines; ``lines`` is at least 1."""
        return [line.text for line in list(self._lines)[-lines:]]
