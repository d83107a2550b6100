"""What goes through, there and back."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
from typing import Any

import pytest

from local_endpoints.control_plane.endpoint import Endpoint
from tests.fakes import Service
from tests.local_endpoints.gateway.conftest import (
    Container,
    call,
    connect,
    in_flight,
)
from tests.patience import WAIT_SECONDS, eventually


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("", "/", ""),
        ("/", "/", ""),
        ("/generate", "/generate", ""),
        ("?a=1", "/", "a=1"),
        ("/v1/models/a%2Fb", "/v1/models/a%2Fb", ""),
        ("/a%20b/%C3%A9", "/a%20b/%C3%A9", ""),
        ("/x?a=%2B&b=1+2&c=%26&d", "/x", "a=%2B&b=1+2&c=%26&d"),
        ("/x?a=b%20c&a=%25", "/x", "a=b%20c&a=%25"),
        ("//double//slashes/", "//double//slashes/", ""),
        ("/a/../b/./c", "/a/../b/./c", ""),
        ("/x;y=1,2:3@4", "/x;y=1,2:3@4", ""),
        ("/%7Etilde~", "/%7Etilde~", ""),
    ],
)
def test_path_and_query_arrive_byte_by_byte(
    service: Service, endpoint: Endpoint, target: str, path: str, query: str
) -> None:
    connection = connect(service, endpoint, target)
    seen = json.loads(connection.getresponse().read())
    connection.close()
    assert (seen["path"], seen["query"]) == (path, query)


@pytest.mark.parametrize(
    "target",
    [
        *("/../x", "/..", "/a/../../x", "/..?a=1", "/a/..//x", "//../x"),
        *("/%2e%2e/x", "/.%2E/x", "/..%2fx", "/a%2F..%2Fx", "/..\\x", "/a%5c..%5Cx"),
    ],
)
def test_no_path_leads_out_of_the_one_that_the_replicas_address_has(
    service: Service, container: Container, target: str
) -> None:
    service.launcher.url = f"{container.server.url}/below"
    endpoint = service.create_running()
    connection = connect(service, endpoint, target)
    answer = connection.getresponse()
    text = json.loads(answer.read())["error"]
    connection.close()
    assert (answer.status, text) == (400, "Bad Request: the path leads out of the endpoint")
    assert container.requests == []
    assert eventually(lambda: in_flight(service, endpoint) == 0)


@pytest.mark.parametrize("target", ["/..a/b../.../x", "/./x", "/a%2Fb?c=/../d", "//x/"])
def test_every_other_path_is_put_behind_it_byte_by_byte(
    service: Service, container: Container, target: str
) -> None:
    service.launcher.url = f"{container.server.url}/below"
    connection = connect(service, service.create_running(), target)
    seen = json.loads(connection.getresponse().read())
    connection.close()
    assert f"{seen['path']}?{seen['query']}".removesuffix("?") == f"/below{target}"


@pytest.mark.parametrize("target", ["/../x", "/%2e%2E/x", "/..%2fx", "/..\\x"])
def test_where_it_has_none_dots_are_the_replicas_business(
    service: Service, endpoint: Endpoint, target: str
) -> None:
    connection = connect(service, endpoint, target)
    assert json.loads(connection.getresponse().read())["path"] == target
    connection.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_methods(service: Service, endpoint: Endpoint, method: str) -> None:
    assert call(service, endpoint, method=method).json()["method"] == method


def test_head(service: Service, container: Container, endpoint: Endpoint) -> None:
    answer = call(service, endpoint, "/large", method="HEAD")
    assert answer.status_code == 200
    assert answer.content == b""
    assert container.requests[-1]["method"] == "HEAD"


def test_request_headers(service: Service, endpoint: Endpoint) -> None:
    sent = {
        "X-Custom": "kept",
        "Accept": "text/event-stream",
        "User-Agent": "a-client",
        "X-Amzn-Trace-Id": "abc",
        "Connection": "keep-alive, X-Hop",
        "X-Hop": "dropped",
        "Keep-Alive": "timeout=1",
        "TE": "trailers",
        "X-Replica-Key": "forged",
        "Proxy-Authorization": "Basic x",
    }
    seen = call(service, endpoint, headers=sent, json={}).json()["headers"]
    names = [name for name, _ in seen]
    values = dict(seen)
    assert values["x-custom"] == "kept"
    assert values["accept"] == "text/event-stream"
    assert values["user-agent"] == "a-client"
    assert values["content-type"] == "application/json"
    assert values["x-amzn-trace-id"] == "abc"
    assert values["x-replica-key"] == "the-replica-key"
    assert not {"x-hop", "keep-alive", "te", "proxy-authorization"} & set(names)
    assert len(names) == len(set(names))


def test_no_header_is_made_up(service: Service, endpoint: Endpoint) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=20)
    connection.putrequest("GET", f"/{endpoint.id}/x", skip_accept_encoding=True)
    connection.putheader("Authorization", f"Bearer {service.token}")
    connection.endheaders()
    seen = dict(json.loads(connection.getresponse().read())["headers"])
    connection.close()
    assert set(seen) <= {"host", "x-replica-key", "connection"}


def test_answer_headers(service: Service, endpoint: Endpoint) -> None:
    connection = connect(service, endpoint, "/odd-headers")
    answer = connection.getresponse()
    headers = [(name.lower(), value) for name, value in answer.getheaders()]
    connection.close()
    assert answer.status == 418
    assert ("x-compute-type", "cpu") in headers
    assert [value for name, value in headers if name == "set-cookie"] == ["a=1", "b=2"]
    names = [name for name, _ in headers]
    assert names.count("x-request-id") == names.count("date") == 1
    assert ("x-request-id", "of-the-container") not in headers
    assert not {"x-replica-key", "keep-alive"} & set(names)


def test_a_cookie_is_of_the_caller_who_sends_it(service: Service, container: Container) -> None:
    # A jar of aiohttp takes none from a server whose name is a number.
    service.launcher.url = f"http://localhost:{container.server.port}"
    endpoint = service.create_running()
    assert call(service, endpoint, "/odd-headers").cookies.get_dict() == {"a": "1", "b": "2"}
    other = dict(call(service, endpoint).json()["headers"])
    assert "cookie" not in other
    again = dict(call(service, endpoint, headers={"Cookie": "a=3; c"}).json()["headers"])
    assert again["cookie"] == "a=3; c"


def test_what_the_replica_asks_for_passes_between_gateway_and_replica_alone(
    service: Service, container: Container
) -> None:
    endpoint = service.create_running(type="public")
    wanted = {"Authorization": "Bearer of-the-gateway", "X-Compute-Type": "any"}
    service.launcher.last.headers = wanted
    seen = call(service, endpoint, headers={"x-compute-type": "forged"}).json()["headers"]
    assert sorted(value for name, value in seen if name in ("authorization", "x-compute-type")) == [
        "Bearer of-the-gateway",
        "any",
    ]
    assert "x-compute-type" not in call(service, endpoint, "/odd-headers").headers


def test_redirects_are_the_clients_business(service: Service, endpoint: Endpoint) -> None:
    answer = call(service, endpoint, "/redirect", allow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "http://other.example/"


def test_encoded_answers_are_left_alone(service: Service, endpoint: Endpoint) -> None:
    connection = connect(service, endpoint, "/gzip", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    assert answer.getheader("content-encoding") == "gzip"
    assert answer.read() == b"not really gzip"
    connection.close()


def test_answers_without_a_body(service: Service, endpoint: Endpoint) -> None:
    answer = call(service, endpoint, "/no-content")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("chunked", [False, True])
def test_large_request_bodies(service: Service, endpoint: Endpoint, chunked: bool) -> None:
    data = bytes(range(256)) * 40_000
    body: Any = iter([data[:5_000_000], data[5_000_000:]]) if chunked else data
    seen = call(service, endpoint, data=body).json()
    assert seen["size"] == len(data)
    assert seen["sha256"] == hashlib.sha256(data).hexdigest()
    names = [name for name, _ in seen["headers"]]
    assert ("content-length" in names) != chunked


def test_large_answers(service: Service, endpoint: Endpoint) -> None:
    assert len(call(service, endpoint, "/large").content) == 20_000_000


def test_a_body_with_expect_100_continue(service: Service, endpoint: Endpoint) -> None:
    head = (
        f"POST /{endpoint.id}/generate HTTP/1.1\r\nHost: 127.0.0.1:{service.server.port}\r\n"
        f"Authorization: Bearer {service.token}\r\nContent-Length: 5\r\n"
        "Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", service.server.port), timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"hello")
        answer = b""
        while received := connection.recv(65536):
            answer += received
    assert b"200 OK" in answer
    assert b'"size": 5' in answer


def test_a_refusal_before_the_body_was_read(service: Service, endpoint: Endpoint) -> None:
    answer = call(service, endpoint, "/refuse-unread", data=b"x" * 100_000)
    assert (answer.status_code, answer.text) == (413, "too long")


def test_answers_pass_chunk_by_chunk(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    connection = connect(service, endpoint, "/stream")
    answer = connection.getresponse()
    assert answer.getheader("content-type") == "text/event-stream"
    assert answer.read1(100) == b"one", "the container has not sent more yet"
    container.go_on()
    assert answer.read() == b"two"
    connection.close()


def test_request_bodies_pass_chunk_by_chunk(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=20)
    connection.putrequest("POST", f"/{endpoint.id}/generate")
    connection.putheader("Authorization", f"Bearer {service.token}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(b"5\r\nhello\r\n")
    assert container.first_chunk.wait(WAIT_SECONDS), "the client has not sent more yet"
    connection.send(b"6\r\n world\r\n0\r\n\r\n")
    seen = json.loads(connection.getresponse().read())
    connection.close()
    assert seen["sha256"] == hashlib.sha256(b"hello world").hexdigest()


def test_the_least_busy_replica_is_chosen(service: Service, container: Container) -> None:
    endpoint = service.create_running(scaling={"minReplica": 3, "maxReplica": 3})
    for number, replica in enumerate(service.launcher.launched):
        replica.headers = {"x-replica-key": f"key-{number}"}

    def key_of_next() -> str:
        return str(dict(call(service, endpoint).json()["headers"])["x-replica-key"])

    first, second, third = service.launcher.launched
    first.in_flight, second.in_flight, third.in_flight = 2, 1, 3
    assert key_of_next() == "key-1"
    second.in_flight = 5
    assert key_of_next() == "key-0"
    first.phase = "starting"
    assert key_of_next() == "key-2", "the others are busier or not ready"


def test_simultaneous_requests_spread(service: Service, container: Container) -> None:
    endpoint = service.create_running(scaling={"minReplica": 2, "maxReplica": 2})
    connections = [connect(service, endpoint, "/stream") for _ in range(4)]
    for connection in connections:
        assert connection.getresponse().read1(100) == b"one"
        busy = [replica.in_flight for replica in service.launcher.launched]
    assert busy == [2, 2]
    for connection in connections:
        connection.close()
    assert eventually(lambda: in_flight(service, endpoint) == 0)
    assert eventually(
        lambda: [replica.in_flight for replica in service.launcher.launched] == [0, 0]
    )
