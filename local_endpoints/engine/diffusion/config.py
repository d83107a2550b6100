"""The shapes and settings of an exported SDXL pipeline, read from its ``config.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_endpoints.engine.diffusion.schedulers import NoiseSchedule


@dataclass(frozen=True)
class DiffusionConfig:
    """What the engine must know beside the weights.

    Attributes:
        image_size: side of the square picture that the model was trained on, in pixels; the
            default width and height.
        vae_scale_factor: pixels per latent, in each direction.
        latent_channels: channels of the latents.
        scaling_factor: what the autoencoder's latents were multiplied with for the UNet.
        shift_factor: what was subtracted from them before.
        context: tokens per prompt.
        start_token: text of the token in front of every prompt.
        end_token: text of the token behind every prompt, which also fills the rest.
        noise: the noise schedule that the UNet was trained on.
    """

    image_size: int
    vae_scale_factor: int
    latent_channels: int
    scaling_factor: float
    shift_factor: float
    context: int
    start_token: str
    end_token: str
    noise: NoiseSchedule

    @classmethod
    def load(cls, folder: Path) -> DiffusionConfig:
        """Read ``config.json``.

        Raises:
            ValueError: the file describes something that this engine does not compute.
        """
        given: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if given.get("pipeline") != "StableDiffusionXLPipeline":
            raise ValueError(f"{folder}: expected an exported StableDiffusionXLPipeline")
        if given["force_zeros_for_empty_prompt"]:
            raise ValueError(
                f"{folder}: force_zeros_for_empty_prompt must be false: this engine encodes the "
                "empty prompt"
            )
        return cls(
            image_size=given["image_size"],
            vae_scale_factor=given["vae_scale_factor"],
            latent_channels=given["latent_channels"],
            scaling_factor=given["scaling_factor"],
            shift_factor=given["shift_factor"],
            context=given["context"],
            start_token=given["start_token"],
            end_token=given["end_token"],
            noise=NoiseSchedule(**given["scheduler"]),
        )
