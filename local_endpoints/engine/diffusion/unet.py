"""The UNet: once per picture what stays the same, then one prediction per step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.sessions import RowSession, open_session

Array = npt.NDArray[np.float32]

SHIFTS = "shifts"
"""The one thing among the conditions that changes from step to step."""


@dataclass(frozen=True)
class Conditions:
    """What the UNet is told beside the latents, prepared for all steps of one row.

    Attributes:
        shifts: [steps, sum of channels], what the time adds in each step.
        lasting: by the names of the graph's inputs, what is the same in each step.
    """

    shifts: Array
    lasting: Mapping[str, npt.NDArray[Any]]


class Unet:
    """The two graphs of an exported UNet. Every row of a batch is computed alone.

    Args:
        folder: with ``conditions.onnx`` and ``unet.onnx``.
        threads: that share the rows of a step. The predictions do not depend on it.
    """

    def __init__(self, folder: Path, *, threads: int) -> None:
        self._conditions = open_session(folder / "conditions.onnx", threads=1)
        self._names = [output.name for output in self._conditions.get_outputs()]
        self._steps = RowSession(folder / "unet.onnx", threads=threads)

    def prepare(
        self, latents: Array, timesteps: Array, hidden: Array, pooled: Array, ids: Array
    ) -> Conditions:
        """What one row is told.

        Args:
            latents: [channels, height, width], of which only the size counts.
            timesteps: one for each step.
            hidden: [tokens, width], the prompt's hidden states.
            pooled: [projection], its summary.
            ids: the six numbers about sizes.
        """
        values = self._conditions.run(
            self._names,
            {
                "sample": latents,
                "timesteps": timesteps.astype(np.float32),
                "encoder_hidden_states": hidden,
                "text_embeds": pooled,
                "time_ids": ids,
            },
        )
        lasting = dict(zip(self._names, values, strict=True))
        return Conditions(lasting.pop(SHIFTS), lasting)

    def predict(self, rows: Iterable[tuple[Array, Conditions, int]]) -> list[Array]:
        """One prediction each for latents, their conditions and the number of their step."""
        feeds = [
            {"sample": latents, SHIFTS: known.shifts[step], **known.lasting}
            for latents, known, step in rows
        ]
        return self._steps.run("prediction", feeds)
