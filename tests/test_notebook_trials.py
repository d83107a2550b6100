"""The notebooks in the hands of a person: shared, run again, on other hardware, mistyped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from papermill.exceptions import PapermillExecutionError

from local_endpoints import ServiceInfo, ensure_running, stop_running
from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.notebooks import (
    NOTEBOOKS,
    code_cells,
    read,
    record,
    require_other_hardware,
    run,
    tags,
    text_output,
)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceInfo]:
    """A service for one test alone."""
    state_dir = tmp_path / "state"
    monkeypatch.setenv(STATE_DIR_VARIABLE, str(state_dir))
    monkeypatch.chdir(tmp_path)
    yield ensure_running(state_dir, owner=os.getpid())
    stop_running(state_dir)


def upto(path: Path, cell_id: str, folder: Path) -> Path:
    """The notebook until that cell, and its clean-up."""
    notebook = read(path)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == cell_id)
    cleanup = next(cell for cell in notebook.cells if cell.id == "cleanup")
    notebook.cells = [*notebook.cells[: place + 1], cleanup]
    nbformat.write(notebook, folder / path.name)
    return folder / path.name


def test_what_another_kernel_started_is_left_running_and_listed(
    service: ServiceInfo, tmp_path: Path
) -> None:
    """Two kernels with one name share an endpoint; whoever came second does not switch it off."""
    path = next(path for path in NOTEBOOKS if path.stem == "03_vision_idefics2")
    notebook = read(upto(path, "create", tmp_path))
    create = next(cell for cell in notebook.cells if cell.id == "create")
    call = create.source[: create.source.index("url, price")]
    other_kernel = call.replace(
        "safety_net.enter_context(running_endpoint(", "(get_or_create_endpoint("
    )
    assert other_kernel != call
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "preflight")
    notebook.cells.insert(
        place + 1, new_code_cell("from helpers import get_or_create_endpoint\n" + other_kernel)
    )
    nbformat.write(notebook, tmp_path / "shared.ipynb")
    done = run(tmp_path / "shared.ipynb", tmp_path / "out.ipynb")
    said = text_output(code_cells(done)[-1])
    assert "idefics2-8b-chatty-001 is running" in said
    assert "$2.50/h; stop it: get_inference_endpoint('idefics2-8b-chatty-001'" in said


@pytest.mark.parametrize(
    ("stem", "last"),
    [("01_llm_gemma", "create"), ("02_images_sdxl", "create"), ("03_vision_idefics2", "create")],
)
def test_run_again_from_the_top_it_still_pauses_what_it_started(
    service: ServiceInfo, tmp_path: Path, stem: str, last: str
) -> None:
    """As after an error in the middle: the second time the endpoint is up already."""
    path = next(path for path in NOTEBOOKS if path.stem == stem)
    notebook = read(upto(path, last, tmp_path))
    code = code_cells(notebook)
    again = [new_code_cell(cell.source) for cell in code[:-1]]
    notebook.cells = [*notebook.cells[:-1], *again, notebook.cells[-1]]
    nbformat.write(notebook, tmp_path / "again.ipynb")
    done = run(tmp_path / "again.ipynb", tmp_path / "out.ipynb")
    assert "is paused" in text_output(code_cells(done)[-1])
    assert text_output(code_cells(done)[-1]).endswith("still billing: []\n")


@pytest.mark.parametrize(
    ("stem", "parameters", "hardware", "price"),
    [
        ("01_llm_gemma", {"REGION": "eu-west-1"}, "aws-eu-west-1-nvidia-a10g-x1", 1.00),
        ("02_images_sdxl", {"VENDOR": "gcp"}, "gcp-us-east4-nvidia-l4-x1", 0.70),
        ("03_vision_idefics2", {"VENDOR": "gcp"}, "gcp-us-east4-nvidia-a100-x1", 3.60),
    ],
)
def test_the_hardware_follows(
    service: ServiceInfo,
    tmp_path: Path,
    stem: str,
    parameters: dict[str, str],
    hardware: str,
    price: float,
) -> None:
    path = next(path for path in NOTEBOOKS if path.stem == stem)
    last = {"01_llm_gemma": "get-or-create"}.get(stem, "create")
    done = run(upto(path, last, tmp_path), tmp_path / "out.ipynb", **parameters)
    require_other_hardware(done, hardware, price)
    assert text_output(code_cells(done)[-1]).endswith("still billing: []\n")


TRIALS = """
for change in {changes!r}:
    exec({parameters!r})
    globals().update(change)
    try:
        exec({before!r})
        print("TRIAL went through")
    except Exception as error:
        print("TRIAL", type(error).__name__, *str(error).split())
"""


@pytest.mark.parametrize(
    ("stem", "trials"),
    [
        (
            "01_llm_gemma",
            [
                ({"VENDOR": "azure"}, "azure offers cpu"),
                ({"ACCELERATOR": "cpu"}, "ENGINE 'vLLM' does not start on ACCELERATOR 'cpu'"),
                ({"REGION": "moon-1"}, "REGION 'moon-1' does not exist"),
                ({"INSTANCE_TYPE": "nvidia-x1"}, "INSTANCE_TYPE 'nvidia-x1' does not"),
                ({"PROMPT": 1984}, "PROMPT is 1984, not text"),
            ],
        ),
        ("02_images_sdxl", [({"SEED": -1}, "SEED is -1: choose")]),
        (
            "03_vision_idefics2",
            [
                ({"REGION": "eu-west-1"}, "aws eu-west-1 offers"),
                ({"PICTURE": "nowhere.png"}, "there is no file nowhere.png"),
            ],
        ),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_rented(
    service: ServiceInfo, tmp_path: Path, stem: str, trials: list[tuple[dict[str, object], str]]
) -> None:
    path = next(path for path in NOTEBOOKS if path.stem == stem)
    notebook = read(path)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "create")
    del notebook.cells[place + 1 :]
    parameters, *before = code_cells(notebook)
    assert "parameters" in tags(parameters)
    program = TRIALS.format(
        changes=[change for change, _ in trials],
        parameters=parameters.source,
        before="\n".join(cell.source for cell in before),
    )
    notebook.cells = [new_code_cell(program)]
    nbformat.write(notebook, tmp_path / path.name)
    (done,) = code_cells(run(tmp_path / path.name, tmp_path / "out.ipynb"))
    said = [line for line in text_output(done).splitlines() if line.startswith("TRIAL")]
    for line, (_, words) in zip(said, trials, strict=True):
        assert line.split()[1] in ("ParameterError", "PictureError") and words in line
    assert service.status()["endpoints"] == []


def test_a_refusal_in_the_middle_repeats_what_the_server_said(
    service: ServiceInfo, tmp_path: Path
) -> None:
    path = next(path for path in NOTEBOOKS if path.stem == "01_llm_gemma")
    with pytest.raises(PapermillExecutionError, match="maximum context length is 768 tokens"):
        run(path, tmp_path / "out.ipynb", PROMPT="word " * 900)


def test_two_first_runs_at_once(service: ServiceInfo, tmp_path: Path) -> None:
    """One on other hardware, one that an organization owns. Neither sees anything of the other."""
    path = next(path for path in NOTEBOOKS if path.stem == "04_the_real_service")
    plans: list[dict[str, Any]] = [
        {"ENDPOINT_NAME": "mine", "REGION": "eu-west-1", "PROVIDER_USD": 0.1},
        {"ENDPOINT_NAME": "ours", "NAMESPACE": "local-class", "HOURS_A_DAY": 24},
    ]

    def attempt(plan: dict[str, Any]) -> nbformat.NotebookNode:
        return run(path, tmp_path / f"{plan['ENDPOINT_NAME']}.ipynb", **plan)

    with ThreadPoolExecutor(2) as threads:
        mine, ours = threads.map(attempt, plans)
    require_other_hardware(mine, "aws-eu-west-1-nvidia-a10g-x1", 1.00)
    for done, place in ((mine, "local-user/mine"), (ours, "local-class/ours")):
        values = record(done)
        assert values["wrong"] == [] and values["would_pause"] == [place]
        assert "missing permissions: inference.endpoints.write" in values["refusal"]
        assert {"may manage", "model"} <= set(values["wrong_with_the_narrow_token"])
        assert (values["gigabytes"], values["never"]) == (91.98, None)
        assert "Qwen" in values["reply"] and values["endpoint_status"] == "paused"
        checks = [text_output(cell) for cell in code_cells(done) if "check" in tags(cell)]
        assert [said.startswith("Right: ") for said in checks] == [True, True]
    assert {each["state"] for each in service.status()["endpoints"]} == {"paused"}
