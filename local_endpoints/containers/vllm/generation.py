"""From a body to what the engine shall do, with vLLM's checks (vllm/sampling_params.py)."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from local_endpoints.containers.text.intake import Make
from local_endpoints.containers.vllm.chat_body import ChatBody
from local_endpoints.containers.vllm.completion_body import CompletionBody
from local_endpoints.containers.vllm.errors import Refused, not_imitated
from local_endpoints.containers.vllm.fields import ResponseFormat
from local_endpoints.containers.vllm.prompts import Prompt, Prompts
from local_endpoints.containers.vllm.served import Served
from local_endpoints.containers.vllm.structured import check_grammar, grammar_of
from local_endpoints.engine.text.delivery import AsyncInbox
from local_endpoints.engine.text.grammar import Grammar
from local_endpoints.engine.text.part import TextEngine
from local_endpoints.engine.text.request import Request
from local_endpoints.engine.text.sampling import SamplingParameters

Body = ChatBody | CompletionBody

GREEDY_BELOW = 1e-5
LEAST_TEMPERATURE = 1e-2
MAX_SEQUENCES = 16_384
MAX_BAD_WORDS = 128

REFUSED_FIELDS = (
    *("use_beam_search", "repetition_detection", "logprob_token_ids"),
    *("media_io_kwargs", "mm_processor_kwargs"),
)
"""Fields that vLLM acts on and this service does not."""

IGNORED_FIELDS = (
    *("user", "watermarking", "length_penalty", "spaces_between_special_tokens", "priority"),
    *("session_id", "routed_experts_prompt_start", "return_token_offsets", "cache_salt"),
    *("kv_transfer_params", "ec_transfer_params", "vllm_xargs"),
    "return_assistant_tokens_mask",
)
"""Fields that change no answer of a vLLM as it is started here either. Every other one works."""


@dataclass(frozen=True)
class Wish:
    """How the answers to one prompt are generated.

    Attributes:
        n: answers.
        sampling: of the first answer.
        seeded: whether a seed was given; each further answer has the next one.
        max_tokens: of each answer.
        stop: strings that end an answer.
        stop_ids: tokens that end it and stand in ``stop_reason``.
        end_ids: all tokens that end it.
        min_tokens: before any of these may end it.
        logprobs: alternatives to report with each token; None for no log probabilities.
        prompt_logprobs: the same for the prompt.
        grammar: what an answer must look like.
        calls: whether it is that of calls of functions.
        keeps_stop: whether what ended the answer stays in its text.
        skips_special: whether special tokens stay out of it.
        interval: tokens in one chunk of a stream.
    """

    n: int
    sampling: SamplingParameters
    seeded: bool
    max_tokens: int
    stop: tuple[str, ...]
    stop_ids: frozenset[int]
    end_ids: frozenset[int]
    min_tokens: int
    logprobs: int | None
    prompt_logprobs: int | None
    grammar: Grammar | None
    calls: bool
    keeps_stop: bool
    skips_special: bool
    interval: int

    def request(self, prompt: Prompt, index: int) -> Request:
        """The engine's request for the answer number ``index``."""
        seed = self.sampling.seed + index if self.seeded else secrets.randbits(64)
        wanted = self.prompt_logprobs is not None and index == 0
        return Request(
            prompt=prompt.tokens,
            inbox=AsyncInbox(),
            max_new_tokens=self.max_tokens,
            sampling=replace(self.sampling, seed=seed % 2**64),
            top_n_tokens=self.logprobs or 0,
            prompt_logprobs=wanted,
            prompt_top_n_tokens=(self.prompt_logprobs or 0) if wanted else 0,
            end_ids=self.end_ids,
            tiles=prompt.tiles,
            grammar=self.grammar,
        )


class Generator:
    """Makes the engine's requests for one model.

    Args:
        served: the model.
        engine: asked whether it can follow a grammar.
        prompts: asked whether a prompt can be generated from.
    """

    def __init__(self, served: Served, engine: TextEngine, prompts: Prompts) -> None:
        self._served = served
        self._engine = engine
        self._prompts = prompts

    def wish(self, body: Body, prompt: Prompt, *, tools: Grammar | None = None) -> Wish:
        """What a body asks for, with ``tools`` as the grammar that calls must follow.

        Raises:
            Refused: a value is out of its range; before anything is answered.
        """
        self._check_imitated(body)
        limit = self._limit(body, prompt)
        sampling = self._sampling(body)
        _check(body, sampling, limit)
        greedy = sampling.temperature < GREEDY_BELOW
        if greedy and (body.n or 1) > 1:
            raise Refused(f"n must be 1 when using greedy sampling, got {body.n}.")
        ends = self._served.ends
        asked = frozenset(body.stop_token_ids or ())
        primary = frozenset(() if self._served.eos is None else (self._served.eos,))
        stop_ids = asked if body.ignore_eos else asked | (ends - primary)
        sampling = replace(
            _greedy(sampling) if greedy else sampling,
            barred=tuple(sorted(asked | ends)),
            min_new_tokens=body.min_tokens,
        )
        return Wish(
            n=1 if body.n is None else body.n,
            sampling=sampling,
            seeded=body.seed not in (None, -1),
            max_tokens=limit,
            stop=tuple([body.stop] if isinstance(body.stop, str) else body.stop or ()),
            stop_ids=stop_ids,
            end_ids=stop_ids if body.ignore_eos else stop_ids | primary,
            min_tokens=body.min_tokens,
            logprobs=self._counted(_logprobs(body)),
            prompt_logprobs=self._counted(_prompt_logprobs(body)),
            grammar=tools or self._grammar(body),
            calls=tools is not None,
            keeps_stop=body.include_stop_str_in_output,
            skips_special=body.skip_special_tokens and not _uses_tools(body),
            interval=body.stream_interval or 1,
        )

    def _counted(self, logprobs: int | None) -> int | None:
        """-1 stands for the whole vocabulary."""
        return self._served.config.vocabulary if logprobs == -1 else logprobs

    def _grammar(self, body: Body) -> Grammar | None:
        form = body.response_format
        # The other kinds were refused with the body.
        assert form is None or isinstance(form, ResponseFormat)
        return grammar_of(body.structured_outputs, form)

    def makes(self, wish: Wish, prompt: Prompt, body: Body) -> list[Make]:
        """Makers of the engine's requests; the first one refuses what vLLM's engine refuses, which
        comes inside of a stream where one was asked for."""
        return [partial(self._make, wish, prompt, body, index) for index in range(wish.n)]

    async def _make(self, wish: Wish, prompt: Prompt, body: Body, index: int) -> Request:
        if index == 0:
            await self._verify(wish, body)
            self._prompts.check_length(prompt)
        return wish.request(prompt, index)

    def _check_imitated(self, body: Body) -> None:
        for name in REFUSED_FIELDS:
            for_pictures = name in ("media_io_kwargs", "mm_processor_kwargs")
            ignored = for_pictures and self._served.images is None
            if name in type(body).model_fields and getattr(body, name) and not ignored:
                raise not_imitated(name)

    async def _verify(self, wish: Wish, body: Body) -> None:
        served = self._served
        limit, vocabulary = served.arguments.max_logprobs, served.config.vocabulary
        limit = vocabulary if limit == -1 else limit
        for name, label, count in (
            ("logprobs", "sample", wish.logprobs),
            ("prompt_logprobs", "prompt", wish.prompt_logprobs),
        ):
            wanted = count or 0
            if wanted > limit:
                raise Refused(
                    f"Requested {label} logprobs of {wanted}, which is greater than max allowed: "
                    f"{limit}",
                    name,
                    wanted,
                )
        self._check_ids("logit_bias", wish.sampling.bias)
        self._check_ids("stop_token_ids", body.stop_token_ids or ())
        self._check_allowed(body.allowed_token_ids)
        if body.thinking_token_budget is not None:
            raise Refused(
                "thinking_token_budget is set but reasoning_config is not configured. Please set "
                "--reasoning-parser and/or --reasoning-config to use thinking_token_budget."
            )
        if wish.grammar is not None:
            await check_grammar(self._engine, wish.grammar, calls=wish.calls)

    def _check_ids(self, name: str, ids: Any) -> None:
        vocabulary = self._served.config.vocabulary
        wrong = [token for token in ids if not 0 <= token < vocabulary]
        if wrong:
            raise Refused(
                f"token_id(s) {wrong} in {name} contain out-of-vocab token ids. Vocabulary size: "
                f"{vocabulary}",
                name,
                wrong,
            )

    def _check_allowed(self, allowed: list[int] | None) -> None:
        if allowed is None:
            return
        if not allowed:
            raise Refused("allowed_token_ids is not None and empty!", "allowed_token_ids", allowed)
        wrong = [token for token in allowed if not 0 <= token < self._served.config.vocabulary]
        if wrong:
            raise Refused(
                "allowed_token_ids contains out-of-vocab token id!", "allowed_token_ids", wrong
            )

    def _limit(self, body: Body, prompt: Prompt) -> int:
        """``get_max_tokens`` of entrypoints/serve/utils/api_utils.py."""
        if isinstance(body, CompletionBody) and body.echo_only:
            return 1
        left = self._served.context - len(prompt.tokens)
        asked = body.limit[1]
        default = self._served.defaults.get("max_new_tokens")
        limits = (left, default if asked is None else asked)
        overridden = self._served.arguments.override_generation_config.get("max_new_tokens")
        return min(limit for limit in (*limits, overridden) if limit is not None)

    def _sampling(self, body: Body) -> SamplingParameters:
        defaults = self._served.defaults

        def given(name: str, neutral: Any) -> Any:
            value = getattr(body, name)
            return defaults.get(name, neutral) if value is None else value

        temperature = given("temperature", 1.0)
        if 0 < temperature < LEAST_TEMPERATURE:
            temperature = LEAST_TEMPERATURE
        return SamplingParameters(
            temperature=temperature,
            # Whatever is no less than the vocabulary excludes nothing (gpu_input_batch.py).
            top_k=min(given("top_k", 0), self._served.config.vocabulary),
            top_p=given("top_p", 1.0),
            min_p=given("min_p", 0.0),
            repetition_penalty=given("repetition_penalty", 1.0),
            presence_penalty=body.presence_penalty or 0.0,
            count_penalty=body.frequency_penalty or 0.0,
            do_sample=True,
            seed=0 if body.seed in (None, -1) else body.seed or 0,
            bias=_bias(body.logit_bias),
            allowed=body.allowed_token_ids,
            banned=self._banned(body.bad_words),
            raw_logprobs=True,
        )

    def _banned(self, words: list[str]) -> tuple[tuple[int, ...], ...]:
        """The tokens of each word, alone and behind a space (``update_from_tokenizer``)."""
        banned: list[tuple[int, ...]] = []
        for word in dict.fromkeys(words):
            if not word:
                raise Refused(f"bad_words cannot contain an empty string. Got bad_words={words}")
            plain = self._tokens(word.lstrip())
            if not plain:
                raise Refused(
                    "bad_words entries must tokenize to at least one token.", "bad_words", words
                )
            spaced = self._tokens(" " + word.lstrip())
            banned.append(plain)
            if spaced and spaced[0] != plain[0] and len(spaced) == len(plain):
                banned.append(spaced)
        if len(banned) > MAX_BAD_WORDS:
            raise Refused(
                f"Too many bad words after tokenization: {len(banned)}. The max number is "
                f"{MAX_BAD_WORDS}.",
                "bad_words",
                words,
            )
        return tuple(banned)

    def _tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self._served.codec.encode(text, add_special_tokens=False).tolist())


def _uses_tools(body: Body) -> bool:
    return isinstance(body, ChatBody) and bool(body.tools) and body.tool_choice != "none"


def _greedy(sampling: SamplingParameters) -> SamplingParameters:
    return replace(sampling, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0, do_sample=False)


def _bias(given: dict[str, float] | None) -> dict[int, float]:
    bias: dict[int, float] = {}
    wrong: list[str] = []
    for token, value in (given or {}).items():
        try:
            bias[int(token)] = min(100.0, max(-100.0, value))
        except ValueError:
            wrong.append(token)
    if wrong:
        raise Refused(
            f"logit_bias contains key(s) that cannot be converted to integer token IDs: {wrong!r}",
            "logit_bias",
            wrong,
        )
    return bias


def _logprobs(body: Body) -> int | None:
    if isinstance(body, ChatBody):
        return body.top_logprobs if body.logprobs else None
    return body.logprobs


def _prompt_logprobs(body: Body) -> int | None:
    if body.prompt_logprobs is None and body.echo:
        return body.top_logprobs if isinstance(body, ChatBody) else body.logprobs
    return body.prompt_logprobs


def _check(body: Body, sampling: SamplingParameters, limit: int) -> None:
    """``SamplingParams._verify_args``, in its order."""
    n = 1 if body.n is None else body.n
    if n < 1:
        raise Refused(f"n must be at least 1, got {n}.")
    if n > MAX_SEQUENCES:
        raise Refused(
            f"n must be at most {MAX_SEQUENCES}, got {n}. To increase this limit, set the "
            "VLLM_MAX_N_SEQUENCES environment variable."
        )
    for name, value in (
        ("presence_penalty", sampling.presence_penalty),
        ("frequency_penalty", sampling.count_penalty),
    ):
        if not -2.0 <= value <= 2.0:
            raise Refused(f"{name} must be in [-2, 2], got {value}.")
    _check_floats(sampling)
    if limit < 1:
        raise Refused(f"max_tokens must be at least 1, got {limit}.", "max_tokens", limit)
    least = body.min_tokens
    if least < 0:
        raise Refused(f"min_tokens must be greater than or equal to 0, got {least}.")
    if least > limit:
        raise Refused(f"min_tokens must be less than or equal to max_tokens={limit}, got {least}.")
    if "" in (body.stop if isinstance(body.stop, list) else [body.stop]):
        raise Refused("stop cannot contain an empty string.")


def _check_floats(sampling: SamplingParameters) -> None:
    repetition, temperature = sampling.repetition_penalty, sampling.temperature
    if not math.isfinite(repetition):
        raise Refused(f"repetition_penalty must be a finite number, got {repetition}.")
    if repetition <= 0.0:
        raise Refused(f"repetition_penalty must be greater than zero, got {repetition}.")
    if not math.isfinite(temperature):
        problem = f"temperature must be a finite number, got {temperature}."
        raise Refused(problem, "temperature", temperature)
    if temperature < 0.0:
        problem = f"temperature must be non-negative, got {temperature}."
        raise Refused(problem, "temperature", temperature)
    if temperature > 2.0:
        problem = f"temperature must be in [0, 2], got {temperature}."
        raise Refused(problem, "temperature", temperature)
    if not 0.0 < sampling.top_p <= 1.0:
        problem = f"top_p must be in (0, 1], got {sampling.top_p}."
        raise Refused(problem, "top_p", sampling.top_p)
    if sampling.top_k < -1:
        raise Refused(f"top_k must be 0 (disable), or at least 1, got {sampling.top_k}.")
    if not 0.0 <= sampling.min_p <= 1.0:
        raise Refused(f"min_p must be in [0, 1], got {sampling.min_p}.")
