"""Get or create an endpoint, whatever state it is in, and leave nothing running."""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any, Literal, get_args

import httpx2
from huggingface_hub import (
    InferenceEndpoint,
    create_inference_endpoint,
    get_inference_endpoint,
    update_inference_endpoint,
)
from huggingface_hub.errors import HfHubHTTPError

from helpers.answers import call_for, persistently, plain_words
from helpers.errors import (
    EndpointLostError,
    EndpointMismatchError,
    ParameterError,
    RefusedError,
    RepositoryMismatchError,
)
from helpers.hardware import require_offered
from helpers.parameters import check_parameters, check_timeout
from helpers.safety import pause_on_exit
from helpers.settings import can_be_updated, check_settings, differences
from helpers.waiting import TIMEOUT_SECONDS, wait_until_running

NOT_FOUND, CONFLICT = 404, 409
STOPPED = ("paused", "scaledToZero")
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
            cannot be updated, nor the server if the old one's arguments would stay);
            ``"replace"`` it where an update is not enough: delete it and create it anew, with
            another address; or ``"refuse"``.
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
        ParameterError: a name or a setting cannot work; nothing was asked for.
    """
    wish = _Wish(name, repository, namespace, if_different, wanted)
    return wait_until_running(_start(wish, timeout=timeout).endpoint, timeout=timeout)


@contextmanager
def running_endpoint(
    name: str,
    *,
    repository: str,
    timeout: float = TIMEOUT_SECONDS,
    namespace: str | None = None,
    if_different: IfDifferent = "keep",
    **wanted: Any,
) -> Iterator[InferenceEndpoint]:
    """``get_or_create_endpoint`` for a ``with`` block: at its end, what it started is paused.

    It holds from the moment the endpoint is started: an interrupted wait pauses it, too. An
    endpoint that was up already belongs to somebody else and is left as it is. Nothing can help
    against a process that is killed (SIGKILL) or a computer that loses power: then the endpoint
    bills until its idle time-out, or until you pause it.

    Args:
        name, repository, timeout, namespace, if_different, wanted: see
            ``get_or_create_endpoint``.

    Raises:
        EndpointLostError: it could not be paused and may go on billing.
        CourseError: as ``get_or_create_endpoint``.
    """
    started = _start(_Wish(name, repository, namespace, if_different, wanted), timeout=timeout)
    with pause_on_exit(started.endpoint) if started.by_us else nullcontext():
        yield wait_until_running(started.endpoint, timeout=timeout)


@dataclass(frozen=True)
class _Wish:
    """What was asked for; checked before anything happens.

    Raises:
        ParameterError: something cannot work.
    """

    name: str
    repository: str
    namespace: str | None
    if_different: IfDifferent
    settings: dict[str, Any]

    def __post_init__(self) -> None:
        choices = get_args(IfDifferent)
        if self.if_different not in choices:
            raise ParameterError(
                f"if_different={self.if_different!r}: choose one of {', '.join(choices)}"
            )
        check_parameters(
            ENDPOINT_NAME=self.name, MODEL_ID=self.repository, NAMESPACE=self.namespace
        )
        check_settings(self.settings)


@dataclass(frozen=True)
class _Started:
    """An endpoint that is up or on its way.

    Attributes:
        by_us: whether it was created, resumed, woken or, after a failure, updated here.
    """

    endpoint: InferenceEndpoint
    by_us: bool


def _start(wish: _Wish, *, timeout: float) -> _Started:
    """The endpoint, started but not waited for."""
    check_timeout(timeout)
    attempts = 2
    while True:
        attempts -= 1
        try:
            with plain_words(f"starting endpoint {wish.name}"):
                return _start_once(wish)
        except RefusedError as refusal:
            # Two races end well at the second attempt: somebody else created it between our look
            # and our attempt, or it was deleted and could still be read for a moment.
            if not attempts or refusal.status not in (CONFLICT, NOT_FOUND):
                raise


def _start_once(wish: _Wish) -> _Started:
    found = _find(wish.name, wish.namespace)
    was_off = found is not None and found.status in (*STOPPED, "failed")
    # An update can start what has failed.
    with _paused_if_unclear(wish) if was_off else nullcontext():
        is_there = found is not None and _settle(found, wish)
    if found is None or not is_there:
        return _Started(_create(wish), by_us=True)
    if found.status in STOPPED:
        with _paused_if_unclear(wish), _may_have_happened(wish.name):
            persistently(found.resume)
    return _Started(found, by_us=was_off)


def _find(name: str, namespace: str | None) -> InferenceEndpoint | None:
    # The list is no test for existence: the client reads only its first twenty entries.
    try:
        return persistently(lambda: get_inference_endpoint(name, namespace=namespace))
    except HfHubHTTPError as error:
        if error.response.status_code == NOT_FOUND:
            return None
        raise


def _create(wish: _Wish) -> InferenceEndpoint:
    try:
        with _paused_if_unclear(wish), _may_have_happened(wish.name):
            return create_inference_endpoint(
                wish.name,
                repository=wish.repository,
                namespace=wish.namespace,
                **wish.settings,
            )
    except ValueError as error:
        if isinstance(error, HfHubHTTPError | json.JSONDecodeError):
            raise
        # The client's own checks, before it sends anything.
        raise ParameterError(f"endpoint {wish.name} cannot be created: {error}") from None


@contextmanager
def _paused_if_unclear(wish: _Wish) -> Iterator[None]:
    """If starting it is interrupted, or the answer gets lost, it may be up all the same: then it is
    paused as far as possible."""
    try:
        yield
    except (KeyboardInterrupt, EndpointLostError):
        with suppress(Exception):
            found = _find(wish.name, wish.namespace)
            if found is not None:
                persistently(found.pause)
        raise


@contextmanager
def _may_have_happened(name: str) -> Iterator[None]:
    """A request without an answer, or with one that says nothing (a server's error, a page in
    between), is no proof that nothing was started."""
    try:
        yield
    except (httpx2.TransportError, HfHubHTTPError, json.JSONDecodeError) as error:
        if isinstance(error, HfHubHTTPError) and error.response.status_code < 500:
            raise
        raise EndpointLostError(
            f"no answer while endpoint {name} was being started ({type(error).__name__}: {error}). "
            "It may have been started all the same, and bill: check with still_billing()",
            endpoint_name=name,
        ) from None


def _settle(endpoint: InferenceEndpoint, wish: _Wish) -> bool:
    """Deal with an endpoint that is not what was asked for. Returns whether it still exists."""
    name = wish.name
    if endpoint.repository != wish.repository:
        raise RepositoryMismatchError(
            f"endpoint {name} serves {endpoint.repository}, not {wish.repository}. Choose another "
            f"name, or delete it first: {call_for(name, endpoint.namespace)}.delete()",
            endpoint_name=name,
            differences=[f"it serves {endpoint.repository}, not {wish.repository}"],
        )
    found = differences(endpoint, wish.settings)
    if not found:
        return True
    fixed = [
        sentence
        for setting, sentence in found.items()
        if not can_be_updated(setting, endpoint, wish.settings)
    ]
    said = "; ".join(found.values())
    if wish.if_different == "replace" and fixed:
        require_offered(wish.settings, namespace=endpoint.namespace)
        print(f"deleting endpoint {name} and creating it anew: {said}", file=sys.stderr)
        _delete(endpoint)
        return False
    if wish.if_different in ("update", "replace") and not fixed:
        print(f"updating endpoint {name}: {said}", file=sys.stderr)
        _update(endpoint, {setting: wish.settings[setting] for setting in found})
        return True
    if wish.if_different == "keep":
        warnings.warn(
            f"endpoint {name} exists with other settings, which are kept: {said}. Its price is "
            "price_per_hour(endpoint)",
            stacklevel=6,
        )
        return True
    reason = f"; these cannot be updated: {'; '.join(fixed)}" if fixed else ""
    raise EndpointMismatchError(
        f"endpoint {name} exists with other settings: {said}{reason}. Choose another name, or "
        f"delete it first: {call_for(name, endpoint.namespace)}.delete()",
        endpoint_name=name,
        differences=list(found.values()),
    )


def _update(endpoint: InferenceEndpoint, settings: dict[str, Any]) -> None:
    # The endpoint's own method of the same name takes fewer settings.
    with _may_have_happened(endpoint.name):
        persistently(
            lambda: update_inference_endpoint(
                endpoint.name, namespace=endpoint.namespace, **settings
            )
        )
        persistently(endpoint.fetch)


def _delete(endpoint: InferenceEndpoint) -> None:
    """Delete it, and return when its name is free: it can be read for another moment."""
    persistently(endpoint.delete)
    for _ in range(DELETION_LOOKS):
        if _find(endpoint.name, endpoint.namespace) is None:
            return
        time.sleep(DELETION_SECONDS)
