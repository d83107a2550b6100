"""Numbers and errors as the panel writes them."""

from __future__ import annotations

import math
import re

import httpx2
from huggingface_hub.errors import HfHubHTTPError, InferenceTimeoutError, TextGenerationError

from helpers.answers import sentence_of
from helpers.errors import CourseError

SECRET_NAME = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|ACCESS_?KEY", re.I)
SECRET_VALUE = re.compile(r"\b(hf_|sk-|ghp_|local_)[A-Za-z0-9_-]{8,}")
COUNTS = re.compile(r"MAX_[A-Z_]*TOKENS?$", re.I)
"""Names that speak of tokens and mean a number of them: nothing to hide."""
MASK = "••••••"


def usd(amount: float, *, digits: int = 2) -> str:
    """``$0.80``; words for NaN, which stands for hardware without a price."""
    return "unknown" if math.isnan(amount) else f"${amount:,.{digits}f}"


def price(amount: float) -> str:
    """A price per hour: ``$0.80``, but ``$0.268``, which two digits would falsify."""
    return usd(amount, digits=3 if round(amount, 3) != round(amount, 2) else 2)


def plural(count: int, noun: str) -> str:
    """``1 replica``, ``2 replicas``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def gigabytes(size: float) -> str:
    """Bytes as GB, or as MB where that would read 0."""
    return f"{size / 1e9:,.1f} GB" if size >= 0.95e9 else f"{size / 1e6:,.0f} MB"


def is_secret(name: str, value: str) -> bool:
    """Whether an environment variable looks like one that nobody should see."""
    named = SECRET_NAME.search(name) is not None and COUNTS.search(name) is None
    return named or SECRET_VALUE.search(value) is not None


def masked(variables: dict[str, str]) -> dict[str, str]:
    """Environment variables for the screen: what looks like a secret is not shown."""
    return {name: MASK if is_secret(name, value) else value for name, value in variables.items()}


def error_words(error: BaseException) -> str:
    """An error in one sentence or two, for somebody who pressed a button."""
    if isinstance(error, CourseError):
        return str(error)
    if isinstance(error, InferenceTimeoutError | httpx2.TimeoutException):
        return "no answer in time: look at the logs, or try again"
    if isinstance(error, HfHubHTTPError):
        return f"{error.response.status_code}: {sentence_of(error.response)}"
    if isinstance(error, TextGenerationError):
        said = error.args[0]
        return (
            f"the server broke off: {said.get('message', said) if isinstance(said, dict) else said}"
        )
    if isinstance(error, httpx2.HTTPError):
        return f"no connection to the service, or it broke off ({error or type(error).__name__})"
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
