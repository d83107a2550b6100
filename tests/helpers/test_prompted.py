"""Both ways to ask about pictures give one answer: by messages, and by a prompt made here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError

from helpers import ParameterError, example_pictures, image_to_data_url
from helpers.prompted import AsyncPromptedClient, PromptedClient
from local_endpoints.replicas.wire import KEY_HEADER, ContainerSettings
from tests.local_endpoints.containers.conftest import KEY, RunningContainer

FOLDER = Path(__file__).parents[2] / "local_endpoints" / "models" / "idefics2"
ENV = {"MAX_INPUT_TOKENS": "1024", "MAX_TOTAL_TOKENS": "1536", "MAX_BATCH_PREFILL_TOKENS": "2048"}
HEADERS = {KEY_HEADER: KEY}
FOX, OWL = (image_to_data_url(example_pictures()[name]) for name in ("fox", "owl"))
ANIMAL = {"type": "object", "properties": {"animal": {"type": "string"}}, "required": ["animal"]}
AS_JSON = {"type": "json_schema", "json_schema": {"name": "scene", "schema": ANIMAL}}


@pytest.fixture(autouse=True)
def _no_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client looks up who runs it, once per process."""
    monkeypatch.setattr("huggingface_hub.utils._detect_agent._registry", {})


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    settings = ContainerSettings(
        "tgi", "HuggingFaceM4/idefics2-8b-chatty", FOLDER, ENV, KEY, "pocket-test"
    )
    running = RunningContainer(settings).start()
    yield f"http://127.0.0.1:{running.port}"
    running.stop()


@pytest.fixture(scope="module")
def prompted(url: str) -> PromptedClient:
    return PromptedClient(url, str(FOLDER), headers=HEADERS, timeout=60)


def said(text: str, *urls: str) -> dict[str, Any]:
    parts = [{"type": "image_url", "image_url": {"url": each}} for each in urls]
    return {"role": "user", "content": [*parts, {"type": "text", "text": text}]}


CONVERSATION = [
    said("What animal is this?", FOX),
    {"role": "assistant", "content": "It is a fox."},
    said("What is it holding?"),
]


@pytest.mark.parametrize(
    ("messages", "options"),
    [
        ([said("What animal is this?", FOX)], {"max_tokens": 20}),
        ([said("Which picture shows the owl?", FOX, OWL)], {"max_tokens": 20}),
        ([said("What is the capital of Portugal?")], {"max_tokens": 20}),
        ([said("Describe this image.", OWL)], {"max_tokens": 3}),
        ([said("Describe this image as JSON.", OWL)], {"response_format": AS_JSON}),
        (CONVERSATION, {"max_tokens": 20}),
    ],
)
def test_a_prompt_made_here_gets_the_answer_of_the_messages(
    url: str, prompted: PromptedClient, messages: list[dict[str, Any]], options: dict[str, Any]
) -> None:
    chat = InferenceClient(base_url=url, headers=HEADERS)
    options = {"max_tokens": 60, "temperature": 0} | options
    one, other = (client.chat_completion(messages, **options) for client in (chat, prompted))
    assert one.choices[0].message.content == other.choices[0].message.content
    assert one.choices[0].finish_reason == other.choices[0].finish_reason
    assert one.usage.completion_tokens == other.usage.completion_tokens
    # Of the two routes only the older one puts the token of a text's beginning in front.
    assert other.usage.prompt_tokens == one.usage.prompt_tokens + 1


def test_temperature_and_seed_are_heeded(prompted: PromptedClient) -> None:
    def limerick(**options: Any) -> str:
        asked = [said("Write a short limerick about this image.", FOX)]
        answer = prompted.chat_completion(asked, **options)
        return str(answer.choices[0].message.content)

    warm = {limerick(temperature=1.0, seed=seed) for seed in range(4)}
    assert len(warm) > 1
    assert limerick(temperature=1.0, seed=3) in warm


def test_several_questions_can_wait_at_once(url: str, prompted: PromptedClient) -> None:
    client = AsyncPromptedClient(url, str(FOLDER), headers=HEADERS)

    async def ask(picture: str) -> str:
        answer = await client.chat_completion([said("Describe this image.", picture)])
        return str(answer.choices[0].message.content)

    async def ask_all() -> list[str]:
        return await asyncio.gather(ask(FOX), ask(OWL))

    alone = [prompted.chat_completion([said("Describe this image.", each)]) for each in (FOX, OWL)]
    assert asyncio.run(ask_all()) == [each.choices[0].message.content for each in alone]


def test_a_schema_is_kept(prompted: PromptedClient) -> None:
    answer = prompted.chat_completion([said("Describe this.", FOX)], response_format=AS_JSON)
    assert list(json.loads(answer.choices[0].message.content or "")) == ["animal"]


def test_a_refusal_is_the_clients_own_error(prompted: PromptedClient) -> None:
    with pytest.raises(HfHubHTTPError, match="must have less than 1024 tokens") as caught:
        prompted.chat_completion([said("What are these?", *[FOX] * 4)])
    assert caught.value.response.status_code == 422


@pytest.mark.parametrize(
    ("messages", "options", "words"),
    [
        ([said("Where is <image>?", FOX)], {}, "2 places for 1 pictures"),
        ([{"role": "user", "content": [{"type": "image"}]}], {}, "text or image_url"),
        ([said("Hello")], {"response_format": {"type": "regex"}}, "of type json_schema"),
    ],
)
def test_what_has_no_old_form_is_refused(
    prompted: PromptedClient, messages: list[dict[str, Any]], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        prompted.chat_completion(messages, **options)
