"""The gateway over HTTP, with a container that the test plays."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import requests

from local_endpoints.access import INFER, READ, WRITE
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.gateway import endpoint_id_of
from tests.fakes import WAIT_SECONDS, ServerThread, Service, make_spec


class Container:
    """A container that answers with what it was asked, or misbehaves on paths made for that."""

    def __init__(self, server: ServerThread) -> None:
        self.server = server
        self.requests: list[dict[str, Any]] = []
        self.entered = threading.Event()
        self.first_chunk = threading.Event()
        self.disconnected = threading.Event()
        server.call(self._make_events)

    def _make_events(self) -> None:
        self._go_on = asyncio.Event()

    def go_on(self) -> None:
        """Let ``/stream`` send its second chunk."""
        self.server.call(self._go_on.set)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.requests.append(scope)
        self.entered.set()
        name = scope["path"].strip("/").replace("-", "_") or "echo"
        await getattr(self, f"_{name}", self._echo)(scope, receive, send)

    async def _echo(self, scope: Any, receive: Any, send: Any) -> None:
        digest, size = hashlib.sha256(), 0
        async for chunk in self._body(receive):
            digest.update(chunk)
            size += len(chunk)
        answer = {
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [[name.decode(), value.decode()] for name, value in scope["headers"]],
            "sha256": digest.hexdigest(),
            "size": size,
        }
        await self._send(send, 200, json.dumps(answer).encode())

    async def _body(self, receive: Any) -> Any:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.disconnected.set()
                return
            if message.get("body"):
                self.first_chunk.set()
                yield message["body"]
            if not message.get("more_body"):
                return

    async def _send(self, send: Any, status: int, body: bytes, *headers: Any) -> None:
        start = {"type": "http.response.start", "status": status, "headers": list(headers)}
        await send(start)
        await send({"type": "http.response.body", "body": body})

    async def _stream(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        waiting = asyncio.create_task(self._wait_for_disconnect(receive))
        await asyncio.wait(
            [waiting, asyncio.create_task(self._go_on.wait())],
            return_when=asyncio.FIRST_COMPLETED,
        )
        await send({"type": "http.response.body", "body": b"two", "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        waiting.cancel()

    async def _wait_for_disconnect(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.disconnected.set()

    async def _think(self, scope: Any, receive: Any, send: Any) -> None:
        """A long answer that is not streamed."""
        await self._wait_for_disconnect(receive)

    async def _break_off(self, scope: Any, receive: Any, send: Any) -> None:
        """Dies in the middle of a chunked answer."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    async def _break_off_early(self, scope: Any, receive: Any, send: Any) -> None:
        """Dies in the middle of an answer whose length it has announced."""
        headers = [(b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    async def _odd_headers(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(
            send,
            418,
            b"",
            (b"x-compute-type", b"cpu"),
            (b"set-cookie", b"a=1"),
            (b"set-cookie", b"b=2"),
            (b"x-request-id", b"of-the-container"),
            (b"date", b"Thu, 01 Jan 1970 00:00:00 GMT"),
            (b"x-replica-key", b"leaked"),
            (b"keep-alive", b"timeout=5"),
        )

    async def _redirect(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 307, b"", (b"location", b"http://other.example/"))

    async def _gzip(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 200, b"not really gzip", (b"content-encoding", b"gzip"))

    async def _large(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 200, b"x" * 20_000_000)

    async def _refuse_unread(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 413, b"too long")

    async def _no_content(self, scope: Any, receive: Any, send: Any) -> None:
        await self._send(send, 204, b"")


@pytest.fixture
def container(service: Service, container_server: ServerThread) -> Iterator[Container]:
    container = Container(container_server)
    container_server.app = container
    service.launcher.url = container_server.url
    yield container
    container.go_on()


@pytest.fixture
def endpoint(service: Service, container: Container) -> Endpoint:
    """A running endpoint."""
    return service.create_running()


UNAVAILABLE = "503 Service Unavailable"


def at_zero(service: Service, endpoint: Endpoint) -> None:
    """Scale it to zero and let its replicas drain."""
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    service.clock.advance(seconds=5)


def call(
    service: Service,
    endpoint: Endpoint,
    path: str = "/generate",
    method: str = "POST",
    **options: Any,
) -> requests.Response:
    headers = {**service.headers, **options.pop("headers", {})}
    url = f"{service.url}/{endpoint.id}{path}"
    return requests.request(method, url, headers=headers, timeout=WAIT_SECONDS, **options)


def connect(service: Service, endpoint: Endpoint, target: str, **options: Any) -> Any:
    """Send a request with ``http.client``, which leaves everything as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=WAIT_SECONDS)
    headers = {**service.headers, **options.pop("headers", {})}
    method = options.pop("method", "GET")
    connection.request(method, f"/{endpoint.id}{target}", headers=headers, **options)
    return connection


def error_of(answer: requests.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert "retry-after" not in answer.headers
    return str(answer.json()["error"])


def eventually(condition: Callable[[], bool]) -> None:
    """Wait, within limits, for what another thread is about to do."""
    pause = threading.Event()
    for _ in range(int(WAIT_SECONDS / 0.01)):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it did not happen")


def in_flight(service: Service, endpoint: Endpoint) -> int:
    return service.server.call(lambda: service.lifecycle.deployment(endpoint).in_flight)


@pytest.fixture
def in_background() -> Iterator[Callable[..., Future[Any]]]:
    """Run a call in another thread."""
    with ThreadPoolExecutor() as threads:
        yield threads.submit


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/abcdefgh12345678", True),
        ("/abcdefgh12345678/", True),
        ("/abcdefgh12345678/v1/chat/completions", True),
        ("/1bcdefgh12345678", False),
        ("/ABCDEFGH12345678/x", False),
        ("/abcdefgh1234567", False),
        ("/abcdefgh123456789", False),
        ("/abcdefgh-2345678", False),
        ("/v2/endpoint/local-user", False),
        ("/api/whoami-v2", False),
        ("/", False),
        ("", False),
        ("/äbcdefgh12345678", False),
    ],
)
def test_which_paths_are_endpoints(path: str, found: bool) -> None:
    assert (endpoint_id_of(path) is not None) == found


# Who may call.


@pytest.mark.parametrize("authorization", [None, "", "Bearer ", "Bearer local_wrong", "Basic x"])
@pytest.mark.parametrize("kind", ["authenticated", "private"])
def test_401_without_a_known_token(
    service: Service, container: Container, kind: str, authorization: str | None
) -> None:
    endpoint = service.create_running(type=kind)
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = requests.post(f"{service.url}/{endpoint.id}", headers=headers, timeout=20)
    assert error_of(answer, 401) == "401 Unauthorized"
    assert container.requests == []


def test_403_without_the_permission(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    token = service.access.issue(frozenset({READ, WRITE}))
    answer = call(service, endpoint, headers={"Authorization": f"Bearer {token}"})
    assert f"missing permissions: {INFER}" in error_of(answer, 403)
    assert container.requests == []


def test_the_permission_to_call_is_enough(service: Service, endpoint: Endpoint) -> None:
    token = service.access.issue(frozenset({INFER}))
    answer = call(service, endpoint, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200


def test_anybody_may_call_a_public_endpoint(service: Service, container: Container) -> None:
    endpoint = service.create_running(type="public")
    answer = requests.post(f"{service.url}/{endpoint.id}/generate", timeout=20)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "forwarded"), [("public", True), ("authenticated", False), ("private", False)]
)
def test_a_token_that_was_checked_here_goes_no_further(
    service: Service, container: Container, kind: str, forwarded: bool
) -> None:
    endpoint = service.create_running(type=kind)
    headers = dict(call(service, endpoint).json()["headers"])
    assert ("authorization" in headers) == forwarded


@pytest.mark.parametrize("what", ["401", "403"])
def test_refused_callers_neither_wake_nor_prolong(
    service: Service, endpoint: Endpoint, what: str
) -> None:
    token = "wrong" if what == "401" else service.access.issue(frozenset({READ}))
    headers = {"Authorization": f"Bearer {token}"}
    service.clock.advance(minutes=14)
    assert call(service, endpoint, headers=headers).status_code == int(what)
    service.clock.advance(minutes=1)
    service.tick()
    assert endpoint.state == "scaledToZero"
    assert call(service, endpoint, headers=headers).status_code == int(what)
    assert endpoint.state == "scaledToZero"


# States.


def test_unknown_and_deleted_endpoints_are_404(service: Service, endpoint: Endpoint) -> None:
    answer = requests.get(f"{service.url}/abcdefgh12345678", headers=service.headers, timeout=20)
    assert "no endpoint has this URL" in error_of(answer, 404)
    service.server.call(lambda: service.lifecycle.delete(endpoint))
    assert "no endpoint has this URL" in error_of(call(service, endpoint), 404)


def test_paused_is_400(service: Service, endpoint: Endpoint) -> None:
    service.server.call(lambda: service.lifecycle.pause(endpoint))
    expected = "Bad Request: The endpoint is paused, ask a maintainer to restart it"
    assert error_of(call(service, endpoint), 400) == expected
    assert endpoint.state == "paused"


def test_starting_is_503(service: Service, container: Container) -> None:
    endpoint = service.create()
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE
    service.launcher.ready = False
    service.tick()
    assert endpoint.state == "initializing"
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE


def test_updating_is_503(service: Service, endpoint: Endpoint) -> None:
    service.server.call(lambda: service.lifecycle.update(endpoint, make_spec(tags=["new"])))
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE


@pytest.mark.parametrize("state", ["failed", "updateFailed"])
def test_failed_is_400(service: Service, container: Container, state: str) -> None:
    endpoint = service.create_running() if state == "updateFailed" else service.create()
    service.launcher.ready = False
    if state == "updateFailed":
        service.server.call(lambda: service.lifecycle.update(endpoint, make_spec(tags=["new"])))
    service.tick()
    service.launcher.last.die("out of memory")
    service.tick()
    assert f"error state {state}" in error_of(call(service, endpoint), 400)
    assert endpoint.state == state


def test_at_zero_is_503_and_wakes(service: Service, endpoint: Endpoint) -> None:
    at_zero(service, endpoint)
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE
    assert endpoint.state == "initializing"
    service.tick(2)
    assert call(service, endpoint).status_code == 200


def test_right_after_scaling_to_zero_the_replica_serves_and_nothing_wakes(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    service.clock.advance(seconds=4)
    service.tick()
    assert call(service, endpoint).status_code == 200
    assert endpoint.state == "scaledToZero"
    assert not service.launcher.last.stopped
    service.clock.advance(seconds=1)
    assert error_of(call(service, endpoint), 503) == UNAVAILABLE, "also before the next tick"
    assert endpoint.state == "initializing"
    service.tick()
    first, second = service.launcher.launched
    assert first.stopped and not second.stopped


def test_while_a_drained_replica_is_not_gone_nothing_wakes(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    service.launcher.last.die()
    expected = "Bad Request: workload is not stopped"
    assert error_of(held(service, endpoint), 400) == expected
    assert endpoint.state == "scaledToZero"


def test_requests_prolong_the_idle_time(service: Service, endpoint: Endpoint) -> None:
    for _ in range(3):
        service.clock.advance(minutes=14)
        assert call(service, endpoint).status_code == 200
        # The client has its answer a moment before the gateway is done with the request.
        eventually(lambda: in_flight(service, endpoint) == 0)
        service.tick()
    assert endpoint.state == "running"
    service.clock.advance(minutes=15)
    service.tick()
    assert endpoint.state == "scaledToZero"


def test_a_long_answer_keeps_it_up(
    service: Service,
    container: Container,
    endpoint: Endpoint,
    in_background: Callable[..., Future[Any]],
) -> None:
    answer = in_background(call, service, endpoint, "/stream")
    assert container.entered.wait(WAIT_SECONDS)
    service.clock.advance(minutes=100)
    service.tick()
    assert endpoint.state == "running"
    container.go_on()
    assert answer.result(WAIT_SECONDS).text == "onetwo"
    service.tick()
    assert endpoint.state == "running"


# X-Scale-Up-Timeout.


def held(service: Service, endpoint: Endpoint, seconds: str = "60") -> requests.Response:
    return call(service, endpoint, headers={"X-Scale-Up-Timeout": seconds})


def test_a_request_is_held_until_the_endpoint_runs(
    service: Service,
    container: Container,
    endpoint: Endpoint,
    in_background: Callable[..., Future[Any]],
) -> None:
    service.launcher.ready = False
    at_zero(service, endpoint)
    answer = in_background(held, service, endpoint)
    eventually(lambda: endpoint.state == "initializing")
    service.tick(2)
    assert not answer.done()
    service.launcher.last.become_ready()
    service.tick()
    assert answer.result(WAIT_SECONDS).status_code == 200


def test_a_request_is_held_until_a_dead_replica_is_replaced(
    service: Service,
    container: Container,
    endpoint: Endpoint,
    in_background: Callable[..., Future[Any]],
) -> None:
    service.launcher.ready = False
    service.launcher.last.die()
    service.tick()
    assert endpoint.state == "running"
    answer = in_background(held, service, endpoint)
    eventually(lambda: len(service.lifecycle._waiting) > 0)
    service.launcher.last.become_ready()
    service.tick()
    assert answer.result(WAIT_SECONDS).status_code == 200


def test_the_hold_ends_with_503(service: Service, container: Container) -> None:
    endpoint = service.create()
    assert error_of(held(service, endpoint, "0.01"), 503) == UNAVAILABLE


@pytest.mark.parametrize(
    ("change", "status"), [("pause", 400), ("scale_to_zero", 503), ("delete", 404)]
)
def test_the_hold_ends_when_waiting_is_in_vain(
    service: Service,
    container: Container,
    in_background: Callable[..., Future[Any]],
    change: str,
    status: int,
) -> None:
    endpoint = service.create()
    service.launcher.ready = False
    service.tick()
    answer = in_background(held, service, endpoint)
    eventually(lambda: len(service.lifecycle._waiting) > 0)
    service.server.call(lambda: getattr(service.lifecycle, change)(endpoint))
    error_of(answer.result(WAIT_SECONDS), status)


@pytest.mark.parametrize("seconds", ["x", "-1", "601", "nan", "inf", ""])
def test_bad_hold_times_wake_nothing(service: Service, endpoint: Endpoint, seconds: str) -> None:
    service.server.call(lambda: service.lifecycle.scale_to_zero(endpoint))
    assert "X-Scale-Up-Timeout" in error_of(held(service, endpoint, seconds), 400)
    assert endpoint.state == "scaledToZero"


# What goes through.


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
    eventually(lambda: in_flight(service, endpoint) == 0)
    assert [replica.in_flight for replica in service.launcher.launched] == [0, 0]


# Broken connections.


def test_a_client_that_leaves_a_stream_stops_the_container(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    connection = connect(service, endpoint, "/stream", method="POST", body=b"{}")
    answer = connection.getresponse()
    assert answer.read1(100) == b"one"
    answer.close()
    connection.close()
    assert container.disconnected.wait(WAIT_SECONDS)
    eventually(lambda: in_flight(service, endpoint) == 0)


@pytest.mark.parametrize(("method", "body"), [("POST", b"{}"), ("POST", None), ("GET", None)])
def test_a_client_that_leaves_before_the_answer_stops_the_container(
    service: Service, container: Container, endpoint: Endpoint, method: str, body: bytes | None
) -> None:
    connection = connect(service, endpoint, "/think", method=method, body=body)
    assert container.entered.wait(WAIT_SECONDS)
    connection.close()
    assert container.disconnected.wait(WAIT_SECONDS)
    eventually(lambda: in_flight(service, endpoint) == 0)


def test_half_a_request_is_never_taken_for_a_whole_one(
    service: Service, container: Container, endpoint: Endpoint
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=20)
    connection.putrequest("POST", f"/{endpoint.id}/generate")
    connection.putheader("Authorization", f"Bearer {service.token}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(b"5\r\nhello\r\n")
    assert container.first_chunk.wait(WAIT_SECONDS)
    connection.close()
    assert container.disconnected.wait(WAIT_SECONDS)
    eventually(lambda: in_flight(service, endpoint) == 0)


@pytest.mark.parametrize("path", ["/break-off", "/break-off-early"])
def test_a_container_that_dies_leaves_a_broken_answer(
    service: Service, endpoint: Endpoint, path: str
) -> None:
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        call(service, endpoint, path)
    eventually(lambda: in_flight(service, endpoint) == 0)
    assert call(service, endpoint).status_code == 200


def test_a_container_that_is_gone_is_503(service: Service, container: Container) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        service.launcher.url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        endpoint = service.create_running()
        assert error_of(call(service, endpoint), 503) == UNAVAILABLE
    eventually(lambda: in_flight(service, endpoint) == 0)


def test_many_requests_at_once(
    service: Service, endpoint: Endpoint, in_background: Callable[..., Future[Any]]
) -> None:
    answers = [
        in_background(call, service, endpoint, f"/n{number}", data=b"x" * number)
        for number in range(50)
    ]
    for number, answer in enumerate(answers):
        seen = answer.result(WAIT_SECONDS).json()
        assert (seen["path"], seen["size"]) == (f"/n{number}", number)
    eventually(lambda: in_flight(service, endpoint) == 0)
