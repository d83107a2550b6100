"""Attention of a forked chat on a processor, piece by piece, with one softmax over the pieces."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_forward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
_backward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward


class Forked(torch.autograd.Function):  # type: ignore[misc]
    """Attention where a token sees the shared beginning and its own branch up to itself.

    All branches look at the shared beginning in one product without a mask, and each at itself.
    What both give is weighted by the sums of their exponentials, as blocks of flash attention
    are. Its backward pass takes the joined result and the joined sums for each piece, which
    makes each piece's gradients exact.
    """

    @staticmethod
    def forward(
        ctx: Any,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        shared: int,
        branches: tuple[tuple[int, int], ...],
    ) -> Tensor:
        """``(1, heads, length, size)`` each, to the same; zeros for padding.

        ``branches`` holds the first place of each branch and the place behind it, one after the
        other from ``shared`` on.
        """
        mixed, sums = torch.zeros_like(q), q.new_zeros(q.shape[:3], dtype=torch.float32)
        end = branches[-1][1] if branches else shared
        first_k, first_v = k[:, :, :shared], v[:, :, :shared]
        mixed[:, :, :shared], sums[:, :, :shared] = _seen(q[:, :, :shared], first_k, first_v, True)
        far, far_sums = _seen(q[:, :, shared:end], first_k, first_v, False)
        near, near_sums = mixed[:, :, shared:end], sums[:, :, shared:end]
        for start, stop in branches:
            place = slice(start, stop)
            piece = _seen(q[:, :, place], k[:, :, place], v[:, :, place], True)
            mixed[:, :, place], sums[:, :, place] = piece
        share = torch.sigmoid(far_sums - near_sums).unsqueeze(-1)
        near.copy_(near.float().lerp(far.float(), share))
        near_sums.copy_(torch.logaddexp(far_sums, near_sums))
        ctx.save_for_backward(q, k, v, mixed, sums)
        ctx.pieces = [
            (slice(shared), slice(shared), True),
            (slice(shared, end), slice(shared), False),
            *((slice(start, stop), slice(start, stop), True) for start, stop in branches),
        ]
        return mixed

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        """The gradients of queries, keys and values."""
        q, k, v, mixed, sums = ctx.saved_tensors
        found = [torch.zeros_like(tensor) for tensor in (q, k, v)]
        for asking, asked, masked in ctx.pieces:
            parts = _backward(
                gradient[:, :, asking],
                q[:, :, asking],
                k[:, :, asked],
                v[:, :, asked],
                mixed[:, :, asking],
                sums[:, :, asking],
                0.0,
                masked,
            )
            for whole, part, place in zip(found, parts, (asking, asked, asked), strict=True):
                whole[:, :, place] += part
        return *found, None, None


def _seen(q: Tensor, k: Tensor, v: Tensor, masked: bool) -> tuple[Tensor, Tensor]:
    """Attention and the logarithms of its sums, ``(1, heads, queries)``."""
    mixed, sums = _forward(q, k, v, 0.0, masked)
    return mixed, sums
