"""The mechanism: a judge looks at an answer, objects or does not, and one line is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from huggingface_hub import InferenceEndpoint

from helpers.errors import CourseError

Parameters = ParamSpec("Parameters")


def require(ground: object, words: str) -> None:
    """Object, with these words, unless the ground holds. (``assert`` would be silent under -O.)"""
    if not ground:
        raise AssertionError(words)


@dataclass
class Judge:
    """What is said when nothing is objected to."""

    says: str = ""


@contextmanager
def telling() -> Iterator[Judge]:
    """Print what the judge says in the end, or what was objected to."""
    judge = Judge()
    try:
        yield judge
        print("Right:", judge.says)
    except AssertionError as objection:
        print("Not yet:", objection)
    except CourseError as error:
        print("Not yet, it could not be tried out:", error)


def judged(look: Callable[Parameters, str]) -> Callable[Parameters, None]:
    """Print what a function finds."""

    @wraps(look)
    def judged(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        with telling() as judge:
            judge.says = look(*arguments, **options)

    return judged


def is_number(value: Any) -> bool:
    """Whether it is a number, of whatever library; NaN is none."""
    try:
        return not isinstance(value, str) and abs(float(value)) >= 0
    except (TypeError, ValueError):
        return False


def require_down(endpoint: InferenceEndpoint, words: str) -> None:
    """Object, with these words, while the endpoint is up."""
    require(endpoint.fetch().status in ("paused", "scaledToZero"), words)
