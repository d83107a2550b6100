"""Both stages of the pocket Idefics2's training for a few steps; only where torch is installed."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from PIL import Image
from tokenizers import Tokenizer

from training.feeding import Feed
from training.idefics2 import language, model, painted, rows, tokenizer, vision
from training.idefics2.export import export, logit_error
from training.idefics2.painted import Painting
from training.idefics2.pictures import CLASSES, UNSAID, classes_of, tiles, values_of
from training.idefics2.questions.phrases import Exchange
from training.idefics2.rows import collate, row_of
from training.idefics2.sizes import LATENTS, TILE, TILES
from training.loop import Worker
from training.options import Options
from training.world.scene import Scene

ALONE = Worker(0, 1)
WIDTH = 64
tiny = partial(model.config, vision_width=32, vision_layers=1, width=WIDTH, layers=1)
FOX = Scene("fox", "snow", clothing="scarf", clothing_color="red")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny model, few pictures to look at in between, short rows."""
    torch.set_num_threads(1)
    monkeypatch.setattr(model, "config", tiny)
    monkeypatch.setattr(vision, "held_out_batch", partial(few_held_out, vision.held_out_batch))
    monkeypatch.setattr(language, "probes", partial(few_probes, language.probes))
    monkeypatch.setattr(rows, "SEGMENT_TOKENS", 40)


def few_held_out(whole: Any, count: int) -> Any:
    return whole(min(count, 2))


def few_probes(whole: Any, words: Tokenizer, count: int) -> Any:
    return whole(words, min(count, 1))


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer.write(tokenizer.train(texts=200), folder)
    return folder


@pytest.fixture(scope="module")
def paintings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One painting, in the kind of file that the trainings read."""
    path = tmp_path_factory.mktemp("paintings") / "painted.npz"
    pixels = np.random.default_rng(1).integers(0, 256, (128, 128, 3), np.uint8)
    painted.write([Painting(pixels, FOX, frozenset({"clothing_color"}))], path)
    return path


def log_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def averages(folder: Path) -> dict[str, torch.Tensor]:
    loaded: dict[str, torch.Tensor] = torch.load(folder / "checkpoint.pt")["average"]
    return loaded


def see(out: Path, paintings: Path, *, steps: int, resume: str | None = None) -> None:
    """The first stage."""
    options = vision.VisionOptions(
        out=out,
        paintings=[paintings],
        steps=steps,
        batch=2,
        peak=1e-3,
        decay_from=0.6,
        resume=resume,
        workers=1,
    )
    vision.train(ALONE, options)


def speak(
    out: Path, seen: Path, words: Path, paintings: Path, *, steps: int, resume: str | None = None
) -> None:
    """The second stage."""
    options = language.LanguageOptions(
        vision=seen / "checkpoint.pt",
        tokenizer=words,
        out=out,
        paintings=[paintings],
        steps=steps,
        batch=1,
        peak=1e-3,
        decay_from=0.6,
        resume=resume,
        workers=1,
    )
    language.train(ALONE, options)


def test_both_stages_make_a_model(tmp_path: Path, words: Path, paintings: Path) -> None:
    from transformers import Idefics2ForConditionalGeneration

    seen, spoken = tmp_path / "vision", tmp_path / "language"
    for resume in (None, "checkpoint.pt"):
        see(seen, paintings, steps=3, resume=resume)
        speak(spoken, seen, words, paintings, steps=2, resume=resume)
    for folder, steps in ((seen, 3), (spoken, 2)):
        # Nothing was left to do the second time: the checkpoint holds all steps.
        assert [entry["step"] for entry in log_of(folder) if "rate" in entry] == [steps]
        assert log_of(folder)[-1]["loss"] > 0
    made = Idefics2ForConditionalGeneration.from_pretrained(spoken / "latest")
    assert made.dtype == torch.float32
    weights = made.state_dict()
    for folder, parts in (
        (seen, {"vision": "model.vision_model", "connector": "model.connector"}),
        (spoken, {"text": "model.text_model"}),
    ):
        for name, value in averages(folder).items():
            label, rest = name.split(".", 1)
            if label != "heads":
                assert torch.equal(weights[f"{parts[label]}.{rest}"], value), name
    assert torch.equal(made.lm_head.weight, made.model.text_model.embed_tokens.weight)
    assert made.generation_config.eos_token_id == [tokenizer.EOS, tokenizer.END_OF_UTTERANCE]
    export(spoken / "latest", words, tmp_path / "served")
    assert logit_error(spoken / "latest", tmp_path / "served", picture(1)) < 0.06
    untrained = model.build(seed=language.SEED).state_dict()
    name = "model.text_model.layers.0.mlp.up_proj.weight"
    assert not torch.equal(weights[name], untrained[name])


@pytest.mark.parametrize("eyes", [False, True])
def test_the_language_goes_on_from_what_is_served(
    eyes: bool, tmp_path: Path, words: Path, paintings: Path
) -> None:
    """Its eyes stay as they were or learn, its words change, and it can be interrupted as well."""
    model.build(seed=5).save_pretrained(tmp_path / "made")
    export(tmp_path / "made", words, tmp_path / "served")
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    picture(1).resize((200, 200)).save(photographs / "noise.png")
    for steps, resume in ((1, None), (2, "stable.pt")):
        options = language.LanguageOptions(
            start=tmp_path / "served",
            tokenizer=words,
            out=tmp_path / "out",
            paintings=[paintings],
            photographs=photographs,
            steps=steps,
            batch=1,
            peak=1e-3,
            decay_from=1.0,
            resume=resume,
            workers=1,
            eyes=eyes,
        )
        language.train(ALONE, options)
    assert [entry["step"] for entry in log_of(tmp_path / "out") if "rate" in entry] == [1, 2]
    export(tmp_path / "out" / "latest", words, tmp_path / "again")
    before, after = (tmp_path / folder / "vision.onnx" for folder in ("served", "again"))
    assert (before.read_bytes() == after.read_bytes()) is not eyes
    before, after = (tmp_path / folder / "model.onnx" for folder in ("served", "again"))
    assert before.read_bytes() != after.read_bytes()


def test_rows_that_are_drawn_ahead_are_the_same(words: Path, paintings: Path) -> None:
    """They come from another process, in their order."""
    reader = Tokenizer.from_file(str(words / "tokenizer.json"))
    source = language.Source(reader, painted.read([paintings]), [picture(1)], ALONE, batch=2)
    here, ahead = (Feed(language.batch_at, source, feeders=feeders) for feeders in (0, 1))
    try:
        for step in range(3):
            expected, found = vars(here(step)), vars(ahead(step))
            # The other process has rows of full length.
            assert torch.equal(expected["pixels"], found["pixels"])
            assert expected["ids"].shape[0] == found["ids"].shape[0] == 2
    finally:
        ahead.close()


def test_a_language_training_must_begin_somewhere(tmp_path: Path, words: Path) -> None:
    options = language.LanguageOptions(
        tokenizer=words, out=tmp_path, steps=1, batch=1, peak=1e-3, decay_from=1.0, workers=1
    )
    with pytest.raises(ValueError, match="--start"):
        language.train(ALONE, options)
    with pytest.raises(SystemExit):
        language.main(["--tokenizer", str(words), "--out", str(tmp_path)])


def test_an_interrupted_vision_training_continues_where_it_was(
    tmp_path: Path, paintings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    see(tmp_path / "whole", paintings, steps=4)

    def interrupted(numbers: range, given: list[Painting]) -> Any:
        if numbers.start >= 4:
            raise KeyboardInterrupt
        return batch_of(numbers, given)

    batch_of = vision.batch_of
    loops: list[vision.Loop] = []

    class Noted(vision.Loop):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **{**options, "save_every": 2})
            loops.append(self)

    with monkeypatch.context() as patch:
        patch.setattr(vision, "batch_of", interrupted)
        patch.setattr(vision, "Loop", Noted)
        with pytest.raises(KeyboardInterrupt):
            see(tmp_path / "part", paintings, steps=4)
    assert loops[0].step == 2
    see(tmp_path / "part", paintings, steps=4, resume="stable.pt")
    whole, part = averages(tmp_path / "whole"), averages(tmp_path / "part")
    assert all(torch.equal(value, part[name]) for name, value in whole.items())


@pytest.mark.parametrize("stage", [vision, language])
def test_every_training_resumes_from_a_named_checkpoint(
    stage: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Options] = []
    monkeypatch.setattr(stage, "in_parallel", lambda _, options, **__: given.append(options))
    folders = ["--vision", "x.pt", "--tokenizer", "x"] if stage is language else []
    for more in ([], ["--resume", "stable.pt"]):
        stage.main(["--out", str(tmp_path), *folders, *more])
    assert [options.resume for options in given] == [None, "stable.pt"]


def test_a_checkpoint_that_is_not_there_is_not_overlooked(tmp_path: Path, paintings: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"stable\.pt"):
        see(tmp_path, paintings, steps=2, resume="stable.pt")


def test_the_same_seed_gives_the_same_weights_and_different_latents() -> None:
    first, second, other = (model.build(seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(value, second[name]) for name, value in first.items())
    name = "model.connector.perceiver_resampler.latents"
    assert not torch.equal(first[name], other[name])
    assert len(torch.unique(first[name], dim=0)) == LATENTS, "equal latents would stay equal"


def picture(seed: int) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (80, 96, 3), np.uint8)
    return Image.fromarray(pixels)


def exact(pixels: torch.Tensor) -> torch.Tensor:
    """Normalised without the loss of half precision."""
    return pixels.float() / 127.5 - 1


def test_image_tokens_are_those_of_transformers() -> None:
    made = model.build(seed=3).eval()
    pixels = exact(torch.from_numpy(np.stack([tiles(picture(n), side=TILE) for n in (1, 2)])))
    with torch.no_grad():
        found = vision.image_states(made, pixels)
        expected = made.model.get_image_features(pixel_values=pixels)
    expected = torch.cat(list(getattr(expected, "pooler_output", expected)))
    assert found.shape == (2, TILES * LATENTS, WIDTH)
    assert float(found.std()) > 0.1
    torch.testing.assert_close(found.flatten(0, 1), expected.flatten(0, -2), atol=1e-5, rtol=1e-4)


def test_a_segment_gets_the_logits_of_a_prompt_of_its_own(
    words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What training computes for many questions at once is what serving computes for each."""
    monkeypatch.setattr(language, "normalized", exact)
    reader = Tokenizer.from_file(str(words / "tokenizer.json"))
    made = model.build(seed=3).eval()
    exchanges = [Exchange("Where is it?", "In the snow."), Exchange("Who is it?", "A fox.")]
    images = [picture(1), picture(2)]
    whole = collate([row_of(reader, image, exchanges) for image in images])
    with torch.no_grad():
        found = iter(language.logits_of(made, whole))
        for image in images:
            for exchange in exchanges:
                alone = collate([row_of(reader, image, [exchange])])
                expected = made(
                    input_ids=alone.ids,
                    pixel_values=exact(torch.from_numpy(tiles(image, side=TILE)))[None],
                ).logits[0, alone.targets]
                mine = torch.stack([next(found) for _ in alone.targets])
                assert float(expected.std()) > 0.05
                torch.testing.assert_close(mine, expected, atol=1e-5, rtol=1e-4)
    assert next(found, None) is None


def test_a_row_without_a_picture_has_a_loss(words: Path) -> None:
    reader = Tokenizer.from_file(str(words / "tokenizer.json"))
    number = next(
        number for number in range(0, 2000, rows.ALIKE)
        if not rows.row_at(number, reader, paintings=()).images
    )  # fmt: skip
    batch = collate([rows.row_at(number, reader, paintings=())])
    loss = language.loss_of(model.build(seed=1), batch)
    assert 5 < float(loss.detach()) < 10, "about the logarithm of the vocabulary"


def test_probes_are_right_where_the_model_says_what_is_expected(
    words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Tokenizer.from_file(str(words / "tokenizer.json"))
    asked = language.probes(reader, 1)
    names, row = asked[0]
    labels = collate([row]).labels
    right = torch.nn.functional.one_hot(labels, tokenizer.VOCABULARY).float()
    monkeypatch.setattr(language, "logits_of", lambda *_: right)
    made = model.build(seed=1)
    assert language.shares_right(made, asked) == dict.fromkeys(names, 1.0)
    right[0] = right[0].roll(1)
    assert language.shares_right(made, asked) == {**dict.fromkeys(names, 1.0), names[0]: 0.0}


def test_doubtful_attributes_are_not_learned() -> None:
    torch.manual_seed(1)
    heads = vision.Heads(WIDTH)
    with torch.no_grad():
        logits = heads(torch.randn(2, TILES * LATENTS, WIDTH))
    assert [each.shape for each in logits] == [(2, len(names)) for names in CLASSES.values()]
    values = values_of(FOX)
    known = torch.tensor([classes_of(values)] * 2)
    doubtful = torch.tensor([classes_of({**values, "animal": UNSAID})] * 2)
    changed = [logits[0] + torch.arange(len(CLASSES["animal"])), *logits[1:]]
    assert float(vision.loss_of(logits, known)) != float(vision.loss_of(changed, known))
    assert float(vision.loss_of(logits, doubtful)) == float(vision.loss_of(changed, doubtful))
    shares = vision.shares_right(logits, doubtful)
    assert set(shares) == {key for key, value in values.items() if value} - {"animal"}
