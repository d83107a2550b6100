"""Names of endpoints: made from a repository's, checked while somebody types, free ones."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Container

from helpers.errors import ParameterError
from helpers.parameters import check_parameters

MOST_LETTERS = 32
SUFFIX_LETTERS = 3
"""The real service's web interface ends a generated name in three letters."""


def name_for(repository: str, *, chance: random.Random | None = None) -> str:
    """A name made of the repository's and three letters by chance: ``gemma-1-1-2b-it-kqz``."""
    chance = chance or random.Random()
    letters = "".join(chance.choices(string.ascii_lowercase, k=SUFFIX_LETTERS))
    words = re.sub(r"[^a-z0-9]+", "-", repository.rpartition("/")[2].lower()).strip("-")
    room = MOST_LETTERS - SUFFIX_LETTERS - 1
    return f"{(words or 'endpoint')[:room].rstrip('-')}-{letters}"


def free_name(taken: Container[str], wish: str) -> str:
    """The wish, or the first of ``wish-2``, ``wish-3``, … that is not taken."""
    name, number = wish, 1
    while name in taken:
        number += 1
        end = f"-{number}"
        name = wish[: MOST_LETTERS - len(end)].rstrip("-") + end
    return name


def name_problem(name: str) -> str:
    """What is wrong with a name, in words; empty if nothing is."""
    try:
        check_parameters(ENDPOINT_NAME=name)
    except ParameterError as error:
        return str(error).removeprefix("ENDPOINT_NAME ")
    return ""
