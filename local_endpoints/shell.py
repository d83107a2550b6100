"""The lines that change a shell's environment, for the shell to read."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping


def _sh(name: str, value: str | None) -> str:
    return f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}"


def _powershell(name: str, value: str | None) -> str:
    if value is None:
        return f"Remove-Item Env:{name} -ErrorAction SilentlyContinue"
    quoted = value.replace("'", "''")
    return f"$env:{name} = '{quoted}'"


SHELLS: Mapping[str, Callable[[str, str | None], str]] = {"sh": _sh, "powershell": _powershell}
"""How to say it, by the kind of shell; bash, zsh and dash are ``sh``."""


def lines(variables: Mapping[str, str | None], *, shell: str) -> str:
    """What sets these variables, and takes out those that are ``None``. Names that a shell cannot
    say are left alone."""
    say = SHELLS[shell]
    return "".join(
        f"{say(name, value)}\n"
        for name, value in variables.items()
        if name.isidentifier() and name.isascii()
    )
