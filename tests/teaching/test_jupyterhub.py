"""What the configuration for a JupyterHub says; ``tests/jupyterhub`` tries it with one."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from traitlets import Dict, List
from traitlets.config import Configurable, PyFileConfigLoader

from local_endpoints.__main__ import main
from local_endpoints.children.sitecustomize import SERVICE_VARIABLE
from local_endpoints.environment import TOKEN_VARIABLE
from local_endpoints.shared_service import TRUST_VARIABLE

FOLDER = Path(__file__).parents[2] / "teaching" / "jupyterhub"
SNIPPET = FOLDER / "local_endpoints_service.py"
UNIT = FOLDER / "local-endpoints.service"
ACCESS = "access:services!service=local-endpoints"

# What the configurations of The Littlest JupyterHub and of Zero to JupyterHub have set before.
TLJH = 'c.JupyterHub.services = [{"name": "cull-idle"}]'
Z2JH = f'{TLJH}\nc.JupyterHub.load_roles = []\nc.Spawner.environment = {{"OTHER": "kept"}}'


class JupyterHub(Configurable):
    services = List().tag(config=True)
    load_roles = List().tag(config=True)


class Spawner(Configurable):
    environment = Dict().tag(config=True)


class Hub:
    """The parts of a Hub that the snippet is for, as it configures them."""

    def __init__(self, folder: Path, before: str = "") -> None:
        (folder / "main.py").write_text(f"{before}\nload_subconfig({str(SNIPPET)!r})\n")
        config = PyFileConfigLoader("main.py", path=str(folder)).load_config()
        self.hub, self.spawner = JupyterHub(config=config), Spawner(config=config)


@pytest.mark.parametrize("before", ["", TLJH, Z2JH])
def test_it_adds_to_what_is_there(tmp_path: Path, before: str) -> None:
    made = Hub(tmp_path, before)
    assert made.hub.services[-1] == {"name": "local-endpoints"}
    assert len(made.hub.services) == (2 if before else 1)
    assert made.hub.load_roles == [{"name": "user", "scopes": ["self", ACCESS]}]
    assert {SERVICE_VARIABLE, TOKEN_VARIABLE, TRUST_VARIABLE} <= set(made.spawner.environment)
    assert made.spawner.environment.get("OTHER") == ("kept" if before == Z2JH else None)


def test_a_kernels_token_opens_the_service_alone_and_not_for_ever(tmp_path: Path) -> None:
    asked: dict[str, Any] = {}

    def new_api_token(**options: Any) -> str:
        asked.update(options)
        return "a-token"

    spawner = SimpleNamespace(user=SimpleNamespace(new_api_token=new_api_token))
    assert Hub(tmp_path).spawner.environment[TOKEN_VARIABLE](spawner) == "a-token"
    assert asked["scopes"] == [ACCESS]
    assert 0 < asked["expires_in"] <= 7 * 24 * 3600


def test_hub_and_unit_mean_the_same_service(tmp_path: Path) -> None:
    unit = UNIT.read_text()
    (port,) = re.findall(r"--port (\d+)", unit)
    environment = Hub(tmp_path).spawner.environment
    assert environment[SERVICE_VARIABLE] == f"http://127.0.0.1:{port}"
    assert int(port) < 1024, "or any user could listen there while the service is not"
    assert re.findall(r"JUPYTERHUB_SERVICE_NAME=(\S+)", unit) == ["local-endpoints"]


def test_the_unit_starts_what_there_is(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (command,) = re.findall(r"ExecStart=\S+ -m local_endpoints (.*)", UNIT.read_text())
    monkeypatch.delenv("JUPYTERHUB_API_URL", raising=False)
    arguments = command.replace("/var/lib/local-endpoints", str(tmp_path / "state")).split()
    # All of its words are understood; what is missing is the Hub.
    assert main(arguments) == 1
    assert "JUPYTERHUB_API_URL" in capsys.readouterr().err
