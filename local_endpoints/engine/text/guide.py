"""The state of a grammar in one growing answer: which tokens may come next.

A mask is computed ahead in a thread of its own (`masks`); llguidance lets go of Python's lock
meanwhile. Where that thread is late, whoever needs the mask computes it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from llguidance import LLMatcher

from local_endpoints.engine.text.grammar import GrammarError

Banned = npt.NDArray[np.bool_]


class Guide:
    """Keeps one answer to a grammar.

    A token that ends a text is allowed where the answer is complete, and is all that is allowed
    where nothing can follow. After it, everything is allowed: whoever ignores such tokens goes on
    without the grammar, as in vLLM (v1/structured_output, ``is_terminated``).

    Args:
        make_matcher: a matcher at the beginning. All answers to a grammar share the states that its
            lexer has found; with True, it shares them with nobody.
        vocabulary: number of tokens that a logit exists for.
        eos_ids: tokens that end a text.

    Attributes:
        failure: why the grammar could not be followed further; None while it could.
    """

    def __init__(
        self,
        make_matcher: Callable[[bool], LLMatcher],
        *,
        vocabulary: int,
        eos_ids: frozenset[int],
    ) -> None:
        self.failure: str | None = None
        self._make_matcher = make_matcher
        self._vocabulary = vocabulary
        self._eos_ids = sorted(eos_ids)
        self._matcher = make_matcher(False)
        self._sharing = True
        self._tokens: list[int] = []
        self._ended = False
        self._bits = np.zeros(-(-vocabulary // 32), np.uint32)
        self._banned = np.zeros(vocabulary, np.bool_)
        # Who holds the lock computes the mask, unless it is there already.
        self._lock = threading.Lock()
        self._stale = True
        self.prepare()

    @property
    def complete(self) -> bool:
        """Whether the answer, as it stands, is all that the grammar asks for."""
        allowed = not self._latest()[self._eos_ids].all()
        return self._ended or (allowed and self.failure is None)

    def restrict(self, scores: npt.NDArray[np.float32]) -> None:
        """Set the scores [vocabulary] of tokens that may not come next to minus infinity."""
        if not self._ended:
            np.copyto(scores, -np.inf, where=self._latest())

    def settle(self, scores: npt.NDArray[np.float32]) -> None:
        """Give up where other rules of the request have banned all that the grammar allows."""
        if scores.max() == -np.inf:
            self.failure = (
                "the grammar allows only tokens that other parameters ban (a minimum of tokens, "
                "for example): allow more on either side"
            )
            scores[:] = 0

    def advance(self, token: int) -> None:
        """Take a chosen token."""
        if self._ended or self.failure:
            return
        if token in self._eos_ids:
            self._ended = True
            return
        self._latest()
        self._tokens.append(token)
        self._stale = True

    def prepare(self) -> None:
        """Compute the mask after the last token, if nobody has. Callers may be in any thread."""
        with self._lock:
            if self._stale:
                try:
                    self._banned = self._compute()
                except GrammarError as error:
                    self.failure = str(error)
                self._stale = False

    def _latest(self) -> Banned:
        self.prepare()
        return self._banned

    def _compute(self) -> Banned:
        followed = self._follow(self._tokens[-1:])
        if not followed and self._sharing:
            # There is a limit on states, and others may have used it up.
            self._sharing = False
            self._matcher = self._make_matcher(True)
            followed = self._follow(self._tokens)
        if not followed:
            raise GrammarError(f"the grammar became too large: {self._matcher.get_error()}")
        allowed = np.unpackbits(self._bits.view(np.uint8), bitorder="little")
        banned: Banned = allowed[: self._vocabulary] == 0
        return banned

    def _follow(self, tokens: list[int]) -> bool:
        """Consume tokens and fill the bits; whether that went well."""
        self._matcher.consume_tokens(tokens)
        self._matcher.unsafe_compute_mask_ptr(self._bits.ctypes.data, self._bits.nbytes)
        return not self._matcher.is_error()
