"""What the service answered, in its own words: refusals, silence, and when to ask again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import httpx2
from huggingface_hub.errors import HfHubHTTPError

from helpers.connection import PRESENT
from helpers.errors import RefusedError, UnreachableError

TRANSIENT_STATUSES = (429, 500, 502, 503, 504)
"""Answers after which the same question may succeed."""
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""How long ``persistently`` waits after each failed attempt; then it gives up."""

Result = TypeVar("Result")


class Response(Protocol):
    """What answers of ``requests``, ``httpx`` and ``huggingface_hub`` have in common."""

    @property
    def status_code(self) -> int:
        """HTTP status."""
        ...

    @property
    def text(self) -> str:
        """The body."""
        ...


def raise_for_refusal(response: Response) -> None:
    """Like ``response.raise_for_status()``, but the error repeats what the server said.

    Args:
        response: an answer of ``requests`` or ``httpx``.

    Raises:
        RefusedError: the status is 400 or above.
    """
    if response.status_code >= 400:
        raise RefusedError(
            f"{response.status_code}: {sentence_of(response)}", status=response.status_code
        )


def sentence_of(response: Response) -> str:
    """The sentence inside a refusal: the ``error`` of a JSON body, or the text as it is."""
    try:
        body: Any = json.loads(response.text)
    except ValueError:
        text = response.text.strip()
        is_page = text[:1] == "<"
        return "a web page instead of an answer" if is_page else text[:500] or "no explanation"
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, dict):  # the OpenAI dialect wraps it once more
        error = error.get("message", error)
    return error if isinstance(error, str) else json.dumps(error)


@contextmanager
def plain_words(action: str) -> Iterator[None]:
    """Turn what the client's libraries raise inside the block into errors of the course.

    Args:
        action: what is being done, for the message: ``"reading the price list"``.

    Raises:
        RefusedError: the service said no.
        UnreachableError: it said nothing, or nothing that can be understood.
    """
    try:
        yield
    except HfHubHTTPError as error:
        status = error.response.status_code
        raise RefusedError(
            f"{action} was refused ({status}): {sentence_of(error.response)}", status=status
        ) from None
    except httpx2.HTTPError as error:
        raise UnreachableError(
            f"{action} failed: no answer from the service ({_reason(error)}). {PRESENT.remedy}"
        ) from None
    except json.JSONDecodeError as error:
        raise UnreachableError(
            f"{action} failed: the answer makes no sense ({_reason(error)}). Is there a log-in "
            "page or a proxy between this computer and the service?"
        ) from None


def call_for(name: str, namespace: str | None) -> str:
    """The call that gives an endpoint, for messages: no variable of theirs need exist."""
    place = f", namespace={namespace!r}" if namespace else ""
    return f"get_inference_endpoint({name!r}{place})"


def is_transient(error: Exception) -> bool:
    """Whether the same question may succeed in a moment."""
    if isinstance(error, HfHubHTTPError):
        status = error.response.status_code
        # A pause or an update that is not through yet (observed on the real service, 2026).
        in_transition = status == 400 and "not stopped" in sentence_of(error.response)
        return in_transition or status in TRANSIENT_STATUSES
    return isinstance(error, httpx2.TransportError | json.JSONDecodeError)


def persistently(
    ask: Callable[[], Result], *, sleep: Callable[[float], None] | None = None
) -> Result:
    """Ask again, up to five times with growing pauses, when the network or the service stumbles.

    Only for questions that may be asked twice: reading, pausing.

    Raises:
        Exception: what the last attempt raised, or the first one that no patience will mend.
    """
    for pause in PAUSES_SECONDS:
        try:
            return ask()
        except Exception as error:
            if not is_transient(error):
                raise
        (sleep or time.sleep)(pause)
    return ask()


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
