"""The UNet: once per picture what stays the same, then one prediction per step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.diffusion.prompts import Embeddings
from local_endpoints.engine.sessions import RowSession

Array = npt.NDArray[np.float32]

ROW_INPUTS = ("encoder_hidden_states", "text_embeds", "time_ids")
"""What each row is told on its own."""
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
        self._conditions = RowSession(folder / "conditions.onnx", threads=threads)
        self._steps = RowSession(folder / "unet.onnx", threads=threads)

    def prepare(
        self, latents: Array, timesteps: Array, embeddings: Embeddings, time_ids: Array
    ) -> list[Conditions]:
        """What each row of a picture is told.

        Args:
            latents: [channels, height, width], of which only the size counts.
            timesteps: one for each step.
            embeddings: the rows' prompts.
            time_ids: [rows, 6], numbers about sizes.
        """
        same = {"sample": latents, "timesteps": timesteps.astype(np.float32)}
        rows = zip(embeddings.hidden, embeddings.pooled, time_ids, strict=True)
        prepared = self._conditions.run(
            [{**same, **dict(zip(ROW_INPUTS, row, strict=True))} for row in rows]
        )
        return [Conditions(lasting.pop(SHIFTS), lasting) for lasting in prepared]

    def predict(self, rows: Iterable[tuple[Array, Conditions, int]]) -> list[Array]:
        """One prediction each for latents, their conditions and the number of their step."""
        feeds = [
            {"sample": latents, SHIFTS: known.shifts[step], **known.lasting}
            for latents, known, step in rows
        ]
        return [outputs["prediction"] for outputs in self._steps.run(feeds)]
