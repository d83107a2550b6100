"""What local mode does to this process, and to young ones that connect themselves."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import constants, hf_api

from helpers import connect
from tests.fakes import MODEL_ID, Service
from tests.impostor import impostor

CONSTANTS = (
    *("ENDPOINT", "HUGGINGFACE_CO_URL_TEMPLATE", "INFERENCE_ENDPOINTS_ENDPOINT"),
    *("INFERENCE_CATALOG_ENDPOINT", "HF_HUB_CACHE", "HF_TOKEN_PATH", "HF_STORED_TOKENS_PATH"),
    *("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "HF_HUB_OFFLINE"),
    "AGENT_HARNESSES_PATH",
)


def snapshot() -> dict[str, Any]:
    """Everything that ``connect`` may change and has to restore."""
    return {
        "constants": {name: getattr(constants, name) for name in CONSTANTS},
        "environment": dict(os.environ),
        "endpoint": hf_api.api.endpoint,
        "token": huggingface_hub.get_token(),
    }


def test_connecting_again_changes_nothing(local: Service) -> None:
    before = snapshot()
    connect("local", state_dir=local.folder)
    once = snapshot()
    connect("local", state_dir=local.folder)
    assert snapshot() == once
    connect("hf", max_spend_usd=1)
    assert snapshot() == before


def test_hf_restores_everything(
    local: Service, real: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet.example")
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "0")
    before = snapshot()
    connect("local", state_dir=local.folder)
    assert snapshot() != before
    connection = connect("hf", max_spend_usd=1)
    assert snapshot() == before
    assert connection.url == f"{real.url}/v2"
    assert not connection.is_local
    assert connection.minute == 60
    real.create("over-there")
    assert [item.name for item in huggingface_hub.list_inference_endpoints()] == ["over-there"]


def test_the_stored_token_goes_nowhere_but_to_the_real_service(
    local: Service, real: Service
) -> None:
    seen: list[str] = []
    identify = local.access.identify

    async def record(authorization: str | None) -> Any:
        seen.append(str(authorization))
        return await identify(authorization)

    local.access.identify = record  # type: ignore[method-assign]
    connect("local", state_dir=local.folder)
    huggingface_hub.list_inference_endpoints()
    huggingface_hub.hf_hub_download(MODEL_ID, "config.json")
    assert len(seen) >= 3
    assert set(seen) == {f"Bearer {local.token}"}


# Young processes.


def test_a_client_that_was_imported_before(
    run: Callable[..., dict[str, Any]], local: Service, tmp_path: Path
) -> None:
    local.create("an-endpoint")
    seen = run(
        f"""
import huggingface_hub
from huggingface_hub import HfApi, hf_hub_download, list_inference_endpoints, model_info
before = HfApi()
from helpers import connect
connect("local")
connect("local")
print(json.dumps({{
    "names": [item.name for item in list_inference_endpoints()],
    "info": model_info("{MODEL_ID}").id,
    "file": hf_hub_download("{MODEL_ID}", "config.json"),
    "new": HfApi().whoami()["name"],
    "token": huggingface_hub.get_token(),
    "opened": opened,
    "lookups": lookups,
}}))
"""
    )
    assert seen["names"] == ["an-endpoint"]
    assert seen["info"] == MODEL_ID
    assert Path(seen["file"]).is_relative_to(local.folder)
    assert seen["new"] == "local-user"
    assert seen["token"] == local.token
    home = str(tmp_path / "home")
    assert [path for path in seen["opened"] if path.startswith(home)] == []
    assert set(seen["lookups"]) <= {"127.0.0.1", "localhost"}


def test_the_real_hosts_are_out_of_reach(run: Callable[..., dict[str, Any]]) -> None:
    seen = run(
        """
import asyncio, socket
import httpx2, requests
from helpers import connect
connect("local")
sys.addaudithook(close_the_last_hole)

async def async_get():
    async with httpx2.AsyncClient() as client:
        return await client.get("https://api.endpoints.huggingface.cloud/v2/provider")

async def aiohttp_get():
    import aiohttp
    async with aiohttp.ClientSession() as session:
        return await session.get("https://huggingface.co")

print(json.dumps({
    "requests": outcome(lambda: requests.get("https://huggingface.co/api/whoami-v2")),
    "httpx2": outcome(lambda: httpx2.get("https://api.endpoints.huggingface.cloud/v2")),
    "async": outcome(lambda: asyncio.run(async_get())),
    "aiohttp": outcome(lambda: asyncio.run(aiohttp_get())),
    "socket": outcome(lambda: socket.create_connection(("HuggingFace.co.", 443))),
    "gethostbyname": outcome(lambda: socket.gethostbyname("cdn-lfs.hf.co")),
    "bytes": outcome(lambda: socket.getaddrinfo(b"huggingface.co", 443)),
    "like": outcome(lambda: socket.getaddrinfo("nothuggingface.co", 443)),
}))
"""
    )
    like = seen.pop("like")
    assert "the wall has a hole: nothuggingface.co" in like, "only the real hosts are shut off"
    for way, result in seen.items():
        assert "out of reach while this notebook is connected" in result, (way, result)


PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
SPELLINGS = [
    "huggingface.co",
    "HUGGINGFACE.Co",
    "api.endpoints.huggingface.cloud.",
    "huggingface\u3002co",
    "HuggingFace\uff0eco",
    "huggingface\uff61co",
    "\uff48uggingface.co",
    "hugging\u00adface.co",
    "an-endpoint.eu-west-1.aws.endpoints.huggingface\u3002CLOUD\u3002",
    "huggingface.co\0.example",
]


def test_spellings(run: Callable[..., dict[str, Any]]) -> None:
    """Through every door, as text and as bytes."""
    seen = run(
        f"""
import socket, ssl
from helpers import connect
connect("local")
sys.addaudithook(close_the_last_hole)
context = ssl.create_default_context()

def udp(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.sendto(b"?", (name, 443))

def tcp(name):
    with socket.socket() as stream:
        stream.settimeout(5)
        stream.connect((name, 443))

def tls(name):
    with socket.socket() as stream:
        context.wrap_socket(stream, server_hostname=name)

doors = {{
    "getaddrinfo": lambda name: socket.getaddrinfo(name, 443),
    "gethostbyname": socket.gethostbyname,
    "gethostbyname_ex": socket.gethostbyname_ex,
    "gethostbyaddr": socket.gethostbyaddr,
    "create_connection": lambda name: socket.create_connection((name, 443)),
    "connect": tcp,
    "sendto": udp,
    "tls": tls,
    "bio": lambda name: context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), False, name),
}}
print(json.dumps({{
    f"{{door}} {{ascii(each)}}": outcome(lambda: go(each))
    for door, go in doors.items()
    for name in {SPELLINGS!r}
    for each in (name, name.encode(), bytearray(name.encode()))
}}))
"""
    )
    assert len(seen) == 9 * 3 * len(SPELLINGS)
    for way, result in seen.items():
        refused = "out of reach while this notebook is connected" in result
        assert refused or result.startswith("TypeError"), (way, result)


@pytest.mark.parametrize("proxy", ["explicit", "NO_PROXY removed"])
def test_proxies_are_not_asked_for_the_real_hosts(
    run: Callable[..., dict[str, Any]], proxy: str
) -> None:
    """The proxy agrees to all that it is asked, and writes it down."""

    def agree(connection: socket.socket, request: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\n\r\n"

    with impostor(agree) as somebody:
        seen = run(
            f"""
import asyncio, urllib.request
import aiohttp, httpx2, requests
from helpers import connect
connect("local")
sys.addaudithook(close_the_last_hole)
explicit, url = {proxy == "explicit"}, {somebody.url!r}
if not explicit:
    for name in ("NO_PROXY", "no_proxy"):
        del os.environ[name]
proxies = {{"http": url, "https": url}} if explicit else None
headers = {{"Authorization": "Bearer " + os.environ["HF_TOKEN"]}}
options = {{"proxy": url, "trust_env": False}} if explicit else {{}}
real = "https://api.endpoints.huggingface.cloud/v2/endpoint/me"
plain = real.replace("https", "http")

def open_url(address):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    return opener.open(urllib.request.Request(address, headers=headers), timeout=20)

async def get_async():
    async with httpx2.AsyncClient(**options) as client:
        return await client.get(real, headers=headers)

async def aiohttp_get():
    async with aiohttp.ClientSession(trust_env=not explicit) as session:
        return await session.get(real, headers=headers, proxy=url if explicit else None)

print(json.dumps({{
    "requests": outcome(lambda: requests.get(real, proxies=proxies, headers=headers)),
    "requests, http": outcome(lambda: requests.get(plain, proxies=proxies, headers=headers)),
    "urllib": outcome(lambda: open_url(real)),
    "urllib, http": outcome(lambda: open_url(plain)),
    "httpx2": outcome(lambda: httpx2.Client(**options).get(real, headers=headers)),
    "httpx2, async": outcome(lambda: asyncio.run(get_async())),
    "aiohttp": outcome(lambda: asyncio.run(aiohttp_get())),
}}))
""",
            **({} if proxy == "explicit" else dict.fromkeys(PROXIES, somebody.url)),
        )
    for way, result in seen.items():
        assert "out of reach while this notebook is connected" in result, (way, result)
    assert b"Bearer" not in somebody.heard


def test_a_wall_that_is_down_stops_nothing(run: Callable[..., dict[str, Any]]) -> None:
    seen = run(
        """
import ssl
from helpers import connect, disconnect
context = ssl.create_default_context()

def speak():
    return context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="huggingface.co")

connect("local")
first = outcome(speak)
disconnect()
print(json.dumps({"up": first, "down": outcome(speak)}))
"""
    )
    assert "out of reach" in seen["up"]
    assert "SSLObject" in seen["down"]


@pytest.mark.parametrize(
    "variables",
    [
        dict.fromkeys(
            ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"), "http://127.0.0.1:9"
        ),
        {"ALL_PROXY": "socks5://127.0.0.1:9", "https_proxy": "socks5h://127.0.0.1:9"},
        {"HTTP_PROXY": "socks4://127.0.0.1:9", "all_proxy": "http://[::1"},
        {"HTTPS_PROXY": "http://proxy:port", "http_proxy": "::::", "NO_PROXY": "[::1,:::,/"},
        {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "*"},
        {"SSL_CERT_FILE": "/missing/file", "SSLKEYLOGFILE": "/missing/folder/file"},
    ],
)
def test_proxies_and_certificates_do_not_matter(
    run: Callable[..., dict[str, Any]], variables: dict[str, str]
) -> None:
    seen = run(
        """
import asyncio, subprocess
import requests
from huggingface_hub import InferenceClient, get_async_session, list_inference_endpoints
from helpers import connect
before = dict(os.environ)
connection = connect("local")
sys.addaudithook(close_the_last_hole)
provider = connection.url + "/provider"

async def ask():
    async with get_async_session() as client:
        return (await client.get(provider)).status_code

def ask_from_another_process():
    program = "import huggingface_hub; print(huggingface_hub.whoami()['name'])"
    return subprocess.check_output([sys.executable, "-c", program], text=True).strip()

inference = InferenceClient(base_url=connection.url)
print(json.dumps({
    "client": outcome(list_inference_endpoints),
    "async": outcome(lambda: asyncio.run(ask())),
    "inference": outcome(lambda: inference.chat_completion([{"role": "user", "content": "?"}])),
    "requests": outcome(lambda: requests.get(provider).status_code),
    "child": outcome(ask_from_another_process),
    "real": outcome(lambda: requests.get("https://huggingface.co")),
    "real-http": outcome(lambda: requests.get("http://api.endpoints.huggingface.cloud")),
    "restored": [outcome(lambda: connect("hf")), dict(os.environ) == before],
}))
""",
        HF_ENDPOINT="http://127.0.0.1:9",
        **variables,
    )
    assert (seen["client"], seen["async"], seen["requests"]) == ("[]", "200", "200")
    assert "501" in seen["inference"]  # it was asked, and has no such route there
    assert seen["child"] == "'local-user'"
    assert "out of reach" in seen["real"]
    assert "out of reach" in seen["real-http"]
    assert seen["restored"][0].startswith("ConnectError: ")
    assert seen["restored"][1]


def test_tokenizers_of_a_transformers_that_was_imported_before(
    run: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    seen = run(
        f"""
from transformers import AutoTokenizer
from helpers import connect
connect("local")
sys.addaudithook(close_the_last_hole)
tokenizer = AutoTokenizer.from_pretrained("{MODEL_ID}")
print(json.dumps({{"ids": tokenizer("a small red fox")["input_ids"], "opened": opened}}))
"""
    )
    assert seen["ids"] == [1, 2, 3, 4]
    home = str(tmp_path / "home")
    assert [path for path in seen["opened"] if path.startswith(home)] == []


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_a_configured_offline_mode_does_not_matter(
    run: Callable[..., dict[str, Any]], variable: str
) -> None:
    seen = run(
        """
from huggingface_hub import list_inference_endpoints
from helpers import connect
connect("local")
print(json.dumps({"client": outcome(list_inference_endpoints)}))
""",
        **{variable: "1"},
    )
    assert seen["client"] == "[]"
