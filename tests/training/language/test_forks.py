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


def test_pieces_give_what_a_mask_over_the_whole_gives() -> None:
    fork, length, size = Fork(5, ((5, 9), (9, 10), (10, 16))), 18, 8
    generator = torch.Generator().manual_seed(3)
    seen = torch.zeros(length, length, dtype=torch.bool)
    seen[:5, :5] = True
    for start, end in fork.branches:
        seen[start:end, :5] = True
        seen[start:end, start:end] = True
    seen = seen.tril()[:16, :16]
    start = [torch.randn(1, 2, length, size, generator=generator) for _ in range(3)]
    whole, pieces = ([each.clone().requires_grad_() for each in start] for _ in range(2))
    q, k, v = (each[:, :, :16] for each in whole)
    wanted = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    mixed = attend(*pieces, (fork,))
    assert torch.allclose(mixed[:, :, :16], wanted, atol=1e-5)
    assert not mixed[:, :, 16:].any()
    weights = torch.randn(wanted.shape, generator=generator)
    (wanted * weights).sum().backward()
    (mixed[:, :, :16] * weights).sum().backward()
    for one, other in zip(whole, pieces, strict=True):
        assert torch.allclose(one.grad, other.grad, atol=1e-5)
