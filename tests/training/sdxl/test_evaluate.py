"""Measuring how well pictures follow their prompts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.judge import PATH
from training.judging import CLASSES, FIRST, Judge
from training.sdxl import evaluate
from training.world.draw import draw
from training.world.scene import Scene, held_out_scenes

FOX = Scene("fox", "snow", clothing="scarf", clothing_color="red", hat="straw hat", held="balloon",
            held_color="orange", glasses=True, tea=True)  # fmt: skip
BARE = Scene("owl", "sky")


def test_pictures_of_the_scenes_score_high_and_of_other_scenes_low() -> None:
    judge = Judge(PATH)
    scenes = held_out_scenes(40, seed=1)
    own = evaluate.shares_right(scenes, (draw(scene) for scene in scenes), judge)
    others = (draw(scene) for scene in held_out_scenes(40, seed=2))
    wrong = evaluate.shares_right(scenes, others, judge)
    for key in ("animal", "background", "clothing_color", "held"):
        assert own[key] > 0.8
        assert wrong[key] < 0.5


def test_colors_count_only_where_there_is_something_to_color() -> None:
    shares = evaluate.shares_right([BARE], [draw(BARE)], Judge(PATH))
    assert set(shares) == {"animal", "background", "clothing", "hat", "held", "glasses"}


def test_the_command_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    evaluate.main(["--judge", str(PATH), "--rendered", "--scenes", "10"])
    printed = json.loads(capsys.readouterr().out)
    assert printed["scenes"] == 10
    assert set(printed["rendered"]) <= set(CLASSES)
    assert "generated" not in printed


def test_the_command_writes_what_it_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The painter here draws the first scene over and over, so its shares are far from 1."""
    scenes = held_out_scenes(50, seed=0)
    monkeypatch.setattr(evaluate, "open_painter", lambda *_, **__: lambda *_: draw(scenes[0]))
    out = tmp_path / "new" / "measures.json"
    evaluate.main(
        ["--judge", str(PATH), "--model", str(tmp_path), "--scenes", "50", "--out", str(out)]
    )
    assert out.read_bytes().decode() == capsys.readouterr().out
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    measures = json.loads(out.read_text(encoding="utf-8"))
    first = scenes[:FIRST]
    assert measures["asked"] == evaluate.asked(first)
    right = sum(scene.animal == scenes[0].animal for scene in first)
    assert measures["first"]["animal"] == pytest.approx(right / len(first))
    right = sum(scene.animal == scenes[0].animal for scene in scenes)
    assert measures["generated"]["animal"] == pytest.approx(right / len(scenes))


def test_what_is_asked_is_counted_by_attribute() -> None:
    assert evaluate.asked([FOX, BARE]) == {
        "animal": 2, "background": 2, "clothing": 2, "clothing_color": 1, "hat": 2, "hat_color": 0,
        "held": 2, "held_color": 1, "glasses": 2,
    }  # fmt: skip
    assert set(evaluate.asked([])) == set(CLASSES)


def test_the_command_wants_something_to_measure(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        evaluate.main(["--judge", str(PATH)])
    assert "--rendered" in capsys.readouterr().err
