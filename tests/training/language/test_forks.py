"""Forks: what a token of a branch sees, and where it stands."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from training.language.forks import Fork, attend, forks, positions  # noqa: E402


def test_a_batch_tells_where_its_chats_fork() -> None:
    branches = np.array([[0, 0, 1, 1, 2, 2], [0, 1, 2, 3, 0, 0]], np.uint8)
    padded, full = forks(branches)[::-1]
    assert full == Fork(2, ((2, 4), (4, 6)))
    assert padded == Fork(1, ((1, 2), (2, 3), (3, 4)))
    assert positions((full, padded), 6).tolist() == [[0, 1, 2, 3, 2, 3], [0, 1, 1, 1, 4, 5]]


def test_a_token_sees_the_beginning_and_its_own_branch_up_to_itself() -> None:
    seen = [[1, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0]]
    seen += [[1, 1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0]]
    places = torch.eye(6)[None, None]
    mixed = attend(torch.ones_like(places), places, places, (Fork(2, ((2, 4), (4, 5))),))
    assert (mixed[0, 0] > 0).int().tolist() == seen
