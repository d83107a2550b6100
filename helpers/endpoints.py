"""Get or create an endpoint, whatever state it is in, and leave nothing running."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any, Literal

import httpx2
from huggingface_hub import InferenceEndpoint, create_inference_endpoint, get_inference_endpoint
from huggingface_hub.errors import HfHubHTTPError

from helpers.answers import persistently, plain_words
from helpers.errors import (
    CourseError,
    EndpointLostError,
    EndpointMismatchError,
    RefusedError,
    RepositoryMismatchError,
)
from helpers.settings import can_be_updated, differences
from helpers.waiting import TIMEOUT_SECONDS, wait_until_running

NOT_FOUND, CONFLICT = 404, 409
DELETION_LOOKS, DELETION_SECONDS = 100, 0.1

IfDifferent = Literal["keep", "update", "replace", "refuse"]


def get_or_create_endpoint(
    name: str,
    *,
    repository: str,
    timeout: float = TIMEOUT_SECONDS,
    namespace: str | None = None,
    if_different: IfDifferent = "keep",
    **wanted: Any,
) -> InferenceEndpoint:
    """A *running* endpoint of that name, whatever state it was in.

    Created if there is none, resumed if paused, woken if scaled to zero, waited for if busy.

    Args:
        name: unique in the namespace.
        repository: what it must serve.
        timeout: most seconds to wait; default 1200.
        namespace: user or organization; default the token's user.
        if_different: what to do with an endpoint that exists with other settings than asked for:
            ``"keep"`` it and warn; ``"update"`` it (it starts again; vendor, region and type
            cannot be updated); ``"replace"`` it where an update is not enough: delete it and
            create it anew, with another address; or ``"refuse"``.
        **wanted: everything else that ``create_inference_endpoint`` takes.

    Raises:
        RepositoryMismatchError: the name is taken by an endpoint with another model.
        EndpointMismatchError: it has other settings, and shall not or cannot be updated.
        EndpointFailedError: it is or becomes failed.
        EndpointTimeoutError: it is not running in time.
        EndpointLostError: the service no longer answers; the endpoint may go on billing.
        SpendLimitError: on the real service, it would cost more than allowed.
        RefusedError: the service refuses, for example for lack of quota.
        UnreachableError: the service does not answer; nothing was started.
    """
    started = _start(
        name, repository=repository, namespace=namespace, if_different=if_different, wanted=wanted
    )
    return wait_until_running(started.endpoint, timeout=timeout)


@contextmanager
def running_endpoint(
    name: str, *, timeout: float = TIMEOUT_SECONDS, **wanted: Any
) -> Iterator[InferenceEndpoint]:
    """``get_or_create_endpoint`` for a ``with`` block: at its end, what it started is paused.

    It holds from the moment the endpoint is started: an interrupted wait pauses it, too. An
    endpoint that was up already belongs to somebody else and is left as it is. Nothing can help
    against a process that is killed (SIGKILL) or a computer that loses power: then the endpoint
    bills until its idle time-out, or until you pause it.

    Args:
        name, timeout, **wanted: see ``get_or_create_endpoint``.

    Raises:
        EndpointLostError: it could not be paused and may go on billing.
        CourseError: as ``get_or_create_endpoint``.
    """
    started = _start(
        name,
        repository=wanted.pop("repository"),
        namespace=wanted.pop("namespace", None),
        if_different=wanted.pop("if_different", "keep"),
        wanted=wanted,
    )
    endpoint = started.endpoint
    with pause_on_exit(endpoint) if started.by_us else nullcontext():
        yield wait_until_running(endpoint, timeout=timeout)


@contextmanager
def pause_on_exit(endpoint: InferenceEndpoint) -> Iterator[InferenceEndpoint]:
    """Pause the endpoint at the end of a ``with`` block, also after an error or an interrupt.

    An endpoint that was deleted inside the block, or has failed, is left alone.

    Raises:
        EndpointLostError: it could not be paused and may go on billing.
    """
    try:
        yield endpoint
    finally:
        _pause(endpoint)


def _pause(endpoint: InferenceEndpoint) -> None:
    try:
        with plain_words(f"pausing endpoint {endpoint.name}"):
            persistently(endpoint.pause)
    except CourseError as error:
        gone = isinstance(error, RefusedError) and error.status == NOT_FOUND
        if gone or _has_failed(endpoint):
            return
        message = (
            f"{error}. Endpoint {endpoint.name} may go on billing: check with still_billing(), and "
            "pause it with endpoint.pause() or in the web interface"
        )
        # At the end of a process nobody sees an exception's text in the notebook.
        print(message, file=sys.stderr)
        raise EndpointLostError(message, endpoint_name=endpoint.name) from None


def _has_failed(endpoint: InferenceEndpoint) -> bool:
    """A failed endpoint cannot be paused, and need not be: it costs nothing."""
    with suppress(CourseError), plain_words("looking once more"):
        endpoint.fetch()
    return endpoint.status == "failed"


@dataclass(frozen=True)
class _Started:
    """An endpoint that is up or on its way.

    Attributes:
        by_us: whether it was created, resumed or woken here.
    """

    endpoint: InferenceEndpoint
    by_us: bool


def _start(
    name: str,
    *,
    repository: str,
    namespace: str | None,
    if_different: IfDifferent,
    wanted: dict[str, Any],
) -> _Started:
    """The endpoint, started but not waited for."""
    attempts = 2
    while True:
        attempts -= 1
        try:
            with plain_words(f"starting endpoint {name}"):
                return _start_once(name, repository, namespace, if_different, wanted)
        except RefusedError as refusal:
            # Two races end well at the second attempt: somebody else created it between our look
            # and our attempt, or it was deleted and could still be read for a moment.
            if not attempts or refusal.status not in (CONFLICT, NOT_FOUND):
                raise


def _start_once(
    name: str,
    repository: str,
    namespace: str | None,
    if_different: IfDifferent,
    wanted: dict[str, Any],
) -> _Started:
    found = _find(name, namespace)
    if found is None:
        created = _create(name, repository=repository, namespace=namespace, **wanted)
        return _Started(created, by_us=True)
    if not _settle(found, repository, wanted, if_different):
        created = _create(name, repository=repository, namespace=namespace, **wanted)
        return _Started(created, by_us=True)
    stopped = found.status in ("paused", "scaledToZero")
    if stopped:
        with _may_have_happened(name):
            persistently(found.resume)
    return _Started(found, by_us=stopped)


def _find(name: str, namespace: str | None) -> InferenceEndpoint | None:
    # The list is no test for existence: the client reads only its first twenty entries.
    try:
        return persistently(lambda: get_inference_endpoint(name, namespace=namespace))
    except HfHubHTTPError as error:
        if error.response.status_code == NOT_FOUND:
            return None
        raise


def _create(name: str, *, namespace: str | None, **wanted: Any) -> InferenceEndpoint:
    """Create it. If that is interrupted, or its answer gets lost, it may exist all the same: then
    it is paused as far as possible."""
    try:
        with _may_have_happened(name):
            return create_inference_endpoint(name, namespace=namespace, **wanted)
    except (KeyboardInterrupt, EndpointLostError):
        with suppress(Exception):
            found = _find(name, namespace)
            if found is not None:
                persistently(found.pause)
        raise


@contextmanager
def _may_have_happened(name: str) -> Iterator[None]:
    """A request without an answer is no proof that nothing was started."""
    try:
        yield
    except httpx2.TransportError as error:
        raise EndpointLostError(
            f"no answer while endpoint {name} was being started ({type(error).__name__}: {error}). "
            "It may have been started all the same, and bill: check with still_billing()",
            endpoint_name=name,
        ) from None


def _settle(
    endpoint: InferenceEndpoint, repository: str, wanted: dict[str, Any], if_different: IfDifferent
) -> bool:
    """Deal with an endpoint that is not what was asked for. Returns whether it still exists."""
    name = endpoint.name
    if endpoint.repository != repository:
        raise RepositoryMismatchError(
            f"endpoint {name} serves {endpoint.repository}, not {repository}. Choose another "
            "name, or delete it first",
            endpoint_name=name,
            differences=[f"it serves {endpoint.repository}, not {repository}"],
        )
    found = differences(endpoint, wanted)
    if not found:
        return True
    fixed = [sentence for setting, sentence in found.items() if not can_be_updated(setting)]
    said = "; ".join(found.values())
    if if_different == "replace" and fixed:
        print(f"deleting endpoint {name} and creating it anew: {said}", file=sys.stderr)
        _delete(endpoint)
        return False
    if if_different in ("update", "replace") and not fixed:
        print(f"updating endpoint {name}: {said}", file=sys.stderr)
        with _may_have_happened(name):
            persistently(lambda: endpoint.update(**{each: wanted[each] for each in found}))
        return True
    if if_different == "keep":
        warnings.warn(
            f"endpoint {name} exists with other settings, which are kept: {said}. Its price is "
            "price_per_hour(endpoint)",
            stacklevel=5,
        )
        return True
    reason = f"; these cannot be updated: {'; '.join(fixed)}" if fixed else ""
    raise EndpointMismatchError(
        f"endpoint {name} exists with other settings: {said}{reason}. Choose another name, or "
        "delete it with endpoint.delete() first",
        endpoint_name=name,
        differences=list(found.values()),
    )


def _delete(endpoint: InferenceEndpoint) -> None:
    """Delete it, and return when its name is free: it can be read for another moment."""
    persistently(endpoint.delete)
    for _ in range(DELETION_LOOKS):
        if _find(endpoint.name, endpoint.namespace) is None:
            return
        time.sleep(DELETION_SECONDS)
