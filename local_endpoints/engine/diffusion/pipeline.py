"""The SDXL pipeline: prompts and noise in, pictures out.

Source of the steps and their order: diffusers 0.33.1, ``StableDiffusionXLPipeline.__call__``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from local_endpoints.engine.diffusion.config import DiffusionConfig
from local_endpoints.engine.diffusion.prompts import PromptEncoder
from local_endpoints.engine.diffusion.request import ImageRequest, TimeIds
from local_endpoints.engine.diffusion.schedulers import Steps, make_steps
from local_endpoints.engine.diffusion.unet import Conditions, Unet
from local_endpoints.engine.sessions import open_session

Array = npt.NDArray[np.float32]


@dataclass
class Denoising:
    """A picture in the making.

    Attributes:
        request: what it is made from.
        steps: its way.
        latents: [channels, height / 8, width / 8] float32 with variance one.
        conditions: of the negative prompt and of the prompt, or of the prompt alone when there is
            no guidance.
        done: how many steps are behind it.
    """

    request: ImageRequest
    steps: Steps
    latents: Array
    conditions: Sequence[Conditions]
    done: int = 0

    @property
    def finished(self) -> bool:
        """Whether all steps are done."""
        return self.done == len(self.steps)


class DiffusionPipeline:
    """An exported pipeline; used by one thread at a time.

    Args:
        folder: with ``config.json``, ``tokenizer.json`` and the four graphs.
        threads: of the UNet and the decoder; None for two, or one on a single core. The pictures
            do not depend on it.

    Attributes:
        config: sizes and noise schedule.

    Raises:
        ValueError: the folder holds something else.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        self.config = DiffusionConfig.load(folder)
        threads = threads or min(2, os.cpu_count() or 1)
        self._prompts = PromptEncoder(folder, self.config)
        self._unet = Unet(folder, threads=threads)
        self._decoder = open_session(folder / "vae_decoder.onnx", threads=threads)

    def generate(self, requests: Sequence[ImageRequest]) -> list[Image.Image]:
        """The pictures of some requests, made together.

        Raises:
            ValueError: as `start`.
        """
        pictures = [self.start(request) for request in requests]
        while unfinished := [picture for picture in pictures if not picture.finished]:
            self.step(unfinished)
        return [self.decode(picture) for picture in pictures]

    def start(self, request: ImageRequest) -> Denoising:
        """Encode the prompts and draw the noise.

        Raises:
            ValueError: a size or the number of steps is out of range.
        """
        config = self.config
        height, width = (side or config.image_size for side in (request.height, request.width))
        factor = config.vae_scale_factor
        if height % factor or width % factor or height < factor or width < factor:
            raise ValueError(
                f"height and width must be multiples of {factor}, not {height} and {width}"
            )
        steps = make_steps(request.solver, config.noise, request.num_inference_steps)
        shape = (config.latent_channels, height // factor, width // factor)
        noise = np.random.default_rng(request.seed).standard_normal(shape, dtype=np.float32)
        embeddings = self._prompts.encode(_texts(request))
        time_ids = _time_ids(request, (height, width, 0, 0, height, width))
        conditions = self._unet.prepare(noise, steps.timesteps, embeddings, time_ids)
        return Denoising(request, steps, noise * steps.first, conditions)

    def step(self, pictures: Sequence[Denoising]) -> None:
        """One step for every picture, each at a step of its own."""
        predictions = iter(
            self._unet.predict(
                (picture.latents, conditions, picture.done)
                for picture in pictures
                for conditions in picture.conditions
            )
        )
        # Huge guidance scales and sizes overflow; that spoils their own picture only.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for picture in pictures:
                prediction = [next(predictions) for _ in picture.conditions]
                steps, step = picture.steps, picture.done
                guided = _guide(prediction, picture.request)
                picture.latents = steps.keep[step] * picture.latents + steps.add[step] * guided
                picture.done += 1

    def decode(self, picture: Denoising) -> Image.Image:
        """The picture as it is after its steps so far: RGB, 8 bits."""
        with np.errstate(over="ignore", invalid="ignore"):
            latents = picture.latents / self.config.scaling_factor + self.config.shift_factor
        (pixels,) = self._decoder.run(["sample"], {"latents": latents[None].astype(np.float32)})
        # What became of an overflow has no level of its own: it is drawn mid-grey.
        levels = np.clip(np.nan_to_num(pixels[0]) / 2 + 0.5, 0, 1).transpose(1, 2, 0) * 255
        return Image.fromarray(np.round(levels).astype(np.uint8))


def _texts(request: ImageRequest) -> list[tuple[str, str]]:
    """The texts to encode, in the order of a picture's rows."""
    prompts = [(request.prompt, request.prompt_2 or request.prompt)]
    if request.guided:
        negative = request.negative_prompt or ""
        prompts.insert(0, (negative, request.negative_prompt_2 or negative))
    return prompts


def _time_ids(request: ImageRequest, default: TimeIds) -> Array:
    positive = request.time_ids or default
    rows = [request.negative_time_ids or positive, positive] if request.guided else [positive]
    with np.errstate(over="ignore"):
        return np.asarray(rows, np.float32)


def _guide(prediction: Sequence[Array], request: ImageRequest) -> Array:
    """One prediction from the rows of a picture: classifier-free guidance and its rescaling."""
    negative, positive = prediction[0], prediction[-1]
    if not request.guided:
        return positive
    guided: Array = negative + np.float32(request.guidance_scale) * (positive - negative)
    if request.guidance_rescale > 0:
        ratio = positive.std(ddof=1) / guided.std(ddof=1)
        share = np.float32(request.guidance_rescale)
        guided = share * guided * ratio + (1 - share) * guided
    return guided
