"""Images in messages."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image

from local_endpoints.containers.text.errors import Overloaded
from local_endpoints.containers.text.images import PromptImages
from local_endpoints.containers.text.intake import Intake
from tests.local_endpoints.containers.conftest import RunningContainer
from tests.local_endpoints.containers.vllm.conftest import CHAT


def picture(color: str = "red") -> dict[str, Any]:
    """An image part."""
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), color).save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode()
    return part(f"data:image/png;base64,{data}")


def part(url: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def post(container: RunningContainer, *parts: Any, **fields: Any) -> tuple[int, Any]:
    messages = [{"role": "user", "content": list(parts)}]
    body = {"messages": messages, "max_tokens": 4, "temperature": 0, **fields}
    reply = container.post(CHAT, body)
    return reply.status, reply.json()


TEXT = {"type": "text", "text": "What is this?"}


def test_an_image_counts_in_the_prompt_and_changes_the_answer(seeing: RunningContainer) -> None:
    status, plain = post(seeing, TEXT)
    one = [post(seeing, picture(color), TEXT, logprobs=True)[1] for color in ("red", "blue")]
    assert status == 200
    assert one[0]["usage"]["prompt_tokens"] > plain["usage"]["prompt_tokens"]
    firsts = [answer["choices"][0]["logprobs"]["content"][0]["logprob"] for answer in one]
    assert firsts[0] != firsts[1]
    two = post(seeing, picture(), picture("blue"), TEXT)[1]
    assert two["usage"]["prompt_tokens"] > one[0]["usage"]["prompt_tokens"]


@pytest.mark.parametrize(
    ("parts", "status", "words"),
    [
        ([picture()] * 3, 400, "At most 2 image(s) may be provided in one prompt. Set `--limit"),
        ([part("data:image/png;base64,AAAA")], 400, "Failed to load image: cannot identify image"),
        ([part("data:image/png,AAAA")], 501, "Only base64 data URLs are supported for now."),
        ([part("ftp://x/a.png")], 400, "The URL must be either a HTTP, data or file URL."),
        ([part("http://x.org/a.png")], 422, "Failed to fetch media from URL: the local service"),
        ([part("file:///a.png")], 500, "Cannot load local files without `--allowed-local-media-p"),
        ([part(5)], 400, "Input should be a valid string"),
        ([{"type": "image_url", "image_url": None}], 400, "Input should be a valid dictionary"),
        (
            [{"type": "video_url", "video_url": {"url": "data:video/mp4;base64,AA"}}],
            400,
            "`messages.content.video_url` is not imitated",
        ),
        ([picture(), {"type": "text", "text": "<image>"}], 400, "leave image tokens out"),
    ],
)
def test_refusals(seeing: RunningContainer, parts: Any, status: int, words: str) -> None:
    found, body = post(seeing, *parts)
    assert found == status and words in body["error"]["message"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"mm_processor_kwargs": {"a": 1}}, "`mm_processor_kwargs` is not imitated"),
        ({"use_beam_search": True}, "`use_beam_search` is not imitated"),
        ({"n": 0}, "n must be at least 1"),
        ({"temperature": 3}, "temperature must be in [0, 2]"),
    ],
)
def test_what_is_refused_anyway_has_no_image_looked_at(
    seeing: RunningContainer, fields: Any, words: str
) -> None:
    status, body = post(seeing, part("data:image/png;base64,AAAA"), **fields)
    assert status == 400 and words in body["error"]["message"]


def test_images_are_looked_at_with_a_permit(
    seeing: RunningContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    admitted = Intake.admitted

    @contextmanager
    def watched(intake: Intake) -> Iterator[None]:
        with admitted(intake):
            held.append(True)
            yield
            held.append(False)

    async def tiles(images: PromptImages, urls: Sequence[str]) -> Any:
        assert held == [True]
        raise Overloaded

    monkeypatch.setattr(Intake, "admitted", watched)
    monkeypatch.setattr(PromptImages, "tiles", tiles)
    assert post(seeing, picture(), TEXT)[0] == 503
    assert held == [True]


def test_a_broken_image_is_refused_before_a_stream_begins(seeing: RunningContainer) -> None:
    status, body = post(seeing, part("data:image/png;base64,AAAA"), stream=True)
    assert status == 400 and "cannot identify image" in body["error"]["message"]


def test_tokenizing_looks_at_images(seeing: RunningContainer) -> None:
    def tokenize(shown: Any) -> int:
        body = {"messages": [{"role": "user", "content": [shown, TEXT]}]}
        return seeing.post("/tokenize", body).status

    assert tokenize(picture()) == 200
    assert tokenize(part("data:image/png;base64,AAAA")) == 400


def test_a_model_of_text_alone_sees_nothing(vllm: RunningContainer) -> None:
    status, body = post(vllm, picture(), TEXT)
    assert status == 400
    assert body["error"]["message"] == "google/gemma-1.1-2b-it is not a multimodal model"


def test_images_go_with_structured_output(seeing: RunningContainer) -> None:
    for seed in range(2):
        fields = {"structured_outputs": {"choice": ["yes", "no"]}, "seed": seed}
        _, answer = post(seeing, picture(), TEXT, **fields)
        assert answer["choices"][0]["message"]["content"] in ("yes", "no")
