"""Masks that are computed ahead, in a thread of their own."""

from __future__ import annotations

import logging
import threading
from typing import cast

import pytest

from local_endpoints.engine.text.guide import Guide
from local_endpoints.engine.text.masks import MaskThread
from tests.patience import eventually


class NotedGuide:
    """Says in which threads its mask was computed."""

    def __init__(self, *, failing: bool = False) -> None:
        self.threads: list[threading.Thread] = []
        self._failing = failing

    def prepare(self) -> None:
        """As `Guide.prepare`."""
        self.threads.append(threading.current_thread())
        if self._failing:
            raise MemoryError("no room for a mask")


def prepare(masks: MaskThread, *guides: NotedGuide) -> None:
    masks.prepare([cast(Guide, guide) for guide in guides])


def test_masks_are_computed_elsewhere_and_in_order() -> None:
    masks, first, second = MaskThread(), NotedGuide(), NotedGuide()
    prepare(masks, first, second)
    prepare(masks, first)
    assert eventually(lambda: len(first.threads) == 2)
    assert {*first.threads, *second.threads} == {second.threads[0]}
    assert second.threads[0] is not threading.current_thread()


def test_without_guides_no_thread_is_started() -> None:
    before = set(threading.enumerate())
    masks = MaskThread()
    masks.prepare([])
    assert set(threading.enumerate()) <= before


def test_one_that_fails_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    masks, broken, sound = MaskThread(), NotedGuide(failing=True), NotedGuide()
    with caplog.at_level(logging.ERROR):
        prepare(masks, broken, sound)
        assert eventually(lambda: bool(sound.threads))
    assert "a mask could not be computed" in caplog.text


def test_the_thread_ends_with_its_last_holder() -> None:
    masks, guide = MaskThread(), NotedGuide()
    prepare(masks, guide)
    assert eventually(lambda: bool(guide.threads))
    (thread,) = guide.threads
    del masks
    assert eventually(lambda: not thread.is_alive())
