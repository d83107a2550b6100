"""``/metrics``: what happened, under vLLM's names (v1/metrics/loggers.py, v1/metrics/buckets.py).

Of vLLM's metrics those are here whose value a pocket engine has: no caches, no speculative
decoding, no adapters. Names, texts, labels and buckets are vLLM's.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from local_endpoints.containers.vllm.outputs import Answer
from local_endpoints.engine.text.part import TextEngine
from local_endpoints.engine.text.request import Request as EngineRequest

_LATENCY = (
    *(0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0),
    *(120.0, 240.0, 480.0, 960.0, 1920.0, 7680.0),
)
_FIRST_TOKEN = (
    *(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5),
    *(10.0, 20.0, 40.0, 80.0, 160.0, 640.0, 2560.0),
)
_BETWEEN_TOKENS = (
    *(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5),
    *(10.0, 20.0, 40.0, 80.0),
)
_LABELS = ("model_name", "engine")

GAUGES = {
    "num_requests_running": "Number of requests in model execution batches.",
    "num_requests_waiting": "Number of requests waiting to be processed.",
}
COUNTERS = {
    "prompt_tokens": "Number of prefill tokens processed.",
    "generation_tokens": "Number of generation tokens processed.",
}
TOKEN_HISTOGRAMS = {
    "request_prompt_tokens": "Number of prefill tokens processed.",
    "request_generation_tokens": "Number of generation tokens processed.",
}
HISTOGRAMS = {
    "time_to_first_token_seconds": ("Histogram of time to first token in seconds.", _FIRST_TOKEN),
    "request_time_per_output_token_seconds": (
        "Histogram of time_per_output_token_seconds per request.",
        _BETWEEN_TOKENS,
    ),
    "e2e_request_latency_seconds": ("Histogram of e2e request latency in seconds.", _LATENCY),
    "request_queue_time_seconds": (
        "Histogram of time spent in WAITING phase for request.",
        _LATENCY,
    ),
    "request_inference_time_seconds": (
        "Histogram of time spent in RUNNING phase for request.",
        _LATENCY,
    ),
    "request_prefill_time_seconds": (
        "Histogram of time spent in PREFILL phase for request.",
        _LATENCY,
    ),
    "request_decode_time_seconds": (
        "Histogram of time spent in DECODE phase for request.",
        _LATENCY,
    ),
}


class Metrics:
    """Counts the answers of one engine.

    Args:
        engine: asked for its queue when somebody looks.
        model: the served name, a label of every metric.
        context: tokens of prompt and answer together, which bounds the buckets of tokens.
    """

    def __init__(self, engine: TextEngine, *, model: str, context: int) -> None:
        self._engine = engine
        self._registry = registry = CollectorRegistry()
        self._model = model
        powers = (digit * 10.0**power for power in range(10) for digit in (1, 2, 5))
        tokens = tuple(step for step in powers if step <= context)
        self._gauges = {
            name: Gauge(f"vllm:{name}", text, _LABELS, registry=registry).labels(model, "0")
            for name, text in GAUGES.items()
        }
        self._counters = {
            name: Counter(f"vllm:{name}", text, _LABELS, registry=registry).labels(model, "0")
            for name, text in COUNTERS.items()
        }
        shapes = {**HISTOGRAMS, **{name: (text, tokens) for name, text in TOKEN_HISTOGRAMS.items()}}
        self._histograms = {
            name: Histogram(
                f"vllm:{name}", text, _LABELS, registry=registry, buckets=buckets
            ).labels(model, "0")
            for name, (text, buckets) in shapes.items()
        }
        self._success = Counter(
            "vllm:request_success",
            "Count of successfully processed requests.",
            (*_LABELS, "finished_reason"),
            registry=registry,
        )
        for reason in ("stop", "length", "abort", "error"):
            self._success.labels(model, "0", reason)

    def observe(self, request: EngineRequest, answer: Answer) -> None:
        """Take note of an answer that has ended."""
        read, written = len(request.prompt), len(answer.tokens)
        self._counters["prompt_tokens"].inc(read)
        self._counters["generation_tokens"].inc(written)
        self._success.labels(self._model, "0", answer.finish_reason).inc()
        queued, started = request.queued_at, request.started_at
        first, last = answer.first_at, answer.last_at
        values = {
            "request_prompt_tokens": read,
            "request_generation_tokens": written,
            "time_to_first_token_seconds": first - queued,
            "e2e_request_latency_seconds": last - queued,
            "request_queue_time_seconds": started - queued,
            "request_inference_time_seconds": last - started,
            "request_prefill_time_seconds": first - started,
            "request_decode_time_seconds": last - first,
        }
        if written > 1:
            values["request_time_per_output_token_seconds"] = (last - first) / (written - 1)
        for name, value in values.items():
            self._histograms[name].observe(value)

    async def route(self, request: Request) -> Response:
        """``GET /metrics``, in Prometheus' text format."""
        self._gauges["num_requests_running"].set(self._engine.active_count)
        self._gauges["num_requests_waiting"].set(self._engine.waiting_count)
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)
