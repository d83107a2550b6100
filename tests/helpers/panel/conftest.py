"""A container that speaks as vLLM and the toolkit do, and endpoints of the connected service."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from huggingface_hub import InferenceEndpoint, get_inference_endpoint
from PIL import Image

from tests.fakes import MODEL_ID, ServerThread, Service

WORDS = ["A ", "small ", "red ", "fox."]


class Container:
    """Answers like a model.

    Attributes:
        requests: bodies of what it was asked.
        held: set while it says no more than its first word.
        gone: set when whoever asked has closed the connection before the end.
        refusal: status and body of every answer, if it refuses.
        trouble: what comes after the first word in place of the rest; "" for the end of the
            connection.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.held = False
        self.gone = False
        self.refusal: tuple[int, dict[str, Any]] | None = None
        self.trouble: str | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if self.refusal is not None and scope["method"] == "POST":
            status, answer = self.refusal
            await _whole(send, json.dumps(answer).encode(), status=status)
        elif scope["path"].endswith("/v1/models"):
            await _whole(send, json.dumps({"data": [{"id": MODEL_ID}]}).encode())
        elif scope["path"].endswith("/v1/chat/completions"):
            self.requests.append(json.loads(body))
            await self._stream(receive, send)
        elif scope["method"] == "POST":
            self.requests.append(json.loads(body))
            await _whole(send, _picture(), kind=b"image/png")
        else:
            await _whole(send, b"")

    async def _stream(self, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, word in enumerate(WORDS):
            last = number == len(WORDS) - 1
            await send(_event(word, "stop" if last else None))
            if self.trouble == "":
                raise ConnectionAbortedError
            if self.trouble:
                body = f"data: {self.trouble}\n\n".encode()
                await send({"type": "http.response.body", "body": body})
                return
            if self.held and not last:
                while (await receive())["type"] != "http.disconnect":
                    pass
                self.gone = True
                return
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


def _event(word: str, reason: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": word}, "finish_reason": reason}
    chunk = {
        "id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL_ID,
        "system_fingerprint": "x", "choices": [choice],
    }  # fmt: skip
    body = f"data: {json.dumps(chunk)}\n\n".encode()
    return {"type": "http.response.body", "body": body, "more_body": True}


async def _whole(
    send: Any, body: bytes, *, status: int = 200, kind: bytes = b"application/json"
) -> None:
    headers = [(b"content-type", kind)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, format="PNG")
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def _no_callback_fails(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """ipywidgets only logs what a callback raises, so that a click in a test seems to succeed."""
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    texts = [record.getMessage() for record in records if record.name == "traitlets"]
    assert not [text for text in texts if text.startswith("Exception in ")]


@pytest.fixture(scope="session")
def _speaking_server() -> Iterator[ServerThread]:
    server = ServerThread().start()
    yield server
    server.stop()


@pytest.fixture
def container(connected: Service, _speaking_server: ServerThread) -> Container:
    """The container of all replicas of the connected service, which moves by itself."""
    container = Container()
    _speaking_server.app = container
    connected.launcher.url = _speaking_server.url
    connected.keep_ticking()
    return container


@pytest.fixture
def endpoint(connected: Service, container: Container) -> InferenceEndpoint:
    """One that runs, for text."""
    connected.create_running("an-endpoint")
    return get_inference_endpoint("an-endpoint")


def found(answer: dict[str, Any], **changes: Any) -> InferenceEndpoint:
    """An endpoint as the client makes it of an answer."""
    return InferenceEndpoint.from_raw({**answer, **changes}, namespace="local-user")


REAL_ANSWER: dict[str, Any] = {
    "name": "my-endpoint",
    "type": "private",
    "healthRoute": "/health",
    "tags": [],
    "notifications": {},
    "experimentalFeatures": {},
    "provider": {"vendor": "aws", "region": "us-east-1"},
    "compute": {
        "id": "aws-us-east-1-nvidia-l4-x1",
        "accelerator": "gpu",
        "instanceType": "nvidia-l4",
        "instanceSize": "x1",
        "scaling": {
            "minReplica": 0, "maxReplica": 2, "scaleToZeroTimeout": 60, "metric": None,
            "threshold": None, "measure": {"hardwareUsage": None},
        },
    },
    "model": {
        "repository": "google/gemma-1.1-2b-it",
        "framework": "pytorch",
        "revision": "11c5a3d5811f50298f278a704980280950aedb10",
        "task": "text-generation",
        "image": {
            "vLLM": {"url": "vllm/vllm-openai:latest", "port": 8000, "healthRoute": "/health"},
        },
        "secrets": {},
        "env": {"MAX_INPUT_TOKENS": "1024"},
    },
    "status": {
        "createdAt": "2026-10-10T09:00:00.000Z",
        "createdBy": {"id": "1", "name": "somebody"},
        "updatedAt": "2026-10-10T09:10:00.000Z",
        "updatedBy": {"id": "1", "name": "somebody"},
        "state": "running",
        "message": "Endpoint is ready",
        "readyReplica": 1,
        "targetReplica": 1,
        "url": "https://abcdefghijklmnop.us-east-1.aws.endpoints.huggingface.cloud",
    },
}  # fmt: skip
"""What the real service answers, with the fields that are documented (October 2026)."""
LEAN_ANSWER: dict[str, Any] = {
    **REAL_ANSWER,
    "tags": None,
    "compute": {
        "accelerator": "gpu", "instanceType": "nvidia-l4", "instanceSize": "x1",
        "scaling": {"minReplica": 0, "maxReplica": 1},
    },
    "model": {
        "repository": "google/gemma-1.1-2b-it", "framework": "pytorch", "revision": "main",
        "task": "text-generation",
    },
    "status": {
        "createdAt": "2026-10-10T09:00:00.000Z", "updatedAt": "2026-10-10T09:00:00.000Z",
        "state": "pending",
    },
}  # fmt: skip
"""The same with nothing but what ``huggingface_hub`` 2.4 insists on."""


async def nothing() -> None:
    """A job without work."""
    await asyncio.sleep(0)
