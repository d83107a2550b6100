"""Indefinite articles."""

from __future__ import annotations


def with_article(noun: str) -> str:
    """The noun with "a" or "an" in front."""
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"
