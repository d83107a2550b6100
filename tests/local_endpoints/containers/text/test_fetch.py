"""Images from web addresses: a server of this process, and addresses that are never visited.

Refusals are read in TGI's words.
"""

from __future__ import annotations

import asyncio
import gzip
import io
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from local_endpoints.containers.text import fetch
from local_endpoints.containers.text.fetch import Fetcher, is_public
from local_endpoints.containers.text.images import ImageLoader
from tests.local_endpoints.containers.tgi.prompts import Prompt, input_refused, read_with

Scenario = Callable[[TestServer], Awaitable[Any]]

SENT = b"\x00picture\xff" * 100


def anything(address: object) -> bool:
    return True


def open_fetcher(**options: Any) -> Fetcher:
    """One that may visit this process."""
    return Fetcher(**{"max_bytes": 10_000, "is_allowed": anything, "ports": None, **options})


class Site:
    """Answers under several paths, and remembers who asked."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        kind = request.path.strip("/")
        if kind == "moved":
            raise web.HTTPFound("/picture", headers={"set-cookie": "a=b"})
        if kind == "gzip":
            headers = {"content-encoding": "gzip"}
            return web.Response(body=gzip.compress(b"\0" * 50_000), headers=headers)
        if kind == "endless":
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b"\0" * 1000)
        if kind == "silent":
            await asyncio.Event().wait()
        if kind.isdigit():
            return web.Response(status=int(kind), body=SENT)
        return web.Response(body=SENT, headers={"set-cookie": "a=b"})

    def run(self, scenario: Scenario) -> Any:
        """What a scenario returns that gets the running server."""

        async def main() -> Any:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", self._answer)
            server = TestServer(app)
            async with server:
                return await scenario(server)

        return asyncio.run(main())

    def fetch(self, path: str, **options: Any) -> bytes:
        """The body under a path."""

        async def scenario(server: TestServer) -> bytes:
            return await open_fetcher(**options).fetch(str(server.make_url(path)))

        fetched: bytes = self.run(scenario)
        return fetched


@pytest.fixture
def site() -> Site:
    return Site()


def refused(url: str, **options: Any) -> str:
    fetcher = Fetcher(**{"max_bytes": 100, **options})
    text = input_refused(lambda: asyncio.run(fetcher.fetch(url)))
    return text.removeprefix("Could not fetch image: ")


@pytest.mark.parametrize("size", [len(SENT), 10_000])
def test_an_image_comes_as_it_was_sent(site: Site, size: int) -> None:
    assert site.fetch("/a/picture.png?b=1&c=%20", max_bytes=size) == SENT
    (request,) = site.requests
    assert (request.method, request.raw_path) == ("GET", "/a/picture.png?b=1&c=%20")
    assert not {"cookie", "authorization", "referer"} & {name.lower() for name in request.headers}


def test_more_bytes_than_allowed_are_refused(site: Site) -> None:
    text = input_refused(lambda: site.fetch("/picture", max_bytes=len(SENT) - 1))
    assert text == (
        f"Image size {len(SENT)} bytes exceeds maximum allowed size of {len(SENT) - 1} bytes"
    )


def test_no_more_is_fetched_than_there_is_memory_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 5000)
    text = input_refused(lambda: site.fetch("/endless", max_bytes=1024**3))
    assert text.endswith(" bytes exceeds maximum allowed size of 5000 bytes")


def test_an_endless_answer_ends_at_the_limit(site: Site) -> None:
    text = input_refused(lambda: site.fetch("/endless", max_bytes=5000))
    assert text.startswith("Image size ")
    assert text.endswith(" bytes exceeds maximum allowed size of 5000 bytes")


def test_a_compressed_answer_does_not_expand(site: Site) -> None:
    assert site.fetch("/gzip", max_bytes=1000).startswith(b"\x1f\x8b")
    assert site.requests[0].headers["accept-encoding"] == "identity"


def test_a_redirect_is_not_followed(site: Site) -> None:
    assert input_refused(lambda: site.fetch("/moved")) == (
        "Could not fetch image: the server answered 302; redirects are not followed, use the "
        "address of the picture itself"
    )
    assert [request.path for request in site.requests] == ["/moved"]


@pytest.mark.parametrize("status", [204, 206, 304, 401, 404, 500])
def test_other_statuses_are_refused(site: Site, status: int) -> None:
    text = input_refused(lambda: site.fetch(f"/{status}"))
    assert text.startswith(f"Could not fetch image: the server answered {status}")


def test_cookies_are_not_kept(site: Site) -> None:
    async def scenario(server: TestServer) -> None:
        fetcher = open_fetcher()
        for _ in range(2):
            await fetcher.fetch(str(server.make_url("/picture")))

    site.run(scenario)
    assert ["cookie" in request.headers for request in site.requests] == [False, False]


def test_the_environments_proxy_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert site.fetch("/picture") == SENT


def test_an_answer_that_does_not_come_ends_with_the_time(site: Site) -> None:
    text = input_refused(lambda: site.fetch("/silent", timeout=0.05))
    assert text == "Could not fetch image: no complete answer within 0.05 seconds"


def test_a_closed_port_is_reported() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/a.png"
        text = refused(url, is_allowed=anything, ports=None)
    assert text == "the connection failed (ClientConnectorError)"


def test_an_answer_that_is_no_http_is_reported() -> None:
    async def main() -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            await open_fetcher().fetch(f"http://127.0.0.1:{port}/")

    text = input_refused(lambda: asyncio.run(main()))
    assert text.startswith("Could not fetch image: the connection failed (")


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254"),
        *("0.0.0.0", "100.64.0.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255"),
        *("127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "\uff11\uff12\uff17.1"),
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[::127.0.0.1]"),
        *("[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2002:c0a8:101::1]"),
        *("[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "[ff02::1]", "[2001:db8::1]"),
    ],
)
def test_addresses_that_are_not_public_are_never_visited(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connected(*_: Any, **__: Any) -> Any:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr("aiohttp.TCPConnector.connect", connected)
    assert refused(f"http://{host}/a.png") == (
        "the host has no public address: send the picture as a data: URL"
    )


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"),
        "2002:808:808::1",
    ],
)
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_private_server_gets_no_request(site: Site) -> None:
    async def scenario(server: TestServer) -> None:
        await Fetcher(max_bytes=100, ports=None).fetch(f"http://localhost:{server.port}/picture")

    assert "no public address" in input_refused(lambda: site.run(scenario))
    assert not site.requests


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f.0.0.1", "localhost"])
def test_other_spellings_work_where_they_are_allowed(site: Site, host: str) -> None:
    async def scenario(server: TestServer) -> bytes:
        return await open_fetcher().fetch(f"http://{host}:{server.port}/picture")

    assert site.run(scenario) == SENT


def answers(*addresses: str) -> list[Any]:
    """What the system's resolver says."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 0)) for each in addresses]


def test_a_name_is_resolved_once_and_only_its_good_addresses_are_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def resolve(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        return answers("10.1.2.3", "127.0.0.1") if len(asked) == 1 else answers("10.1.2.3")

    async def scenario(server: TestServer) -> bytes:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        fetcher = open_fetcher(is_allowed=lambda address: address.is_loopback)
        return await fetcher.fetch(f"http://pictures.example:{server.port}/picture")

    assert site.run(scenario) == SENT
    assert asked == ["pictures.example"]
    assert site.requests[0].host.startswith("pictures.example:")


def test_a_name_with_private_addresses_only_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers("10.1.2.3", "127.0.0.1"))
    assert "no public address" in refused("https://pictures.example/a.png")


@pytest.mark.parametrize(
    "error",
    [socket.gaierror(8, "unknown"), UnicodeError("label too long"), ValueError("null character")],
)
def test_a_name_that_cannot_be_resolved(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert refused("http://pictures.example/a.png") == "the host's name cannot be resolved"


@pytest.mark.parametrize(
    "url",
    [
        *("http://", "http:///a.png", "http://:80/", "http://h:99999/", "http://[::1/"),
        *("http://h:x/", "http://evil\\@127.0.0.1/", "ftp://h/a.png", "file:///etc/passwd", ""),
        *("http://xn--/", "http://a.xn--zzzzzzzzz--/", "http://ä.\u2028/", "http://\udc80/"),
    ],
)
def test_urls_must_be_valid(url: str) -> None:
    assert refused(url, is_allowed=anything) == "the URL is not valid"


def test_a_name_of_any_length_is_refused_shortly() -> None:
    assert refused(f"http://{'a' * 100_000}/") == "the host's name cannot be resolved"


@pytest.mark.parametrize("user", ["me:secret", "me", ":secret"])
def test_passwords_are_refused(user: str) -> None:
    text = refused(f"http://{user}@8.8.8.8/a.png")
    assert text == "leave user name and password out of the URL"


@pytest.mark.parametrize("url", ["http://8.8.8.8:8080/", "https://8.8.8.8:22/", "http://h:0/"])
def test_only_the_ports_of_the_web_are_allowed(url: str) -> None:
    port = url.rpartition(":")[2].strip("/")
    assert refused(url) == f"port {port} is not allowed here, only 80 and 443"


def read(site: Site, path: str) -> Prompt:
    async def scenario(server: TestServer) -> Prompt:
        return await read_with(ImageLoader(open_fetcher()), f"Hi ![]({server.make_url(path)})!")

    prompt: Prompt = site.run(scenario)
    return prompt


def test_a_prompt_gets_its_image_from_the_web(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(buffer, "PNG")
    monkeypatch.setitem(globals(), "SENT", buffer.getvalue())
    prompt = read(site, "/picture")
    assert prompt.text == "Hi <P>!"
    assert (prompt.images[0].size, prompt.images[0].getpixel((0, 0))) == ((3, 2), (255, 0, 0))


def test_what_is_fetched_must_be_an_image(site: Site) -> None:
    assert input_refused(lambda: read(site, "/picture")) == (
        "invalid image: The image format could not be determined"
    )
    assert input_refused(lambda: read(site, "/404")).startswith("Could not fetch image: ")
