"""One short text for everything that a generator draws, to notice when it draws something else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest_of(drawn: Iterable[object]) -> str:
    """The SHA-256 of the items' representations, in their order."""
    digest = hashlib.sha256()
    for item in drawn:
        digest.update(f"{item!r}\n".encode())
    return digest.hexdigest()
