"""The playground: conversations that stream and stop, pictures, questions about pictures."""

from __future__ import annotations

import io
from typing import Any

import pytest
from huggingface_hub import InferenceEndpoint, get_inference_endpoint
from PIL import Image

from helpers.panel.playground import (
    OWN_PICTURE,
    ChatPlayground,
    DrawingPlayground,
    Playground,
    playground_for,
)
from tests.fakes import MODEL_ID, Service
from tests.helpers.panel.conftest import Container
from tests.helpers.test_upload import choose
from tests.patience import WAIT_SECONDS, eventually


def ask(playground: Playground) -> None:
    playground.send.click()
    assert playground.jobs.settle(WAIT_SECONDS)


@pytest.fixture
def chat(endpoint: InferenceEndpoint) -> ChatPlayground:
    playground = ChatPlayground(sees=False)
    playground.show(endpoint)
    return playground


@pytest.fixture
def eye(endpoint: InferenceEndpoint) -> ChatPlayground:
    playground = ChatPlayground(sees=True)
    playground.show(endpoint)
    return playground


def turns(chat: ChatPlayground) -> list[tuple[str, str]]:
    return [(turn["who"], turn["text"]) for turn in chat.turns.data["turns"]]


def test_each_task_has_its_playground() -> None:
    assert isinstance(playground_for("text-generation"), ChatPlayground)
    assert isinstance(playground_for("image-text-to-text"), ChatPlayground)
    assert isinstance(playground_for("text-to-image"), DrawingPlayground)
    assert playground_for("fill-mask") is None


def test_an_answer_stands_below_the_question(chat: ChatPlayground, container: Container) -> None:
    chat.prompt.value = "What is it?"
    chat.system.value = "Be brief."
    chat.tokens.value, chat.temperature.value, chat.seed.value = 7, 0.5, "3"
    ask(chat)
    assert turns(chat) == [
        ("You", "What is it?"), (f"{MODEL_ID} (a pocket model)", "A small red fox."),
    ]  # fmt: skip
    assert container.requests == [
        {
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "What is it?"},
            ],
            "model": MODEL_ID, "max_tokens": 7, "temperature": 0.5, "top_p": 0.95, "seed": 3,
            "stream": True,
        }
    ]  # fmt: skip


def test_the_code_is_that_of_the_next_request(chat: ChatPlayground, container: Container) -> None:
    ask(chat)
    chat.prompt.value = "And now?"
    wanted = chat.request().body()
    shown = "".join(block["text"] for block in chat.code.data["blocks"])
    assert "And now?" in shown and "A small red fox." in shown
    ask(chat)
    assert container.requests[-1] == wanted
    assert [message["role"] for message in wanted["messages"]] == ["user", "assistant", "user"]


def test_a_new_conversation_forgets_the_old_one(chat: ChatPlayground, container: Container) -> None:
    ask(chat)
    chat.anew.click()
    assert turns(chat) == []
    ask(chat)
    assert len(container.requests[-1]["messages"]) == 1


def test_a_running_answer_can_be_stopped_and_leaves_the_rest_usable(
    chat: ChatPlayground, container: Container
) -> None:
    container.held = True
    chat.send.click()
    assert eventually(lambda: turns(chat)[-1:] == [(f"{MODEL_ID} (a pocket model)", "A")])
    assert chat.send.disabled and not chat.stop.disabled
    chat.prompt.value = "typed meanwhile"
    chat.stop.click()
    assert chat.jobs.settle(WAIT_SECONDS)
    assert chat.notice.text == "Stopped, and the connection is closed."
    assert not chat.send.disabled and chat.stop.disabled
    assert eventually(lambda: container.gone)  # the model need not write on for nobody
    container.held = False
    ask(chat)
    # What was broken off is no part of the conversation.
    assert [each["role"] for each in container.requests[-1]["messages"]] == ["user"]


def test_two_presses_are_one_question(chat: ChatPlayground, container: Container) -> None:
    container.held = True
    chat.send.click()
    chat.send.click()
    assert eventually(lambda: len(container.requests) > 0)
    chat.stop.click()
    assert chat.jobs.settle(WAIT_SECONDS) and len(container.requests) == 1


def test_a_refusal_is_said_in_the_servers_words(chat: ChatPlayground, container: Container) -> None:
    container.refusal = (400, {"error": {"message": "System role not supported", "code": 400}})
    ask(chat)
    assert chat.notice.text == "400: System role not supported"
    assert not chat.send.disabled and turns(chat)[-1][0] == "You"


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ('{"error": "out of memory", "error_type": "generation"}', "the server broke off: out of"),
        ('{"error": {"message": "out of memory", "code": 500}}', "the server broke off: out of"),
        ("", "no connection to the service, or it broke off"),
    ],
)
def test_an_answer_that_breaks_off_is_shown_as_far_as_it_came(
    chat: ChatPlayground, container: Container, trouble: str, words: str
) -> None:
    container.trouble = trouble
    ask(chat)
    assert chat.notice.text.startswith(words)
    assert turns(chat)[-1][1] == "A"
    assert chat.turns.data["note"] == "it ended before the answer was complete"


@pytest.mark.parametrize("seed", ["many", "-1", "1.5"])
def test_a_seed_that_is_none_is_not_passed_over(
    chat: ChatPlayground, container: Container, seed: str
) -> None:
    chat.seed.value = seed
    ask(chat)
    assert "The seed must be a whole number" in chat.notice.text and not container.requests


def test_a_paused_endpoint_says_so(chat: ChatPlayground, connected: Service) -> None:
    sleeper = connected.lifecycle.get("local-user", "an-endpoint")
    connected.server.call(lambda: connected.lifecycle.pause(sleeper))
    ask(chat)
    assert "The endpoint is paused, ask a maintainer to restart it" in chat.notice.text


def test_an_endpoint_without_an_address_is_waited_for(container: Container) -> None:
    playground = ChatPlayground(sees=False)
    ask(playground)
    assert "no address yet" in playground.notice.text and not container.requests


@pytest.mark.parametrize("kind", [ChatPlayground, DrawingPlayground])
def test_nothing_is_asked_for_nothing(
    kind: type[Any], endpoint: InferenceEndpoint, container: Container
) -> None:
    playground = kind(sees=False) if kind is ChatPlayground else kind()
    playground.show(endpoint)
    playground.prompt.value = "  "
    ask(playground)
    assert "is empty" in playground.notice.text and not container.requests


def test_the_token_is_nowhere_on_the_screen(chat: ChatPlayground, connected: Service) -> None:
    ask(chat)
    assert connected.token not in str(chat.code.data) + str(chat.turns.data)


# Pictures.


def test_a_question_takes_the_picture_with_it(eye: ChatPlayground, container: Container) -> None:
    eye.picture.value = "fox"
    ask(eye)
    (content,) = [each["content"] for each in container.requests[0]["messages"]]
    assert content[0]["image_url"]["url"].startswith("data:image/jpeg;base64,")
    assert content[1] == {"type": "text", "text": eye.prompt.value}
    assert eye.turns.data["turns"][0]["alt"] == "the picture asked about: fox"
    assert content[0]["image_url"]["url"] not in str(eye.code.data)
    ask(eye)  # later questions are about the same picture
    assert container.requests[1]["messages"][-1]["content"] == eye.prompt.value


def test_a_picture_of_ones_own(eye: ChatPlayground, container: Container) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(buffer, format="PNG")
    eye.picture.value = OWN_PICTURE
    choose(eye, buffer.getvalue())  # type: ignore[arg-type]
    assert eye.jobs.settle(WAIT_SECONDS)
    assert "40 x 30 pixels" in eye.preview.data["note"]
    ask(eye)
    assert isinstance(container.requests[0]["messages"][0]["content"], list)


def test_no_file_of_ones_own_is_not_passed_over(eye: ChatPlayground, container: Container) -> None:
    eye.picture.value = OWN_PICTURE
    ask(eye)
    assert eye.notice.text == "Choose a file first, or another picture."
    assert not container.requests and not eye.turns.data["turns"]
    eye.picture.value = "none"
    ask(eye)
    eye.picture.value = OWN_PICTURE  # no picture goes with a later question
    ask(eye)
    assert len(container.requests) == 2


def test_a_file_that_is_no_picture_is_explained(eye: ChatPlayground) -> None:
    eye.picture.value = OWN_PICTURE
    choose(eye, b"some words", name="notes.txt")  # type: ignore[arg-type]
    assert eye.jobs.settle(WAIT_SECONDS)
    assert "notes.txt is no picture that can be read here" in eye.notice.text


def test_a_drawing(endpoint: InferenceEndpoint, container: Container) -> None:
    playground = DrawingPlayground()
    playground.show(get_inference_endpoint(endpoint.name))
    playground.prompt.value, playground.negative.value = "a fox", "snow"
    playground.steps.value, playground.guidance.value, playground.seed.value = 3, 2.0, "9"
    ask(playground)
    assert container.requests == [
        {
            "inputs": "a fox",
            "parameters": {
                "num_inference_steps": 3, "guidance_scale": 2.0, "negative_prompt": "snow",
                "seed": 9,
            },
        }
    ]  # fmt: skip
    shown = playground.picture.data
    assert shown["src"].startswith("data:image/webp;base64,")
    assert shown["alt"] == "drawn from the prompt: a fox"
    assert "64 x 48 pixels, drawn by a pocket model" in shown["note"]
