"""``/metrics``: what Prometheus reads, by TGI's names (router/src/server.rs, backends/v3).

TGI's counters do not end in ``_total``, as `prometheus_client` would have it, so the text is
written here. Left out is what happens inside a batch (``tgi_batch_inference_*``,
``tgi_batch_forward_*``, ``tgi_batch_decode_*``, ``tgi_batch_filter_*``, ``tgi_batch_concat*``,
``tgi_batch_next_size``) and ``tgi_request_skipped_tokens``, for there is no speculation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response

from local_endpoints.containers.text.errors import (
    ImageRefused,
    InvalidRequest,
    Overloaded,
    RequestError,
    TemplateRefused,
)
from local_endpoints.containers.text.intake import Observer
from local_endpoints.containers.tgi.errors import CompletionRefused, ToolRefused
from local_endpoints.engine.text.request import Finish, Request

COUNTERS: Mapping[str, str] = {
    "tgi_request_count": "Total number of requests",
    "tgi_request_success": "Number of successful requests",
    "tgi_request_failure": "",
}
GAUGES: Mapping[str, str] = {
    "tgi_batch_current_max_tokens": "Maximum tokens for the current batch",
    "tgi_batch_current_size": "Current batch size",
    "tgi_batch_max_total_tokens": "",
    "tgi_queue_size": "Current queue size",
}
DURATIONS: Mapping[str, str] = {
    "tgi_request_duration": "Request duration",
    "tgi_request_inference_duration": "Request inference duration",
    "tgi_request_mean_time_per_token_duration": "Mean time per token per request",
    "tgi_request_queue_duration": "Request queue duration",
    "tgi_request_validation_duration": "Request validation duration",
}
"""In seconds."""

COUNTS: Mapping[str, str] = {
    "tgi_request_generated_tokens": "Generated tokens per request",
    "tgi_request_input_length": "Input token length per request",
    "tgi_request_max_new_tokens": "Maximum new tokens per request",
}
"""In tokens."""

DURATION_BUCKETS = [0.0001 * 1.5**power for power in range(1, 36)]

_FAILURES: Mapping[type[RequestError], str] = {
    Overloaded: "overloaded",
    InvalidRequest: "validation",
    ImageRefused: "validation",
    CompletionRefused: "validation",
    TemplateRefused: "template",
}


class Metrics(Observer):
    """What the routes and the intake have counted; one for a container.

    Args:
        max_input_tokens, max_total_tokens: the ranges of what is counted in tokens.
        gauges: what is so now, by the names of `GAUGES`.
    """

    def __init__(
        self,
        *,
        max_input_tokens: int,
        max_total_tokens: int,
        gauges: Callable[[], Mapping[str, float]],
    ) -> None:
        self._gauges = gauges
        self._counters: Counter[tuple[str, str]] = Counter()
        self._histograms = {name: _Histogram(DURATION_BUCKETS) for name in DURATIONS}
        for name in COUNTS:
            most = max_input_tokens if name == "tgi_request_input_length" else max_total_tokens
            self._histograms[name] = _Histogram([most / 100 * (each + 1) for each in range(100)])

    def asked(self) -> None:
        """A request came. TGI counts the OpenAI-style routes, and each generation of theirs."""
        self._counters["tgi_request_count", ""] += 1

    def accepted(self, request: Request) -> None:
        """A request passed its checks."""
        self._histograms["tgi_request_input_length"].record(len(request.prompt))
        self._histograms["tgi_request_max_new_tokens"].record(request.max_new_tokens)

    def finished(self, request: Request, finish: Finish, *, arrived: float, ended: float) -> None:
        """A request was answered to its end; times in seconds of the engine's clock."""
        self._counters["tgi_request_success", ""] += 1
        for name, value in {
            "tgi_request_duration": ended - arrived,
            "tgi_request_validation_duration": request.queued_at - arrived,
            "tgi_request_queue_duration": request.started_at - request.queued_at,
            "tgi_request_inference_duration": ended - request.started_at,
            "tgi_request_mean_time_per_token_duration": (ended - request.started_at)
            / finish.generated_tokens,
            "tgi_request_generated_tokens": finish.generated_tokens,
        }.items():
            self._histograms[name].record(value)

    def failed(self, error: RequestError) -> None:
        """A request gets no answer, or not all of it."""
        if not isinstance(error, ToolRefused):
            kind = _FAILURES.get(type(error), "generation")
            self._counters["tgi_request_failure", f'{{err="{kind}"}}'] += 1

    async def metrics(self, request: HttpRequest) -> Response:
        """``GET /metrics``."""
        return PlainTextResponse("\n".join(self._lines()) + "\n")

    def _lines(self) -> Iterator[str]:
        for name, about in COUNTERS.items():
            counted = [
                f"{name}{label} {value}"
                for (each, label), value in self._counters.items()
                if each == name
            ]
            if counted:
                yield from (*_head(name, about, "counter"), *counted, "")
        now = self._gauges()
        for name, about in GAUGES.items():
            yield from (*_head(name, about, "gauge"), f"{name} {_number(now[name])}", "")
        for name, about in {**COUNTS, **DURATIONS}.items():
            histogram = self._histograms[name]
            if histogram.count:
                yield from (*_head(name, about, "histogram"), *histogram.lines(name), "")


class _Histogram:
    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._buckets = [0] * (len(bounds) + 1)
        self._sum = 0.0
        self.count = 0

    def record(self, value: float) -> None:
        self._buckets[bisect_left(self._bounds, value)] += 1
        self._sum += value
        self.count += 1

    def lines(self, name: str) -> Iterator[str]:
        below = 0
        for bound, inside in zip(self._bounds, self._buckets, strict=False):
            below += inside
            yield f'{name}_bucket{{le="{_number(bound)}"}} {below}'
        yield f'{name}_bucket{{le="+Inf"}} {self.count}'
        yield f"{name}_sum {_number(self._sum)}"
        yield f"{name}_count {self.count}"


def _head(name: str, about: str, kind: str) -> list[str]:
    return [*([f"# HELP {name} {about}"] if about else []), f"# TYPE {name} {kind}"]


def _number(value: float) -> str:
    # As Rust writes it: never with an exponent.
    return np.format_float_positional(value, trim="-")
