"""The router's checks, in its order and with its texts (TGI 3.3, router/src/validation.rs)."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from local_endpoints.containers.text.errors import InvalidRequest
from local_endpoints.containers.text.images import PromptImages
from local_endpoints.containers.tgi.grammar import guided
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.containers.tgi.markdown import split_images
from local_endpoints.containers.tgi.schemas import GenerateParameters
from local_endpoints.containers.workers import aside
from local_endpoints.engine.text.delivery import AsyncInbox
from local_endpoints.engine.text.request import Request
from local_endpoints.engine.text.sampling import SamplingParameters
from local_endpoints.engine.text.tokens import TextCodec

logger = logging.getLogger(__name__)

COUNTED_NEW_TOKENS = 1024
"""Since TGI 3.1.1 at most this much of ``max_new_tokens`` counts against the budget."""


@dataclass(frozen=True)
class _Prompt:
    """What becomes of ``inputs``: the tokens that are kept, and the number and the tiles of all
    images."""

    tokens: npt.NDArray[np.int64]
    images: int
    tiles: npt.NDArray[np.float32] | None


class Validator:
    """Turns a generate request into one for the engine, or refuses it.

    Args:
        limits: what the container accepts.
        codec: the model's tokenizer.
        images: puts images into prompts; None for a model that sees none, to which their
            Markdown is text like any other.
    """

    def __init__(self, limits: Limits, codec: TextCodec, images: PromptImages | None) -> None:
        self._limits = limits
        self._codec = codec
        self._images = images

    def check_best_of(self, best_of: int) -> None:
        """Refuse more parallel answers than allowed.

        Raises:
            InvalidRequest: ``best_of`` is out of range.
        """
        highest = self._limits.max_best_of
        if highest == 1 and best_of != 1:
            raise InvalidRequest("`best_of` != 1 is not allowed for this endpoint")
        if best_of > highest:
            raise InvalidRequest(f"`best_of` must be > 0 and <= {highest}. Given: {best_of}")

    async def validate(
        self, inputs: str, parameters: GenerateParameters, *, add_special_tokens: bool
    ) -> Request:
        """The engine's request for ``inputs``.

        Args:
            inputs: prompt, or templated chat.
            parameters: as read from the body.
            add_special_tokens: whether BOS is put in front, as on the generate routes.

        Raises:
            InvalidRequest: with the text of the first check that fails.
            ImageRefused: an image cannot be read.
            ImagesDoNotFit: the prompt was cut, or has image tokens of its own. TGI's server fails
                when it fills the images in.
        """
        self._check_parameters(parameters)
        if not inputs:
            raise InvalidRequest("`inputs` cannot be empty")
        highest = self._limits.max_input_tokens
        truncate = parameters.truncate
        if truncate is not None and not 0 < truncate <= highest:
            raise InvalidRequest(
                f"`truncate` must be strictly positive and less than {highest}. Given: {truncate}"
            )
        prompt = await self._prompt(inputs, parameters, add_special_tokens=add_special_tokens)
        max_new_tokens = self._check_length(len(prompt.tokens), parameters.max_new_tokens)
        if self._images is not None and prompt.images:
            self._images.check_places(prompt.images, prompt.tokens)
        grammar = None
        if parameters.grammar is not None:
            if self._limits.disable_grammar_support:
                raise InvalidRequest("grammar is not supported")
            grammar = await aside(guided, parameters.grammar)
        if parameters.watermark:
            logger.info("watermark: accepted, but the pocket engine hides none in its choices")
        return Request(
            prompt=prompt.tokens,
            inbox=AsyncInbox(),
            max_new_tokens=max_new_tokens,
            sampling=_sampling(parameters),
            stop=parameters.stop,
            top_n_tokens=parameters.top_n_tokens or 0,
            prompt_logprobs=(
                parameters.decoder_input_details and self._limits.enable_prefill_logprobs
            ),
            tiles=prompt.tiles,
            grammar=grammar,
        )

    async def tokens(self, inputs: str, *, add_special_tokens: bool) -> list[tuple[int, int, int]]:
        """The tokens of a prompt, each with the bytes where it starts and stops.

        Raises:
            InvalidRequest: its images alone take more tokens than there may be; TGI writes them
                all, whatever that takes.
            ImageRefused: an image cannot be had or read.
        """
        urls, text = await self._split(inputs, GenerateParameters(), special=add_special_tokens)
        if self._images is not None:
            await self._images.look(urls)
        placed = partial(self._codec.placed, add_special_tokens=add_special_tokens)
        return await aside(placed, text, size=len(text))

    async def _prompt(
        self, inputs: str, parameters: GenerateParameters, *, add_special_tokens: bool
    ) -> _Prompt:
        urls, text = await self._split(inputs, parameters, special=add_special_tokens)
        tokens = await self._encode(text, add_special_tokens=add_special_tokens)
        if not len(tokens):
            raise InvalidRequest("`inputs` cannot be empty")
        tiles = None if self._images is None else await self._images.tiles(urls)
        return _Prompt(_kept(tokens, parameters), len(urls), tiles)

    async def _split(
        self, inputs: str, parameters: GenerateParameters, *, special: bool
    ) -> tuple[list[str], str]:
        """The URLs of a prompt's images, and its text with image tokens in their places."""
        if self._images is None:
            return [], inputs
        urls, between = await aside(split_images, inputs, size=len(inputs))
        if len(urls) * self._images.tokens_per_image > self._limits.max_total_tokens:
            await self._refuse_images(urls, between, parameters, special=special)
        return urls, self._images.text(between)

    async def _refuse_images(
        self, urls: list[str], between: list[str], parameters: GenerateParameters, *, special: bool
    ) -> NoReturn:
        """Refuse a prompt whose images alone take more tokens than there may be, without decoding
        an image and without making the tokens. TGI looks into the images before it counts."""
        assert self._images is not None
        self._images.check(urls)
        if parameters.truncate is None:
            text, left_out = self._images.shortened(between)
            tokens = await self._encode(text, add_special_tokens=special)
            self._check_length(len(tokens) + left_out, parameters.max_new_tokens)
        else:
            # So many of the last images have all tokens that are kept.
            enough = parameters.truncate // self._images.tokens_per_image + 1
            text = self._images.text(between[-(enough + 1) :])
            tokens = _kept(await self._encode(text, add_special_tokens=False), parameters)
            self._check_length(len(tokens), parameters.max_new_tokens)
            self._images.check_places(len(urls), tokens)
        raise AssertionError("a prompt that was too long is not")

    async def _encode(self, text: str, *, add_special_tokens: bool) -> npt.NDArray[np.int64]:
        encode = partial(self._codec.encode, add_special_tokens=add_special_tokens)
        return await aside(encode, text, size=len(text))

    def _check_parameters(self, parameters: GenerateParameters) -> None:
        best_of = 1 if parameters.best_of is None else parameters.best_of
        sampling = parameters.do_sample or any(
            value is not None
            for value in (
                parameters.temperature,
                parameters.top_k,
                parameters.top_p,
                parameters.typical_p,
            )
        )
        if best_of > 1 and not sampling:
            raise InvalidRequest("you must use sampling when `best_of` is > 1")
        _check_ranges(parameters)
        if parameters.max_new_tokens == 0:
            raise InvalidRequest("`max_new_tokens` must be strictly positive")
        highest, given = self._limits.max_stop_sequences, len(parameters.stop)
        if given > highest:
            raise InvalidRequest(f"`stop` supports up to {highest} stop sequences. Given: {given}")
        if parameters.seed is not None and best_of > 1:
            raise InvalidRequest("`seed` must not be set when `best_of` > 1")
        highest, given = self._limits.max_top_n_tokens, parameters.top_n_tokens or 0
        if given > highest:
            raise InvalidRequest(f"`top_n_tokens` must be >= 0 and <= {highest}. Given: {given}")

    def _check_length(self, length: int, requested: int | None) -> int:
        """The number of new tokens allowed after a prompt of ``length`` tokens."""
        total = self._limits.max_total_tokens
        new_tokens = max(0, total - length) if requested is None else requested
        counted = min(new_tokens, COUNTED_NEW_TOKENS)
        if length + counted > total:
            raise InvalidRequest(
                f"`inputs` tokens + `max_new_tokens` must be <= {total}. "
                f"Given: {length} `inputs` tokens and {counted} `max_new_tokens`"
            )
        highest = self._limits.max_input_tokens
        if length > highest:
            raise InvalidRequest(f"`inputs` must have less than {highest} tokens. Given: {length}")
        return new_tokens


def _kept(tokens: npt.NDArray[np.int64], parameters: GenerateParameters) -> npt.NDArray[np.int64]:
    return tokens if parameters.truncate is None else tokens[-parameters.truncate :]


def _check_ranges(parameters: GenerateParameters) -> None:
    if parameters.temperature is not None and not parameters.temperature > 0:
        raise InvalidRequest("`temperature` must be strictly positive")
    if parameters.repetition_penalty is not None and not parameters.repetition_penalty > 0:
        raise InvalidRequest("`repetition_penalty` must be strictly positive")
    if not -2 <= (parameters.frequency_penalty or 0) <= 2:
        raise InvalidRequest("`frequency_penalty` must be >= -2.0 and <= 2.0")
    if parameters.top_p is not None and not 0 < parameters.top_p < 1:
        raise InvalidRequest("`top_p` must be > 0.0 and < 1.0")
    if parameters.typical_p is not None and not 0 < parameters.typical_p < 1:
        raise InvalidRequest("`typical_p` must be > 0.0 and < 1.0")
    if parameters.top_k is not None and parameters.top_k <= 0:
        raise InvalidRequest("`top_k` must be strictly positive")


def _sampling(parameters: GenerateParameters) -> SamplingParameters:
    def given(value: float | None, default: float) -> float:
        return default if value is None else value

    return SamplingParameters(
        temperature=given(parameters.temperature, 1.0),
        top_k=parameters.top_k or 0,
        top_p=given(parameters.top_p, 1.0),
        typical_p=given(parameters.typical_p, 1.0),
        repetition_penalty=given(parameters.repetition_penalty, 1.0),
        frequency_penalty=given(parameters.frequency_penalty, 0.0),
        do_sample=parameters.do_sample,
        seed=secrets.randbits(64) if parameters.seed is None else parameters.seed,
    )
