"""A whole service with something on its shelf: a model by llama.cpp, and upstreams of all kinds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from local_endpoints.__main__ import main
from local_endpoints.client import ServiceInfo, ensure_running, stop_running
from tests.fakes import spec_body
from tests.ggufs import pocket_gguf
from tests.local_endpoints.containers.llamacpp.test_container import KEY, Server
from tests.patience import WAIT_SECONDS, eventually

GGUF = "course/pocket-GGUF"
FAR = "far/model"
LLAMACPP = {"llamacpp": {"url": "ghcr.io/ggml-org/llama.cpp:server", "ctxSize": 1024}}
VLLM = {"vLLM": {"url": "vllm/vllm-openai:latest"}}
QUESTION = [{"role": "user", "content": "Please write a short poem about open source for me."}]


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pocket_gguf("gemma", tmp_path_factory.mktemp("gguf"))


@pytest.fixture
def near(tmp_path: Path) -> Iterator[Path]:
    """The state directory of the service that is asked."""
    yield tmp_path / "near"
    stop_running(tmp_path / "near")


class Asked:
    """An endpoint of a service that runs as a process of its own."""

    def __init__(self, service: ServiceInfo, repository: str, image: Any, **more: Any) -> None:
        self.service = service
        wish = spec_body("an-endpoint", model={"repository": repository, "image": image}, **more)
        service.call("POST", "/v2/endpoint/local-user", wish)
        assert eventually(lambda: self.state in ("running", "failed"))

    def _get(self) -> dict[str, Any]:
        found: dict[str, Any] = self.service.call("GET", "/v2/endpoint/local-user/an-endpoint")
        return found

    @property
    def state(self) -> str:
        return str(self._get()["status"]["state"])

    @property
    def url(self) -> str:
        return str(self._get()["status"]["url"])

    def ask(self, path: str, body: Any = None, *, token: str | None = None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token or self.service.token}"}
        method = "GET" if body is None else "POST"
        return requests.request(
            method, f"{self.url}{path}", json=body, headers=headers, timeout=WAIT_SECONDS
        )


def add(state_dir: Path, *arguments: str) -> None:
    assert main([*arguments, "--state-dir", str(state_dir)]) == 0


def test_a_model_of_the_shelf_is_an_endpoint_like_any_other(near: Path, gguf: Path) -> None:
    service = ensure_running(near)
    add(near, "add", str(gguf), "--as", GGUF)  # while it runs
    endpoint = Asked(service, GGUF, LLAMACPP)
    assert endpoint.state == "running"
    (model,) = endpoint.ask("/v1/models").json()["data"]
    assert (model["id"], model["meta"]["n_ctx"]) == (GGUF, 256)
    body = {"messages": QUESTION, "max_tokens": 100, "temperature": 0, "stream": True}
    answer = endpoint.ask("/v1/chat/completions", body)
    *events, end = [line for line in answer.text.split("\n\n") if line.startswith("data: ")]
    assert end == "data: [DONE]" and len(events) > 10
    assert {json.loads(event[6:])["model"] for event in events} == {GGUF}
    assert endpoint.ask("/v1/models", token="hf_wrong").status_code == 401
    (listed,) = service.status()["endpoints"]
    assert listed["repository"] == GGUF and listed["cost"] > 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"image": VLLM}, 'Use custom_image={"llamacpp"'),
        ({"image": {"huggingface": {}}}, 'Use custom_image={"llamacpp"'),
        ({"env": {"LLAMA_ARG_PORT": "80"}}, "LLAMA_ARG_PORT: reserved by the system"),
        ({"secrets": {"LLAMA_ARG_MODEL": "x"}}, "LLAMA_ARG_MODEL: reserved by the system"),
        ({"image": {"llamacpp": {**LLAMACPP["llamacpp"], "mode": "embeddings"}}}, "not imitated"),
        (
            {"image": {"llamacpp": {**LLAMACPP["llamacpp"], "ctxSize": "8"}}},
            "ctxSize: expected u32",
        ),
        ({"args": ["--ctx-size", "8"]}, "model.args: not imitated"),
    ],
)
def test_what_llama_cpp_cannot_do_here_is_refused(
    near: Path, gguf: Path, changes: dict[str, Any], said: str
) -> None:
    service = ensure_running(near)
    add(near, "add", str(gguf), "--as", GGUF)
    wish = spec_body("an-endpoint", model={"repository": GGUF, "image": LLAMACPP, **changes})
    answer = requests.post(
        f"{service.url}/v2/endpoint/local-user",
        json=wish,
        headers={"Authorization": f"Bearer {service.token}"},
        timeout=WAIT_SECONDS,
    )
    assert answer.status_code == 400 and said in answer.json()["error"]


def test_llama_cpps_own_server_may_be_an_upstream(
    near: Path, gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server(gguf)
    try:
        monkeypatch.setenv("BOX_KEY", KEY)
        service = ensure_running(near)
        add(near, "add-upstream", FAR, "--url", server.url, "--key-env", "BOX_KEY")
        endpoint = Asked(service, FAR, VLLM)
        body = {"messages": QUESTION, "max_tokens": 20}
        assert endpoint.ask("/v1/chat/completions", body).json()["usage"]["completion_tokens"] == 20
    finally:
        server.kill()
    assert eventually(lambda: endpoint.ask("/health").status_code == 503)


def test_another_local_service_may_be_an_upstream(
    near: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_dir = tmp_path / "far"
    try:
        far = Asked(ensure_running(far_dir), "google/gemma-1.1-2b-it", VLLM)
        monkeypatch.setenv("FAR_TOKEN", far.service.token)
        service = ensure_running(near)
        add(near, "add-upstream", FAR, "--url", far.url, "--key-env", "FAR_TOKEN")
        endpoint = Asked(service, FAR, VLLM, type="public")
        body = {"model": "google/gemma-1.1-2b-it", "messages": QUESTION, "max_tokens": 9}
        for token in (service.token, "whatever a caller sends"):
            answer = endpoint.ask("/v1/chat/completions", body, token=token)
            assert answer.json()["usage"]["completion_tokens"] == 9
    finally:
        stop_running(far_dir)
