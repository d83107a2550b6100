from __future__ import annotations

import pytest

pytest.importorskip("pronouncing")

from training.language.rhymes import is_known, rhymes


def test_rhymes() -> None:
    assert rhymes("light", "night")
    assert rhymes("near", "here")
    assert not rhymes("light", "light")
    assert not rhymes("river", "mountain")
    assert not is_known("flanterium")
