"""Causal attention gives the same by plain products as in blocks."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from training.language.attention import causal  # noqa: E402


@pytest.mark.parametrize("queries, length", [(5, 5), (5, 20), (200, 200), (150, 220)])
def test_short_and_long_stretches_are_attended_to_alike(queries: int, length: int) -> None:
    generator = torch.Generator().manual_seed(1)
    q, k, v = (torch.randn(2, 3, length, 16, generator=generator) for _ in range(3))
    whole = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    found = causal(q[:, :, -queries:], k, v)
    assert torch.allclose(found, whole[:, :, -queries:], atol=1e-5)
