"""The programs that a local notebook starts, and those that they start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers import connect
from local_endpoints.environment import CHILDREN
from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.fakes import Service
from tests.helpers.conftest import STORED_TOKEN
from tests.notebooks import text_output
from tests.patience import WAIT_SECONDS

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


@pytest.mark.parametrize(
    "door",
    [
        "import socket; socket.socket().connect(('huggingface\u3002co', 443))",
        "import ssl; context = ssl.create_default_context(); "
        "context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname='hf.co')",
        "import http.client; proxy = http.client.HTTPSConnection(*PROXY); "
        "proxy.set_tunnel('huggingface.co'); proxy.request('GET', '/')",
    ],
    ids=["socket", "tls", "proxy"],
)
def test_no_door_is_left_open_in_a_program(
    start: Callable[..., subprocess.CompletedProcess[str]], local: Service, door: str
) -> None:
    result = start(sys.executable, "-c", f"PROXY = ('127.0.0.1', {local.server.port}); {door}")
    assert "OutOfReachError" in result.stderr


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
