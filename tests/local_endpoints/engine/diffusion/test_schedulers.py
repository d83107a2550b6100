"""The tables of steps, against what diffusers computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from local_endpoints.engine.diffusion.schedulers import NoiseSchedule, make_steps
from tests.local_endpoints.engine.diffusion.recorded_schedules import POCKET, RECORDED

NOISE = np.array([-1.5, 0.0, 0.75], np.float32)


def prediction(step: int) -> np.ndarray:
    """What stands in for the UNet; the same as where the numbers were recorded."""
    return np.array([np.sin(step + 1), np.cos(step), 0.5 * step - 1], np.float32)


@pytest.mark.parametrize(("solver", "config", "count", "timesteps", "seen"), RECORDED)
def test_computes_what_diffusers_computes(
    solver: Any, config: dict[str, Any], count: int, timesteps: list[float], seen: list[list[float]]
) -> None:
    steps = make_steps(solver, NoiseSchedule(**config), count)
    assert steps.timesteps == pytest.approx(timesteps)
    latents = NOISE * steps.first
    ours = [latents]
    for step in range(len(steps)):
        latents = steps.keep[step] * latents + steps.add[step] * prediction(step)
        ours.append(latents)
    # From pure noise diffusers' Euler steps multiply with 4096 and lose digits of float32.
    lost = solver == "euler" and config is POCKET
    np.testing.assert_allclose(ours, seen, rtol=1e-5, atol=3e-4 if lost else 1e-5)


@pytest.mark.parametrize("solver", ["euler", "ddim"])
def test_one_perfect_prediction_is_enough(solver: Any) -> None:
    """At the last level there is no signal, so that v is the picture with its sign turned."""
    steps = make_steps(solver, NoiseSchedule(**POCKET), 1)
    picture = np.array([0.3, -0.8, 0.1], np.float32)
    latents = steps.keep[0] * NOISE + steps.add[0] * -picture
    np.testing.assert_allclose(latents, picture, atol=1e-3)


def test_both_solvers_agree_where_their_levels_do() -> None:
    euler, ddim = (make_steps(name, NoiseSchedule(**POCKET), 20) for name in ("euler", "ddim"))
    np.testing.assert_allclose(euler.keep, ddim.keep, atol=1e-3)
    np.testing.assert_allclose(euler.add, ddim.add, atol=1e-3)


@pytest.mark.parametrize("spacing", ["trailing", "leading", "linspace"])
@pytest.mark.parametrize("solver", ["euler", "ddim"])
def test_every_step_count_gives_that_many_steps(solver: Any, spacing: str) -> None:
    noise = NoiseSchedule(timestep_spacing=spacing)
    for count in range(1, 1001):
        timesteps = make_steps(solver, noise, count).timesteps
        assert (len(timesteps), timesteps[-1] >= 0) == (count, True)


@pytest.mark.parametrize("steps", [0, -3, 1001])
def test_step_counts_out_of_range_are_refused(steps: int) -> None:
    with pytest.raises(ValueError, match="steps must be 1 to 1000"):
        make_steps("euler", NoiseSchedule(), steps)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="euler, ddim"):
        make_steps("heun", NoiseSchedule(), 3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'karras' is not one of linear, scaled_linear"):
        NoiseSchedule(beta_schedule="karras")
    with pytest.raises(ValueError, match="prediction_type"):
        NoiseSchedule(prediction_type="sample")
