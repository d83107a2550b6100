"""Is an exercise solved? Each function looks at an answer and prints what it finds.

They judge what can be seen from outside, so that there are many right answers, and print one line:
``Right: …``, or ``Not yet: …`` with what to change. Nothing is raised, nothing is counted, and
nobody else is told. ``None`` is where an exercise starts.
"""

from __future__ import annotations

from helpers.check.costs import break_even, cheapest_offer, enough_memory
from helpers.check.pictures import (
    alt_texts,
    differences,
    leaving_out,
    safe_picture,
    smaller_pictures,
)
from helpers.check.words import advice, company, conversation, one_of

__all__ = [
    "advice",
    "alt_texts",
    "break_even",
    "cheapest_offer",
    "company",
    "conversation",
    "differences",
    "enough_memory",
    "leaving_out",
    "one_of",
    "safe_picture",
    "smaller_pictures",
]
