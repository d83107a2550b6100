"""An error in a container is answered, and the connection goes on."""

from __future__ import annotations

import http.client
import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from local_endpoints.containers.answered import Answered
from tests.fakes import ServerThread


async def fail(request: Request) -> Response:
    raise RuntimeError("nobody expected this")


async def fail_later(request: Request) -> Response:
    async def pieces():
        yield b"a piece"
        raise RuntimeError("nobody expected this")

    return StreamingResponse(pieces())


async def work(request: Request) -> Response:
    return PlainTextResponse("well")


ROUTES = [Route("/fail", fail), Route("/fail-later", fail_later), Route("/", work)]


@pytest.fixture
def connection(container_server: ServerThread) -> http.client.HTTPConnection:
    container_server.app = Answered(Starlette(routes=ROUTES))
    return http.client.HTTPConnection("127.0.0.1", container_server.port, timeout=20)


def test_after_an_error_the_next_request_is_answered_on_the_same_connection(
    connection: http.client.HTTPConnection, caplog: pytest.LogCaptureFixture
) -> None:
    connection.request("GET", "/fail")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (500, b"Internal Server Error")
    socket = connection.sock
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"well"
    assert connection.sock is socket is not None
    assert "nobody expected this" in caplog.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_an_answer_that_has_begun_is_cut_off(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/fail-later")
    answer = connection.getresponse()
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
