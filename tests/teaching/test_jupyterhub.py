"""What the configuration for a JupyterHub says; ``tests/jupyterhub`` tries it with one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from traitlets import Dict, List
from traitlets.config import Configurable, PyFileConfigLoader

from local_endpoints.__main__ import main
from local_endpoints.children.sitecustomize import SERVICE_VARIABLE
from local_endpoints.environment import TOKEN_VARIABLE
from local_endpoints.shared_service import TRUST_VARIABLE

FOLDER = Path(__file__).parents[2] / "teaching" / "jupyterhub"
SNIPPET = FOLDER / "local_endpoints_service.py"
UNIT = FOLDER / "local-endpoints.service"
KUBERNETES = FOLDER / "kubernetes"
ACCESS = "access:services!service=local-endpoints"

# The Littlest JupyterHub loads the snippet after its own configuration; Zero to JupyterHub runs its
# text where its own ends.
LOADED = f"load_subconfig({str(SNIPPET)!r})"
TLJH = f"""
c.JupyterHub.services = [{{"name": "cull-idle"}}]
{LOADED}
"""
BY_HAND = f"""
c.JupyterHub.services = [{{"name": "cull-idle"}}]
c.KubeSpawner.environment = {{"OTHER": "kept"}}
{LOADED}
"""
Z2JH = f"""
c.JupyterHub.services = [{{"name": "cull-idle"}}]
c.JupyterHub.load_roles = []
c.KubeSpawner.environment = {{"OTHER": "kept"}}
exec(open({str(SNIPPET)!r}).read())
"""


class JupyterHub(Configurable):
    services = List().tag(config=True)
    load_roles = List().tag(config=True)


class Spawner(Configurable):
    environment = Dict().tag(config=True)


class KubeSpawner(Spawner):
    """What its own section sets holds, not what Spawner's says."""


class Hub:
    """The parts of a Hub that the snippet is for, as it configures them."""

    def __init__(self, folder: Path, text: str = LOADED, spawner: type[Spawner] = Spawner) -> None:
        (folder / "main.py").write_text(text)
        config = PyFileConfigLoader("main.py", path=str(folder)).load_config()
        self.hub, self.spawner = JupyterHub(config=config), spawner(config=config)


@pytest.mark.parametrize(
    ("text", "spawner", "kept"),
    [
        (LOADED, Spawner, None),
        (LOADED, KubeSpawner, None),
        (TLJH, Spawner, None),
        (BY_HAND, KubeSpawner, "kept"),
        (Z2JH, KubeSpawner, "kept"),
    ],
)
def test_it_adds_to_what_is_there(
    tmp_path: Path, text: str, spawner: type[Spawner], kept: str | None
) -> None:
    made = Hub(tmp_path, text, spawner)
    assert made.hub.services[-1] == {"name": "local-endpoints"}
    assert len(made.hub.services) == (1 if text == LOADED else 2)
    assert made.hub.load_roles == [{"name": "user", "scopes": ["self", ACCESS]}]
    assert {SERVICE_VARIABLE, TOKEN_VARIABLE, TRUST_VARIABLE} <= set(made.spawner.environment)
    assert made.spawner.environment.get("OTHER") == kept


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


@pytest.mark.skipif(os.name == "nt", reason="a pod's shell is sh")
def test_a_pods_start_fills_the_home_and_keeps_what_is_in_it(tmp_path: Path) -> None:
    """A volume hides the image's home; the image has the course where the Dockerfile puts it."""
    root, home = FOLDER.parents[1], tmp_path / "home"
    image = tmp_path / "image"
    for name in ("images", "notebooks"):
        shutil.copytree(root / name, image / name)
    shutil.copy(root / "README.md", image)
    (place,) = re.findall(r"^COPY \. (\S+)$", (KUBERNETES / "Dockerfile").read_text(), re.MULTILINE)
    values = yaml.safe_load((KUBERNETES / "values.yaml").read_text())
    hook = values["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert place in hook[-1]
    command = [each.replace(place, str(image)).replace("/home/jovyan", str(home)) for each in hook]

    subprocess.run(command, check=True, timeout=60)
    lesson = home / "course" / "notebooks" / "student" / "01_llm_gemma.ipynb"
    for target in set(re.findall(r"\]\((\.\./[^)#]+)", lesson.read_text(encoding="utf-8"))):
        assert (lesson.parent / target).exists(), target
    lesson.write_text("a learner's work")
    (home / "course" / "README.md").unlink()
    subprocess.run(command, check=True, timeout=60)
    assert lesson.read_text() == "a learner's work"
    assert (home / "course" / "README.md").exists()


def test_a_pods_user_is_not_root() -> None:
    dockerfile = (KUBERNETES / "Dockerfile").read_text()
    assert re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)[-1] == "jovyan"
    assert "-r requirements.txt -c constraints.txt" in dockerfile
    # The Hub of the chart, and a server's JupyterHub, are one version.
    (tag,) = re.findall(r"^FROM \S+/k8s-singleuser-sample:(\S+)$", dockerfile, re.MULTILINE)
    assert f"--version {tag} " in (FOLDER / "README.md").read_text(encoding="utf-8")
