"""The notebooks as engineers run them: with papermill, other parameters, and failures."""

from __future__ import annotations

import json
import os
import platform
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbformat.v4 import new_code_cell
from papermill.exceptions import PapermillExecutionError
from PIL import Image

from local_endpoints import ServiceError, ServiceInfo, ensure_running, find_running, stop_running
from local_endpoints.__main__ import main
from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.ggufs import pocket_gguf
from tests.helpers.photos import SCENE, make
from tests.judge import judge
from tests.notebooks import (
    NOTEBOOKS,
    code_cells,
    read,
    record,
    require_other_hardware,
    run,
    run_by_nbmake,
    tags,
    text_output,
)
from tests.patience import WAIT_SECONDS, eventually
from training.idefics2.names import PLACE_WORDS
from training.world.draw import draw
from training.world.scene import Scene

LLM = next(path for path in NOTEBOOKS if path.stem == "01_llm_gemma")
IMAGES = next(path for path in NOTEBOOKS if path.stem == "02_images_sdxl")
VISION = next(path for path in NOTEBOOKS if path.stem == "03_vision_idefics2")


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServiceInfo:
    """A service for one test alone."""
    state_dir = tmp_path / "state"
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(state_dir))
    info = ensure_running(state_dir, owner=os.getpid())
    yield info
    stop_running(state_dir)


def bills(service: ServiceInfo) -> float:
    """USD per hour that run at this moment."""
    return sum(endpoint["price_per_hour"] for endpoint in service.status()["endpoints"])


def test_another_model(tmp_path: Path) -> None:
    parameters = {"MODEL_ID": "Qwen/Qwen3-1.7B", "ENDPOINT_NAME": "qwen3-1-7b-001"}
    values = record(run(LLM, tmp_path / "out.ipynb", **parameters))
    _require_a_lesson(values, "open source", name="qwen3-1-7b-001")
    assert values["still_billing"] == 0


def test_two_at_once_with_other_names(service: ServiceInfo, tmp_path: Path) -> None:
    """One on the other engine and without a GPU, one with everything else changed. Neither gets
    anything of the other."""
    one = {"ENDPOINT_NAME": "poet-one", "ENGINE": "tgi", "ACCELERATOR": "cpu"}
    two = {
        "ENDPOINT_NAME": "a-poet-with-a-name-of-30-signs",
        **{"PROMPT": "Please write a short poem about rivers for me.", "SEED": 7},
        **{"VENDOR": "gcp", "REGION": "us-east4", "INSTANCE_TYPE": "nvidia-a100"},
    }

    def attempt(parameters: dict[str, object]) -> nbformat.NotebookNode:
        return run(LLM, tmp_path / f"{parameters['ENDPOINT_NAME']}.ipynb", **parameters)

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(attempt, (one, two))
    _require_a_lesson(record(first), "open source", name="poet-one", engine="tgi")
    require_other_hardware(first, "aws-us-east-1-intel-spr-x16", 0.54)
    _require_a_lesson(record(second), "river", name="a-poet-with-a-name-of-30-signs")
    assert {each["state"] for each in service.status()["endpoints"]} == {"paused"}


def test_a_model_of_ones_own_by_llama_cpp(service: ServiceInfo, tmp_path: Path) -> None:
    name = "course/pocket-gemma-GGUF"
    file = pocket_gguf("gemma", tmp_path)
    assert main(["add", str(file), "--as", name, "--state-dir", str(service.state_dir)]) == 0
    parameters = {"MODEL_ID": name, "ENGINE": "llamacpp", "ENDPOINT_NAME": "of-my-own"}
    done = run(LLM, tmp_path / "out.ipynb", **parameters)
    (preflight,) = [cell for cell in code_cells(done) if cell.id == "preflight"]
    assert f"who answers: {name}" in text_output(preflight)
    values = record(done)
    assert "open source" in values["chat_poem"].lower()
    assert values["chat_poem"].strip() == values["streamed_poem"].strip()
    assert (values["finish_reason"], values["tool_call"]) == ("stop", "get_weather")
    assert values["same_seed_same_line"]
    assert f"{name} has no file x" in values["why_it_failed"]
    assert (values["asleep_status"], values["awake_status"]) == (503, 200)
    assert (values["endpoint_status"], values["still_billing"]) == ("paused", 0)


def _require_a_lesson(
    values: dict[str, Any], word: str, *, name: str, engine: str = "vLLM"
) -> None:
    """Notebook 1 came to its end as it should, with a poem about the word."""
    assert word in values["poem"].lower()
    assert values["poem"].strip() == values["chat_poem"].strip() == values["streamed_poem"].strip()
    assert values["finish_reason"] == "stop"
    assert values["nested_parameters_tokens"] > 5
    assert values["same_seed_same_line"] and values["same_answer_in_company"]
    assert json.loads(values["order"])["customer"] == "Nadia"
    assert values["tool_call"] == "get_weather" and "Lisbon" in values["tool_answer"]
    assert "tokens" in values["refusal"]
    assert "`top_p` must be > 0.0 and < 1.0" in values["old_refusal"]
    assert (values["asleep_status"], values["awake_status"]) == (503, 200)
    assert (values["lost_some"], values["saved"]) == (True, 40)
    in_the_log = "`max_input_tokens`" if engine == "tgi" else "max_model_len"
    assert in_the_log in values["why_it_failed"]
    assert values["advice"][0] == "log in"
    assert values["advice"][2:] == ["mend the request", "resume the endpoint", "wait and ask again"]
    assert (values["endpoint_name"], values["endpoint_status"]) == (name, "paused")


def test_the_picture_obeys_its_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And notebook 3, which finds the file, says what is on it."""
    monkeypatch.chdir(tmp_path)
    prompt = "a penguin in a red scarf holding a balloon in the snow"
    values = record(run(IMAGES, tmp_path / "out.ipynb", PROMPT=prompt, SEED=3))
    with Image.open(tmp_path / values["picture_file"]) as picture:
        seen = judge(picture)
    assert (seen["animal"], seen["background"], seen["held"]) == ("penguin", "snow", "balloon")
    assert (seen["clothing"], seen["clothing_color"]) == ("scarf", "red")
    assert values["statuses"] == [200, 200, 200, 400]
    assert values["same_pixels_json_png"] and values["same_seed_same_pixels"]
    assert values["same_pixels_in_company"]
    assert values["saved_prompt"] == prompt
    assert "Provided `height=192` and `width=128`" in values["refusal"]
    assert values["redrawn_from_file"]
    assert values["scheduler_ignored"] and values["typo_ignored"]
    assert values["endpoint_status"] == "paused" and values["still_billing"] == 0
    fields = record(run(VISION, tmp_path / "vision.ipynb"))["fields"]
    assert (fields["animal"], fields["place"]) == ("penguin", "snow")


@pytest.mark.parametrize(
    "scene",
    [
        Scene("penguin", "snow", "scarf", "red", held="balloon", held_color="blue", seed=2001),
        Scene("frog", "beach", "sweater", "purple", "straw hat", glasses=True, seed=2002),
    ],
    ids=lambda scene: scene.animal,
)
def test_the_answers_are_about_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scene: Scene
) -> None:
    monkeypatch.chdir(tmp_path)
    draw(scene).save("picture.png")
    values = record(run(VISION, tmp_path / "out.ipynb", PICTURE="picture.png"))
    for limerick in (values["limerick"], values["by_markdown"]):
        assert scene.animal in limerick and len(limerick.splitlines()) == 5
        assert any(word in limerick.lower() for word in PLACE_WORDS[scene.background])
    fields = values["fields"]
    assert (fields["animal"], fields["place"]) == (scene.animal, scene.background)
    assert f"{scene.clothing_color} {scene.clothing}" in fields["wearing"]
    assert ("glasses" in fields["wearing"]) == scene.glasses
    assert scene.animal in values["seen"]["as it is"][0]
    assert values["verdicts"] == {"yes": 7, "no": 7}
    assert (
        values["forced"].keys() == values["allowed"].keys() and values["allowed"]["holding"] is None
    )
    tokens = values["prompt_tokens"]
    assert tokens["32 x 32"] == tokens["1024 x 1024"] > tokens["no picture"] + 300
    assert "`inputs` must have less than 1024 tokens" in values["refusal"]
    assert values["never_reached"] and values["same_in_company"]
    assert len(set(values["captions"])) == 7
    assert values["endpoint_status"] == "paused" and values["still_billing"] == 0


def test_a_picture_as_people_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # From a phone, turned by its metadata. The other kinds of files differ only in how they are
    # read: see tests/helpers/test_picture.py.
    monkeypatch.chdir(tmp_path)
    make("turned.jpg", tmp_path)
    done = run(VISION, tmp_path / "out.ipynb", PICTURE="turned.jpg")
    values = record(done)
    assert SCENE.animal in values["seen"]["as it is"][0] and SCENE.animal in values["limerick"]
    # Three copies fit into one request; the fourth is refused for its tokens, not for its bytes.
    copies = text_output(_cell(done, "limit")).splitlines()
    assert [line.split()[1] for line in copies] == ["338", "663", "988", "422"]
    assert "`inputs` must have less than 1024 tokens" in values["refusal"]


TRIALS = """
import contextlib, io

for PICTURE in {pictures!r}:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec({before!r})
    except Exception as error:
        print(f"{{type(error).__name__}}: {{error}}")
"""


def test_a_wrong_picture_is_refused_before_anything_is_rented(
    service: ServiceInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make("turned.jpg", tmp_path)
    Path("drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    Path("half.jpg").write_bytes(Path("turned.jpg").read_bytes()[:20_000])
    wrong = {
        "turned.jpeg": "there is no file turned.jpeg. Did you mean turned.jpg?",
        ".": ". is a folder: name a file in it, for example half.jpg",
        "drawing.svg": "it is SVG, which a browser draws. Export it as PNG",
        "half.jpg": "it is cut off, damaged or closed",
        7: "7 is no picture but int",
    }
    notebook = read(VISION)
    position = next(i for i, cell in enumerate(notebook.cells) if cell.id == "create")
    del notebook.cells[position:]
    before = "\n".join(
        cell.source for cell in code_cells(notebook) if "parameters" not in tags(cell)
    )
    notebook.cells.append(new_code_cell(TRIALS.format(pictures=list(wrong), before=before)))
    nbformat.write(notebook, tmp_path / "wrong.ipynb")
    done = run(tmp_path / "wrong.ipynb", tmp_path / "out.ipynb")
    errors = text_output(code_cells(done)[-1]).splitlines()
    for error, words in zip(errors, wrong.values(), strict=True):
        assert error.startswith("PictureError: ") and words in error
    assert service.status()["endpoints"] == []


UPLOAD = """
def choose(name):
    content = Path(name).read_bytes()
    file = {"name": name, "type": "", "size": len(content), "content": memoryview(content)}
    upload.files.set_state({"value": [file | {"last_modified": 0}]})
    print(upload.answer.value.rpartition("<figcaption")[2])

choose("mine.png")
choose("mine.png")
choose("words.png")
endpoint.pause()
choose("mine.png")
endpoint.resume().wait(600)
upload.again.click()
print(upload.answer.value.rpartition("<figcaption")[2])
"""


def test_an_uploaded_picture_is_described_as_often_as_it_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    draw(Scene("penguin", "snow", seed=9)).save("mine.png")
    Path("words.png").write_text("no picture")
    notebook = read(VISION)
    position = next(i for i, cell in enumerate(notebook.cells) if cell.id == "upload")
    del notebook.cells[position + 1 :]
    notebook.cells.append(new_code_cell(UPLOAD))
    nbformat.write(notebook, tmp_path / "upload.ipynb")
    done = run(tmp_path / "upload.ipynb", tmp_path / "out.ipynb")
    answers = text_output(code_cells(done)[-1]).splitlines()
    described, again, words, paused, resumed = answers
    assert "A penguin" in described and described == again == resumed
    assert "words.png is no picture that can be read here: it is text" in words
    assert "No answer: " in paused and "paused" in paused and "Ask again" in paused


def test_the_real_service_is_never_reached_by_accident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    with pytest.raises(PapermillExecutionError, match="no Hugging Face token"):
        run(LLM, tmp_path / "out.ipynb", BACKEND="hf")


@pytest.mark.parametrize(
    ("path", "cell_id"), [(LLM, "stream"), (IMAGES, "accept"), (VISION, "questions")]
)
def test_a_failure_midway_leaves_nothing_billing(
    service: ServiceInfo, tmp_path: Path, path: Path, cell_id: str
) -> None:
    notebook = read(path)
    position = next(i for i, cell in enumerate(notebook.cells) if cell.id == cell_id)
    notebook.cells.insert(position, new_code_cell("raise RuntimeError('on purpose')"))
    broken = tmp_path / "broken.ipynb"
    nbformat.write(notebook, broken)
    with pytest.raises(PapermillExecutionError, match="on purpose"):
        run(broken, tmp_path / "out.ipynb")
    assert eventually(lambda: bills(service) == 0)
    (endpoint,) = service.status()["endpoints"]
    assert endpoint["state"] in {"paused", "scaledToZero"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_kernel_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state_dir = tmp_path / "state"
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(state_dir))
    manager, client = start_new_kernel()
    try:
        client.execute_interactive(
            "from helpers import connect; connect('local', minute=0.1)", timeout=WAIT_SECONDS
        )
        for name in ("parameters", "imports", "preflight", "find", "settings", "create", "wait"):
            reply = client.execute_interactive(
                _cell(read(LLM), name).source, output_hook=lambda _: None, timeout=WAIT_SECONDS
            )
            assert reply["content"]["status"] == "ok", reply["content"]
        running = find_running(state_dir)
        assert running is not None and bills(running) > 0
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        assert eventually(lambda: not (state_dir / "service.json").exists())
        with pytest.raises(ServiceError):
            running.status()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        stop_running(state_dir)


FALL_ASLEEP = """
import contextlib, huggingface_hub
with contextlib.suppress(Exception):
    huggingface_hub.scale_to_zero_inference_endpoint(ENDPOINT_NAME, namespace=NAMESPACE)
"""
"""Nothing happens where the endpoint does not exist yet, or is paused."""


def sleepy(path: Path, folder: Path) -> Path:
    """The notebook, with the endpoint sent to sleep before every cell that follows the setup."""
    notebook = read(path)
    cells, after_setup = [], False
    for cell in notebook.cells:
        if after_setup and cell.cell_type == "code":
            cells.append(new_code_cell(FALL_ASLEEP))
        cells.append(cell)
        after_setup = after_setup or cell.id == "preflight"
    notebook.cells = cells
    nbformat.write(notebook, folder / path.name)
    return folder / path.name


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_committed_outputs_are_those_of_a_sleepy_run_and_of_a_second_one(
    service: ServiceInfo, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run is that of the student edition by ``pytest --nbmake``: the same cells but for
    the exercises. It finds the first one's endpoint, paused."""
    monkeypatch.chdir(tmp_path)
    first = run(sleepy(path, tmp_path), tmp_path / "first.ipynb")
    second = run_by_nbmake(path.parent / "student" / path.name, tmp_path / "second.ipynb")
    if path == LLM:
        assert "there is none yet" in text_output(_cell(first, "find"))
        assert "found one, it is paused" in text_output(_cell(second, "find"))
    values = record(first)
    assert (values["endpoint_status"], values["still_billing"]) == ("paused", 0)
    assert "still billing: []" in text_output(_cell(second, "cleanup"))
    for cell in code_cells(read(path)):
        if "check" in tags(cell):
            assert "Right: " in text_output(_cell(first, cell.id)), cell.id
            assert "Not yet" in text_output(_cell(second, cell.id)), cell.id
    # Notebook 1 has one more with functions, and one with the recipe's server.
    assert len(service.status()["endpoints"]) == (3 if path == LLM else 1)
    if platform.machine() not in {"x86_64", "AMD64"}:
        pytest.skip("both ran; the outputs are not compared: other processors round differently")
    _require_equal(first, path)
    own = {cell.id for cell in read(path).cells if tags(cell) & {"solution", "check", "record"}}
    _require_equal(second, path, besides=own | ({"find", "create"} if path == LLM else set()))


def _require_equal(
    fresh: nbformat.NotebookNode, path: Path, *, besides: frozenset[str] | set[str] = frozenset()
) -> None:
    found = {cell.id: cell for cell in code_cells(fresh)}
    for committed in code_cells(read(path)):
        if committed.id not in besides and not tags(committed) & {"varies", "parameters"}:
            assert text_output(found[committed.id]) == text_output(committed), committed.id


def _cell(notebook, name):  # type: ignore[no-untyped-def]
    return next(cell for cell in notebook.cells if cell.id == name)
