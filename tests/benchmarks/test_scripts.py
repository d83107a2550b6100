"""What the benchmarks measure can be measured, and the same on both sides."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local_endpoints.control_plane.lifecycle import MOST_ENDPOINTS

ROOT = Path(__file__).parents[2]


def script(monkeypatch: pytest.MonkeyPatch, name: str) -> Any:
    """One of the benchmarks, which import each other as scripts do."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    return importlib.import_module(name)


def test_a_namespace_has_room_for_what_is_created_beside_the_paused_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = script(monkeypatch, "management").parser()
    # One more answers, one at a time is created, and the crowd of README's run left 71.
    assert parser.parse_args([]).endpoints + 2 + 71 <= MOST_ENDPOINTS
    assert parser.parse_args(["--endpoints", str(MOST_ENDPOINTS - 2)])
    with pytest.raises(SystemExit):
        parser.parse_args(["--endpoints", str(MOST_ENDPOINTS - 1)])
    assert f"from 1 to {MOST_ENDPOINTS - 2}" in capsys.readouterr().err


def test_a_lesson_lasts_as_long_as_the_course_says(monkeypatch: pytest.MonkeyPatch) -> None:
    course = (ROOT / "README.md").read_text(encoding="utf-8")
    minutes = re.findall(r"01_llm_gemma\.ipynb\) \|.*\| (\d+) \+ \d+ \|", course)
    assert minutes == [str(script(monkeypatch, "lesson").LESSON_MINUTES)]
    page = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert f"{len(script(monkeypatch, 'asked').recorded())} requests of each learner" in page
    assert f"--minutes {minutes[0]} " in page and f"lesson of {minutes[0]} minutes" in page


@pytest.mark.parametrize(
    ("told", "megabytes"),
    [({"rss": 3e6, "uss": 1e6, "pss": 2e6}, 2.0), ({"rss": 3e6, "uss": 1e6}, 3.0)],
)
def test_memory_is_told_where_nobody_knows_what_is_shared(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, float], megabytes: float
) -> None:
    process = SimpleNamespace(memory_full_info=lambda: SimpleNamespace(**told))
    assert script(monkeypatch, "common").own_mb(process) == megabytes


def test_both_sides_draw_with_as_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    images = script(monkeypatch, "images")
    ours: list[int] = []
    theirs: list[int] = []
    pipeline = SimpleNamespace(set_progress_bar_config=lambda disable: None)

    class Diffusers:
        @staticmethod
        def from_pretrained(folder: str, **options: Any) -> Any:
            return pipeline

    class Nobody:
        """Orders nothing."""

        def recv(self) -> Any:
            raise EOFError

    def engine(folder: Path, threads: int) -> Any:
        ours.append(threads)

    monkeypatch.setattr("local_endpoints.engine.diffusion.pipeline.DiffusionPipeline", engine)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(set_num_threads=theirs.append))
    monkeypatch.setitem(
        sys.modules, "diffusers", SimpleNamespace(StableDiffusionXLPipeline=Diffusers)
    )
    images.engine_worker(Nobody(), "a-folder")
    images.diffusers_worker(Nobody(), "a-folder")
    assert ours == theirs == [images.THREADS]
