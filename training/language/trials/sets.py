"""The sets of prompts that were written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.language.trials import (
    eighth,
    eighth_errands,
    fifth,
    fifth_errands,
    first,
    first_errands,
    fourth,
    fourth_errands,
    ninth,
    ninth_calls,
    ninth_errands,
    second,
    second_errands,
    seventh,
    seventh_errands,
    sixth,
    sixth_errands,
    tenth,
    tenth_calls,
    tenth_errands,
    third,
    third_errands,
)
from training.language.trials.errand import Errand

Calls = tuple[tuple[str, str, dict[str, Any], tuple[str, ...]], ...]
"""Request, right function, right arguments, and the functions offered beside it."""


@dataclass(frozen=True)
class Trials:
    """One set of prompts.

    Attributes:
        name: how measures call it.
        everyday: turns of a user, to be judged by reading.
        extraction: requests with the one right object.
        copied: words that the generator's lists do not have.
        tools: the functions by name.
        calls: requests for one of them.
        errands: tasks of two steps for an agent.
    """

    name: str
    everyday: tuple[tuple[str, ...], ...]
    extraction: tuple[tuple[str, dict[str, Any]], ...]
    copied: tuple[str, ...]
    tools: dict[str, dict[str, Any]]
    calls: Calls
    errands: tuple[Errand, ...]


DEVELOPMENT = Trials(
    "development set",
    first.EVERYDAY,
    first.EXTRACTION,
    first.COPIED,
    first.TOOLS,
    first.CALLS,
    first_errands.ERRANDS,
)
"""Blind once; since then its results pointed to what was practised."""
SECOND = Trials(
    "second development set",
    second.EVERYDAY,
    second.EXTRACTION,
    second.COPIED,
    second.TOOLS,
    second.CALLS,
    second_errands.ERRANDS,
)
"""Blind for the second run of Qwen3, and for Gemma as it is served; practised since."""
THIRD = Trials(
    "third development set",
    third.EVERYDAY,
    third.EXTRACTION,
    third.COPIED,
    third.TOOLS,
    third.CALLS,
    third_errands.ERRANDS,
)
"""Blind for Qwen3's third run; what went wrong in it told what to write for the fourth one."""
FOURTH = Trials(
    "fourth development set",
    fourth.EVERYDAY,
    fourth.EXTRACTION,
    fourth.COPIED,
    fourth.TOOLS,
    fourth.CALLS,
    fourth_errands.ERRANDS,
)
"""Blind for Qwen3's third and fourth run; what went wrong in it told what to write for the fifth
one."""
FIFTH = Trials(
    "fifth development set",
    fifth.EVERYDAY,
    fifth.EXTRACTION,
    fifth.COPIED,
    fifth.TOOLS,
    fifth.CALLS,
    fifth_errands.ERRANDS,
)
"""Blind for Qwen3's fifth run; what went wrong in it told what to write for the sixth one."""
SIXTH = Trials(
    "sixth development set",
    sixth.EVERYDAY,
    sixth.EXTRACTION,
    sixth.COPIED,
    sixth.TOOLS,
    sixth.CALLS,
    sixth_errands.ERRANDS,
)
"""Blind for Qwen3's sixth run; what went wrong in it told what to write for the seventh one."""
SEVENTH = Trials(
    "seventh development set",
    seventh.EVERYDAY,
    seventh.EXTRACTION,
    seventh.COPIED,
    seventh.TOOLS,
    seventh.CALLS,
    seventh_errands.ERRANDS,
)
"""Blind for Qwen3's seventh run, and read since."""
EIGHTH = Trials(
    "eighth development set",
    eighth.EVERYDAY,
    eighth.EXTRACTION,
    eighth.COPIED,
    eighth.TOOLS,
    eighth.CALLS,
    eighth_errands.ERRANDS,
)
"""Blind for Qwen3's seventh and eighth runs, and read since."""
NINTH = Trials(
    "ninth development set",
    ninth.EVERYDAY,
    ninth.EXTRACTION,
    ninth.COPIED,
    ninth_calls.TOOLS,
    ninth_calls.CALLS,
    ninth_errands.ERRANDS,
)
"""Blind for Qwen3's eighth and ninth runs, and read since. The names of three functions that it
has, too, were taken out of the texts by a script before; nothing else was changed by it."""
BLIND = Trials(
    "blind",
    tenth.EVERYDAY,
    tenth.EXTRACTION,
    tenth.COPIED,
    tenth_calls.TOOLS,
    tenth_calls.CALLS,
    tenth_errands.ERRANDS,
)
"""Written when the texts of Qwen3's ninth run were frozen, by somebody who saw three older sets."""

SETS = (DEVELOPMENT, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH, EIGHTH, NINTH, BLIND)
"""Prompts written by hand: what the models are asked beside what a program draws."""
