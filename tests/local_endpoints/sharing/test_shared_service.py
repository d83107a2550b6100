"""Where a learner's token goes, and where not."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_endpoints.children.sitecustomize import SERVICE_VARIABLE
from local_endpoints.environment import TOKEN_VARIABLE
from local_endpoints.errors import ServiceError
from local_endpoints.shared_service import TRUST_VARIABLE, SharedService, find_shared
from tests.fakes import Service
from tests.impostor import Manners, drip, flood, friendly, hang_up, impostor, relay, sly

LOCAL = "http://127.0.0.1:4711"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (SERVICE_VARIABLE, TOKEN_VARIABLE, TRUST_VARIABLE, "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)


def test_it_is_found_by_arguments_or_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_shared(state_dir=tmp_path) is None
    given = SharedService("https://class.example.org/a", "local_anna", tmp_path)
    assert find_shared(f"{given.url}/", "local_anna", state_dir=tmp_path) == given
    monkeypatch.setenv(SERVICE_VARIABLE, given.url)
    monkeypatch.setenv(TOKEN_VARIABLE, "local_anna")
    assert find_shared(state_dir=tmp_path) == given
    assert "local_anna" not in repr(given)


def test_one_without_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServiceError, match=TOKEN_VARIABLE):
        find_shared(LOCAL, state_dir=tmp_path)
    with pytest.raises(ServiceError, match=SERVICE_VARIABLE):
        find_shared(token="local_anna", state_dir=tmp_path)
    monkeypatch.setenv(SERVICE_VARIABLE, LOCAL)
    with pytest.raises(ServiceError, match=TOKEN_VARIABLE):
        find_shared(state_dir=tmp_path)


def test_the_children_of_a_connected_notebook_mean_its_own_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SERVICE_VARIABLE, LOCAL)
    monkeypatch.setenv("HF_ENDPOINT", LOCAL)
    assert find_shared(state_dir=tmp_path) is None


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("https://huggingface.co", "local_anna", "is the real service"),
        ("https://api.endpoints.huggingface.cloud", "local_anna", "is the real service"),
        ("https://class.example.org", "hf_" + "x" * 34, "token of the real Hugging Face"),
        ("http://class.example.org", "local_anna", "use https"),
        ("http://10.0.0.1:80", "local_anna", "use https"),
        ("class.example.org", "local_anna", "is no address"),
        (LOCAL, "local_\r\nanna", "one line"),
        (LOCAL, "lökal", "one line"),
    ],
)
def test_a_wrong_place(tmp_path: Path, url: str, token: str, said: str) -> None:
    with pytest.raises(ServiceError, match=said) as refused:
        find_shared(url, token, state_dir=tmp_path)
    assert token not in str(refused.value)


def test_the_service_proves_that_it_knows_the_learners_token(
    shared: Service, tokens: dict[str, str], tmp_path: Path
) -> None:
    service = SharedService(shared.url, tokens["anna"], tmp_path)
    service.prove()
    assert service.call("GET", "/api/whoami-v2")["name"] == "anna"
    assert service.status()["endpoints"] == []


@pytest.mark.parametrize("manners", [friendly, sly, hang_up, drip, flood])
def test_nobody_else_gets_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manners: Manners
) -> None:
    monkeypatch.setattr(SharedService, "patience", 0.3)
    with impostor(manners) as somebody:
        with pytest.raises(ServiceError, match="does not answer"):
            SharedService(somebody.url, "local_anna", tmp_path).status()
        assert somebody.connections == 1
        assert b"local_anna" not in somebody.heard and b"Bearer" not in somebody.heard


def test_a_service_elsewhere_does_not_answer_for_an_impostor(
    shared: Service, tokens: dict[str, str], tmp_path: Path
) -> None:
    with impostor(relay(shared.server.port)) as somebody:
        with pytest.raises(ServiceError, match="does not answer"):
            SharedService(somebody.url, tokens["anna"], tmp_path).status()
        assert b"nonce" in somebody.heard
        assert tokens["anna"].encode() not in somebody.heard


def test_a_token_that_is_not_known(shared: Service, tmp_path: Path) -> None:
    for is_trusted in (False, True):
        service = SharedService(shared.url, "local_nobody", tmp_path, is_trusted)
        with pytest.raises(ServiceError, match="does not know: it was revoked"):
            service.status()


def test_a_trusted_network_needs_no_proof(
    shared: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a hub's tokens, of which the service knows nothing before it sees them."""
    monkeypatch.setenv(TRUST_VARIABLE, "1")
    monkeypatch.setenv(SERVICE_VARIABLE, "http://10.0.0.1")
    monkeypatch.setenv(TOKEN_VARIABLE, "of-a-hub")
    service = find_shared(state_dir=tmp_path)
    assert service is not None and not service.must_prove


def test_what_the_environment_says_is_of_the_service_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its token goes to no other address, and none is trusted because that one is."""
    monkeypatch.setenv(TRUST_VARIABLE, "1")
    monkeypatch.setenv(SERVICE_VARIABLE, "http://10.0.0.1")
    monkeypatch.setenv(TOKEN_VARIABLE, "of-a-hub")
    with pytest.raises(ServiceError, match="needs a token"):
        find_shared("https://elsewhere.example.org", state_dir=tmp_path)
    with pytest.raises(ServiceError):
        find_shared("http://10.0.0.2", "another", state_dir=tmp_path)
    same = find_shared("http://10.0.0.1/", state_dir=tmp_path)
    assert same is not None and not same.must_prove


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of ``localhost`` that signs itself, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None and "CI" not in os.environ:
        pytest.skip("there is no openssl to make a certificate")
    assert openssl, "where CI is set, this is not left out: install openssl"
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    of = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "1"]
    subprocess.run(
        [openssl, "req", *kind, *of, "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


class TlsProxy:
    """What an operator puts in front of the service, for one connection after the other."""

    def __init__(self, certificate: Path, port: int) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._behind = port
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.heard = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(plain, server_side=True) as client:
                    self._pass_on(client)
            except OSError:
                continue

    def _pass_on(self, client: ssl.SSLSocket) -> None:
        request = client.recv(65536)
        self.heard += request
        name = f"localhost:{self.port}".encode()
        request = request.replace(name, b"class.example.org\r\nConnection: close", 1)
        with socket.create_connection(("127.0.0.1", self._behind)) as service:
            service.sendall(request)
            while received := service.recv(65536):
                client.sendall(received)


@pytest.fixture
def proxy(shared: Service, certificate: Path) -> Iterator[TlsProxy]:
    proxy = TlsProxy(certificate, shared.server.port)
    yield proxy
    proxy.close()


def test_over_tls_the_certificate_says_who_answers(
    tokens: dict[str, str],
    proxy: TlsProxy,
    certificate: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = SharedService(f"https://localhost:{proxy.port}/endpoints", tokens["anna"], tmp_path)
    with pytest.raises(ServiceError, match="CERTIFICATE_VERIFY_FAILED"):
        service.status()
    assert proxy.heard == b"", "not a word to somebody without a certificate"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    assert service.status()["endpoints"] == []
    assert b"/endpoints/_local/account" in proxy.heard and b"nonce" not in proxy.heard
