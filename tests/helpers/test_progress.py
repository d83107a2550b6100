from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from helpers import ParameterError, progress
from helpers.progress import Progress, track


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_gets_the_last_line_only(capsys: pytest.CaptureFixture[str]) -> None:
    line = Progress("an-endpoint")
    line.show("initializing")
    line.show("initializing, 1 s")
    line.finish("running")
    assert capsys.readouterr().err == "an-endpoint: running\n"


def test_a_terminal_gets_one_line_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    line = Progress("an-endpoint")
    line.show("initializing")
    line.finish("running")
    written = terminal.getvalue()
    assert written.count("\n") == 1
    assert written.endswith("an-endpoint: running\n")
    assert "\r" in written


def test_a_notebook_gets_one_output_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Handle:
        def update(self, line: object) -> None:
            shown[-1] = repr(line)

    class Shell:
        kernel = object()

    def display(line: object, display_id: bool) -> Any:
        assert display_id
        shown.append(repr(line))
        return Handle()

    monkeypatch.setattr(progress, "get_ipython", Shell)
    monkeypatch.setattr(progress, "display", display)
    line = Progress("an-endpoint")
    line.show("initializing")
    assert shown == ["an-endpoint: initializing"]
    line.finish("running")
    assert shown == ["an-endpoint: running"]


def test_track_goes_through_the_items_and_leaves_a_full_bar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(Progress, "show", lambda self, text: shown.append(text))
    monkeypatch.setattr(Progress, "finish", lambda self, text: shown.append(f"last {text}"))
    assert list(track("ab", "drawing")) == ["a", "b"]
    assert [text[-6:] for text in shown] == ["0 of 2", "1 of 2", "2 of 2"]
    assert shown[1].count("█") == shown[1].count("░")
    assert shown[-1].startswith("last ") and "░" not in shown[-1]


def test_track_of_nothing_is_done_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track([], "drawing")) == []
    shown = capsys.readouterr().err
    assert shown.endswith("0 of 0\n") and "░" not in shown


class WithoutLength:
    """As some data sets are: ``len`` is there, and refuses."""

    def __iter__(self) -> Iterator[int]:
        return iter([1, 2])

    def __len__(self) -> int:
        raise TypeError("no length")


@pytest.mark.parametrize("items", [(each for each in (1, 2)), map(int, "12"), WithoutLength()])
def test_track_counts_what_has_no_length(items: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track(items, "drawing")) == [1, 2]
    assert capsys.readouterr().err.endswith("2 of 2\n")


def test_track_goes_on_with_what_is_numbered_only(capsys: pytest.CaptureFixture[str]) -> None:
    class Numbered:
        def __len__(self) -> int:
            return 2

        def __getitem__(self, place: int) -> int:
            return [1, 2][place]

    items: Any = Numbered()
    assert list(track(items, "drawing")) == [1, 2]
    assert capsys.readouterr().err.endswith("2 of 2\n")


@pytest.mark.parametrize("items", [None, 3])
def test_track_says_at_once_that_there_is_nothing_to_go_through(items: Any) -> None:
    with pytest.raises(ParameterError, match=f"items is {items}: give a list"):
        track(items, "drawing")
