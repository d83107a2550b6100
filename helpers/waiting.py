"""Wait for an endpoint within limits, and say what it costs meanwhile."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import httpx2
from huggingface_hub import InferenceEndpoint, constants, get_session
from huggingface_hub.utils import build_hf_headers

from helpers.answers import call_for, persistently, plain_words
from helpers.errors import (
    CourseError,
    EndpointFailedError,
    EndpointLostError,
    EndpointStoppedError,
    EndpointTimeoutError,
    RefusedError,
)
from helpers.parameters import check_timeout
from helpers.progress import Progress
from helpers.safety import require_endpoint
from helpers.spending import cost_of, price_per_hour

TIMEOUT_SECONDS = 1200.0
"""Twenty minutes: the real service was seen to take eight for a large model (October 2026)."""
REFRESH_SECONDS = 0.5
HEALTH_SECONDS = 10.0
LOG_LINES = 20


def wait_until_running(
    endpoint: InferenceEndpoint,
    *,
    timeout: float = TIMEOUT_SECONDS,
    refresh_every: float = REFRESH_SECONDS,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> InferenceEndpoint:
    """Wait until the endpoint runs and its health route answers, showing state and cost.

    Unlike ``endpoint.wait()`` it is bounded by default, does not wait for what never comes, and
    survives a network or a service that stumbles for some seconds. Interrupting it is safe: it
    says what goes on billing.

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
        EndpointLostError: the service no longer answers. The same holds.
        RefusedError: the endpoint was deleted meanwhile (404), or the token may not read it.
    """
    require_endpoint(endpoint)
    check_timeout(timeout)
    cost = _Cost(endpoint)
    progress = Progress(endpoint.name)
    looks = watch(endpoint, timeout=timeout, refresh_every=refresh_every, now=now, sleep=sleep)
    try:
        for waited in looks:
            progress.show(f"{endpoint.status}, {waited:.0f} s, {cost.after(waited)} so far")
    except KeyboardInterrupt:
        progress.finish(
            f"interrupted: the endpoint is {endpoint.status} and {cost.hourly} until "
            f"{_call(endpoint)}.pause()"
        )
        raise
    except CourseError:
        progress.finish(endpoint.status)
        raise
    progress.finish("running")
    return endpoint


def watch(
    endpoint: InferenceEndpoint,
    *,
    timeout: float = TIMEOUT_SECONDS,
    refresh_every: float = REFRESH_SECONDS,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[float]:
    """What ``wait_until_running`` does, without a word: for whoever shows the progress elsewhere.

    Args:
        endpoint, timeout, refresh_every, now, sleep: see ``wait_until_running``.

    Yields:
        Seconds waited so far, after every look at an endpoint that does not run yet. The end of
        the iteration means that it runs.

    Raises:
        CourseError: as ``wait_until_running``.
    """
    start = now()
    while not _answers(endpoint):
        waited = now() - start
        if waited >= timeout:
            raise EndpointTimeoutError(
                f"endpoint {endpoint.name} is {endpoint.status} after {timeout:.0f} s and "
                f"{_Cost(endpoint).hourly}. Wait on with wait_until_running({_call(endpoint)}), or "
                f"stop it with {_call(endpoint)}.pause()",
                endpoint_name=endpoint.name,
            )
        yield waited
        sleep(refresh_every)
        _look(endpoint, sleep=sleep)


class _Cost:
    """What waiting costs, in words. A price that cannot be read is no reason not to wait."""

    def __init__(self, endpoint: InferenceEndpoint) -> None:
        try:
            self._price = price_per_hour(endpoint)
        except CourseError:
            self._price = math.nan

    @property
    def hourly(self) -> str:
        """What goes on as long as nobody stops the endpoint."""
        if math.isnan(self._price):
            return "bills at a price that cannot be read now"
        return f"bills up to ${self._price:.2f} per hour"

    def after(self, seconds: float) -> str:
        """What that many seconds cost at most."""
        if math.isnan(self._price):
            return "at an unknown price"
        return f"up to ${cost_of(seconds, usd_per_hour=self._price):.2f}"


def _call(endpoint: InferenceEndpoint) -> str:
    return call_for(endpoint.name, endpoint.namespace)


def _look(endpoint: InferenceEndpoint, *, sleep: Callable[[float], None]) -> None:
    """Refresh the endpoint's state."""
    try:
        with plain_words(f"looking at endpoint {endpoint.name}"):
            persistently(endpoint.fetch, sleep=sleep)
    except CourseError as error:
        if isinstance(error, RefusedError) and error.status < 500:
            raise
        raise EndpointLostError(
            f"{error}. Endpoint {endpoint.name} was {endpoint.status} when it was last seen, and "
            f"{_Cost(endpoint).hourly} as long as nobody pauses it. Once the service answers: wait "
            f"on with wait_until_running({_call(endpoint)}), or stop it with "
            f"{_call(endpoint)}.pause()",
            endpoint_name=endpoint.name,
        ) from None


def _answers(endpoint: InferenceEndpoint) -> bool:
    """Whether it can be used: the state can be ahead of the container, so the health route
    counts."""
    _require_hope(endpoint)
    if endpoint.status != "running" or endpoint.url is None:
        return False
    health = f"{endpoint.url.rstrip('/')}/{endpoint.health_route.lstrip('/')}"
    try:
        response = get_session().get(health, headers=build_hf_headers(), timeout=HEALTH_SECONDS)
    except httpx2.HTTPError:
        return False
    return bool(response.status_code == 200)


def _require_hope(endpoint: InferenceEndpoint) -> None:
    """Raises: EndpointFailedError, EndpointStoppedError when waiting would never end."""
    if endpoint.status in ("failed", "updateFailed"):
        log_tail = _log_tail(endpoint)
        raise EndpointFailedError(
            f"endpoint {endpoint.name} is {endpoint.status}. The end of its log:\n{log_tail}\n"
            f"Correct the settings, delete it with {_call(endpoint)}.delete(), and try again",
            endpoint_name=endpoint.name,
            log_tail=log_tail,
        )
    if endpoint.status in ("paused", "scaledToZero"):
        raise EndpointStoppedError(
            f"endpoint {endpoint.name} is {endpoint.status}: start it with "
            f"{_call(endpoint)}.resume()",
            endpoint_name=endpoint.name,
        )


def _log_tail(endpoint: InferenceEndpoint) -> str:
    """The client has no method for logs, the API has a route."""
    address = (
        f"{constants.INFERENCE_ENDPOINTS_ENDPOINT}/endpoint/{endpoint.namespace}/{endpoint.name}"
    )
    try:
        response = get_session().get(
            f"{address}/logs", params={"tail": LOG_LINES}, headers=build_hf_headers()
        )
    except httpx2.HTTPError:
        return "(the log cannot be read)"
    if response.status_code != 200:
        return "(the log cannot be read)"
    return str(response.text).strip()
