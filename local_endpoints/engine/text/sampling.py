"""Choosing the next token, for all sequences of a step at once.

The order is TGI's (text_generation_server/utils/tokens.py, HeterogeneousNextTokenChooser):
repetition penalty, frequency penalty, temperature, top-k, top-p, typical-p, choice. A grammar comes
before all of them, as in vLLM; TGI puts it after the penalties, which gives the same. Log
probabilities are those of the filtered distribution, as TGI reports them.

Every sampled sequence owns a random generator and uses one number of it per token, so its answer
does not depend on its neighbours in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.text.guide import Guide

Scores = npt.NDArray[np.float32]
TokenIds = npt.NDArray[np.int64]

NUMBERS_PER_DRAW = 64
"""Random numbers fetched from a generator at once."""


@dataclass(frozen=True)
class SamplingParameters:
    """How one request wants its tokens chosen.

    Attributes:
        temperature: > 0; 1 changes nothing.
        top_k: keep the ``top_k`` most likely tokens; 0 keeps all.
        top_p: keep the most likely tokens whose probabilities reach ``top_p``; 1 keeps all.
        typical_p: the same over the tokens nearest to the expected surprise; 1 keeps all.
        repetition_penalty: > 0; divides positive and multiplies negative logits of tokens that
            the prompt or the answer already holds; 1 changes nothing.
        frequency_penalty: times a token's share of prompt and answer, subtracted from its logit.
        do_sample: draw even when nothing above asks for it.
        seed: of the random generator, 0 to 2**64 - 1.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    typical_p: float = 1.0
    repetition_penalty: float = 1.0
    frequency_penalty: float = 0.0
    do_sample: bool = False
    seed: int = 0

    @property
    def sampled(self) -> bool:
        """Whether tokens are drawn; otherwise the most likely one is taken."""
        return self.do_sample or self.temperature != 1.0 or self.filtered

    @property
    def filtered(self) -> bool:
        """Whether unlikely tokens are excluded before the draw."""
        return self.top_k > 0 or self.top_p < 1.0 or self.typical_p < 1.0

    @property
    def penalised(self) -> bool:
        """Whether earlier tokens change the logits."""
        return self.repetition_penalty != 1.0 or self.frequency_penalty != 0.0


class Chooser:
    """The sampling state of one sequence.

    Args:
        parameters: what the request asked for.
        prompt: the prompt's tokens, which the penalties count too.
        vocabulary: number of tokens.
        guide: keeps the answer to a grammar.
    """

    def __init__(
        self,
        parameters: SamplingParameters,
        *,
        prompt: TokenIds,
        vocabulary: int,
        guide: Guide | None = None,
    ) -> None:
        self.parameters = parameters
        self.guide = guide
        self._counts: npt.NDArray[np.int64] | None = None
        self._seen = len(prompt)
        if parameters.penalised:
            self._counts = np.bincount(prompt, minlength=vocabulary)
        self._generator: np.random.Generator | None = None
        if parameters.sampled:
            self._generator = np.random.Generator(np.random.PCG64(parameters.seed))
        self._numbers: list[float] = []

    def observe(self, token: int) -> None:
        """Count a chosen token."""
        self._seen += 1
        if self._counts is not None:
            self._counts[token] += 1
        if self.guide is not None:
            self.guide.advance(token)

    def penalise(self, scores: Scores) -> None:
        """Apply both penalties to one row of logits [vocabulary], in place."""
        if self._counts is None:
            return
        parameters = self.parameters
        if parameters.repetition_penalty != 1.0:
            known = np.flatnonzero(self._counts)
            penalty = np.float32(parameters.repetition_penalty)
            values = scores[known]
            scores[known] = np.where(values < 0, values * penalty, values / penalty)
        if parameters.frequency_penalty != 0.0:
            shares = (self._counts / self._seen).astype(np.float32)
            scores -= shares * np.float32(parameters.frequency_penalty)

    def number(self) -> float:
        """The next random number in [0, 1) of this sequence's own generator."""
        if not self._numbers:
            assert self._generator is not None, "a greedy sequence draws no numbers"
            self._numbers = self._generator.random(NUMBERS_PER_DRAW)[::-1].tolist()
        return self._numbers.pop()


@dataclass(frozen=True)
class Choices:
    """What one step chose.

    Attributes:
        tokens: [n] chosen tokens.
        logprobs: [n] their log probabilities.
    """

    tokens: TokenIds
    logprobs: Scores
    _scores: Scores
    _normalisers: Scores

    def top(self, row: int, count: int) -> list[tuple[int, float]]:
        """The ``count`` most likely tokens of a row with their log probabilities, best first.

        Tokens as likely as the last one are included, excluded tokens are not: as TGI's
        ``batch_top_tokens`` does.
        """
        scores = self._scores[row]
        count = min(count, len(scores))
        least = np.partition(scores, -count)[-count]
        (kept,) = np.nonzero((scores >= least) & (scores > -np.inf))
        order = kept[np.argsort(-scores[kept], kind="stable")]
        return [(int(token), float(scores[token] - self._normalisers[row])) for token in order]


class BatchSampler:
    """Chooses for a fixed set of sequences; make a new one when the set changes.

    Args:
        choosers: one per row of the logits.
    """

    def __init__(self, choosers: Sequence[Chooser]) -> None:
        parameters = [chooser.parameters for chooser in choosers]
        self._choosers = choosers
        self._rows = np.arange(len(choosers))
        self._guides = [(row, each.guide) for row, each in enumerate(choosers) if each.guide]
        self._penalised = [row for row, each in enumerate(parameters) if each.penalised]
        self._sampled = np.array([r for r, each in enumerate(parameters) if each.sampled], int)
        self._filtered = np.array([r for r, each in enumerate(parameters) if each.filtered], int)
        temperatures = np.array([each.temperature for each in parameters], np.float32)
        self._temperatures = temperatures[:, None] if (temperatures != 1).any() else None
        filtered = [parameters[row] for row in self._filtered]
        self._top_k = np.array([each.top_k for each in filtered], int)
        self._top_p = np.array([each.top_p for each in filtered], np.float32)
        self._typical_p = np.array([each.typical_p for each in filtered], np.float32)

    def choose(self, logits: Scores) -> Choices:
        """Choose one token per row of ``logits`` [n, vocabulary]; overwrites ``logits``."""
        for row, guide in self._guides:
            guide.restrict(logits[row])
        for row in self._penalised:
            self._choosers[row].penalise(logits[row])
        scores = logits
        # Subtracting the peak first keeps the division by a very small temperature finite.
        scores -= scores.max(axis=1, keepdims=True)
        if self._temperatures is not None:
            with np.errstate(over="ignore"):
                scores /= self._temperatures
        if len(self._filtered):
            scores[self._filtered] = exclude_unlikely(
                scores[self._filtered], self._top_k, self._top_p, self._typical_p
            )
        weights = np.exp(scores)
        tokens = scores.argmax(axis=1)
        if len(self._sampled):
            tokens[self._sampled] = self._draw(weights)
        normalisers = np.log(weights.sum(axis=1))
        logprobs = scores[self._rows, tokens] - normalisers
        for chooser, token in zip(self._choosers, tokens.tolist(), strict=True):
            chooser.observe(token)
        return Choices(tokens, logprobs, scores, normalisers)

    def _draw(self, weights: Scores) -> TokenIds:
        """Invert the cumulative weights at each sampled row's next random number."""
        drawn = weights if len(self._sampled) == len(weights) else weights[self._sampled]
        cumulative = drawn.cumsum(axis=1, dtype=np.float64)
        numbers = np.array([self._choosers[row].number() for row in self._sampled])
        thresholds = numbers * cumulative[:, -1]
        chosen: TokenIds = (cumulative <= thresholds[:, None]).sum(axis=1)
        return chosen


def exclude_unlikely(
    scores: Scores,
    top_k: npt.NDArray[np.int_],
    top_p: Scores,
    typical_p: Scores,
) -> Scores:
    """Set the scores that top-k, then top-p, then typical-p exclude to minus infinity.

    Args:
        scores: [m, vocabulary] logits after the temperature.
        top_k: [m] 0 switches it off.
        top_p: [m] 1 switches it off.
        typical_p: [m] 1 switches it off.

    Returns:
        A new array of the same shape; at least one score per row is kept.
    """
    vocabulary = scores.shape[1]
    rows = np.arange(len(scores))
    ordered = -np.sort(-scores, axis=1)
    ranks = np.where(top_k > 0, np.minimum(top_k, vocabulary), vocabulary)
    ordered[ordered < ordered[rows, ranks - 1][:, None]] = -np.inf
    weights = np.exp(ordered - ordered[:, :1])
    probabilities = weights / weights.sum(axis=1, keepdims=True)
    # A token stays while the tokens more likely than it do not reach top_p on their own.
    before = probabilities.cumsum(axis=1, dtype=np.float64) - probabilities
    kept = np.maximum((before < top_p[:, None]).sum(axis=1), 1)
    least = np.where(top_p < 1, ordered[rows, kept - 1], ordered[rows, ranks - 1])
    result: Scores = np.where(scores < least[:, None], np.float32(-np.inf), scores)
    for row in np.flatnonzero(typical_p < 1):
        result[row] = _exclude_atypical(result[row], float(typical_p[row]))
    return result


def _exclude_atypical(scores: Scores, mass: float) -> Scores:
    """Keep the tokens whose surprise is nearest to the expected one (Meister et al., 2022)."""
    possible = np.flatnonzero(scores > -np.inf)
    logprobs = scores[possible] - np.log(np.exp(scores[possible] - scores.max()).sum())
    logprobs -= scores.max()
    probabilities = np.exp(logprobs)
    distance = np.abs(-logprobs + (probabilities * logprobs).sum())
    order = np.argsort(distance, kind="stable")
    last = int((probabilities[order].cumsum() < mass).sum())
    limit = distance[order[min(last, len(order) - 1)]]
    result = np.full_like(scores, -np.inf)
    kept = possible[distance <= limit]
    result[kept] = scores[kept]
    return result
