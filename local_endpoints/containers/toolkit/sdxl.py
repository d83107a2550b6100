"""The arguments of ``StableDiffusionXLPipeline.__call__``: defaults, checks, what is ignored.

Source: diffusers 0.33.1, which toolkit 0.5.6 pins, ``pipeline_stable_diffusion_xl.py``. Unknown
arguments are ignored there, so that a ``scheduler`` changes nothing; the log says so. Values go
through the same operations as there, so that Python itself words the refusal of a wrong type.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from local_endpoints.containers.http.logged import few
from local_endpoints.containers.toolkit.arguments import Call
from local_endpoints.containers.toolkit.errors import RefusalError
from local_endpoints.containers.toolkit.settings import MAX_SIDE
from local_endpoints.engine.diffusion.config import DiffusionConfig
from local_endpoints.engine.diffusion.request import ImageRequest, TimeIds
from local_endpoints.engine.diffusion.schedulers import SolverName

logger = logging.getLogger(__name__)

IMITATED = frozenset(
    {
        "prompt_2", "height", "width", "num_inference_steps", "guidance_scale", "negative_prompt",
        "negative_prompt_2", "guidance_rescale", "eta", "original_size", "crops_coords_top_left",
        "negative_original_size", "negative_crops_coords_top_left", "negative_target_size",
        "callback_steps", "return_dict",
    }
)  # fmt: skip
REFUSED = frozenset(
    {
        "timesteps", "sigmas", "denoising_end", "generator", "latents", "prompt_embeds",
        "negative_prompt_embeds", "pooled_prompt_embeds", "negative_pooled_prompt_embeds",
        "ip_adapter_image", "ip_adapter_image_embeds", "cross_attention_kwargs", "clip_skip",
        "callback_on_step_end", "callback_on_step_end_tensor_inputs",
    }
)  # fmt: skip
"""Arguments that the real pipeline knows and this one does not; null is accepted."""

_UNCROPPED = (0, 0)


@dataclass(frozen=True)
class Picture:
    """What a call asks for.

    Attributes:
        request: what the model draws.
        width, height: of the picture that is answered, in pixels. Where they are more than the
            model's own, it draws its own size, and the picture is enlarged: what it draws on
            larger canvases is a pattern of several animals.
    """

    request: ImageRequest
    width: int
    height: int

    @property
    def is_enlarged(self) -> bool:
        """Whether it is answered in another size than it is drawn in."""
        return (self.width, self.height) != (self.request.width, self.request.height)

    def finished(self, drawn: Image.Image) -> Image.Image:
        """The picture in the size that is asked for."""
        if not self.is_enlarged:
            return drawn
        return drawn.resize((self.width, self.height), Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class SdxlCall:
    """Reads calls for one model.

    Args:
        config: of the model that answers.
        solver: how its images are made.
        repository: whose place it takes, for refusals that are this project's own.
    """

    config: DiffusionConfig
    solver: SolverName
    repository: str

    def read(self, call: Call) -> Picture:
        """The picture that a call asks for; one without a seed gets a random one.

        Raises:
            RefusalError: with diffusers' text, Python's, or this project's own where its limits
                are tighter.
        """
        try:
            return self._read(call)
        except (TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError) as error:
            raise RefusalError(str(error), logged=type(error).__name__) from None

    def _read(self, call: Call) -> Picture:
        given = self._known(call.keywords)
        height, width = self._size(given.get("height"), given.get("width"))
        _check_callback_steps(given.get("callback_steps"))
        prompts = _prompts(call.prompt)
        prompt_2 = given.get("prompt_2")
        if prompt_2 is not None and not isinstance(prompt_2, str | list):
            raise RefusalError(_wrong_prompt("prompt_2", prompt_2))
        guidance_scale = given.get("guidance_scale", 5.0)
        guided = guidance_scale > 1
        guidance_rescale = given.get("guidance_rescale", 0.0)
        negative = given.get("negative_prompt") or ""
        if guided:
            _check_negative(negative, prompts)
        steps = self._steps(given.get("num_inference_steps", 50))
        self._check_eta(given.get("eta", 0.0))
        if not given.get("return_dict", True):
            # The toolkit reads the answer as if the pipeline had wrapped it up.
            raise RefusalError("'tuple' object has no attribute 'images'")
        drawn = (min(height, self.config.image_size), min(width, self.config.image_size))
        positive_ids, negative_ids = _time_ids(given, drawn)
        request = ImageRequest(
            prompt=prompts[0],
            prompt_2=_text("prompt_2", prompt_2 or ""),
            negative_prompt=_text("negative_prompt", negative) if guided else None,
            negative_prompt_2=(
                _text("negative_prompt_2", given.get("negative_prompt_2") or "") if guided else None
            ),
            num_inference_steps=steps,
            guidance_scale=float(guidance_scale),
            guidance_rescale=float(guidance_rescale) if guided and guidance_rescale > 0.0 else 0.0,
            height=drawn[0],
            width=drawn[1],
            seed=secrets.randbits(32) if call.seed is None else call.seed,
            solver=self.solver,
            time_ids=positive_ids,
            negative_time_ids=negative_ids,
        )
        return Picture(request, width=width, height=height)

    def _known(self, keywords: dict[str, Any]) -> dict[str, Any]:
        refused = sorted(name for name in REFUSED if keywords.get(name) is not None)
        if refused:
            raise RefusalError(
                f"{', '.join(refused)}: not imitated by the local container. Leave it out; a real "
                "endpoint takes it"
            )
        ignored = sorted(name for name in keywords if name not in IMITATED | REFUSED)
        if ignored:
            logger.warning("ignored, as the real pipeline does: %r", ", ".join(few(ignored)))
        return {name: value for name, value in keywords.items() if name in IMITATED}

    def _size(self, height: Any, width: Any) -> tuple[int, int]:
        default = self.config.image_size
        height, width = height or default, width or default
        if isinstance(height, str) or isinstance(width, str):
            # Python would take the text for a format, as wide as the client likes.
            raise RefusalError("not all arguments converted during string formatting")
        if height % 8 != 0 or width % 8 != 0:
            text = "`height` and `width` have to be divisible by 8"
            raise RefusalError(f"{text} but are {height} and {width}.", logged=text)
        if height < 0:
            shape = [1, self.config.latent_channels, int(height) // 8, int(width) // 8]
            text = "Trying to create tensor with negative dimension"
            raise RefusalError(f"{text} {shape[2]}: {shape}", logged=text)
        if max(height, width) > MAX_SIDE:
            raise RefusalError(
                f"{self._who()} draws {default} x {default} pixels, which the local container "
                f"enlarges to at most {MAX_SIDE} x {MAX_SIDE}, not {height} x {width}. Ask for a "
                "smaller picture; a real endpoint has no such limit",
                logged="too large a picture",
            )
        return int(height), int(width)

    def _steps(self, steps: Any) -> int:
        total = self.config.noise.num_train_timesteps
        if steps is None:
            raise RefusalError(
                "Must pass exactly one of `num_inference_steps` or `timesteps` or `sigmas."
            )
        if total / steps < 1 or steps < 1 or steps != int(steps):
            raise RefusalError(
                f"{self._who()} takes a whole number of 1 to {total} num_inference_steps, "
                f"not {steps}",
                logged="num_inference_steps is out of range",
            )
        return int(steps)

    def _check_eta(self, eta: Any) -> None:
        """Euler has no such thing, and diffusers drops it then."""
        if self.solver == "ddim" and eta != 0:
            raise RefusalError("eta: not imitated by the local container. Leave it out")

    def _who(self) -> str:
        return f"The pocket model in place of {self.repository}"


def _prompts(prompt: Any) -> list[str]:
    """All prompts; only the first one's image is answered."""
    if prompt is None:
        raise RefusalError(
            "Provide either `prompt` or `prompt_embeds`. Cannot leave both `prompt` and "
            "`prompt_embeds` undefined."
        )
    if not isinstance(prompt, str | list):
        raise RefusalError(_wrong_prompt("prompt", prompt))
    prompts = [prompt] if isinstance(prompt, str) else prompt
    if not prompts:
        raise RefusalError("list index out of range")
    if not all(isinstance(each, str) for each in prompts):
        raise RefusalError("`prompt`: expected a text, or a list of at least one text")
    return prompts


def _check_callback_steps(steps: Any) -> None:
    """Without a callback they do nothing, but they are checked."""
    if steps is not None and (not isinstance(steps, int) or steps <= 0):
        text = "`callback_steps` has to be a positive integer"
        raise RefusalError(f"{text} but is {steps} of type {type(steps)}.", logged=text)


def _check_negative(negative: Any, prompts: list[str]) -> None:
    listed = [negative] * len(prompts) if isinstance(negative, str) else negative
    if not isinstance(listed, list):
        raise RefusalError(
            f"`negative_prompt` should be the same type to `prompt`, but got {type(negative)} != "
            f"{list}."
        )
    if len(listed) != len(prompts):
        raise RefusalError(
            f"`negative_prompt`: {negative} has batch size {len(listed)}, but `prompt`: {prompts} "
            f"has batch size {len(prompts)}. Please make sure that passed `negative_prompt` "
            "matches the batch size of `prompt`.",
            logged="`negative_prompt` and `prompt` have different batch sizes",
        )


def _text(name: str, value: Any) -> str:
    """The text for the first prompt."""
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, str):
        raise RefusalError(f"`{name}`: expected a text, or a list of at least one text")
    return first


def _wrong_prompt(name: str, value: Any) -> str:
    return f"`{name}` has to be of type `str` or `list` but is {type(value)}"


def _time_ids(given: dict[str, Any], size: tuple[int, int]) -> tuple[TimeIds, TimeIds | None]:
    """The sizes that the UNet is told, with the prompt and with the negative prompt.

    JSON has lists where the pipeline has tuples, and a list cannot be added to a tuple: most of
    these arguments end in Python's refusal, on a real endpoint too.
    """
    positive = _sizes(
        lambda: (
            (given.get("original_size") or size)
            + given.get("crops_coords_top_left", _UNCROPPED)
            + size
        )
    )
    original, target = given.get("negative_original_size"), given.get("negative_target_size")
    if original is None or target is None:
        return positive, None
    crops = given.get("negative_crops_coords_top_left", _UNCROPPED)
    return positive, _sizes(lambda: original + crops + target)


def _sizes(added: Callable[[], Any]) -> TimeIds:
    values = tuple(float(value) for value in added())
    if len(values) != 6:
        raise RefusalError("the sizes and the crop must be two numbers each")
    return values
