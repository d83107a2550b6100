"""What is forgotten costs money."""

from __future__ import annotations

import math

from helpers.panel.costs import Costs


def test_a_night_and_a_weekend() -> None:
    rows = dict(Costs(0.8, 1).rows())
    assert rows["per hour"] == "$0.80"
    assert rows["forgotten over night (14 h)"] == "$11.20"
    assert rows["forgotten over a weekend (63 h)"] == "$50.40"


def test_all_replicas_count() -> None:
    assert Costs(0.8, 3).hourly == 0.8 * 3
    assert "3 replicas at most" in dict(Costs(0.8, 3).rows())["per hour"]


def test_an_unknown_price_stays_unknown() -> None:
    assert set(dict(Costs(math.nan).rows()).values()) == {"unknown"}
