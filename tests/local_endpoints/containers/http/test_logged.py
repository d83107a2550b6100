"""How much of what a client sent gets into the log."""

from __future__ import annotations

from local_endpoints.containers.http.logged import few, shortened


def test_long_texts_are_shortened_for_the_log() -> None:
    assert shortened("short") == "short"
    assert shortened("x" * 300) == "x" * 300
    assert shortened("x" * 301) == "x" * 300 + "... (301 characters)"
    assert shortened("abcdef", limit=2) == "ab... (6 characters)"


def test_of_many_long_names_the_beginnings_of_a_few_are_left() -> None:
    assert few(["a", "b" * 41]) == ["a", "b" * 40]
    assert few([str(number) for number in range(9)]) == list("01234567")
