"""Images in messages."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

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


def test_a_model_of_text_alone_sees_nothing(vllm: RunningContainer) -> None:
    status, body = post(vllm, picture(), TEXT)
    assert status == 400
    assert body["error"]["message"] == "google/gemma-1.1-2b-it is not a multimodal model"


def test_images_go_with_structured_output(seeing: RunningContainer) -> None:
    for seed in range(2):
        fields = {"structured_outputs": {"choice": ["yes", "no"]}, "seed": seed}
        _, answer = post(seeing, picture(), TEXT, **fields)
        assert answer["choices"][0]["message"]["content"] in ("yes", "no")
