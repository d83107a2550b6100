"""The fixtures come with the package ``local_endpoints``: only types have to be imported."""

from __future__ import annotations

import pytest
from huggingface_hub import HfApi, InferenceEndpoint
from huggingface_hub.errors import HfHubHTTPError, InferenceEndpointError
from poet import PausedError, write_poem

from local_endpoints.pytest_plugin import InferenceClock, InferenceFaults


def test_a_poem(text_generation_endpoint: InferenceEndpoint) -> None:
    poem = write_poem(text_generation_endpoint, "rivers")
    assert poem.strip()
    assert write_poem(text_generation_endpoint, "rivers") == poem, "the seed decides"


def test_a_cold_start_takes_patience(text_generation_endpoint: InferenceEndpoint) -> None:
    text_generation_endpoint.pause()
    text_generation_endpoint.resume()
    with pytest.raises(HfHubHTTPError, match="503"):
        write_poem(text_generation_endpoint, "rivers", patience=0)
    assert write_poem(text_generation_endpoint, "rivers", patience=60)


def test_it_wakes_what_has_slept_over_night(
    text_generation_endpoint: InferenceEndpoint, inference_clock: InferenceClock
) -> None:
    inference_clock.advance(minutes=8 * 60)
    assert text_generation_endpoint.fetch().status == "scaledToZero"
    assert write_poem(text_generation_endpoint, "rivers", patience=60)


def test_a_paused_endpoint_is_named(text_generation_endpoint: InferenceEndpoint) -> None:
    text_generation_endpoint.pause()
    with pytest.raises(PausedError, match=text_generation_endpoint.name):
        write_poem(text_generation_endpoint, "rivers")


def test_what_is_busy_twice_is_asked_three_times(
    text_generation_endpoint: InferenceEndpoint, inference_faults: InferenceFaults
) -> None:
    inference_faults.add("status", status=429, times=2, path="/v1/*")
    assert write_poem(text_generation_endpoint, "rivers", patience=60)
    requests = inference_faults.journal("/v1/chat/completions")
    assert [request["status"] for request in requests] == [429, 429, 200]


def test_a_crash_on_the_way_takes_patience_too(
    text_generation_endpoint: InferenceEndpoint, inference_faults: InferenceFaults
) -> None:
    inference_faults.add("crash", times=1, path="/v1/*")
    assert write_poem(text_generation_endpoint, "rivers", patience=60)
    first, *others = inference_faults.journal("/v1/chat/completions")
    assert (first["status"], others[-1]["status"]) == (503, 200)


def test_a_deployment_that_fails_is_seen(
    inference_client: HfApi, inference_faults: InferenceFaults
) -> None:
    inference_faults.add("deployment", times=1)
    endpoint = inference_client.create_inference_endpoint_from_catalog("Qwen/Qwen3-1.7B")
    with pytest.raises(InferenceEndpointError, match="failed to deploy"):
        endpoint.wait(timeout=60, refresh_every=1)


def test_what_a_test_creates_is_gone_after_it(inference_client: HfApi) -> None:
    endpoint = inference_client.create_inference_endpoint_from_catalog("Qwen/Qwen3-1.7B")
    assert endpoint.status == "pending"
