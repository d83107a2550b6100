"""Two users of a real JupyterHub; ``python -m tests.jupyterhub`` is a whole class."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.jupyterhub.stand import Stand, is_installed, standing
from tests.notebooks import text_output

pytestmark = pytest.mark.skipif(
    not is_installed(), reason='JupyterHub is not installed: pip install -e ".[jupyterhub]"'
)
CELL = """
import os
from helpers import connect
from huggingface_hub import list_inference_endpoints, whoami

print(connect("local").namespace, whoami()["name"], list_inference_endpoints())
print(os.environ["JUPYTERHUB_API_TOKEN"], os.environ["LOCAL_ENDPOINTS_TOKEN"])
"""


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with standing(tmp_path_factory.mktemp("hub")) as stand:
        yield stand


def test_a_kernel_reaches_the_service_and_nobody_pastes_a_token(stand: Stand) -> None:
    users = ("anna", "ben")
    for user in users:
        stand.start_server(user)
    runs = [stand.begin(user, new_notebook(cells=[new_code_cell(CELL)])) for user in users]
    for user, run in zip(users, runs, strict=True):
        (cell,) = run.done().cells
        first, second = text_output(cell).splitlines()[-2:]
        assert first == f"{user} {user} []"
        of_the_server, of_the_service = second.split()
        assert of_the_server != of_the_service
        for log in stand.folder.glob("*.log"):
            assert of_the_service not in log.read_text(), log
    assert "GET /hub/api/user " in (stand.folder / "jupyterhub.log").read_text()
