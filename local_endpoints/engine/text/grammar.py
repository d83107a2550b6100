"""What an answer must look like, in words that every dialect can say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from llguidance import LLMatcher, regex_to_lark
from llguidance.gbnf_to_lark import any_to_lark

Kind = Literal["json_schema", "json_object", "regex", "choice", "lark"]

LONGEST_SOURCE = 100_000
"""Characters. The compiler's own limits come too late for a longer one: it takes seconds."""

LONGEST_MESSAGE = 600
"""Characters; the compiler repeats the whole grammar in some of its messages."""


class GrammarError(ValueError):
    """A grammar that cannot be followed; the message is the compiler's, in one paragraph.

    Attributes:
        said: the message as the compiler has it, with its line breaks.
    """

    def __init__(self, message: str) -> None:
        self.said = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]} …"
        lines = [line for line in message.splitlines() if not _points_at(line)]
        paragraph = " ".join(" ".join(lines).replace("<non-verbose/>", "").split())
        if len(paragraph) > LONGEST_MESSAGE:
            half = LONGEST_MESSAGE // 2
            paragraph = f"{paragraph[:half]} … {paragraph[-half:]}"
        super().__init__(paragraph)


@dataclass(frozen=True)
class Grammar:
    """What an answer must look like.

    Attributes:
        kind: the language that ``source`` is written in.
        source: JSON text of the schema; empty for ``json_object``; the pattern; a JSON list of
            strings; the Lark text.
        whitespace: regular expression of what may stand, once, at each place where JSON allows
            whitespace; empty for none. None allows any amount, as vLLM's back ends do; TGI
            allows one space (``[ ]?``, outlines). Only JSON has such places.

    Raises:
        GrammarError: the source is longer than 100,000 characters.
    """

    kind: Kind
    source: str
    whitespace: str | None = None

    def __post_init__(self) -> None:
        if len(self.source) > LONGEST_SOURCE:
            raise GrammarError(
                f"a grammar may have at most {LONGEST_SOURCE} characters, not {len(self.source)}: "
                "ask for less at once"
            )

    @classmethod
    def json_schema(
        cls, schema: Mapping[str, Any] | bool, *, whitespace: str | None = None
    ) -> Grammar:
        """JSON that a schema of draft 2020-12 accepts; properties come in the schema's order.

        Raises:
            GrammarError: the schema is no JSON, nested too deeply, or too long.
        """
        try:
            source = json.dumps(schema, ensure_ascii=False, allow_nan=False)
        except (RecursionError, TypeError, ValueError) as error:
            raise GrammarError(f"the schema is no JSON: {error}") from None
        return cls("json_schema", source, whitespace)

    @classmethod
    def json_object(cls, *, whitespace: str | None = None) -> Grammar:
        """Any JSON object."""
        return cls("json_object", "", whitespace)

    @classmethod
    def regex(cls, pattern: str) -> Grammar:
        r"""Text that a pattern matches as a whole.

        ``\d``, ``\w`` and ``\s`` are ASCII's, as in both outlines (TGI) and xgrammar (vLLM);
        there is no look-around and there are no back references.
        """
        return cls("regex", pattern)

    @classmethod
    def choice(cls, options: Sequence[str]) -> Grammar:
        """One of some texts.

        Raises:
            GrammarError: there is none, or one of them is no text.
        """
        if not options or not all(isinstance(option, str) for option in options):
            raise GrammarError("a choice needs a list of at least one string")
        return cls("choice", json.dumps(list(options), ensure_ascii=False))

    @classmethod
    def lark(cls, text: str) -> Grammar:
        """A context-free grammar: Lark as llguidance reads it, or GBNF, which is translated."""
        return cls("lark", text)

    def for_compiler(self) -> str:
        """The grammar in the form that ``llguidance.LLMatcher`` takes.

        Raises:
            GrammarError: the source is malformed.
        """
        try:
            if self.kind in ("json_schema", "json_object"):
                return self._json_for_compiler()
            if self.kind == "lark":
                return str(any_to_lark(self.source))
            pattern = self.source
            if self.kind == "choice":
                pattern = "|".join(map(re.escape, json.loads(self.source)))
            return f"start: /{regex_to_lark(pattern, 'dws')}/"
        except Exception as error:  # the translator from GBNF raises plain ones
            raise GrammarError(str(error)) from None

    def _json_for_compiler(self) -> str:
        schema = json.loads(self.source) if self.source else {"type": "object"}
        if schema is True:
            schema = {}
        if not isinstance(schema, dict):
            raise GrammarError("a schema must be an object or true: nothing else allows an answer")
        # Options of the compiler that a schema may hold; no engine imitated here reads them.
        schema.pop("x-guidance", None)
        any_whitespace = self.whitespace is None
        options = {} if any_whitespace else {"whitespace_pattern": self.whitespace}
        return LLMatcher.grammar_from_json_schema(schema, overrides=options)  # type: ignore[arg-type]


def _points_at(line: str) -> bool:
    """Whether a line of a message only repeats the source or points into the line above it."""
    bare = line.strip()
    return set(bare) <= {"^", " "} or bare.partition(" | ")[0].isdigit()
