from __future__ import annotations

import random
from collections import Counter

from training.verse.preference import favored, in_turn


def test_a_favorite_comes_more_often_and_everything_comes() -> None:
    rng = random.Random(1)
    counts = Counter(favored(rng, "abcd", first=2) for _ in range(4000))
    assert [letter for letter, _ in counts.most_common()] == ["c", "d", "a", "b"]
    assert counts["c"] < 3 * counts["b"]


def test_every_option_has_its_turn() -> None:
    rng = random.Random(2)
    orders = {tuple(in_turn(rng, "abc", first=7)) for _ in range(200)}
    assert len(orders) == 6
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)
    assert list(in_turn(rng, "")) == []
