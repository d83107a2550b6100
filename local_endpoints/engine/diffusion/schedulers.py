"""Noise schedules, and how a step goes from one noise level to the next.

Both solvers are linear in the latents and in the UNet's prediction, so that a request's whole way
from noise to picture is a table of numbers, `Steps`, and every row of a batch can be at a step of
its own. The formulas are those of diffusers 0.33.1 (`EulerDiscreteScheduler` without churn,
`DDIMScheduler` with ``eta=0``, ``clip_sample=False`` and ``set_alpha_to_one=True``); 0.42.1, whose
numbers the tests have, computes the same.

Latents are always kept as the UNet wants to see them, with variance ``signal² + noise² = 1``.
diffusers' Euler scheduler keeps them multiplied by ``sqrt(sigma² + 1)``, up to 4096, which costs
float32 its last digits; the pictures are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

SolverName = Literal["euler", "ddim"]
SOLVERS: tuple[SolverName, ...] = ("euler", "ddim")

Floats = npt.NDArray[np.float64]

_SMALLEST_ALPHA = 2.0**-24
"""What diffusers' Euler scheduler puts in place of a signal of exactly zero."""


@dataclass(frozen=True)
class NoiseSchedule:
    """How noise grows over the training timesteps; names and defaults are those of diffusers.

    Attributes:
        num_train_timesteps: how many noise levels there are.
        beta_start: the first beta.
        beta_end: the last beta, before any rescaling.
        beta_schedule: ``linear``, or ``scaled_linear`` for betas whose square roots are linear.
        prediction_type: what the UNet predicts, ``epsilon`` or ``v_prediction``.
        rescale_betas_zero_snr: whether the last level is pure noise.
        timestep_spacing: ``trailing``, ``leading`` or ``linspace``.
        steps_offset: added to the timesteps of ``leading``.

    Raises:
        ValueError: a name is none of these.
    """

    num_train_timesteps: int = 1000
    beta_start: float = 0.0001
    beta_end: float = 0.02
    beta_schedule: str = "linear"
    prediction_type: str = "epsilon"
    rescale_betas_zero_snr: bool = False
    timestep_spacing: str = "linspace"
    steps_offset: int = 0

    def __post_init__(self) -> None:
        allowed = {
            "beta_schedule": ("linear", "scaled_linear"),
            "prediction_type": ("epsilon", "v_prediction"),
            "timestep_spacing": ("trailing", "leading", "linspace"),
        }
        for name, values in allowed.items():
            if getattr(self, name) not in values:
                choice = ", ".join(values)
                raise ValueError(f"{name} {getattr(self, name)!r} is not one of {choice}")

    def alphas_cumprod(self) -> Floats:
        """Share of the signal's variance at every training timestep: [num_train_timesteps].

        Computed in single precision like diffusers, whose rounding shows near pure noise.
        """
        power = 0.5 if self.beta_schedule == "scaled_linear" else 1.0
        start, end = self.beta_start**power, self.beta_end**power
        betas = np.linspace(start, end, self.num_train_timesteps).astype(np.float32)
        if self.beta_schedule == "scaled_linear":
            betas = betas**2
        if self.rescale_betas_zero_snr:
            betas = _zero_terminal_snr(betas)
        alphas: Floats = np.cumprod(1 - betas.astype(np.float32), dtype=np.float64)
        return alphas


def _zero_terminal_snr(betas: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Shift and stretch the signal's amplitude so that it ends at zero (arXiv 2305.08891)."""
    signal = np.sqrt(np.cumprod(1 - betas, dtype=np.float64).astype(np.float32))
    first, last = signal[0], signal[-1]
    signal = (signal - last) * (first / (first - last))
    variance = signal**2
    return 1 - np.concatenate([variance[:1], variance[1:] / variance[:-1]])


@dataclass(frozen=True)
class Steps:
    """A request's way from noise to a picture's latents; one entry per step.

    Attributes:
        timesteps: [steps] float32, what the UNet is told.
        keep: [steps] float32, factor of the latents.
        add: [steps] float32, factor of the UNet's prediction.
        first: factor of the initial noise, which has variance one.
    """

    timesteps: npt.NDArray[np.float32]
    keep: npt.NDArray[np.float32]
    add: npt.NDArray[np.float32]
    first: np.float32

    def __len__(self) -> int:
        return len(self.timesteps)


def make_steps(solver: SolverName, noise: NoiseSchedule, steps: int) -> Steps:
    """The table for one request.

    Args:
        solver: ``euler`` or ``ddim``.
        noise: what the UNet was trained on.
        steps: 1 to ``noise.num_train_timesteps``.

    Raises:
        ValueError: an argument is out of range.
    """
    if not 1 <= steps <= noise.num_train_timesteps:
        raise ValueError(f"steps must be 1 to {noise.num_train_timesteps}, not {steps}")
    if solver == "euler":
        return _euler(noise, steps)
    if solver == "ddim":
        return _ddim(noise, steps)
    raise ValueError(f"solver {solver!r} is not one of {', '.join(SOLVERS)}")


def _timesteps(noise: NoiseSchedule, steps: int) -> Floats:
    """Training timesteps to visit, noisiest first: [steps].

    With ``trailing`` diffusers makes one step too many, at timestep -1, for some counts (61, 103,
    121 …), because its floating-point range slips past the end. Here there are as many as asked.
    """
    total = noise.num_train_timesteps
    if noise.timestep_spacing == "linspace":
        return np.linspace(0, total - 1, steps)[::-1]
    if noise.timestep_spacing == "leading":
        return np.arange(steps, dtype=np.float64)[::-1] * (total // steps) + noise.steps_offset
    return np.round(np.arange(total, 0, -total / steps)[:steps]) - 1


def _euler(noise: NoiseSchedule, steps: int) -> Steps:
    alphas = noise.alphas_cumprod()
    if noise.rescale_betas_zero_snr:
        alphas[-1] = _SMALLEST_ALPHA
    timesteps = _timesteps(noise, steps)
    levels = np.interp(timesteps, np.arange(len(alphas)), np.sqrt((1 - alphas) / alphas))
    before, after = levels, np.append(levels[1:], 0.0)
    scale_before, scale_after = np.hypot(before, 1), np.hypot(after, 1)
    if noise.prediction_type == "epsilon":
        keep = scale_before / scale_after
        add = (after - before) / scale_after
    else:
        keep = (1 + after * before) / (scale_before * scale_after)
        add = (after - before) / (scale_before * scale_after)
    # "leading" begins below the noisiest level and makes up for it with the signal's variance.
    first = 1.0 if noise.timestep_spacing == "leading" else before.max() / scale_before[0]
    return _table(timesteps, keep, add, first)


def _ddim(noise: NoiseSchedule, steps: int) -> Steps:
    alphas = noise.alphas_cumprod()
    timesteps = np.round(_timesteps(noise, steps))
    current = timesteps.astype(np.int64)
    following = current - noise.num_train_timesteps // steps
    before = alphas[current]
    after = np.where(following >= 0, alphas[np.maximum(following, 0)], 1.0)
    signal, sigma = np.sqrt(before), np.sqrt(1 - before)
    next_signal, next_sigma = np.sqrt(after), np.sqrt(1 - after)
    if noise.prediction_type == "epsilon":
        keep = next_signal / signal
        add = next_sigma - next_signal * sigma / signal
    else:
        keep = next_signal * signal + next_sigma * sigma
        add = next_sigma * signal - next_signal * sigma
    return _table(timesteps, keep, add, 1.0)


def _table(timesteps: Floats, keep: Floats, add: Floats, first: float) -> Steps:
    single = np.float32
    return Steps(timesteps.astype(single), keep.astype(single), add.astype(single), single(first))
