"""Everyday talk: which remarks are drawn."""

from __future__ import annotations

import random

from training.language.blocks import remarks
from training.language.lexicon import Draw
from training.language.smalltalk import _LATE, _remark


def test_an_afternoon_is_an_evening_for_measures_only() -> None:
    late = remarks("everyday")[_LATE]
    assert "Good afternoon" in late.said[0]
    draws = (Draw(random.Random(1), held_out=held_out) for held_out in (True, False))
    kept, learned = ({_remark(draw) for _ in range(5000)} for draw in draws)
    assert late in kept
    assert late not in learned
    assert set(remarks("daytimes")) <= learned - kept
