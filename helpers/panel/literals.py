"""Values as Python source, for code that is shown to be copied."""

from __future__ import annotations

import json
from typing import Any

LINE = 80
"""Characters, beyond which a list or a dictionary takes several lines."""


class Source(str):
    """Python source that stands for itself."""


def literal(value: Any, *, before: int = 0) -> str:
    """A value of JSON's kinds as Python source, in double quotes.

    Args:
        before: how many characters stand before it in its line.
    """
    if isinstance(value, Source) or not isinstance(value, str | list | tuple | dict):
        return str(value) if isinstance(value, Source) else repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    flat = _flat(value)
    return flat if before + len(flat) <= LINE else _tall(value)


def _parts(value: Any, *, before: int) -> list[str]:
    if isinstance(value, dict):
        names = [f"{literal(name)}: " for name in value]
        items = zip(names, value.values(), strict=True)
        return [name + literal(each, before=before + len(name)) for name, each in items]
    return [literal(each, before=before) for each in value]


def _flat(value: Any) -> str:
    parts = ", ".join(_parts(value, before=-(10**9)))
    return f"{{{parts}}}" if isinstance(value, dict) else f"[{parts}]"


def _tall(value: Any) -> str:
    parts = [part.replace("\n", "\n    ") for part in _parts(value, before=8)]
    start, end = "{}" if isinstance(value, dict) else "[]"
    body = "".join(f"    {part},\n" for part in parts)
    return f"{start}\n{body}{end}"


def call(function: str, *arguments: Any, **named: Any) -> str:
    """A call over several lines, as the notebooks write them."""
    lines = [literal(each) for each in arguments]
    lines += [f"{name}={literal(each, before=len(name) + 5)}" for name, each in named.items()]
    body = "".join("    " + line.replace("\n", "\n    ") + ",\n" for line in lines)
    return f"{function}(\n{body})\n"
