"""Get or create an endpoint, wait for it within limits, and leave nothing running."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx2
from huggingface_hub import (
    InferenceEndpoint,
    constants,
    create_inference_endpoint,
    get_inference_endpoint,
    get_session,
)
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import build_hf_headers

from .connect import cost_of
from .errors import (
    EndpointFailedError,
    EndpointStoppedError,
    EndpointTimeoutError,
    RepositoryMismatchError,
)
from .progress import Progress
from .spending import price_per_hour

TIMEOUT_SECONDS = 600.0
REFRESH_SECONDS = 0.5
HEALTH_SECONDS = 10.0
LOG_LINES = 20
NOT_FOUND, CONFLICT = 404, 409


def get_or_create_endpoint(
    name: str,
    *,
    repository: str,
    timeout: float = TIMEOUT_SECONDS,
    namespace: str | None = None,
    **wanted: Any,
) -> InferenceEndpoint:
    """A *running* endpoint of that name, whatever state it was in.

    Created if there is none, resumed if paused, woken if scaled to zero, waited for if busy.

    Args:
        name: unique in the namespace.
        repository: what it must serve.
        timeout: most seconds to wait.
        namespace: user or organization; default the token's user.
        **wanted: everything else that ``create_inference_endpoint`` takes. It is only used to
            create: an endpoint that exists keeps its hardware and settings.

    Raises:
        RepositoryMismatchError: the name is taken by an endpoint with another model.
        EndpointFailedError: it is or becomes failed.
        EndpointTimeoutError: it is not running in time.
        SpendLimitError: on the real service, creating it would cost more than allowed.
        HfHubHTTPError: the service refuses, for example for lack of quota.
    """
    wanted |= {"repository": repository, "namespace": namespace}
    try:
        return _start(_find_or_create(name, **wanted), repository=repository, timeout=timeout)
    except HfHubHTTPError as error:
        # Two races end well at the second attempt: somebody else created it between our look and
        # our attempt, or it was deleted and could still be read for a moment.
        if error.response.status_code not in (CONFLICT, NOT_FOUND):
            raise
        return _start(_find_or_create(name, **wanted), repository=repository, timeout=timeout)


def _start(endpoint: InferenceEndpoint, *, repository: str, timeout: float) -> InferenceEndpoint:
    name = endpoint.name
    if endpoint.repository != repository:
        raise RepositoryMismatchError(
            f"endpoint {name} serves {endpoint.repository}, not {repository}. Choose another "
            "name, or delete it first",
            endpoint_name=name,
        )
    if endpoint.status in ("paused", "scaledToZero"):
        endpoint.resume()
    return wait_until_running(endpoint, timeout=timeout)


def wait_until_running(
    endpoint: InferenceEndpoint,
    *,
    timeout: float = TIMEOUT_SECONDS,
    refresh_every: float = REFRESH_SECONDS,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> InferenceEndpoint:
    """Wait until the endpoint runs and its health route answers, showing state and cost.

    Unlike ``endpoint.wait()`` it is bounded by default and does not wait for what never comes.
    Interrupting it is safe: it says what goes on billing.

    Args:
        endpoint: refreshed in place.
        timeout: most seconds to wait.
        refresh_every: seconds between two looks.
        now, sleep: the clock; tests pass their own.

    Returns:
        The same endpoint.

    Raises:
        EndpointFailedError: it failed; the message has the end of its log.
        EndpointStoppedError: it is paused or at zero, so nobody starts it.
        EndpointTimeoutError: the time is over. The endpoint may go on starting, and billing.
    """
    price = price_per_hour(endpoint)
    start = now()
    progress = Progress(endpoint.name)
    try:
        while not _is_ready(endpoint):
            waited = now() - start
            if waited >= timeout:
                raise EndpointTimeoutError(
                    f"endpoint {endpoint.name} is {endpoint.status} after {timeout:.0f} s and "
                    f"bills up to ${price:.2f} per hour. Wait longer with "
                    "wait_until_running(endpoint, timeout=…), or stop it with endpoint.pause()",
                    endpoint_name=endpoint.name,
                )
            cost = cost_of(waited, usd_per_hour=price)
            progress.show(f"{endpoint.status}, {waited:.0f} s, up to ${cost:.2f} so far")
            sleep(refresh_every)
            endpoint.fetch()
    except KeyboardInterrupt:
        progress.finish(
            f"interrupted: the endpoint is {endpoint.status} and bills up to ${price:.2f} per "
            "hour until endpoint.pause()"
        )
        raise
    except Exception:
        progress.finish(endpoint.status)
        raise
    progress.finish("running")
    return endpoint


@contextmanager
def pause_on_exit(endpoint: InferenceEndpoint) -> Iterator[InferenceEndpoint]:
    """Pause the endpoint at the end of a ``with`` block, also after an error or an interrupt.

    An endpoint that was deleted inside the block, or has failed, is left alone.

    Raises:
        HfHubHTTPError: it could not be paused and may go on billing.
    """
    try:
        yield endpoint
    finally:
        try:
            endpoint.pause()
        except HfHubHTTPError as error:
            if error.response.status_code != NOT_FOUND and not _has_failed(endpoint):
                print(
                    f"endpoint {endpoint.name} could not be paused: check what it costs with "
                    "still_billing()",
                    file=sys.stderr,
                )
                raise


def _has_failed(endpoint: InferenceEndpoint) -> bool:
    """A failed endpoint cannot be paused, and need not be: it costs nothing."""
    with suppress(HfHubHTTPError):
        endpoint.fetch()
    return endpoint.status == "failed"


def _find(name: str, namespace: str | None) -> InferenceEndpoint | None:
    # The list is no test for existence: the client reads only its first twenty entries.
    try:
        return get_inference_endpoint(name, namespace=namespace)
    except HfHubHTTPError as error:
        if error.response.status_code == NOT_FOUND:
            return None
        raise


def _find_or_create(name: str, *, namespace: str | None, **wanted: Any) -> InferenceEndpoint:
    found = _find(name, namespace)
    return found or create_inference_endpoint(name, namespace=namespace, **wanted)


def _is_ready(endpoint: InferenceEndpoint) -> bool:
    if endpoint.status in ("failed", "updateFailed"):
        log_tail = _log_tail(endpoint)
        raise EndpointFailedError(
            f"endpoint {endpoint.name} is {endpoint.status}. The end of its log:\n{log_tail}\n"
            "Correct the settings and delete it with endpoint.delete() before you try again",
            endpoint_name=endpoint.name,
            log_tail=log_tail,
        )
    if endpoint.status in ("paused", "scaledToZero"):
        raise EndpointStoppedError(
            f"endpoint {endpoint.name} is {endpoint.status}: start it with endpoint.resume()",
            endpoint_name=endpoint.name,
        )
    if endpoint.status != "running" or endpoint.url is None:
        return False
    # The state can be ahead of the container: it counts when the health route says so.
    health = f"{endpoint.url.rstrip('/')}/{endpoint.health_route.lstrip('/')}"
    try:
        response = get_session().get(health, headers=build_hf_headers(), timeout=HEALTH_SECONDS)
    except httpx2.TransportError:
        return False
    return bool(response.status_code == 200)


def _log_tail(endpoint: InferenceEndpoint) -> str:
    """The client has no method for logs, the API has a route."""
    response = get_session().get(
        f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/{endpoint.namespace}/{endpoint.name}"
        "/logs",
        params={"tail": LOG_LINES},
        headers=build_hf_headers(),
    )
    if response.status_code != 200:
        return "(the log cannot be read)"
    return str(response.text).strip()
