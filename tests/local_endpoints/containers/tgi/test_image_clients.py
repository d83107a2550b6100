"""Pictures sent by unmodified clients."""

from __future__ import annotations

import asyncio
from typing import Any

import openai
import pytest
from huggingface_hub import AsyncInferenceClient, InferenceClient, constants
from huggingface_hub.errors import HfHubHTTPError, ValidationError

from tests.local_endpoints.containers.conftest import KEY, RunningContainer
from tests.local_endpoints.containers.images import image_url, noise

HEADERS = {"x-replica-key": KEY}
TOKEN = "of no importance here"
OPTIONS: dict[str, Any] = {"model": "tgi", "max_tokens": 6, "temperature": 0}


@pytest.fixture(autouse=True)
def _the_hub_is_here(eye: RunningContainer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Building its headers, the client asks the hub for a list; it shall not go and find it."""
    monkeypatch.setattr(constants, "ENDPOINT", url_of(eye))


def url_of(container: RunningContainer) -> str:
    return f"http://127.0.0.1:{container.port}"


def messages(seed: int) -> list[Any]:
    parts = [
        {"type": "image_url", "image_url": {"url": image_url(noise(seed))}},
        {"type": "text", "text": "What is this?"},
    ]
    return [{"role": "user", "content": parts}]


def test_the_hub_client_and_openai_get_the_same_answer(eye: RunningContainer) -> None:
    hub = InferenceClient(base_url=url_of(eye), headers=HEADERS, token=TOKEN)
    other = openai.OpenAI(
        base_url=f"{url_of(eye)}/v1", api_key=TOKEN, default_headers=HEADERS, max_retries=0
    )
    answers = [hub.chat_completion(messages(seed), **OPTIONS) for seed in (1, 2)]
    texts = [answer.choices[0].message.content for answer in answers]
    assert texts[0] != texts[1]
    assert answers[0].usage.prompt_tokens > 326
    same = other.chat.completions.create(messages=messages(1), **OPTIONS)
    assert same.choices[0].message.content == texts[0]
    stream = other.chat.completions.create(messages=messages(1), stream=True, **OPTIONS)
    pieces = [chunk.choices[0].delta.content or "" for chunk in stream]
    assert "".join(pieces) == texts[0] and len(pieces) > 1


def test_the_recipes_markdown_goes_through_text_generation(eye: RunningContainer) -> None:
    client = InferenceClient(model=url_of(eye), headers=HEADERS, token=TOKEN)

    def tell(seed: int, **options: Any) -> str:
        prompt = f"User:![]({image_url(noise(seed))})Hi<end_of_utterance>\nAssistant:"
        return str(client.text_generation(prompt, max_new_tokens=6, **options))

    assert tell(1, return_full_text=False) != tell(2, return_full_text=False)
    assert tell(1).startswith("User:![](data:image/png;base64,"), "the image comes back"


def test_the_asynchronous_client_asks_about_several_at_once(eye: RunningContainer) -> None:
    async def tell() -> list[str]:
        client = AsyncInferenceClient(base_url=url_of(eye), headers=HEADERS, token=TOKEN)
        answers = await asyncio.gather(
            *(client.chat_completion(messages(seed), **OPTIONS) for seed in (1, 2, 1))
        )
        return [answer.choices[0].message.content for answer in answers]

    first, second, again = asyncio.run(tell())
    assert first == again != second


def test_clients_show_the_refusal(eye: RunningContainer) -> None:
    client = InferenceClient(base_url=url_of(eye), headers=HEADERS, token=TOKEN)
    wrong: list[Any] = messages(1)
    wrong[0]["content"][0]["image_url"]["url"] = "data:image/png;base64,AAAA"
    with pytest.raises(HfHubHTTPError, match="invalid image"):
        client.chat_completion(wrong, **OPTIONS)
    direct = InferenceClient(model=url_of(eye), headers=HEADERS, token=TOKEN)
    with pytest.raises(ValidationError, match="invalid image"):
        direct.text_generation("![](data:image/png;base64,AAAA)", return_full_text=False)
