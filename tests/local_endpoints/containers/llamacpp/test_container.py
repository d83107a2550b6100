"""llama.cpp's real server as a container's process, with a pocket model."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer

from local_endpoints.replicas.wire import parse_ready_line
from local_endpoints.repositories import MODELS_DIR
from tests.ggufs import header_only, pocket_gguf, require_llamacpp
from tests.patience import WAIT_SECONDS

KEY = "key-of-the-replica-" + "x" * 10
NAME = "course/pocket-GGUF"
QUESTION = [{"role": "user", "content": "Please write a short poem about open source for me."}]

Start = Callable[..., "Server"]


class Server:
    """The process."""

    def __init__(self, file: Path, **env: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local_endpoints.containers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        order = {"dialect": "llamacpp", "repository": NAME, "model_dir": str(file)}
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({**order, "env": env, "replica_key": KEY}) + "\n")
        self.process.stdin.flush()
        self.log, self.url = "", ""
        for line in self.process.stdout:
            self.log += line
            if url := parse_ready_line(line.strip(), KEY):
                self.url = url
                break

    def ask(self, path: str, body: Any = None, key: str | None = KEY) -> tuple[int, Any]:
        """Status, and body as JSON."""
        url = path if path.startswith("http") else self.url + path
        headers = {"Origin": "http://evil.example", "Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, data, headers), timeout=WAIT_SECONDS
            ) as answer:
                assert not answer.headers["Access-Control-Allow-Origin"]
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream
            stream.close()


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pocket_gguf("gemma", tmp_path_factory.mktemp("gguf"))


@pytest.fixture(scope="module")
def server(gguf: Path) -> Iterator[Server]:
    server = Server(gguf)
    assert server.url, server.log
    yield server
    server.kill()


@pytest.fixture
def start() -> Iterator[Start]:
    require_llamacpp()
    started: list[Server] = []

    def start(file: Path, **env: str) -> Server:
        started.append(Server(file, **env))
        return started[-1]

    yield start
    for server in started:
        server.kill()


def test_the_model_answers_under_its_own_name(server: Server) -> None:
    status, models = server.ask("/v1/models")
    assert status == 200 and [each["id"] for each in models["data"]] == [NAME]
    body = {"messages": QUESTION, "max_tokens": 120, "temperature": 0}
    status, answer = server.ask("/v1/chat/completions", body)
    assert (status, answer["model"]) == (200, NAME)
    poem = answer["choices"][0]["message"]["content"]
    assert len(poem.splitlines()) >= 2 and answer["choices"][0]["finish_reason"] == "stop"
    assert f"{NAME} speaks here itself" in server.log


def test_nobody_without_the_key_gets_anything(server: Server) -> None:
    root = server.url.removesuffix("/replica")
    for path in ("/health", "/v1/models", "/props", "/slots", "/metrics"):
        for key in (None, "wrong"):
            assert server.ask(path, key=key)[0] == 401
            assert server.ask(root + path, key=key)[0] in (401, 404)
    assert server.ask(root + "/", key=None)[0] == 404
    assert server.ask("/health") == (200, {"status": "ok"})
    assert KEY[-4:] not in server.log


def test_texts_have_the_tokens_of_the_models_own_tokenizer(server: Server) -> None:
    tokenizer = Tokenizer.from_file(str(MODELS_DIR / "gemma" / "tokenizer.json"))
    for text in ("Hello world", "a  b\n\n\nc", " naïve — “cafés” 😀", "<start_of_turn>user\n"):
        status, answer = server.ask("/tokenize", {"content": text, "parse_special": True})
        assert status == 200
        assert answer["tokens"] == tokenizer.encode(text, add_special_tokens=False).ids


def test_an_answer_keeps_to_a_schema(server: Server) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    form = {"type": "json_schema", "json_schema": {"name": "form", "schema": schema}}
    body = {"messages": QUESTION, "response_format": form, "max_tokens": 100, "seed": 1}
    _, answer = server.ask("/v1/chat/completions", body)
    assert isinstance(json.loads(answer["choices"][0]["message"]["content"])["n"], int)


def test_fields_of_the_image_are_its_limits(start: Start, gguf: Path) -> None:
    server = start(
        gguf,
        LLAMA_ARG_MODEL=f"/repository/{gguf.name}",
        LLAMA_ARG_CTX_SIZE="512",
        LLAMA_ARG_N_PARALLEL="2",
        AIP_MODE="PREDICTION",
    )
    slots = server.ask("/slots")[1]
    assert [slot["n_ctx"] for slot in slots] == [256, 256]
    body = {"messages": [{"role": "user", "content": "word " * 300}]}
    status, refusal = server.ask("/v1/chat/completions", body)
    assert status == 400 and refusal["error"]["type"] == "exceed_context_size_error"


@pytest.mark.parametrize("end", ["terminate", "close"])
def test_it_ends_when_it_is_told_or_nobody_is_left(start: Start, gguf: Path, end: str) -> None:
    server = start(gguf)
    assert server.process.stdin
    {"terminate": server.process.terminate, "close": server.process.stdin.close}[end]()
    assert server.process.wait(WAIT_SECONDS) == 0


def test_those_that_start_side_by_side_end_as_well(start: Start, gguf: Path) -> None:
    # Told to end while their threads have hardly begun: some that waited for these threads hung.
    with ThreadPoolExecutor(6) as pool:
        servers = list(pool.map(lambda _: start(gguf), range(6)))
    for server in servers:
        server.process.terminate()
    assert [server.process.wait(WAIT_SECONDS) for server in servers] == [0] * 6


def test_a_file_that_llama_cpp_does_not_take_is_a_sentence(
    start: Start, gguf: Path, tmp_path: Path
) -> None:
    (cut := tmp_path / "cut.gguf").write_bytes(gguf.read_bytes()[:1_000_000])
    foreign = header_only(tmp_path / "foreign.gguf", "some-other-architecture")
    for file, said in (
        (cut, "Error: llama.cpp cannot load cut.gguf"),
        (foreign, "Error: llama.cpp cannot load foreign.gguf"),
        (tmp_path / "missing.gguf", "missing.gguf is gone: pull or add"),
    ):
        server = start(file)
        assert server.process.wait(WAIT_SECONDS) == 1
        assert said in server.log and "Traceback" not in server.log


def test_a_path_of_another_file_is_refused(start: Start, gguf: Path) -> None:
    server = start(gguf, LLAMA_ARG_MODEL="other.gguf")
    assert server.process.wait(WAIT_SECONDS) == 1
    assert f"has no file other.gguf: its modelPath is {gguf.name}" in server.log
