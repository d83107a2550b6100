"""From a grammar to a guide for one answer, for one tokenizer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cached_property
from pathlib import Path

import numpy as np
from llguidance import LLMatcher, LLParserLimits, LLTokenizer

from local_endpoints.engine.text.grammar import Grammar, GrammarError
from local_endpoints.engine.text.guide import Guide

KEPT = 32
"""Compiled grammars, as in TGI (text_generation_server/utils/logits_process.py)."""

LIMITS = LLParserLimits(
    initial_lexer_fuel=500_000,
    step_lexer_fuel=50_000,
    step_max_items=20_000,
    max_lexer_states=50_000,
    max_grammar_size=200_000,
    verbose_errors=False,  # they would repeat the answer
)
"""A grammar is refused rather than allowed to take a second or some hundred megabytes."""


class GrammarCompiler:
    """Compiles grammars, in the caller's thread; safe to use from several threads.

    Args:
        tokenizer: the model's ``tokenizer.json``; read when the first grammar comes.
        vocabulary: number of tokens that a logit exists for.
        eos_ids: tokens that end a text.
    """

    def __init__(self, tokenizer: Path, *, vocabulary: int, eos_ids: frozenset[int]) -> None:
        self._file = tokenizer
        self._vocabulary = vocabulary
        self._eos_ids = eos_ids
        self._lock = threading.Lock()
        self._compiled: OrderedDict[Grammar, LLMatcher] = OrderedDict()

    def check(self, grammar: Grammar) -> None:
        """Compile a grammar, unless it was compiled before.

        Raises:
            GrammarError: it is malformed, unsatisfiable, too large, or asks for what llguidance
                cannot enforce.
        """
        self._matcher(grammar)

    def guide(self, grammar: Grammar) -> Guide:
        """A guide for a new answer.

        Raises:
            GrammarError: as `check`.
        """
        return Guide(
            lambda alone: self._own_matcher(grammar) if alone else self._matcher(grammar),
            vocabulary=self._vocabulary,
            eos_ids=self._eos_ids,
        )

    def _own_matcher(self, grammar: Grammar) -> LLMatcher:
        """A matcher that shares nothing; the next guide does not share what is used up either."""
        with self._lock:
            self._compiled.pop(grammar, None)
        return self._compile(grammar)

    def _matcher(self, grammar: Grammar) -> LLMatcher:
        """A copy of the compiled grammar's matcher, which shares its lexer's states."""
        with self._lock:
            matcher = self._compiled.pop(grammar, None)
        if matcher is None:
            matcher = self._compile(grammar)
        with self._lock:
            self._compiled[grammar] = matcher
            while len(self._compiled) > KEPT:
                self._compiled.popitem(last=False)
        return matcher.deep_copy()

    def _compile(self, grammar: Grammar) -> LLMatcher:
        text = grammar.for_compiler()
        with self._lock:
            tokenizer = self._tokenizer
        matcher = LLMatcher(tokenizer, text, log_level=0, limits=LIMITS)
        trial = matcher.deep_copy()
        for _ in range(2):
            # Some grammars turn out to be too large only where the first tokens are looked for.
            bits = np.frombuffer(trial.compute_bitmask(), np.uint8)
            allowed = np.flatnonzero(np.unpackbits(bits, bitorder="little"))
            for token in set(allowed[: len(self._eos_ids) + 1].tolist()) - self._eos_ids:
                trial.consume_token(token)
                break
        if trial.is_error():
            raise GrammarError(trial.get_error())
        return matcher

    @cached_property
    def _tokenizer(self) -> LLTokenizer:
        try:
            return LLTokenizer(
                str(self._file), n_vocab=self._vocabulary, eos_token=sorted(self._eos_ids)
            )
        except ValueError as error:
            raise GrammarError(f"this model can follow no grammar: {error}") from None
