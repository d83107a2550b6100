"""The fixtures come with the package ``local_endpoints``: nothing has to be imported for them."""

from __future__ import annotations

import pytest
from huggingface_hub import HfApi, InferenceEndpoint
from huggingface_hub.errors import HfHubHTTPError
from poet import PausedError, write_poem


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


def test_a_paused_endpoint_is_named(text_generation_endpoint: InferenceEndpoint) -> None:
    text_generation_endpoint.pause()
    with pytest.raises(PausedError, match=text_generation_endpoint.name):
        write_poem(text_generation_endpoint, "rivers")


def test_what_a_test_creates_is_gone_after_it(inference_client: HfApi) -> None:
    endpoint = inference_client.create_inference_endpoint_from_catalog("Qwen/Qwen3-1.7B")
    assert endpoint.status == "pending"
