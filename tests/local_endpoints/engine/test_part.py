"""Several users of one engine: what they share, and what they do not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_endpoints.engine.diffusion.part import ImagePart, ImageSettings
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from local_endpoints.engine.part import Engines
from local_endpoints.engine.text.delivery import deliver_directly
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.part import TextPart, TextSettings
from local_endpoints.engine.text.request import FailureEvent
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.diffusion.tiny_pipeline import write_tiny_pipeline
from tests.local_endpoints.engine.text.driving import Gate, events_of, make_request
from tests.patience import WAIT_SECONDS, eventually

Enter = Callable[..., TextPart]


@pytest.fixture
def enter(model_dir: Path) -> Iterator[Enter]:
    """Gives another user a part of an engine of those of this process."""
    engines, parts = Engines(), list[TextPart]()

    def enter(max_requests: int = 8, **changes: int) -> TextPart:
        settings = {"slots": 4, "max_total_tokens": 96, "max_prefill_tokens": 4096, **changes}
        part = TextPart(
            engines,
            TextSettings(model_dir, **settings),
            max_requests=max_requests,
            deliver=deliver_directly,
        )
        parts.append(part)
        return part

    yield enter
    for part in parts:
        part.stop()


def test_one_model_is_loaded_for_those_who_want_the_same(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    load = TextModel.__init__

    def counted(self: TextModel, *arguments: Path, slots: int, max_total_tokens: int) -> None:
        made.append(slots)
        load(self, *arguments, slots=slots, max_total_tokens=max_total_tokens)

    monkeypatch.setattr(TextModel, "__init__", counted)
    first, second, other = enter(), enter(), enter(slots=2)
    assert made == [4, 2]
    first.stop()
    second.stop()
    enter()
    assert made == [4, 2, 4], "nobody used the first one any more"
    assert other.healthy


def test_they_are_answered_in_one_batch_and_see_their_own_requests(
    enter: Enter, codec: TextCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(TextModel, monkeypatch)
    anna, ben = enter(), enter()
    annas = [make_request(codec) for _ in range(3)]
    bens = [make_request(codec) for _ in range(2)]
    for request in annas:
        anna.submit(request)
    for request in bens:
        ben.submit(request)
    gate.wait()
    gate.open(1)
    gate.wait()
    assert anna.active == annas and ben.active == bens[:1], "four slots, in order"
    assert (anna.active_count, anna.waiting_count) == (3, 0)
    assert (ben.active_count, ben.waiting_count) == (1, 1)
    gate.open()
    texts = {str(events_of(request)[-1]) for request in (*annas, *bens)}
    assert len(texts) == 1


def test_each_has_a_bound_of_their_own(
    enter: Enter, codec: TextCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(TextModel, monkeypatch)
    anna, ben = enter(max_requests=2), enter(max_requests=2)
    requests = [make_request(codec) for _ in range(3)]
    anna.submit(requests[0])
    gate.wait()
    anna.submit(requests[1])
    with pytest.raises(QueueFullError):
        anna.submit(make_request(codec))
    ben.submit(requests[2])
    gate.open()
    for request in requests:
        events_of(request)


def test_one_who_leaves_takes_their_requests_along_and_no_others(
    enter: Enter, codec: TextCodec, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(TextModel, monkeypatch)
    anna, ben = enter(), enter()
    annas, bens = make_request(codec), make_request(codec)
    anna.submit(annas)
    ben.submit(bens)
    gate.wait()
    anna.stop()
    with pytest.raises(EngineStoppedError):
        anna.submit(make_request(codec))
    gate.open()
    assert not isinstance(events_of(bens)[-1], FailureEvent)
    assert eventually(lambda: anna.active_count == 0)
    ben.stop()
    with pytest.raises(EngineStoppedError):
        ben.submit(make_request(codec))


def test_pictures(tmp_path: Path) -> None:
    folder = write_tiny_pipeline(tmp_path)
    engines = Engines()
    settings = ImageSettings(folder, threads=1, max_batch=2)
    anna, ben = (ImagePart(engines, settings, max_requests=3) for _ in range(2))
    futures = [anna.submit(ImageRequest("a fox", num_inference_steps=500)) for _ in range(3)]
    assert anna.in_flight_count == 3
    with pytest.raises(QueueFullError, match="3 requests are in flight"):
        anna.submit(ImageRequest("a fox"))
    assert ben.in_flight_count == 0
    anna.stop()
    with pytest.raises(EngineStoppedError):
        anna.submit(ImageRequest("a fox"))
    assert all(future.cancelled() for future in futures)
    drawn = ben.submit(ImageRequest("a fox", num_inference_steps=1)).result(WAIT_SECONDS)
    assert drawn.width == ben.config.image_size
    ben.stop()


def test_many_pictures_of_one_leave_room_for_those_of_another(tmp_path: Path) -> None:
    settings = ImageSettings(write_tiny_pipeline(tmp_path), threads=1, max_batch=2)
    engines, long = Engines(), ImageRequest("a fox", num_inference_steps=1000)
    anna, ben = (ImagePart(engines, settings, max_requests=150) for _ in range(2))
    for _ in range(150):
        anna.submit(long)
    with pytest.raises(QueueFullError):
        anna.submit(long)
    ben.submit(long)
    anna.stop()
    ben.stop()
