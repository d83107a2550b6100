"""Muon: momentum whose matrices are made orthogonal before the step (Jordan et al., 2024).

Steps are scaled to the size of Adam's, so that both take the same learning rate (Liu et al., 2025).
"""

from __future__ import annotations

import torch
from torch import Tensor

_COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonal(matrices: Tensor, *, steps: int = 5, halved: bool = False) -> Tensor:
    """Nearly the nearest orthogonal matrices of a stack ``(n, rows, columns)``.

    ``halved`` computes in bfloat16, which is near enough.
    """
    a, b, c = _COEFFICIENTS
    x = matrices.bfloat16() if halved else matrices
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    return (x.mT if tall else x).to(matrices.dtype)


class Muon:
    """Optimises matrices, those of equal shape at once.

    Args:
        parameters: of two dimensions each.
        momentum: share of the old direction.
        weight_decay: per step, times the rate.
        halved: see `orthogonal`.
    """

    def __init__(
        self,
        parameters: list[Tensor],
        *,
        momentum: float = 0.95,
        weight_decay: float = 0.05,
        halved: bool = False,
    ) -> None:
        self._momentum, self._decay, self._halved = momentum, weight_decay, halved
        groups: dict[tuple[int, ...], list[Tensor]] = {}
        for parameter in parameters:
            groups.setdefault(tuple(parameter.shape), []).append(parameter)
        self._groups = list(groups.values())
        self._moments = [torch.zeros_like(torch.stack(list(group))) for group in self._groups]

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, rate: float) -> None:
        """Use the gradients; the caller clears them."""
        for group, moment in zip(self._groups, self._moments, strict=True):
            gradients = torch.stack([_gradient(parameter) for parameter in group])
            moment.lerp_(gradients, 1 - self._momentum)
            direction = orthogonal(gradients.lerp(moment, self._momentum), halved=self._halved)
            scale = 0.2 * max(direction.shape[1:]) ** 0.5
            torch._foreach_mul_(group, 1 - rate * self._decay)
            torch._foreach_add_(group, list(direction.unbind()), alpha=-rate * scale)


def _gradient(parameter: Tensor) -> Tensor:
    if parameter.grad is None:
        raise ValueError("a parameter has no gradient: was the loss computed from it?")
    return parameter.grad
