"""Choosing the next token, for all sequences of a step at once.

The order is TGI's (text_generation_server/utils/tokens.py, HeterogeneousNextTokenChooser) and
vLLM's (v1/sample/sampler.py): grammar, `corrections`, temperature, min-p, top-k, top-p, typical-p,
choice. (TGI puts the grammar after its penalties, which gives the same.) Log probabilities are
those of the filtered distribution, as TGI reports them, or the model's own among the tokens that
the grammar allows, as vLLM does.

Every sampled sequence owns a random generator and uses one number of it per token, so its answer
does not depend on its neighbours in the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.text.corrections import Scores, TokenIds, corrections
from local_endpoints.engine.text.guide import Guide

NUMBERS_PER_DRAW = 64
"""Random numbers fetched from a generator at once."""
BLOCK = 64
"""Tokens whose weights are summed before the one that is drawn is looked for among them."""


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
        min_p: keep tokens with at least this share of the most likely one's probability; 0 keeps
            all.
        count_penalty: times how often the answer holds a token, subtracted from its logit
            (OpenAI's and vLLM's frequency penalty).
        presence_penalty: subtracted from the logits of tokens that the answer holds.
        bias: added to the logits of tokens.
        allowed: the only tokens that may be chosen; None for all.
        banned: sequences of tokens whose last one is not chosen after the others.
        barred: tokens that are not among the first ``min_new_tokens`` ones.
        min_new_tokens: see ``barred``.
        raw_logprobs: whether log probabilities are those of the model, before anything above
            changes them, as vLLM reports them.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    typical_p: float = 1.0
    repetition_penalty: float = 1.0
    frequency_penalty: float = 0.0
    do_sample: bool = False
    seed: int = 0
    min_p: float = 0.0
    count_penalty: float = 0.0
    presence_penalty: float = 0.0
    bias: Mapping[int, float] = field(default_factory=dict)
    allowed: Sequence[int] | None = None
    banned: Sequence[Sequence[int]] = ()
    barred: Sequence[int] = ()
    min_new_tokens: int = 0
    raw_logprobs: bool = False

    @property
    def sampled(self) -> bool:
        """Whether tokens are drawn; otherwise the most likely one is taken."""
        return self.do_sample or self.temperature != 1.0 or self.filtered

    @property
    def filtered(self) -> bool:
        """Whether unlikely tokens are excluded before the draw."""
        return self.top_k > 0 or self.top_p < 1.0 or self.typical_p < 1.0 or self.min_p > 0.0


class Chooser:
    """The sampling state of one sequence.

    Args:
        parameters: what the request asked for.
        prompt: the prompt's tokens, which some penalties count too.
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
        self._corrections = corrections(parameters, prompt=prompt, vocabulary=vocabulary)
        self._generator: np.random.Generator | None = None
        if parameters.sampled:
            self._generator = np.random.Generator(np.random.PCG64(parameters.seed))
        self._numbers: list[float] = []

    @property
    def correcting(self) -> bool:
        """Whether `correct` may change a row."""
        return bool(self._corrections)

    def observe(self, token: int) -> None:
        """Count a chosen token."""
        for correction in self._corrections:
            correction.observe(token)
        if self.guide is not None:
            self.guide.advance(token)

    def correct(self, scores: Scores) -> None:
        """Apply penalties, biases and bans to one row of logits [vocabulary], in place."""
        for correction in self._corrections:
            correction.apply(scores)

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

    def top(self, row: int, count: int, *, excluded: bool = False) -> list[tuple[int, float]]:
        """The ``count`` most likely tokens of a row with their log probabilities, best first.

        Args:
            excluded: always so many, as vLLM's ``gather_logprobs`` has it, where there are too few
                with tokens that cannot be chosen. Else tokens as likely as the last one are
                included and excluded ones are not, as in TGI's ``batch_top_tokens``.
        """
        scores = self._scores[row]
        count = min(count, len(scores))
        least = np.partition(scores, -count)[-count]
        (kept,) = np.nonzero((scores >= least) & (excluded | (scores > -np.inf)))
        order = kept[np.argsort(-scores[kept], kind="stable")][: count if excluded else None]
        return [(int(token), float(scores[token] - self._normalisers[row])) for token in order]


class BatchSampler:
    """Chooses for a fixed set of sequences; make a new one when the set changes.

    Args:
        choosers: one per row of the logits.

    Attributes:
        guides: those of the rows that keep to a grammar.
    """

    def __init__(self, choosers: Sequence[Chooser]) -> None:
        parameters = [chooser.parameters for chooser in choosers]
        self._choosers = choosers
        self._blocks: Scores | None = None
        self._rows = np.arange(len(choosers))
        guided = [(row, each.guide) for row, each in enumerate(choosers) if each.guide]
        self._guides = guided
        self.guides = [guide for _, guide in guided]
        self._corrected = [row for row, each in enumerate(choosers) if each.correcting]
        self._raw = np.array([row for row, each in enumerate(parameters) if each.raw_logprobs], int)
        self._sampled = np.array([r for r, each in enumerate(parameters) if each.sampled], int)
        self._filtered = np.array([r for r, each in enumerate(parameters) if each.filtered], int)
        temperatures = np.array([each.temperature for each in parameters], np.float32)
        self._temperatures = temperatures[:, None] if (temperatures != 1).any() else None
        filtered = [parameters[row] for row in self._filtered]
        self._top_k = np.array([each.top_k for each in filtered], int)
        self._top_p = np.array([each.top_p for each in filtered], np.float32)
        self._typical_p = np.array([each.typical_p for each in filtered], np.float32)
        self._min_p = np.array([each.min_p for each in filtered], np.float32)

    def choose(self, logits: Scores) -> Choices:
        """Choose one token per row of ``logits`` [n, vocabulary]; overwrites ``logits``."""
        for row, guide in self._guides:
            guide.restrict(logits[row])
        raw = logits[self._raw]
        for row in self._corrected:
            chooser = self._choosers[row]
            chooser.correct(logits[row])
            if chooser.guide is not None:
                chooser.guide.settle(logits[row])
        scores = logits
        everybody_draws = len(self._sampled) == len(scores)
        # Subtracting the peak first keeps the division by a very small temperature finite.
        scores -= scores.max(axis=1, keepdims=True)
        if self._temperatures is not None:
            with np.errstate(over="ignore"):
                scores /= self._temperatures
        if len(self._filtered):
            scores[self._filtered] = exclude_unlikely(
                scores[self._filtered], self._top_k, self._top_p, self._typical_p, self._min_p
            )
        weights = self._weights(scores)
        sums = weights.sum(axis=2)
        if everybody_draws:
            tokens = self._draw(weights, sums)
        else:
            tokens = scores.argmax(axis=1)
            if len(self._sampled):
                tokens[self._sampled] = self._draw(weights[self._sampled], sums[self._sampled])
        if len(self._raw):
            scores[self._raw] = raw - raw.max(axis=1, keepdims=True)
            sums = self._weights(scores).sum(axis=2)
        normalisers = np.log(sums.sum(axis=1))
        logprobs = scores[self._rows, tokens] - normalisers
        for chooser, token in zip(self._choosers, tokens.tolist(), strict=True):
            chooser.observe(token)
        return Choices(tokens, logprobs, scores, normalisers)

    def _weights(self, scores: Scores) -> Scores:
        """The scores' exponentials in blocks: [n, blocks, `BLOCK`], with zeros at the end; they are
        overwritten by the next ones."""
        rows, vocabulary = scores.shape
        if self._blocks is None:
            self._blocks = np.zeros((rows, -(-vocabulary // BLOCK), BLOCK), np.float32)
        np.exp(scores, out=self._blocks.reshape(rows, -1)[:, :vocabulary])
        return self._blocks

    def _draw(self, weights: Scores, sums: Scores) -> TokenIds:
        """Invert the cumulative weights at each sampled row's next random number: first in which
        block it lies, then where in the block."""
        numbers = np.array([self._choosers[row].number() for row in self._sampled])
        ends = sums.cumsum(axis=1, dtype=np.float64)
        thresholds = (numbers * ends[:, -1])[:, None]
        block = (ends[:, :-1] <= thresholds).sum(axis=1)
        rows = np.arange(len(block))
        inside = weights[rows, block].cumsum(axis=1, dtype=np.float64)
        left = thresholds[:, 0] - (ends - sums)[rows, block]
        # Sums in single precision are not exact: what lies outside by a little lies at the edge.
        left = np.clip(left, 0.0, np.nextafter(inside[:, -1], 0.0))
        chosen: TokenIds = block * BLOCK + (inside <= left[:, None]).sum(axis=1)
        return chosen


def exclude_unlikely(
    scores: Scores,
    top_k: npt.NDArray[np.int_],
    top_p: Scores,
    typical_p: Scores,
    min_p: Scores | float = 0.0,
) -> Scores:
    """Set the scores that min-p, then top-k, top-p and typical-p exclude to minus infinity.

    Args:
        scores: [m, vocabulary] logits after the temperature.
        top_k: [m] 0 switches it off.
        top_p: [m] 1 switches it off.
        typical_p: [m] 1 switches it off.
        min_p: [m] 0 switches it off.

    Returns:
        A new array of the same shape; at least one score per row is kept.
    """
    vocabulary = scores.shape[1]
    rows = np.arange(len(scores))
    if np.any(min_p):
        with np.errstate(divide="ignore"):
            least = scores.max(axis=1, keepdims=True) + np.log(np.reshape(min_p, (-1, 1)))
        scores = np.where(scores < least, np.float32(-np.inf), scores)
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
