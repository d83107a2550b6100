"""What the Go client of the management API sends and reads, where there is no Go.

These are the requests of issamemari/huggingface-endpoints-client-go 1.9.0, and the fields and types
of its structs; `python -m tests.clients huggingface-endpoints-client-go` runs the client itself.
"""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest

from tests.fakes import MODEL_ID, TGI_IMAGE, Service

TEXT, WHOLE, NUMBER = (str,), (int,), (int, float)
SCALING = {
    "maxReplica": WHOLE,
    "minReplica": WHOLE,
    "scaleToZeroTimeout": WHOLE,
    "measure": {"hardwareUsage": NUMBER, "pendingRequests": NUMBER},
}
USER = {"id": TEXT, "name": TEXT}
ENDPOINT = {
    "accountId": TEXT,
    "compute": {
        **dict.fromkeys(("accelerator", "instanceSize", "instanceType"), TEXT),
        "scaling": SCALING,
    },
    "model": {
        **dict.fromkeys(("framework", "repository", "revision", "task"), TEXT),
        "image": {"tgi": {"url": TEXT, "port": WHOLE}},
        "env": {...: TEXT},
    },
    "name": TEXT,
    "provider": {"region": TEXT, "vendor": TEXT},
    "status": {
        **dict.fromkeys(("createdAt", "updatedAt", "state", "message"), TEXT),
        **dict.fromkeys(("createdBy", "updatedBy"), USER),
        "private": {"serviceName": TEXT},
        "readyReplica": WHOLE,
        "targetReplica": WHOLE,
    },
    "type": TEXT,
}
WISH = {
    "compute": {
        "accelerator": "gpu",
        "instanceSize": "x1",
        "instanceType": "nvidia-l4",
        "scaling": {"maxReplica": 1, "minReplica": 0, "measure": {"pendingRequests": 1.5}},
    },
    "model": {
        "framework": "pytorch",
        "image": {"tgi": {**TGI_IMAGE["tgi"], "health_route": "/health"}},
        "repository": MODEL_ID,
        "task": "text-generation",
        "env": {"MAX_TOTAL_TOKENS": "512"},
    },
    "name": "from-go",
    "provider": {"region": "us-east-1", "vendor": "aws"},
    "type": "protected",
}


def is_read(value: Any, kind: Any) -> bool:
    """Whether Go's decoder takes a value for a field: null for all, and no text for a number."""
    if value is None:
        return True
    if isinstance(kind, tuple):
        return isinstance(value, kind) and not isinstance(value, bool)
    return isinstance(value, dict) and all(
        is_read(each, kind[name if name in kind else ...])
        for name, each in value.items()
        if name in kind or ... in kind
    )


class Client:
    """Speaks as Go does: the content's type also where there is no content."""

    def __init__(self, service: Service, namespace: str) -> None:
        self._service = service
        self._base = f"/v2/endpoint/{namespace}"

    def __call__(self, method: str, path: str = "", body: Any = None) -> tuple[int, Any, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self._service.server.port, timeout=10)
        content = b"" if body is None else json.dumps(body).encode() + b"\n"
        headers = {"User-Agent": "Go-http-client/1.1", "Content-Type": "application/json"}
        url = f"{self._base}/{path}" if path else self._base
        connection.request(method, url, content or None, {**self._service.headers, **headers})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text), answer.headers


@pytest.fixture
def client(service: Service) -> Client:
    return Client(service, "local-user")


def test_the_life_of_an_endpoint(client: Client, service: Service) -> None:
    status, made, headers = client("POST", body=WISH)
    assert status == 200 and is_read(made, ENDPOINT), made
    assert (made["status"]["state"], made["type"]) == ("pending", "private")
    warnings = " ".join(headers.get_all("X-Local-Warning"))
    assert "health_route" in warnings and "protected" in warnings
    service.tick(3)
    status, got, _ = client("GET", "from-go")
    assert status == 200 and is_read(got, ENDPOINT), got
    assert got["status"]["createdBy"]["name"] == "local-user"
    compute = {**WISH["compute"], "scaling": {"maxReplica": 2, "minReplica": 0}}
    status, changed, _ = client("PUT", "from-go", {"compute": compute})
    assert status == 200 and is_read(changed, ENDPOINT)
    assert changed["compute"]["scaling"]["maxReplica"] == 2
    status, listed, _ = client("GET")
    assert status == 200 and [each["name"] for each in listed["items"]] == ["from-go"]
    assert is_read(listed["items"][0], ENDPOINT)
    assert client("DELETE", "from-go")[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nowhere", None, 404),
        ("DELETE", "nowhere", None, 404),
        ("PUT", "nowhere", {}, 404),
        ("POST", "", {**WISH, "name": "no"}, 400),
    ],
)
def test_a_refusal_is_read_whole(
    client: Client, method: str, path: str, body: Any, status: int
) -> None:
    answered, refusal, _ = client(method, path, body)
    assert answered == status
    assert set(refusal) == {"error", "code"}
