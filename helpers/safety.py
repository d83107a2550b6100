"""What pauses an endpoint when nobody else does."""

from __future__ import annotations

import atexit
import contextlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from huggingface_hub import InferenceEndpoint

from helpers.answers import call_for, persistently, plain_words
from helpers.connection import PRESENT
from helpers.errors import CourseError, EndpointLostError, ParameterError, RefusedError

NOT_FOUND = 404

safety_net = contextlib.ExitStack()
"""One for the whole process: whatever enters it (``safety_net.enter_context(…)``) is closed by
``safety_net.close()``, by ``connect`` to the other backend, or at the latest when the process ends
in good order. It can be used again afterwards."""
atexit.register(safety_net.close)


@contextmanager
def pause_on_exit(endpoint: InferenceEndpoint) -> Iterator[InferenceEndpoint]:
    """Pause the endpoint at the end of a ``with`` block, also after an error or an interrupt.

    An endpoint that was deleted inside the block, or has failed, is left alone. An interrupt while
    it is being paused makes it try once more.

    Raises:
        EndpointLostError: it could not be paused and may go on billing, for example because the
            process is connected to another backend by now. An error of the block is its
            ``__context__``.
        ParameterError: it is no endpoint.
    """
    require_endpoint(endpoint)
    backend = _backend()
    try:
        yield endpoint
    finally:
        if backend and _backend() not in (backend, None):
            problem: str | None = (
                f"endpoint {endpoint.name} was started with connect({backend!r}), which this "
                "program has left, and may go on billing: connect there again and pause it with "
                f"{call_for(endpoint.name, endpoint.namespace)}.pause()"
            )
        else:
            problem = _attempt_twice(endpoint)
        if problem:
            # At the end of a process nobody sees an exception's text in the notebook.
            print(problem, file=sys.stderr)
            raise EndpointLostError(problem, endpoint_name=endpoint.name)


def require_endpoint(endpoint: object) -> None:
    """Raises: ParameterError for anything but an endpoint, with what to give."""
    if not isinstance(endpoint, InferenceEndpoint):
        raise ParameterError(
            f"{endpoint!r:.60} is no endpoint: give what create_inference_endpoint, "
            "get_inference_endpoint or get_or_create_endpoint return"
        )


def _backend() -> str | None:
    return PRESENT.connection.backend if PRESENT.connection else None


def _attempt_twice(endpoint: InferenceEndpoint) -> str | None:
    """As `_attempt_to_pause`; one interrupt does not end it, for nothing else would pause it."""
    try:
        return _attempt_to_pause(endpoint)
    except KeyboardInterrupt:
        print(
            f"pausing endpoint {endpoint.name} was interrupted and is tried once more. If you "
            "interrupt that as well, the endpoint may go on billing",
            file=sys.stderr,
        )
        return _attempt_to_pause(endpoint)


def _attempt_to_pause(endpoint: InferenceEndpoint) -> str | None:
    """What to say if it may go on billing."""
    try:
        with plain_words(f"pausing endpoint {endpoint.name}"):
            persistently(endpoint.pause)
    except CourseError as error:
        gone = isinstance(error, RefusedError) and error.status == NOT_FOUND
        if gone or _has_failed(endpoint):
            return None
        return (
            f"{error}. Endpoint {endpoint.name} may go on billing: check with still_billing(), and "
            f"pause it with {call_for(endpoint.name, endpoint.namespace)}.pause() or in the web "
            "interface"
        )
    return None


def _has_failed(endpoint: InferenceEndpoint) -> bool:
    """A failed endpoint cannot be paused, and need not be: it costs nothing."""
    with suppress(CourseError), plain_words("looking once more"):
        endpoint.fetch()
    return endpoint.status == "failed"
