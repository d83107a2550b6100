"""Routes, waiting, leaving, starting."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import shutil
import struct
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from local_endpoints.containers.toolkit.container import ToolkitContainer
from local_endpoints.containers.toolkit.errors import RefusalError
from local_endpoints.containers.toolkit.settings import MAX_REQUESTS
from local_endpoints.engine.diffusion.engine import ImageEngine
from local_endpoints.engine.diffusion.pipeline import Denoising, DiffusionPipeline
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.errors import QueueFullError
from local_endpoints.engine.part import Engines
from local_endpoints.engine.runtime import ort
from local_endpoints.replicas.wire import ConfigurationError
from tests.local_endpoints.containers.conftest import (
    RunningContainer,
    StartContainer,
)
from tests.local_endpoints.containers.toolkit.conftest import REPOSITORY, settings_for
from tests.patience import WAIT_SECONDS, eventually

PNG = {"accept": "image/png"}


def body(seed: int = 1, **parameters: Any) -> dict[str, Any]:
    return {
        "inputs": "a red fox",
        "parameters": {"num_inference_steps": 2, "seed": seed, **parameters},
    }


def engine_of(running: RunningContainer) -> ImageEngine:
    assert isinstance(running.container, ToolkitContainer)
    assert running.container.engine is not None
    return running.container.engine


@pytest.mark.parametrize("path", ["/", "/health"])
def test_health(toolkit: RunningContainer, path: str) -> None:
    reply = toolkit.get(path)
    assert (reply.status, reply.text) == (200, "Ok")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"


def test_both_routes_draw_the_same(toolkit: RunningContainer) -> None:
    assert (
        toolkit.post("/", body(), **PNG).content == toolkit.post("/predict", body(), **PNG).content
    )


def test_metrics_count_what_is_worked_on_and_what_waits(toolkit: RunningContainer) -> None:
    assert toolkit.get("/metrics").text == "inf_batch_current_size 0\ninf_queue_size 0\n"


@pytest.mark.parametrize(
    ("method", "path", "status", "text", "allow"),
    [
        ("GET", "/generate", 404, "Not Found", None),
        ("POST", "/v1/chat/completions", 404, "Not Found", None),
        ("PUT", "/", 405, "Method Not Allowed", "GET, HEAD"),
        ("GET", "/predict", 405, "Method Not Allowed", "POST"),
        ("POST", "/health", 405, "Method Not Allowed", "GET, HEAD"),
    ],
)
def test_other_routes(
    toolkit: RunningContainer, method: str, path: str, status: int, text: str, allow: str | None
) -> None:
    reply = toolkit.send(method, path)
    assert (reply.status, reply.text) == (status, text)
    given = reply.headers.get("allow")
    assert (given and set(given.split(", "))) == (allow and set(allow.split(", ")))


def test_the_log_says_which_routes_the_toolkit_does_not_have(
    start_toolkit: StartContainer, caplog: pytest.LogCaptureFixture
) -> None:
    vertex = {"AIP_MODE": "PREDICTION", "AIP_PREDICT_ROUTE": "/pred", "AIP_HEALTH_ROUTE": "/h"}
    running = start_toolkit(**vertex)
    for path in ("/pred", "/h", "/v1/chat/completions"):
        assert running.send("POST", path).status == 404
    assert "POST '/pred': known to the Inference Toolkit, not served here" in caplog.text
    assert "POST '/h': known to the Inference Toolkit, not served here" in caplog.text
    assert "POST '/v1/chat/completions': no route of the Inference Toolkit" in caplog.text


def test_many_at_once_get_what_each_gets_alone(start_toolkit: StartContainer) -> None:
    running = start_toolkit(POCKET_MAX_BATCH="3")
    wishes = [body(seed, guidance_scale=seed, num_inference_steps=2 + seed) for seed in range(8)]
    alone = [running.post("/", wish, **PNG).content for wish in wishes]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda wish: running.post("/", wish, **PNG).content, wishes))
    assert together == alone
    assert len(set(alone)) == 8


def test_a_client_that_leaves_is_dropped(
    start_toolkit: StartContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start_toolkit(POCKET_MAX_BATCH="1")
    engine = engine_of(running)
    allowed, step = threading.Semaphore(0), DiffusionPipeline.step

    def held_step(pipeline: DiffusionPipeline, pictures: Sequence[Denoising]) -> None:
        assert allowed.acquire(timeout=WAIT_SECONDS)
        step(pipeline, pictures)

    monkeypatch.setattr(DiffusionPipeline, "step", held_step)
    endless = body(num_inference_steps=1000)
    connections = [running.open("/", endless) for _ in range(2)]
    assert eventually(lambda: engine.active_count == 1 and engine.waiting_count == 1)
    gauges = running.get("/metrics").text
    assert gauges == "inf_batch_current_size 1\ninf_queue_size 1\n"
    for connection in connections:
        connection.close()
    steps = 0

    def empty_after_another_step() -> bool:
        nonlocal steps
        steps += 1
        allowed.release()
        return engine.active_count + engine.waiting_count == 0

    assert eventually(empty_after_another_step)
    assert steps < 1000
    monkeypatch.undo()
    assert running.post("/", body(), **PNG).status == 200


def test_a_container_starts_beside_one_that_has_all_the_pictures_it_may_have(
    pipeline_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed, step = threading.Semaphore(0), DiffusionPipeline.step

    def held_step(pipeline: DiffusionPipeline, pictures: Sequence[Denoising]) -> None:
        assert allowed.acquire(timeout=WAIT_SECONDS)
        step(pipeline, pictures)

    monkeypatch.setattr(DiffusionPipeline, "step", held_step)
    engines = Engines()
    anna, ben = (ToolkitContainer(settings_for(pipeline_dir, {}), engines) for _ in range(2))

    async def start() -> None:
        allowed.release()
        await anna.start()
        engine, quick = anna.engine, ImageRequest("a red fox", num_inference_steps=1)
        assert engine is not None
        assert eventually(lambda: engine.in_flight_count == 0)
        for _ in range(MAX_REQUESTS):
            engine.submit(quick)
        with pytest.raises(QueueFullError, match="128 requests are in flight"):
            engine.submit(quick)
        # One step for the pictures that are begun, and the next one has a place for Ben's.
        allowed.release(2)
        await asyncio.wait_for(ben.start(), WAIT_SECONDS)
        assert engine.in_flight_count > MAX_REQUESTS / 2

    try:
        asyncio.run(start())
    finally:
        allowed.release(10_000)
        anna.stop()
        ben.stop()


@pytest.mark.parametrize("broken", ["start", "step", "decode"])
def test_whatever_breaks_in_the_engine_is_answered_with_400(
    toolkit: RunningContainer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: str,
) -> None:
    text = "a red fox broke the graph"

    def break_down(pipeline: DiffusionPipeline, given: object) -> None:
        raise ort.capi.onnxruntime_pybind11_state.Fail(text)

    with monkeypatch.context() as patch:
        patch.setattr(DiffusionPipeline, broken, break_down)
        reply = toolkit.post("/", body())
    assert (reply.status, reply.json()) == (400, {"error": text})
    assert "the work on 1 request(s) failed: Fail\n" in caplog.text
    assert "POST / refused: Fail" in caplog.text
    # The frames quote this file's code, but not what the exception says.
    assert text not in caplog.text
    assert toolkit.post("/", body()).status == 200


def test_a_picture_that_cannot_be_written_is_answered_with_400(
    toolkit: RunningContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(image: Image.Image, file: object, format: str) -> None:
        raise OSError("encoder error")

    monkeypatch.setattr(Image.Image, "save", break_down)
    reply = toolkit.post("/", body())
    assert (reply.status, reply.json()) == (400, {"error": "encoder error"})


def test_half_a_surrogate_pair_can_be_answered() -> None:
    response = RefusalError("but is \ud800").response()
    assert (response.status_code, response.body) == (400, b'{"error":"but is ?"}')


def test_the_log_says_that_a_pocket_model_draws(
    start_toolkit: StartContainer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        start_toolkit()
    assert f"A pocket model draws here, not the real {REPOSITORY}" in caplog.text
    assert "Ready: 32 x 32 pixels, euler scheduler" in caplog.text


def test_the_scheduler_is_a_setting_of_the_container(
    toolkit: RunningContainer, start_toolkit: StartContainer
) -> None:
    seven = body(num_inference_steps=7)
    ddim = start_toolkit(POCKET_SCHEDULER="ddim")
    assert ddim.post("/", seven, **PNG).content != toolkit.post("/", seven, **PNG).content
    reply = ddim.post("/", body(eta=0.5))
    assert (reply.status, "eta" in reply.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    ("env", "text"),
    [
        ({"POCKET_SCHEDULER": "heun"}, "POCKET_SCHEDULER=heun: expected euler or ddim"),
        ({"POCKET_THREADS": "0"}, "POCKET_THREADS=0: expected a whole number from 1 to 64"),
        ({"POCKET_THREADS": "9" * 5000}, "expected a whole number from 1 to 64"),
        ({"POCKET_MAX_BATCH": "\u00b2"}, "expected a whole number from 1 to 31"),
        ({"POCKET_MAX_BATCH": "many"}, "POCKET_MAX_BATCH=many: expected a whole number"),
        ({"POCKET_MAX_BATCH": "32"}, "POCKET_MAX_BATCH=32: expected a whole number from 1 to 31"),
    ],
)
def test_bad_settings_are_refused(pipeline_dir: Path, env: dict[str, str], text: str) -> None:
    with pytest.raises(ConfigurationError, match=text):
        ToolkitContainer(settings_for(pipeline_dir, env))


def test_a_folder_without_a_pipeline_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gemma"}))
    with pytest.raises(ConfigurationError, match="no text-to-image model"):
        ToolkitContainer(settings_for(tmp_path, {}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", "[]"),
        ("config.json", '{"pipeline": "StableDiffusionXLPipeline", "image_size": 32}'),
        ("tokenizer.json", "{}"),
        ("unet.onnx", "damaged"),
        ("vae_decoder.onnx", None),
    ],
)
def test_damaged_files_are_refused(
    pipeline_dir: Path, tmp_path: Path, name: str, content: str | None
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(pipeline_dir, folder)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content)
    with pytest.raises(ConfigurationError, match="damaged holds no text-to-image model"):
        asyncio.run(ToolkitContainer(settings_for(folder, {})).start())


def test_graphs_that_do_not_fit_together_are_refused(pipeline_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(pipeline_dir, folder)
    shutil.copy(folder / "unet.onnx", folder / "vae_decoder.onnx")
    with pytest.raises(ConfigurationError, match="damaged holds no text-to-image model"):
        asyncio.run(ToolkitContainer(settings_for(folder, {})).start())


def test_the_picture_is_a_whole_png(toolkit: RunningContainer) -> None:
    content = toolkit.post("/", body(height=64, width=64), **PNG).content
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", io.BytesIO(content[16:24]).read()) == (64, 64)
