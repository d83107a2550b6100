"""The code that is shown sends what the playground sends."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import InferenceEndpoint

from helpers.panel.calls import PICTURE_FILE, Chat, Drawing
from tests.fakes import MODEL_ID, Service
from tests.helpers.panel.conftest import Container

PICTURE = b"\xff\xd8\xff a picture, or so"
URL = "data:image/jpeg;base64," + base64.b64encode(PICTURE).decode()
TEXT = 'What\'s this \\ "thing"?\n{picture} $HOME `id` ü'
OPTIONS = {"max_tokens": 5, "temperature": 0.5, "seed": 1}
LOOK = [
    {"type": "image_url", "image_url": {"url": URL}},
    {"type": "text", "text": TEXT},
]
CHATS = {
    "text": Chat([{"role": "user", "content": TEXT}], MODEL_ID, OPTIONS),
    "picture": Chat([{"role": "system", "content": "Be brief."}, {"role": "user", "content": LOOK}],
                    MODEL_ID, OPTIONS),
}  # fmt: skip
DRAWING = Drawing(TEXT, {"num_inference_steps": 3, "negative_prompt": "it's", "seed": 7})


@pytest.fixture(autouse=True)
def _a_picture_lies_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / PICTURE_FILE).write_bytes(PICTURE)
    monkeypatch.chdir(tmp_path)


def address(endpoint: InferenceEndpoint) -> str:
    assert endpoint.url is not None
    return endpoint.url


def run_in_shell(command: str, service: Service) -> None:
    env = {**os.environ, "HF_TOKEN": service.token}
    done = subprocess.run(
        ["bash", "-c", command], env=env, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("chat", CHATS.values(), ids=CHATS)
def test_a_chat_in_python(
    chat: Chat, endpoint: InferenceEndpoint, container: Container,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    exec(chat.python(address(endpoint)), {})
    assert container.requests == [chat.body()]
    assert capsys.readouterr().out == "A small red fox."


@pytest.mark.parametrize("chat", CHATS.values(), ids=CHATS)
def test_a_chat_with_curl(
    chat: Chat, endpoint: InferenceEndpoint, container: Container, connected: Service
) -> None:
    run_in_shell(chat.curl(address(endpoint)), connected)
    assert container.requests == [chat.body()]


def test_a_photograph_is_no_argument_of_curl(
    endpoint: InferenceEndpoint, container: Container, connected: Service
) -> None:
    photograph = os.urandom(300_000)
    Path(PICTURE_FILE).write_bytes(photograph)
    url = "data:image/jpeg;base64," + base64.b64encode(photograph).decode()
    picture = {"type": "image_url", "image_url": {"url": url}}
    chat = Chat([{"role": "user", "content": [picture, *LOOK[1:]]}], MODEL_ID, OPTIONS)
    run_in_shell(chat.curl(address(endpoint)), connected)
    assert container.requests == [chat.body()]


def test_a_drawing_in_python(endpoint: InferenceEndpoint, container: Container) -> None:
    exec(DRAWING.python(address(endpoint)), {})
    assert container.requests == [DRAWING.body()]
    assert Path("picture.png").read_bytes().startswith(b"\x89PNG")


def test_a_drawing_with_curl(
    endpoint: InferenceEndpoint, container: Container, connected: Service
) -> None:
    run_in_shell(DRAWING.curl(address(endpoint)), connected)
    assert container.requests == [DRAWING.body()]
    assert Path("picture.png").read_bytes().startswith(b"\x89PNG")


def test_the_token_is_not_in_it(endpoint: InferenceEndpoint, connected: Service) -> None:
    requests: list[Any] = [*CHATS.values(), DRAWING]
    for request in requests:
        shown = request.python(address(endpoint)) + request.curl(address(endpoint))
        assert connected.token not in shown and "$HF_TOKEN" in shown
        assert json.dumps(PICTURE.decode("latin-1"))[1:-1] not in shown and URL not in shown
