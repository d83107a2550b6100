"""``/metrics``: what Prometheus would read, and what it counts."""

from __future__ import annotations

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.local_endpoints.containers.conftest import RunningContainer, StartContainer

MESSAGES = [{"role": "user", "content": "the fox"}]


def samples(container: RunningContainer) -> dict[str, float]:
    """Every sample by its name, the labels behind it."""
    reply = container.get("/metrics")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    return {
        # The parser gives every counter the ending that TGI's do not have.
        sample.name.removesuffix("_total")
        + "".join(f"{{{name}={value}}}" for name, value in sample.labels.items()): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }


def test_what_is_asked_and_answered_is_counted(start_container: StartContainer) -> None:
    container = start_container()
    before = samples(container)
    assert before["tgi_queue_size"] == before["tgi_batch_current_size"] == 0
    assert before["tgi_batch_max_total_tokens"] > 0
    assert "tgi_request_count" not in before

    generate: dict[str, Any] = {"inputs": "the fox", "parameters": {"max_new_tokens": 5}}
    for path in ("/generate", "/generate_stream"):
        assert container.post(path, generate).status == 200
    now = samples(container)
    assert (now["tgi_request_count"], now["tgi_request_success"]) == (2, 2)
    assert now["tgi_request_generated_tokens_sum"] == 10
    assert now["tgi_request_generated_tokens_bucket{le=4}"] == 0
    assert now["tgi_request_generated_tokens_bucket{le=5}"] == 2
    assert now["tgi_request_max_new_tokens_sum"] == 10
    assert now["tgi_request_input_length_count"] == now["tgi_request_duration_count"] == 2
    assert now["tgi_request_duration_bucket{le=+Inf}"] == 2
    parts = ("validation", "queue", "inference")
    together = sum(now[f"tgi_request_{part}_duration_sum"] for part in parts)
    assert abs(together - now["tgi_request_duration_sum"]) < 1e-6

    # The routes of OpenAI's kind are counted themselves, and once more for each generation.
    container.post("/v1/chat/completions", {"messages": MESSAGES, "max_tokens": 2})
    container.post("/v1/completions", {"prompt": ["a", "b"], "max_tokens": 2})
    container.post("/chat_tokenize", {"messages": MESSAGES})
    now = samples(container)
    assert (now["tgi_request_count"], now["tgi_request_success"]) == (2 + 2 + 3 + 1, 5)


def test_failures_are_counted_by_their_kind(start_container: StartContainer) -> None:
    container = start_container()
    container.post("/generate", {"inputs": ""})
    container.post("/generate_stream", {"inputs": ""})
    container.post("/v1/completions", {"prompt": "a", "suffix": "b"})
    container.post("/v1/chat/completions", {"messages": [{"role": "system", "content": "a"}]})
    grammar = {"type": "regex", "value": "("}
    container.post("/generate", {"inputs": "a", "parameters": {"grammar": grammar}})
    failed = {
        name: value
        for name, value in samples(container).items()
        if name.startswith("tgi_request_failure")
    }
    assert failed == {
        "tgi_request_failure{err=validation}": 3,
        "tgi_request_failure{err=template}": 1,
        "tgi_request_failure{err=generation}": 1,
    }


def test_it_reads_as_tgis_exporter_writes(container: RunningContainer) -> None:
    container.post("/generate", {"inputs": "the fox", "parameters": {"max_new_tokens": 1}})
    text = container.get("/metrics").text
    assert "# HELP tgi_queue_size Current queue size\n# TYPE tgi_queue_size gauge\n" in text
    assert 'tgi_request_duration_bucket{le="0.00015000000000000001"} ' in text
    assert "\n\n# TYPE tgi_batch_max_total_tokens gauge\ntgi_batch_max_total_tokens " in text
    assert "_total " not in text
    assert "e-0" not in text
