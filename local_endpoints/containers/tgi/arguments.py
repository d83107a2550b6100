"""Environment variables as clap, the argument parser of TGI's launcher, reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from local_endpoints.replicas.wire import ConfigurationError

_FLOAT = re.compile(
    r"[+-]?(inf(inity)?|nan|(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)", re.IGNORECASE | re.ASCII
)


def invalid_argument(text: str) -> ConfigurationError:
    """A value that the launcher itself refuses."""
    return ConfigurationError(f'ArgumentValidation("{text}")')


class Arguments:
    """The launcher's arguments, given by environment variables.

    Args:
        env: the container's environment. A variable that is set to nothing counts as given.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def optional_integer(self, name: str, *, most: int = 2**64 - 1) -> int | None:
        """A whole number from 0. Raises: ConfigurationError in clap's words."""
        given = self._env.get(name)
        if given is None:
            return None
        digits = given.removeprefix("+")
        if not (digits.isascii() and digits.isdigit()):
            empty = "cannot parse integer from empty string"
            raise _invalid(name, given, f": {'invalid digit found in string' if given else empty}")
        # Python reads no numbers of more than some thousand digits.
        if len(digits.lstrip("0")) > len(str(most)) or int(digits) > most:
            raise _invalid(name, given, ": number too large to fit in target type")
        return int(digits)

    def integer(self, name: str, default: int, *, most: int = 2**64 - 1) -> int:
        """A whole number from 0. Raises: ConfigurationError in clap's words."""
        given = self.optional_integer(name, most=most)
        return default if given is None else given

    def optional_float(self, name: str) -> float | None:
        """A number. Raises: ConfigurationError in clap's words."""
        given = self._env.get(name)
        if given is None:
            return None
        if not _FLOAT.fullmatch(given):
            empty = "cannot parse float from empty string"
            raise _invalid(name, given, f": {'invalid float literal' if given else empty}")
        return float(given)

    def choice(self, name: str, values: Sequence[str]) -> str | None:
        """One of the values. Raises: ConfigurationError in clap's words."""
        given = self._env.get(name)
        if given is not None and given not in values:
            raise _invalid(name, given, f" [possible values: {', '.join(values)}]")
        return given

    def flag(self, name: str) -> bool:
        """``true`` or ``false``. Raises: ConfigurationError in clap's words."""
        given = self._env.get(name, "false").lower()
        if given not in {"true", "false", "1", "0"}:
            option = f"--{name.lower().replace('_', '-')}"
            raise ConfigurationError(
                f"invalid value '{given}' for '{option}' [possible values: true, false]"
            )
        return given in {"true", "1"}


def _invalid(name: str, given: str, reason: str) -> ConfigurationError:
    option = f"--{name.lower().replace('_', '-')} <{name}>"
    return ConfigurationError(f"invalid value '{given}' for '{option}'{reason}")
