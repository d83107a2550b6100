"""What the panel reads from routes that the client has no method for."""

from __future__ import annotations

import time

import pytest
import requests
from huggingface_hub import InferenceEndpoint

from helpers.panel.management import read_metrics
from tests.fakes import Service


@pytest.mark.parametrize("ahead", [0, 3 * 86_400], ids=["on time", "put forward"])
def test_graphs_are_those_of_the_services_own_last_while(
    connected: Service, endpoint: InferenceEndpoint, ahead: float
) -> None:
    connected.clock.advance(seconds=time.time() - connected.clock.now() + ahead)
    assert requests.get(f"{endpoint.url}/", headers=connected.headers, timeout=20).ok
    found = read_metrics(endpoint.fetch(), seconds=1800)
    statuses = [series["statusCode"] for series in found["responseStatusCode"]["series"]]
    assert statuses == ["200"]
