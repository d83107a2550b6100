"""What local mode does to this process, and to others: young ones, and those it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import huggingface_hub
import nbformat
import pytest
from huggingface_hub import constants, hf_api

from helpers import connect
from helpers.redirect import CHILDREN
from local_endpoints.client import STATE_DIR_VARIABLE
from tests.fakes import MODEL_ID, Service
from tests.helpers.conftest import STORED_TOKEN
from tests.notebooks import text_output
from tests.patience import WAIT_SECONDS
from tests.processes import Process

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
    authenticate = local.access.authenticate

    def record(authorization: str | None) -> Any:
        seen.append(str(authorization))
        return authenticate(authorization)

    local.access.authenticate = record  # type: ignore[method-assign]
    connect("local", state_dir=local.folder)
    huggingface_hub.list_inference_endpoints()
    huggingface_hub.hf_hub_download(MODEL_ID, "config.json")
    assert len(seen) >= 3
    assert set(seen) == {f"Bearer {local.token}"}


# Young processes.

PRELUDE = """
import json, os, sys

opened, lookups = [], []

def watch(event, arguments):
    if event == "open":
        opened.append(str(arguments[0]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        lookups.append(str(arguments[0]))

sys.addaudithook(watch)

def close_the_last_hole(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        if arguments[0] not in ("127.0.0.1", "localhost", None):
            raise RuntimeError(f"the wall has a hole: {arguments[0]}")

def outcome(call):
    try:
        return repr(call())
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
"""


@pytest.fixture
def run(local: Service, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Run a program in a process of its own; returns what it prints as JSON."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "token").write_text(STORED_TOKEN)
    (home / "stored_tokens").write_text(f"[mine]\nhf_token = {STORED_TOKEN}\n")

    def run(program: str, **variables: str) -> dict[str, Any]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
        env |= {"HF_HOME": str(home), STATE_DIR_VARIABLE: str(local.folder), **variables}
        process = Process("-c", PRELUDE + program, env=env)
        code, output, errors = process.result()
        assert code == 0, errors
        result: dict[str, Any] = json.loads(output.splitlines()[-1])
        return result

    return run


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


# Programs that a notebook starts.

CHILD = """
import json, os, socket, subprocess, sys
import huggingface_hub
from huggingface_hub import constants

try:
    socket.getaddrinfo("api.endpoints.huggingface.cloud", 443)
except BaseException as error:
    wall = f"{type(error).__name__}: {error}"

print(json.dumps({
    "addresses": [
        constants.ENDPOINT,
        constants.INFERENCE_ENDPOINTS_ENDPOINT,
        constants.INFERENCE_CATALOG_ENDPOINT,
    ],
    "wall": wall,
    "token": huggingface_hub.get_token(),
    "cache": constants.HF_HUB_CACHE,
    "stored": huggingface_hub.get_token() != os.environ["HF_TOKEN"],
    "environment": dict(os.environ),
    "path": sys.path,
}))
"""


@pytest.fixture
def start(
    local: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Connect to the local service and start a program."""

    def start(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
        monkeypatch.setenv(STATE_DIR_VARIABLE, str(local.folder))
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        connect("local")
        return subprocess.run(command, capture_output=True, text=True, timeout=WAIT_SECONDS)

    return start


def child(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What ``CHILD`` saw; it complained about nothing."""
    assert (result.returncode, result.stderr) == (0, "")
    seen: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return seen


GRANDCHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


@pytest.mark.parametrize(
    "arguments",
    [("-c", CHILD), ("-c", GRANDCHILD), ("-P", "-c", CHILD), ("-s", "-c", CHILD)],
    ids=["child", "grandchild", "-P", "-s"],
)
def test_a_program_is_local_too(
    start: Callable[..., subprocess.CompletedProcess[str]],
    local: Service,
    tmp_path: Path,
    arguments: tuple[str, ...],
) -> None:
    if arguments[0] == "-P" and sys.version_info < (3, 11):
        pytest.skip("the option is of Python 3.11")
    seen = child(start(sys.executable, *arguments))
    assert seen["addresses"] == [local.url, f"{local.url}/v2", f"{local.url}/api/v1/catalog"]
    assert "OutOfReachError: api.endpoints.huggingface.cloud is out of reach" in seen["wall"]
    assert seen["token"] == local.token
    assert str(CHILDREN) not in seen["path"]


def test_nothing_of_the_learner_travels(
    start: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, local: Service
) -> None:
    home = tmp_path / "home"
    seen = child(
        start(
            *(sys.executable, "-c", CHILD),
            HF_TOKEN=STORED_TOKEN,
            HUGGING_FACE_HUB_TOKEN=STORED_TOKEN,
            MY_OWN_TOKEN=STORED_TOKEN,
            MY_HEADER=f"Authorization: Bearer {STORED_TOKEN}",
            HF_TOKEN_PATH=str(home / "token"),
            HF_HUB_CACHE=str(home / "hub"),
            HUGGINGFACE_HUB_CACHE=str(home / "hub"),
            HUGGINGFACE_CO_STAGING="1",
        )
    )
    assert seen["token"] == local.token
    assert Path(seen["cache"]).is_relative_to(local.folder)
    assert seen["addresses"][0] == local.url
    for name, value in seen["environment"].items():
        assert STORED_TOKEN not in value, name
        assert str(home) not in value, name


@pytest.mark.parametrize("option", ["-E", "-I"])
def test_only_the_local_token_travels_past_the_wall(
    start: Callable[..., subprocess.CompletedProcess[str]], local: Service, option: str
) -> None:
    program = """
import json, os, huggingface_hub
from huggingface_hub import constants
print(json.dumps([huggingface_hub.get_token(), constants.ENDPOINT, dict(os.environ)]))
"""
    result = start(sys.executable, option, "-c", program, HF_TOKEN=STORED_TOKEN)
    assert result.returncode == 0, result.stderr
    token, endpoint, environment = json.loads(result.stdout)
    assert (token, endpoint) == (local.token, local.url)
    assert STORED_TOKEN not in environment.values()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("endpoints ls", "an-endpoint"),
        ("endpoints describe an-endpoint", '"name": "an-endpoint"'),
        ("endpoints hardware", "nvidia-l4"),
        ("auth whoami", "local-user"),
    ],
)
def test_the_command_line_is_local_too(
    start: Callable[..., subprocess.CompletedProcess[str]],
    local: Service,
    command: str,
    expected: str,
) -> None:
    local.create("an-endpoint")
    result = start(sys.executable, "-m", "huggingface_hub.cli.hf", *command.split())
    assert result.returncode == 0, result.stderr
    assert expected in result.stdout


def test_the_catalog_of_the_command_line_is_that_of_the_local_service(
    start: Callable[..., subprocess.CompletedProcess[str]], local: Service
) -> None:
    result = start(sys.executable, "-m", "huggingface_hub.cli.hf", "endpoints", "catalog", "ls")
    said = result.stdout + result.stderr
    assert result.returncode == 0 or f"{local.url}/api/v1/catalog" in said, said


@pytest.mark.parametrize("broken", [False, True])
def test_a_sitecustomize_of_your_own_has_its_turn(
    start: Callable[..., subprocess.CompletedProcess[str]],
    local: Service,
    tmp_path: Path,
    broken: bool,
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import os, sys\n"
        "sys.path.append('added by mine')\n"
        "os.environ['FILE'] = __file__\n" + ("import nothing_of_this_name\n" if broken else "")
    )
    result = start(sys.executable, "-c", CHILD, PYTHONPATH=str(folder))
    seen = json.loads(result.stdout)
    assert seen["addresses"][1] == f"{local.url}/v2"
    assert "out of reach" in seen["wall"]
    assert seen["environment"]["FILE"] == str(folder / "sitecustomize.py")
    assert "added by mine" in seen["path"]
    assert ("nothing_of_this_name" in result.stderr) is broken


def test_its_module_is_the_one_that_others_import(
    start: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("mine = True\n")
    program = "import sitecustomize; print(sitecustomize.mine)"
    result = start(sys.executable, "-c", program, PYTHONPATH=str(folder))
    assert (result.stdout, result.stderr) == ("True\n", "")


def test_a_program_cannot_play_the_real_service(
    start: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    program = "from helpers import connect; connect('local'); connect('hf', max_spend_usd=1)"
    result = start(sys.executable, "-c", program)
    assert result.returncode == 1
    assert "from a terminal" in result.stderr


def test_in_a_notebook(run: Callable[..., dict[str, Any]], local: Service, tmp_path: Path) -> None:
    """A real kernel, whose path knows nothing of this environment."""
    local.create("an-endpoint")
    cells = [
        "from helpers import connect; connect('local')",
        "!python -c 'import sys; print(sys.prefix)'",
        "!hf endpoints ls",
        "import os; connected = dict(os.environ)",
        "from helpers import ConnectError\n"
        "try:\n    connect('hf')\nexcept ConnectError as error:\n    print(error)",
        "print('PYTHONPATH' in os.environ, os.environ['PATH'])",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    path = tmp_path / "notebook.ipynb"
    nbformat.write(notebook, path)
    run(
        f"""
import nbclient, nbformat
notebook = nbformat.read({str(path)!r}, as_version=4)
nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
nbformat.write(notebook, {str(path)!r})
print("{{}}")
""",
        PATH=os.defpath,
        HF_ENDPOINT="http://127.0.0.1:9",
    )
    outputs = [text_output(cell) for cell in nbformat.read(path, as_version=4).cells]
    assert outputs[1].strip() == sys.prefix
    assert "an-endpoint" in outputs[2]
    assert "http://127.0.0.1:9 cannot be reached" in outputs[4]
    assert outputs[5].strip() == f"False {os.defpath}"
