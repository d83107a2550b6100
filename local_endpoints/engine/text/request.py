"""What goes into the engine, and the events that come out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.text.grammar import Grammar
from local_endpoints.engine.text.guide import Guide
from local_endpoints.engine.text.sampling import SamplingParameters


class FinishReason(str, Enum):
    """Why a text ended; the values are TGI's."""

    LENGTH = "length"
    EOS = "eos_token"
    STOP = "stop_sequence"


@dataclass(frozen=True)
class Token:
    """One token with its text.

    Attributes:
        id: number in the vocabulary.
        text: the characters it completes; empty while a character is unfinished.
        logprob: natural logarithm of its probability; None for a prompt's first token.
        special: whether it is a mark (such as EOS), not text.
    """

    id: int
    text: str
    logprob: float | None
    special: bool


@dataclass(frozen=True)
class Finish:
    """The end of a text.

    Attributes:
        reason: why.
        text: the whole answer without special tokens. Bytes of a character that was never
            finished are left out.
        generated_tokens: number of tokens, EOS included.
        seed: of the random generator; None when nothing was drawn.
        complete: whether the text is all that its grammar asks for, whatever ended it; None
            without a grammar.
    """

    reason: FinishReason
    text: str
    generated_tokens: int
    seed: int | None
    complete: bool | None = None


@dataclass(frozen=True)
class PromptEvent:
    """The prompt's tokens with their log probabilities; only when the request asks for them.

    Attributes:
        tokens: all of them; the first one has no log probability.
        top_tokens: the most likely ones at the place of each, best first; none at the first.
        ranks: how many tokens were at least as likely as each; 0 for the first.
    """

    tokens: Sequence[Token]
    top_tokens: Sequence[Sequence[Token]] = ()
    ranks: Sequence[int] = ()


@dataclass(frozen=True)
class TokenEvent:
    """A generated token.

    Attributes:
        token: the chosen one.
        top_tokens: the most likely ones at this place, best first.
        finish: set on the last token.
    """

    token: Token
    top_tokens: Sequence[Token] = ()
    finish: Finish | None = None


@dataclass(frozen=True)
class FailureEvent:
    """The request ended without an answer; ``message`` says why."""

    message: str


Event = PromptEvent | TokenEvent | FailureEvent


class Inbox(Protocol):
    """Where a request's events go; see `local_endpoints.engine.text.delivery`."""

    def put(self, event: Event) -> None:
        """Take one event."""


@dataclass(eq=False)
class Request:
    """One text to generate.

    Attributes:
        prompt: tokens, at least one.
        inbox: receives the events.
        max_new_tokens: at most this many tokens are generated; fewer when the slot is full.
        sampling: how tokens are chosen.
        stop: the text ends when it ends with one of these.
        top_n_tokens: how many alternatives to report with each token.
        prompt_logprobs: whether a `PromptEvent` is wanted.
        prompt_top_n_tokens: how many alternatives to report with each token of it.
        end_ids: tokens that end the answer; None for the model's own.
        tiles: of all the prompt's pictures in order, float32 ``[tiles, 3, side, side]``; None
            for a prompt without pictures. They give as many image tokens as the prompt has.
        grammar: what the answer must look like; None lets it be anything.
        guide: keeps the answer to the grammar; made by `Engine.submit`.
        queued_at: when the engine took the request, in seconds of its clock.
        started_at: when its prefill began; 0 before.
        cancelled: set by `Engine.cancel`; no more events follow.
    """

    prompt: npt.NDArray[np.int64]
    inbox: Inbox
    max_new_tokens: int
    sampling: SamplingParameters = field(default_factory=SamplingParameters)
    stop: Sequence[str] = ()
    top_n_tokens: int = 0
    prompt_logprobs: bool = False
    prompt_top_n_tokens: int = 0
    end_ids: frozenset[int] | None = None
    tiles: npt.NDArray[np.float32] | None = None
    grammar: Grammar | None = None
    guide: Guide | None = field(default=None, init=False)
    queued_at: float = 0.0
    started_at: float = 0.0
    cancelled: bool = False
