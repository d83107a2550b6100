"""A request that is being answered: its slot's contents, its text so far, and when it ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.text.request import (
    Event,
    FailureEvent,
    Finish,
    FinishReason,
    PromptEvent,
    Request,
    Token,
    TokenEvent,
)
from local_endpoints.engine.text.sampling import Choices, Chooser
from local_endpoints.engine.text.tokens import (
    MOST_CONTEXT,
    IncrementalText,
    StopStrings,
    TextCodec,
)


class TokenSequence:
    """One active request.

    Args:
        request: what to answer.
        codec: the model's tokenizer.
        vocabulary: number of tokens.
        capacity: positions in a slot; the answer ends when it is full.
        eos_ids: tokens that end the answer, unless the request names its own.

    Attributes:
        request: see above.
        chooser: its sampling state.
        length: tokens whose keys and values the slot holds.
        last_token: the token chosen last, not yet in the slot.
    """

    def __init__(
        self,
        request: Request,
        codec: TextCodec,
        *,
        vocabulary: int,
        capacity: int,
        eos_ids: frozenset[int],
    ) -> None:
        self.request = request
        self.chooser = Chooser(
            request.sampling,
            prompt=request.prompt,
            vocabulary=vocabulary,
            guide=request.guide,
        )
        self.length = len(request.prompt)
        self.last_token = -1
        self._codec = codec
        self._end_ids = eos_ids if request.end_ids is None else request.end_ids
        self._limit = min(request.max_new_tokens, capacity - self.length)
        self._generated = 0
        self._text = IncrementalText(codec, request.prompt.tolist())
        self._stop = StopStrings(request.stop)
        self._pieces: list[str] = []
        self._latest: deque[int] = deque(maxlen=MOST_CONTEXT)

    def advance(self, choices: Choices, row: int) -> Event:
        """Take the token that was chosen in ``row`` and report it, or that none could be."""
        guide = self.request.guide
        if guide is not None and guide.failure:
            return FailureEvent(guide.failure)
        chosen = int(choices.tokens[row])
        text = self._text.push(chosen)
        special = chosen in self._codec.special_ids
        if not special:
            self._pieces.append(text)
        self.last_token = chosen
        self._generated += 1
        reason = self._reason_to_finish(chosen, text)
        token = Token(chosen, text, shortest(choices.logprobs[row]), special)
        top_tokens = self._top_tokens(choices, row) if self.request.top_n_tokens else ()
        self._latest.append(chosen)
        return TokenEvent(token, top_tokens, self._finish(reason) if reason else None)

    def prompt_event(self, logits: npt.NDArray[np.float32]) -> PromptEvent:
        """The prompt's tokens; ``logits`` [tokens, vocabulary] are those after each of them."""
        ids = self.request.prompt.tolist()
        peaks = logits.max(axis=1, keepdims=True)
        normalisers = (peaks + np.log(np.exp(logits - peaks).sum(axis=1, keepdims=True)))[:, 0]
        tokens = [self._token(ids[0], None)]
        top_tokens: list[tuple[Token, ...]] = [()]
        ranks = [0]
        for place, chosen in enumerate(ids[1:]):
            row, before = logits[place], ids[1 : place + 1]
            tokens.append(self._token(chosen, shortest(row[chosen] - normalisers[place]), before))
            wanted = self.request.prompt_top_n_tokens
            best = np.argsort(-row, kind="stable")[:wanted] if wanted else ()
            top_tokens.append(
                tuple(
                    self._token(int(i), shortest(row[i] - normalisers[place]), before) for i in best
                )
            )
            ranks.append(int((row >= row[chosen]).sum()))
        return PromptEvent(tokens, top_tokens, ranks)

    def _reason_to_finish(self, chosen: int, text: str) -> FinishReason | None:
        # TGI's order (utils/tokens.py, StoppingCriteria): length comes before EOS.
        if self._generated >= self._limit:
            return FinishReason.LENGTH
        if chosen in self._end_ids:
            return FinishReason.EOS
        if self._stop.push(text):
            return FinishReason.STOP
        return None

    def _finish(self, reason: FinishReason) -> Finish:
        sampling = self.request.sampling
        seed = sampling.seed if sampling.sampled else None
        guide = self.request.guide
        complete = None if guide is None else guide.complete
        return Finish(reason, "".join(self._pieces), self._generated, seed, complete)

    def _top_tokens(self, choices: Choices, row: int) -> tuple[Token, ...]:
        is_of_vllm, before = self.request.sampling.raw_logprobs, list(self._latest)
        top = choices.top(row, self.request.top_n_tokens, excluded=is_of_vllm)
        return tuple(
            self._token(chosen, shortest(np.float32(value)), before) for chosen, value in top
        )

    def _token(
        self, chosen: int, logprob: float | None, before: Sequence[int] | None = None
    ) -> Token:
        """A token that is told of; in TGI's dialect unfinished characters stay such."""
        if before is None or not self.request.sampling.raw_logprobs:
            text = self._codec.decode([chosen])
        else:
            text = self._codec.in_context(chosen, before)
        return Token(chosen, text, logprob, chosen in self._codec.special_ids)


def shortest(value: np.float32) -> float:
    """The float with the fewest digits that reads back as the same single precision number."""
    return float(str(value))
