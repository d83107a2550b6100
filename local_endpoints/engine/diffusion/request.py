"""What one picture is made from."""

from __future__ import annotations

from dataclasses import dataclass

from local_endpoints.engine.diffusion.schedulers import SolverName

TimeIds = tuple[float, ...]
"""Original height and width, top and left of the crop, target height and width."""


@dataclass(frozen=True)
class ImageRequest:
    """One picture. Names and defaults are those of diffusers' ``StableDiffusionXLPipeline``.

    The same request always gives the same bytes, alone or in a batch, unless ``seed`` is None.

    Attributes:
        prompt: what to draw.
        prompt_2: what the second text encoder reads; None or empty for ``prompt``.
        negative_prompt: what guidance leads away from; None is the empty prompt.
        negative_prompt_2: the same for the second text encoder; None or empty for
            ``negative_prompt``.
        num_inference_steps: denoising steps, 1 to the schedule's training timesteps.
        guidance_scale: how far to go from the negative prompt towards the prompt. There is no
            guidance, and the negative prompt does nothing, unless it is above 1.
        guidance_rescale: 0 to 1, how much of the guided prediction's excess contrast is undone.
        width: pixels, a multiple of the autoencoder's factor; None is the model's own size.
        height: the same.
        seed: of the initial noise, 0 to 2**64 - 1; None draws one.
        solver: how to step through the noise levels.
        time_ids: the sizes that the UNet is told; None stands for an uncropped picture of the
            requested size.
        negative_time_ids: the sizes that come with the negative prompt; None is ``time_ids``.
    """

    prompt: str
    prompt_2: str | None = None
    negative_prompt: str | None = None
    negative_prompt_2: str | None = None
    num_inference_steps: int = 50
    guidance_scale: float = 5.0
    guidance_rescale: float = 0.0
    width: int | None = None
    height: int | None = None
    seed: int | None = None
    solver: SolverName = "euler"
    time_ids: TimeIds | None = None
    negative_time_ids: TimeIds | None = None

    @property
    def guided(self) -> bool:
        """Whether classifier-free guidance takes place, which doubles the work."""
        return self.guidance_scale > 1
