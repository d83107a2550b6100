"""The way to a user's name on the real service, and everything that can stand in it."""

from __future__ import annotations

import getpass
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import constants, hf_api

from helpers import ConnectError, connect
from tests.fakes import ServerThread, Service
from tests.helpers.conftest import STORED_TOKEN, login_module

TYPED_TOKEN = "hf_" + "typed" * 6


@pytest.fixture
def typed(real: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Nobody is logged in; call it with what is typed."""
    (tmp_path / "stored-token").unlink()

    def type_in(text: str) -> None:
        monkeypatch.setattr(login_module, "getpass", lambda prompt: text)

    type_in(TYPED_TOKEN)
    return type_in


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, real: Service) -> Callable[[str], None]:
    """Call it with the address of what plays the Hub."""

    def at(url: str) -> None:
        monkeypatch.setattr(constants, "ENDPOINT", url)
        monkeypatch.setattr(hf_api.api, "endpoint", url)

    return at


def refused() -> str:
    """The message with which a connection fails; it never shows a token."""
    with pytest.raises(ConnectError) as caught:
        connect("hf")
    message = str(caught.value)
    for token in (TYPED_TOKEN, STORED_TOKEN):
        assert token not in message
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return message


def test_the_stored_token(real: Service) -> None:
    assert connect("hf").namespace == "local-user"
    assert huggingface_hub.get_token() == STORED_TOKEN


def test_a_typed_token_is_stored(
    real: Service, typed: Callable[[str], None], tmp_path: Path
) -> None:
    real.access.add(TYPED_TOKEN)
    typed(f"  {TYPED_TOKEN}\n")
    assert connect("hf").namespace == "local-user"
    assert (tmp_path / "stored-token").read_text() == TYPED_TOKEN
    assert huggingface_hub.get_token() == TYPED_TOKEN


def test_nobody_to_ask(typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(login_module, "getpass", nobody)
    assert "hf auth login" in refused()


def test_asking_never_shows_what_is_typed() -> None:
    assert login_module.getpass is getpass.getpass


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  ", "no Hugging Face token was given"),
        ("hf_wrong", "the token was refused (401)"),
        ("hf_with space", "characters that no token has"),
        ("hf_ümlaut", "characters that no token has"),
        ("hf_\x1b[200~pasted", "characters that no token has"),
        ("api_org_" + "x" * 20, "an organization's token"),
    ],
)
def test_what_is_typed_is_no_token(typed: Callable[[str], None], text: str, message: str) -> None:
    typed(text)
    said = refused()
    assert message in said
    assert text.strip() == "" or text not in said


def test_a_stored_token_that_is_refused(real: Service, tmp_path: Path) -> None:
    (tmp_path / "stored-token").write_text("hf_wrong")
    said = refused()
    assert "refused" in said
    assert "hf_wrong" not in said


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"])
def test_a_token_in_the_environment_that_is_refused(
    real: Service, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Logging in again would change nothing: the variable goes first."""
    monkeypatch.setenv(name, TYPED_TOKEN)
    said = refused()
    assert f"set it as {name}" in said
    assert "hf auth login" not in said


# The Hub does not answer.


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else can take meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@pytest.fixture(params=["typed", "stored"])
def either_token(request: pytest.FixtureRequest, real: Service) -> None:
    """Somebody who types a token, or has one."""
    if request.param == "typed":
        request.getfixturevalue("typed")


def test_without_network(either_token: None, hub: Callable[[str], None], closed_port: int) -> None:
    hub(f"http://127.0.0.1:{closed_port}")
    said = refused()
    assert f"http://127.0.0.1:{closed_port} cannot be reached" in said
    assert "Check the network" in said


def test_a_name_that_nobody_knows(
    either_token: None, hub: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_knows(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows)
    hub("https://hub.example")
    assert "https://hub.example cannot be reached" in refused()


def test_a_proxy_that_is_away(
    either_token: None,
    hub: Callable[[str], None],
    closed_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    hub("https://hub.example")
    assert "HTTPS_PROXY" in refused()


class Listener:
    """Accepts connections and answers each with the same bytes; with none, never."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._connections.append(connection)
            if self._answer:
                connection.recv(65536)
                connection.sendall(self._answer)
                connection.close()

    def close(self) -> None:
        self._socket.close()
        for connection in self._connections:
            connection.close()


@pytest.fixture
def listen() -> Iterator[Callable[[bytes], int]]:
    """Call it with an answer; it returns the port."""
    listeners: list[Listener] = []

    def listen(answer: bytes) -> int:
        listeners.append(Listener(answer))
        return listeners[-1].port

    yield listen
    for listener in listeners:
        listener.close()


def test_a_proxy_that_refuses(
    either_token: None,
    hub: Callable[[str], None],
    listen: Callable[[bytes], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = listen(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    hub("https://hub.example")
    said = refused()
    assert "407" in said
    assert "HTTPS_PROXY" in said


def test_something_that_does_not_speak_tls(
    either_token: None, hub: Callable[[str], None], listen: Callable[[bytes], int]
) -> None:
    hub(f"https://127.0.0.1:{listen(b'HTTP/1.1 400 Bad Request' + b'.' * 40)}")
    assert "SSL_CERT_FILE" in refused()


def test_a_connection_that_breaks_off(
    either_token: None, hub: Callable[[str], None], listen: Callable[[bytes], int]
) -> None:
    hub(f"http://127.0.0.1:{listen(b'HTTP/1.1 200 OK')}")
    assert "cannot be reached" in refused()


def test_silence(
    either_token: None,
    hub: Callable[[str], None],
    listen: Callable[[bytes], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login_module, "ANSWER_SECONDS", 0.05)
    hub(f"http://127.0.0.1:{listen(b'')}")
    assert "no answer within" in refused()


def test_patience_ends_with_the_login(real: Service) -> None:
    connect("hf")
    assert huggingface_hub.get_session().timeout.read is None


# Something else answers.


@dataclass
class Answer:
    """A server that says one thing."""

    status: int = 200
    body: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


PORTAL = b"<html><title>Welcome to our hotel</title></html>"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(401), "refused (401)"),
        (Answer(403), "refused (403)"),
        (Answer(429), "too many"),
        (Answer(500), "has trouble (500)"),
        (Answer(502, PORTAL), "has trouble (502)"),
        (Answer(404, PORTAL), "check HF_ENDPOINT"),
        (Answer(511, PORTAL), "has trouble (511)"),
        (Answer(200, PORTAL, [(b"content-type", b"text/html")]), "sign in to the network"),
        (Answer(200, b""), "sign in to the network"),
        (Answer(200, b"[]"), "sign in to the network"),
        (Answer(200, b"null"), "sign in to the network"),
        (Answer(200, b'{"ok": true}'), "sign in to the network"),
        (Answer(200, b"\xff\xfe\x00{"), "sign in to the network"),
        (Answer(200, b"no gzip", [(b"content-encoding", b"gzip")]), "cannot be reached"),
        (Answer(302, b"", [(b"location", b"/again")]), "cannot be reached"),
    ],
)
def test_another_answer(
    either_token: None,
    hub: Callable[[str], None],
    _healthy_server: ServerThread,
    answer: Answer,
    message: str,
) -> None:
    _healthy_server.app = answer
    hub(_healthy_server.url)
    assert message in refused()


# This computer stands in the way. Root may read and write everything, so it is not permissions.


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x80", None])
def test_a_token_file_that_cannot_be_read(
    real: Service, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "stored-token"
    path.unlink()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    said = refused()
    assert str(path) in said
    assert "cannot be read" in said


def test_nowhere_to_store_a_token(real: Service, typed: Any, tmp_path: Path) -> None:
    real.access.add(TYPED_TOKEN)
    (tmp_path / "stored-tokens").mkdir()
    said = refused()
    assert "HF_HOME" in said
    assert str(tmp_path / "stored-tokens") in said
    assert huggingface_hub.get_token() is None


def test_offline_mode(real: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "unset HF_HUB_OFFLINE" in refused()


def test_an_identity_that_is_not_there(real: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_OIDC_RESOURCE", "somebody")
    monkeypatch.delenv("HF_OIDC_ID_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    assert "HF_OIDC_RESOURCE" in refused()


@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "https_proxy"])
@pytest.mark.parametrize("value", ["socks5://127.0.0.1:9", "socks4://127.0.0.1:9", "http://[::1"])
def test_proxies_that_the_client_cannot_use(
    either_token: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    said = refused()
    if value.startswith("socks5"):
        assert 'pip install "httpx2[socks]"' in said
    else:
        assert "HTTPS_PROXY" in said


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSLKEYLOGFILE"])
def test_certificates_that_are_not_there(
    either_token: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "missing" / "file"))
    assert name in refused()


def test_a_program_that_a_local_notebook_started(
    real: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_ENDPOINTS_URL", real.url)
    assert "from a terminal" in refused()
