"""What changes the logits of one sequence before a token is chosen: bans, biases and penalties.

Two servers' penalties stand side by side. TGI's frequency penalty takes the share of prompt and
answer (utils/logits_process.py, ``FrequencyPenaltyLogitsProcessor``); vLLM's count and presence
penalties look at the answer alone (v1/sample/ops/penalties.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from local_endpoints.engine.text.sampling import SamplingParameters

Scores = npt.NDArray[np.float32]
TokenIds = npt.NDArray[np.int64]


class Correction(Protocol):
    """Changes the logits of one sequence."""

    def observe(self, token: int) -> None:
        """Take note of a chosen token."""
        ...

    def apply(self, scores: Scores) -> None:
        """Change one row of logits [vocabulary], in place."""
        ...


def corrections(
    parameters: SamplingParameters, *, prompt: TokenIds, vocabulary: int
) -> list[Correction]:
    """Those that a request asks for, in the order in which vLLM applies them (v1/sample/sampler.py,
    ``apply_logits_processors``)."""
    wanted: list[Correction] = []
    if parameters.allowed is not None:
        others = np.setdiff1d(np.arange(vocabulary), np.asarray(parameters.allowed, np.int64))
        wanted.append(_Fixed(lambda scores: _set(scores, others)))
    if parameters.banned:
        wanted.append(_Banned(parameters.banned))
    if parameters.barred and parameters.min_new_tokens:
        wanted.append(_Barred(parameters.barred, parameters.min_new_tokens))
    if parameters.bias:
        tokens = np.fromiter(parameters.bias, np.int64)
        values = np.fromiter(parameters.bias.values(), np.float32)
        wanted.append(_Fixed(lambda scores: _add(scores, tokens, values)))
    if parameters.repetition_penalty != 1.0 or parameters.frequency_penalty != 0.0:
        wanted.append(_Repetition(parameters, prompt, vocabulary))
    if parameters.count_penalty != 0.0 or parameters.presence_penalty != 0.0:
        wanted.append(_Counts(parameters, vocabulary))
    return wanted


def _set(scores: Scores, tokens: TokenIds) -> None:
    scores[tokens] = -np.inf


def _add(scores: Scores, tokens: TokenIds, values: Scores) -> None:
    scores[tokens] += values


class _Fixed:
    """The same change at every step."""

    def __init__(self, change: Callable[[Scores], None]) -> None:
        self._change = change

    def observe(self, token: int) -> None:
        pass

    def apply(self, scores: Scores) -> None:
        self._change(scores)


class _Banned:
    def __init__(self, banned: Sequence[Sequence[int]]) -> None:
        self._banned = [tuple(tokens) for tokens in banned]
        self._longest = max(map(len, self._banned)) - 1
        self._tail: tuple[int, ...] = ()

    def observe(self, token: int) -> None:
        if self._longest:
            self._tail = (*self._tail, token)[-self._longest :]

    def apply(self, scores: Scores) -> None:
        for *before, last in self._banned:
            if not before or self._tail[-len(before) :] == tuple(before):
                scores[last] = -np.inf


class _Barred:
    def __init__(self, barred: Sequence[int], count: int) -> None:
        self._barred = np.asarray(barred, np.int64)
        self._left = count

    def observe(self, token: int) -> None:
        self._left -= 1

    def apply(self, scores: Scores) -> None:
        if self._left > 0:
            before = scores[self._barred]
            scores[self._barred] = -np.inf
            if not (scores > -np.inf).any():
                # A grammar that allows nothing but the end outweighs a wish for more.
                scores[self._barred] = before


class _Repetition:
    def __init__(self, parameters: SamplingParameters, prompt: TokenIds, vocabulary: int) -> None:
        self._repetition = np.float32(parameters.repetition_penalty)
        self._frequency = np.float32(parameters.frequency_penalty)
        self._counts = np.bincount(prompt, minlength=vocabulary)
        self._seen = len(prompt)

    def observe(self, token: int) -> None:
        self._seen += 1
        self._counts[token] += 1

    def apply(self, scores: Scores) -> None:
        if self._repetition != 1.0:
            known = np.flatnonzero(self._counts)
            values = scores[known]
            scores[known] = np.where(
                values < 0, values * self._repetition, values / self._repetition
            )
        if self._frequency != 0.0:
            scores -= (self._counts / self._seen).astype(np.float32) * self._frequency


class _Counts:
    def __init__(self, parameters: SamplingParameters, vocabulary: int) -> None:
        self._count = np.float32(parameters.count_penalty)
        self._presence = np.float32(parameters.presence_penalty)
        self._counts = np.zeros(vocabulary, np.float32)

    def observe(self, token: int) -> None:
        self._counts[token] += 1

    def apply(self, scores: Scores) -> None:
        scores -= self._counts * self._count + (self._counts > 0) * self._presence
