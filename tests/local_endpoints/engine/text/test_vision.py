"""Pictures in the engine, on a tiny random Idefics2."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from transformers import AutoImageProcessor

from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.engine.text.delivery import ThreadInbox
from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Finish, Request, TokenEvent
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.engine.text.vision import VisionConfig, VisionEncoder, is_vision_model
from tests.local_endpoints.engine.tiny_vision import LATENTS, WIDTH, write_tiny_vision_model
from training.idefics2.tokenizer import IMAGE

SIZES = [(64, 64), (128, 128), (300, 120), (90, 401), (7, 5), (1, 1), (2, 900)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_vision_model(tmp_path_factory.mktemp("tiny-vision"))


@pytest.fixture(scope="module")
def encoder(folder: Path) -> VisionEncoder:
    return VisionEncoder(folder)


@pytest.fixture(scope="module")
def engine(folder: Path, encoder: VisionEncoder) -> Iterator[Engine]:
    model = TextModel(folder, slots=6, max_total_tokens=800)
    running = Engine(model, TextCodec(folder), vision=encoder)
    running.start()
    yield running
    running.stop()


def picture(seed: int, size: tuple[int, int] = (96, 80)) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(pixels)


def request(encoder: VisionEncoder, *pictures: Image.Image, tokens: int = 12) -> Request:
    places = [IMAGE] * encoder.tokens_per_image
    prompt = [5, *(token for _ in pictures for token in (*places, 7)), 9, 11]
    tiles = np.concatenate([encoder.tiles(each) for each in pictures]) if pictures else None
    return Request(np.array(prompt), ThreadInbox(), max_new_tokens=tokens, tiles=tiles)


def answer(engine: Engine, *requests: Request) -> list[tuple[int, ...]]:
    for each in requests:
        engine.submit(each)
    return [_tokens(each) for each in requests]


def _tokens(each: Request) -> tuple[int, ...]:
    assert isinstance(each.inbox, ThreadInbox)
    return tuple(event.token.id for event in each.inbox if isinstance(event, TokenEvent))


@pytest.mark.parametrize("size", [size for size in SIZES if min(size) > 1])
def test_tiles_are_those_of_transformers(
    folder: Path, encoder: VisionEncoder, size: tuple[int, int]
) -> None:
    image = picture(1, size)
    expected = AutoImageProcessor.from_pretrained(folder)(image, return_tensors="np")
    np.testing.assert_allclose(encoder.tiles(image), expected["pixel_values"][0], atol=1e-6)
    assert expected["pixel_attention_mask"].all(), "a tile is a full square"


@pytest.mark.parametrize("size", SIZES)
def test_every_picture_gives_the_same_number_of_tokens(
    encoder: VisionEncoder, size: tuple[int, int]
) -> None:
    states = encoder.encode(encoder.tiles(picture(2, size)))
    assert states.shape == (5 * LATENTS, WIDTH)
    assert np.isfinite(states).all()


def test_without_splitting_a_picture_is_one_tile(tmp_path: Path) -> None:
    encoder = VisionEncoder(write_tiny_vision_model(tmp_path, splitting=False))
    assert encoder.tokens_per_image == LATENTS
    assert encoder.tiles(picture(3)).shape[0] == 1


def test_the_answer_depends_on_the_picture(engine: Engine, encoder: VisionEncoder) -> None:
    one, other, again, none = answer(
        engine,
        *(request(encoder, picture(seed)) for seed in (1, 2, 1)),
        request(encoder),
    )
    assert one == again
    assert len({one, other, none}) == 3


def test_the_order_of_pictures_counts(engine: Engine, encoder: VisionEncoder) -> None:
    one, other = picture(1), picture(2)
    first, second = answer(engine, request(encoder, one, other), request(encoder, other, one))
    assert first != second


def test_a_picture_is_answered_alike_alone_and_in_company(
    engine: Engine, encoder: VisionEncoder
) -> None:
    (alone,) = answer(engine, request(encoder, picture(4)))
    company = [request(encoder, picture(seed)) for seed in (4, 5, 6)]
    company.insert(1, request(encoder, tokens=40))
    assert answer(engine, *company)[0] == alone


def test_image_tokens_and_pictures_must_be_as_many(engine: Engine, encoder: VisionEncoder) -> None:
    wrong = request(encoder, picture(1))
    wrong.prompt = wrong.prompt[3:]
    with pytest.raises(ValueError, match="the prompt has 318 image tokens, its pictures give 320"):
        engine.submit(wrong)


def test_image_tokens_without_pictures_are_plain_tokens(
    engine: Engine, encoder: VisionEncoder
) -> None:
    plain = Request(np.array([5, IMAGE, IMAGE, 9]), ThreadInbox(), max_new_tokens=3)
    engine.submit(plain)
    assert isinstance(plain.inbox, ThreadInbox)
    last = list(plain.inbox)[-1]
    assert isinstance(last, TokenEvent) and isinstance(last.finish, Finish)


def test_a_text_model_takes_no_picture(model_dir: Path, encoder: VisionEncoder) -> None:
    engine = Engine(TextModel(model_dir, slots=1, max_total_tokens=500), TextCodec(model_dir))
    with pytest.raises(ValueError, match="this model sees no pictures"):
        engine.submit(request(encoder, picture(1)))


def test_a_failing_picture_fails_nobody_else(engine: Engine, encoder: VisionEncoder) -> None:
    broken = request(encoder, picture(1))
    assert broken.tiles is not None
    long = request(encoder, tokens=60)
    engine.submit(long)
    broken.tiles = broken.tiles[:, :, :10]
    engine.submit(broken)
    assert not _tokens(broken)
    assert len(_tokens(long)) == 60
    assert answer(engine, request(encoder, picture(1)))[0]


def test_configs_of_both_kinds_of_models(folder: Path, model_dir: Path) -> None:
    assert is_vision_model(folder) and not is_vision_model(model_dir)
    assert ModelConfig.load(folder).image_token == IMAGE
    assert ModelConfig.load(model_dir).image_token is None
    assert VisionConfig.load(folder).tiles_per_image == 5


def test_tiles_that_are_no_squares_are_refused(folder: Path, tmp_path: Path) -> None:
    settings = json.loads((folder / "preprocessor_config.json").read_text(encoding="utf-8"))
    settings["size"] = {"longest_edge": 980, "shortest_edge": 378}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings), encoding="utf-8")
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    with pytest.raises(ValueError, match="must be equal"):
        VisionConfig.load(tmp_path)
