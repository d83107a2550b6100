"""What holds for every request, whoever answers it: raw sockets send what no client would."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator

import pytest
import requests

from tests.fakes import Service


def exchange(service: Service, request: bytes) -> bytes:
    """Send bytes and return everything that comes back."""
    with socket.create_connection(("127.0.0.1", service.server.port), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        while received := connection.recv(65536):
            answer += received
    return answer


def get(service: Service, *header_lines: str, target: str = "/v2/endpoint/local-user") -> bytes:
    lines = [f"GET {target} HTTP/1.1", *header_lines, "Connection: close", "", ""]
    return exchange(service, "\r\n".join(lines).encode("latin-1"))


def status(answer: bytes) -> int:
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert match, answer[:200]
    return int(match[1])


@pytest.fixture
def authorization(service: Service) -> Iterator[str]:
    yield f"Authorization: Bearer {service.token}"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_loopback_names_are_accepted(service: Service, authorization: str, name: str) -> None:
    assert status(get(service, f"Host: {name}:{service.server.port}", authorization)) == 200


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("Host:",),
        ("Host: ",),
        ("Host: evil.example",),
        ("Host: evil.example:{port}",),
        ("Host: 127.0.0.1",),
        ("Host: 127.0.0.1:1",),
        ("Host: 127.0.0.1:{port}.evil.example",),
        ("Host: 127.0.0.1:{port}, evil.example",),
        ("Host: 127.0.0.1:{port}", "Host: evil.example"),
        ("Host: 0.0.0.0:{port}",),
        ("Host: \xff",),
    ],
)
@pytest.mark.parametrize("target", ["/v2/endpoint/local-user", "/abcdefgh12345678/generate"])
def test_other_hosts_are_refused(
    service: Service, authorization: str, lines: tuple[str, ...], target: str
) -> None:
    filled = [line.format(port=service.server.port) for line in lines]
    answer = get(service, *filled, authorization, target=target)
    assert status(answer) == 400
    assert b"local-user" not in answer.split(b"\r\n\r\n", 1)[1]


def test_request_ids_are_short_and_differ(service: Service) -> None:
    ids = {
        requests.get(f"{service.url}{path}", timeout=20).headers["x-request-id"]
        for path in ("/v2/provider", "/v2/endpoint/x", "/nothing", "/abcdefgh12345678")
    }
    assert len(ids) == 4
    assert all(re.fullmatch(r"[0-9a-f]{6}", one) for one in ids)


def test_no_page_of_another_origin_is_let_in(service: Service) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        for path in ("/v2/provider", "/v2/endpoint/local-user", "/api/whoami-v2"):
            answer = requests.request(
                method,
                service.url + path,
                headers={
                    **service.headers,
                    "Origin": "http://evil.example",
                    "Access-Control-Request-Method": "POST",
                },
                timeout=20,
            )
            assert not [name for name in answer.headers if "access-control" in name.lower()]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/", 404),
        ("GET", "/nothing-here", 404),
        ("GET", "/docs", 404),
        ("POST", "/openapi.json", 405),
        ("GET", "/v1/chat/completions", 404),
        ("POST", "/api/whoami-v2", 405),
        ("DELETE", "/_local/status", 405),
    ],
)
def test_unknown_routes_have_the_services_form(
    service: Service, method: str, path: str, expected: int
) -> None:
    answer = requests.request(method, service.url + path, headers=service.headers, timeout=20)
    assert answer.status_code == expected
    assert set(answer.json()) == {"error", "code"}
    assert f"{method} {path}" in answer.json()["error"]


def test_405_says_what_is_allowed(service: Service) -> None:
    answer = requests.post(f"{service.url}/api/whoami-v2", headers=service.headers, timeout=20)
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("method", "path"),
    [("list_endpoints", "/v2/endpoint/local-user"), ("by_id", "/abcdefgh12345678/generate")],
)
def test_a_crash_is_a_500_without_details_and_one_entry_in_the_log(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
) -> None:
    def broken(*arguments: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(service.lifecycle, method, broken)
    answer = requests.get(service.url + path, headers=service.headers, timeout=20)
    assert answer.status_code == 500
    assert set(answer.json()) == {"error", "code"}
    assert "secret" not in answer.text
    assert "x-request-id" in answer.headers
    assert requests.get(f"{service.url}/v2/provider", timeout=20).status_code == 200
    (line,) = caplog.records
    assert line.getMessage() == f"GET {path} failed"
    assert line.exc_info is not None


def test_http_that_is_none_gets_a_400(service: Service) -> None:
    answer = exchange(service, b"HELLO\r\n\r\n")
    assert status(answer) == 400
    body = {"error": "Bad Request: this is no HTTP/1.1 request", "code": "BAD_REQUEST"}
    assert json.loads(answer.partition(b"\r\n\r\n")[2]) == body


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v2/endpoint/local-user"), ("POST", "/_local/tokens")],
)
@pytest.mark.parametrize("body", [b"", b'{"na'])
def test_a_client_that_leaves_an_upload_leaves_nothing_in_the_log(
    service: Service, caplog: pytest.LogCaptureFixture, method: str, path: str, body: bytes
) -> None:
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{service.server.port}\r\n"
        f"Authorization: Bearer {service.token}\r\nContent-Type: application/json\r\n"
        "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"
    )
    address = ("127.0.0.1", service.server.port)
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 "), "the body is being read"
        connection.sendall(body)
    assert requests.get(f"{service.url}/v2/provider", timeout=20).status_code == 200
    assert not caplog.records


def test_a_request_with_nothing_to_follow_is_answered(service: Service, authorization: str) -> None:
    address = ("127.0.0.1", service.server.port)
    host = f"Host: 127.0.0.1:{service.server.port}"
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(f"GET /v2/provider HTTP/1.1\r\n{host}\r\n\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while received := connection.recv(65536):
            answer += received
    assert b"HTTP/1.1 200 OK" in answer
    assert b"aws" in answer


def test_a_websocket_is_not_opened(service: Service, authorization: str) -> None:
    answer = get(
        service,
        f"Host: 127.0.0.1:{service.server.port}",
        authorization,
        "Upgrade: websocket",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    )
    assert status(answer) != 101
