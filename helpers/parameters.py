"""Is what the parameters ask for possible? Found out before anything is rented."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from helpers.errors import ParameterError

NAME = re.compile(r"[a-z0-9][a-z0-9-]{2,30}[a-z0-9]")
ENGINES = ("vLLM", "tgi", "llamacpp")
"""As the image keys of an endpoint are spelled."""
HOURS = 24
LARGEST_SEED = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""


def check_parameters(**parameters: Any) -> None:
    """Check the values of a notebook's parameters cell, by their names there.

    Knows ``PROMPT``, ``SEED``, ``ENDPOINT_NAME``, ``MODEL_ID``, ``NAMESPACE``, ``MAX_SPEND_USD``,
    ``ENGINE``, the plans of notebook 4, and of ``ACCELERATOR`` whether the engine runs on it; the
    backend is checked by ``connect``, hardware by ``choose_hardware``.

    Raises:
        ParameterError: at least one cannot work, or is not known; the message names all of them.
    """
    problems = [
        f"{name} {problem}"
        for name, value in parameters.items()
        if (problem := _RULES.get(name, _unknown)(value)) is not None
    ]
    if parameters.get("ENGINE") == "vLLM" and parameters.get("ACCELERATOR") == "cpu":
        problems.append(
            "ENGINE 'vLLM' does not start on ACCELERATOR 'cpu', its image is made for GPUs: choose "
            "the ENGINE 'tgi', or 'gpu'"
        )
    if problems:
        raise ParameterError("; ".join(problems))


def check_timeout(timeout: Any) -> None:
    """Raises: ParameterError unless it is a number of seconds, before anything is started."""
    number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    if not number or not timeout >= 0:
        raise ParameterError(f"timeout={timeout!r}: give a number of seconds, for example 1200")


def _unknown(value: Any) -> str | None:
    return f"is not one that can be checked: there are {', '.join(_RULES)}"


def _prompt(value: Any) -> str | None:
    if problem := _text(value):
        return problem
    return None if value.strip() else "is empty: write what the model shall do"


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return None
    return (
        f"is {value!r}, not text. In a notebook put it in quotes; papermill's -p makes numbers of "
        "texts that look like one, its -r leaves them alone"
    )


def _seed(value: Any) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and 0 <= value <= LARGEST_SEED:
        return None
    return f"is {value!r}: choose a whole number from 0 to {LARGEST_SEED}"


def _endpoint_name(value: Any) -> str | None:
    if isinstance(value, str) and NAME.fullmatch(value):
        return None
    return (
        f"is {value!r}: a name has 4 to 32 characters out of a-z, 0-9 and hyphens, and neither "
        "starts nor ends with a hyphen"
    )


def _model_id(value: Any) -> str | None:
    if isinstance(value, str) and re.fullmatch(r"[\w.-]+/[\w.-]+", value):
        return None
    return f"is {value!r}: a repository has the form owner/model"


def _anything(value: Any) -> None:
    """``choose_hardware`` will say."""


def _engine(value: Any) -> str | None:
    if value in ENGINES:
        return None
    nearest = next((name for name in ENGINES if name.lower() == str(value).lower()), ENGINES[0])
    return f"is {value!r}: choose one of {', '.join(ENGINES)}, for example {nearest!r}"


def _namespace(value: Any) -> str | None:
    if value is None:
        return None
    if problem := _text(value):
        return problem
    if re.fullmatch(r"[\w.-]+", value):
        return None
    return f"is {value!r}: give the name of a user or an organization, or None for your own"


def _limit(value: Any) -> str | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is None or (number and 0 <= value < math.inf):
        return None
    return f"is {value!r}: give a number of US dollars per hour, for example 2.0, or None"


def _positive(value: Any) -> str | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and 0 < value < math.inf:
        return None
    return f"is {value!r}: give a number above 0"


def _hours(value: Any) -> str | None:
    if problem := _positive(value):
        return problem
    return None if value <= HOURS else f"is {value!r}: a day has {HOURS} hours"


_RULES: dict[str, Callable[[Any], str | None]] = {
    "PROMPT": _prompt,
    "SEED": _seed,
    "ENDPOINT_NAME": _endpoint_name,
    "MODEL_ID": _model_id,
    "ENGINE": _engine,
    "ACCELERATOR": _anything,
    "NAMESPACE": _namespace,
    "MAX_SPEND_USD": _limit,
    "PROVIDER_USD": _positive,
    "REPLICA_SPEED": _positive,
    "HOURS_A_DAY": _hours,
}
