"""A thread that finds out which tokens may come next, while the model computes their logits."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Sequence
from queue import SimpleQueue

from local_endpoints.engine.text.guide import Guide

logger = logging.getLogger(__name__)

_Work = SimpleQueue[Sequence[Guide] | None]


class MaskThread:
    """Computes masks ahead. Its thread starts with the first ones, and ends when nobody holds this
    object any more.

    A queue, and a lock in each guide, instead of an executor and its futures: the whole batch waits
    while work is handed over.
    """

    def __init__(self) -> None:
        self._work: _Work = SimpleQueue()
        self._started = False

    def prepare(self, guides: Sequence[Guide]) -> None:
        """Have the next masks computed. Call it right before the engine's thread lets go of
        Python's lock, or the two threads get into each other's way."""
        if not guides:
            return
        if not self._started:
            self._started = True
            threading.Thread(target=_compute, args=(self._work,), name="masks", daemon=True).start()
            weakref.finalize(self, self._work.put, None)
        self._work.put(guides)


def _compute(work: _Work) -> None:
    while (guides := work.get()) is not None:
        for guide in guides:
            try:
                guide.prepare()
            except Exception:
                # Whoever needs the mask tries again, and fails where its request can be told.
                logger.exception("a mask could not be computed")
