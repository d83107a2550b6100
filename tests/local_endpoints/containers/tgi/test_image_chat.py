"""A TGI container whose model sees: a tiny random Idefics2 behind the real routes."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from local_endpoints.containers.tgi.container import TgiContainer
from local_endpoints.replicas.wire import ConfigurationError
from tests.local_endpoints.containers.conftest import Reply, RunningContainer, StartContainer
from tests.local_endpoints.containers.images import image_url, noise
from tests.local_endpoints.containers.tgi.conftest import settings
from tests.local_endpoints.engine.tiny_vision import write_tiny_vision_model

CHAT = "/v1/chat/completions"
DETAILS = {"decoder_input_details": True, "details": True}


@pytest.fixture
def start_eye(vision_dir: Path) -> Iterator[StartContainer]:
    """Starts a container that sees; takes environment variables."""
    started: list[RunningContainer] = []

    def start(**env: str) -> RunningContainer:
        env |= {"MAX_BATCH_PREFILL_TOKENS": "4096", "ENABLE_PREFILL_LOGPROBS": "true"}
        started.append(RunningContainer(settings(vision_dir, **env)).start())
        return started[-1]

    yield start
    for running in started:
        running.stop()


def markdown(*images: Image.Image) -> str:
    return "".join(f"![]({image_url(image)})" for image in images)


def part(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def chat(container: RunningContainer, *parts: Any, **options: Any) -> Reply:
    messages = [{"role": "user", "content": list(parts)}]
    body = {"messages": messages, "max_tokens": 8, "temperature": 0} | options
    return container.post(CHAT, body)


def text(reply: Reply) -> str:
    assert reply.status == 200, reply.text
    content: str = reply.json()["choices"][0]["message"]["content"]
    return content


WORDS = {"type": "text", "text": "What is this?"}


def test_a_chat_answer_depends_on_the_noise(eye: RunningContainer) -> None:
    answers = [text(chat(eye, part(image_url(noise(seed))), WORDS)) for seed in (1, 2, 1)]
    assert answers[0] == answers[2] != answers[1]
    assert text(chat(eye, WORDS)) not in answers


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "TIFF", "QOI"])
def test_formats_without_loss_give_the_same_answer(eye: RunningContainer, form: str) -> None:
    image = noise().quantize(16).convert("RGB")
    url = image_url(image, form, **({"lossless": True} if form == "WEBP" else {}))
    assert text(chat(eye, part(url), WORDS)) == text(chat(eye, part(image_url(image)), WORDS))


def test_jpeg_is_read_under_both_of_its_names(eye: RunningContainer) -> None:
    url = image_url(noise(), "JPEG")
    other = url.replace("image/jpeg", "image/jpg")
    assert text(chat(eye, part(url), WORDS)) == text(chat(eye, part(other), WORDS))


@pytest.mark.parametrize(("count", "tokens"), [(0, 0), (1, 326), (2, 651), (3, 976)], ids=str)
def test_images_cost_what_the_router_counts(eye: RunningContainer, count: int, tokens: int) -> None:
    # "User:" + the words + "<end_of_utterance>\nAssistant:"; without an image there is a space
    # more, and with it the first word may be fewer tokens.
    bare = chat(eye, WORDS).json()["usage"]["prompt_tokens"]
    parts = [part(image_url(noise(seed, (20, 30 + seed)))) for seed in range(count)]
    used = chat(eye, *parts, WORDS).json()["usage"]["prompt_tokens"]
    assert abs(used - bare - tokens) <= 2
    if count:
        one = chat(eye, parts[0], WORDS).json()["usage"]["prompt_tokens"]
        assert used - one == 325 * (count - 1)


def test_the_size_of_an_image_does_not_count(eye: RunningContainer) -> None:
    sizes = [(1, 1), (64, 64), (640, 200)]
    used = {
        chat(eye, part(image_url(noise(1, size))), WORDS).json()["usage"]["prompt_tokens"]
        for size in sizes
    }
    assert len(used) == 1


def test_too_many_images_are_refused_with_the_count(eye: RunningContainer) -> None:
    reply = chat(eye, *[part(image_url(noise()))] * 4, WORDS)
    assert (reply.status, reply.json()["error_type"]) == (422, "validation")
    assert reply.json()["error"].startswith(
        "Input validation error: `inputs` must have less than 1024 tokens. Given: 13"
    )


def test_prompt_and_answer_must_fit_together(eye: RunningContainer) -> None:
    reply = chat(eye, *[part(image_url(noise()))] * 3, WORDS, max_tokens=700)
    assert reply.status == 422
    assert "`inputs` tokens + `max_new_tokens` must be <= 1536" in reply.json()["error"]


def test_a_markdown_image_is_read_on_the_generate_routes(eye: RunningContainer) -> None:
    def generated(inputs: str, **options: Any) -> Any:
        parameters = {"max_new_tokens": 8, "details": True, **options}
        return eye.post("/generate", {"inputs": inputs, "parameters": parameters})

    one = generated(f"User:{markdown(noise(1))}Hi<end_of_utterance>\nAssistant:")
    other = generated(f"User:{markdown(noise(2))}Hi<end_of_utterance>\nAssistant:")
    assert one.json()["generated_text"] != other.json()["generated_text"]
    assert one.headers["x-prompt-tokens"] == other.headers["x-prompt-tokens"]
    described = generated(f"![a llama]({image_url(noise(1))})", max_new_tokens=1)
    assert described.status == 422, "an image with a description is text, and a long one"
    assert "tokens" in described.json()["error"]


def test_the_root_route_repeats_the_whole_noise(eye: RunningContainer) -> None:
    inputs = f"{markdown(noise())}Hi"
    body = {"inputs": inputs, "parameters": {"max_new_tokens": 2}}
    assert eye.post("/", body).json()[0]["generated_text"].startswith(inputs)


def test_an_image_is_streamed_about(eye: RunningContainer) -> None:
    whole = text(chat(eye, part(image_url(noise())), WORDS))
    events = chat(eye, part(image_url(noise())), WORDS, stream=True).events
    assert events.pop() == "[DONE]"
    pieces = [json.loads(event)["choices"][0]["delta"]["content"] for event in events]
    assert "".join(pieces) == whole


def test_sampling_parameters_work_as_for_text(eye: RunningContainer) -> None:
    options = {"temperature": 1.5, "logprobs": True, "top_logprobs": 2}
    url = part(image_url(noise()))
    one, other, again = (
        chat(eye, url, WORDS, seed=seed, **options).json()["choices"][0] for seed in (1, 2, 1)
    )
    assert one["message"] == again["message"] != other["message"]
    assert len(one["logprobs"]["content"][0]["top_logprobs"]) == 2
    first = one["logprobs"]["content"][0]["token"]
    stopped = chat(eye, url, WORDS, stop=[first], seed=1, **options).json()
    assert stopped["choices"][0]["finish_reason"] == "stop_sequence"
    assert stopped["usage"]["completion_tokens"] == 1


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("data:image/png;base64,?AAA", "base64 encoding is invalid: Invalid symbol 63, offset 0."),
        ("data:image/png,AAAA", "invalid image content: image/png,AAAA"),
        ("data:image/png;base64,AAAA", "invalid image: "),
        ("ftp://example.com/a.png", "invalid image content: ![](ftp://example.com/a.png)"),
        ("http://127.0.0.1:1/a.png", "Could not fetch image: the local service fetches no"),
    ],
)
def test_bad_images_are_refused_with_the_routers_texts(
    eye: RunningContainer, url: str, message: str
) -> None:
    for reply in (
        chat(eye, part(url), WORDS),
        eye.post("/generate", {"inputs": f"![]({url}) Hi"}),
    ):
        assert reply.status == 422
        assert reply.json()["error_type"] == "validation"
        assert reply.json()["error"].startswith(f"Input validation error: {message}")


def test_a_bad_image_in_a_stream_is_an_event(eye: RunningContainer) -> None:
    reply = chat(eye, part("data:image/png;base64,AAAA"), WORDS, stream=True)
    assert reply.status == 200
    error = json.loads(reply.events[0])["error"]
    assert error["http_status_code"] == 422 and "invalid image" in error["message"]


def test_the_processors_word_for_an_image_is_no_part(eye: RunningContainer) -> None:
    reply = chat(eye, {"type": "image"}, WORDS)
    assert (reply.status, reply.headers["content-type"]) == (422, "text/plain; charset=utf-8")


def test_a_body_over_the_payload_limit_is_refused_first(vision_dir: Path) -> None:
    running = RunningContainer(settings(vision_dir, PAYLOAD_LIMIT="5000")).start()
    try:
        reply = chat(running, part(image_url(noise(1, (128, 128)))), WORDS)
        assert (reply.status, reply.text) == (
            413,
            "Failed to buffer the request body: length limit exceeded",
        )
    finally:
        running.stop()


def test_a_cut_prompt_whose_images_do_not_fit_fails_in_generation(
    eye: RunningContainer,
) -> None:
    parameters = {"max_new_tokens": 2, "truncate": 100}
    reply = eye.post("/generate", {"inputs": f"{markdown(noise())}Hi", "parameters": parameters})
    assert (reply.status, reply.json()["error_type"]) == (424, "generation")
    assert "Cannot fill images right now" in reply.json()["error"]
    assert eye.get("/health").status == 200


def test_image_tokens_without_an_image_are_harmless(eye: RunningContainer) -> None:
    assert eye.post("/generate", {"inputs": "<image> Hi"}).status == 200


def test_logs_do_not_hold_images(eye: RunningContainer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        chat(eye, part("data:image/png;x;base64," + "A" * 9000), WORDS)
    assert 0 < len(caplog.text) < 2000, len(caplog.text)


def test_prefill_must_have_room_for_a_prompt(vision_dir: Path) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        TgiContainer(settings(vision_dir, MAX_BATCH_PREFILL_TOKENS="1000"))
    assert str(refusal.value) == (
        'ArgumentValidation("`max_batch_prefill_tokens` must be >= `max_input_tokens`. '
        'Given: 1000 and 1024")'
    )


def test_without_splitting_an_image_costs_66(tmp_path: Path) -> None:
    folder = write_tiny_vision_model(tmp_path, splitting=False)
    running = RunningContainer(settings(folder)).start()
    try:
        bare = chat(running, WORDS).json()["usage"]["prompt_tokens"]
        used = chat(running, part(image_url(noise())), WORDS).json()["usage"]["prompt_tokens"]
        assert abs(used - bare - 66) <= 2
    finally:
        running.stop()


def test_a_text_model_reads_an_image_as_text(container: RunningContainer) -> None:
    """The base64 text is counted, as TGI does it for models that see nothing."""
    url = image_url(noise(1, (8, 8)))
    reply = container.post("/generate", {"inputs": f"![]({url}) Hi"})
    assert reply.status == 422
    assert "tokens" in reply.json()["error"] and "image" not in reply.json()["error"]


@pytest.mark.parametrize("between", ["", "x "])
def test_more_images_than_fit_are_refused_before_any_work(
    eye: RunningContainer, between: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as a body of the usual limit holds. Their tokens took half a minute to make."""

    def opened(*given: Any, **options: Any) -> Any:
        raise AssertionError("an image was decoded")

    one, more = markdown(noise(size=(1, 1))), "a"
    count = 1_900_000 // len(one + between)
    monkeypatch.setattr(Image, "open", opened)
    reply = eye.post("/generate", {"inputs": (one + between) * count + more})
    # An image is 320 tokens, and a delimiter at both ends of each of its five tiles; two in a row
    # are one. The rest are the start of the text and what `between` and `more` give.
    least = count * 325 + 1 if not between else count * 326
    assert (reply.status, reply.json()["error_type"]) == (422, "validation")
    given = re.search(
        r"`inputs` tokens \+ `max_new_tokens` must be <= 1536. Given: (\d+) `inputs` tokens and "
        r"0 `max_new_tokens`$",
        reply.json()["error"],
    )
    assert given and least < int(given[1]) <= least + 4 + 3 * count * len(between)


@pytest.mark.parametrize("count", [3, 4, 5, 9])
def test_a_refusal_names_the_same_length_however_it_was_counted(
    start_eye: StartContainer, count: int
) -> None:
    """Up to 4 images the tokens are made, beyond they are counted."""
    prompt = f"a{markdown(noise())}<fake_token_around_image> b {markdown(noise(2))}" + markdown(
        *[noise(3)] * (count - 2)
    )
    parameters = {"max_new_tokens": 1}
    seeing = start_eye(MAX_INPUT_TOKENS="3000", MAX_TOTAL_TOKENS="3100")
    whole = seeing.post("/generate", {"inputs": prompt, "parameters": parameters | DETAILS})
    assert whole.status == 200, whole.text
    length = len(whole.json()["details"]["prefill"])
    small = start_eye(MAX_INPUT_TOKENS="800", MAX_TOTAL_TOKENS="1300")
    refusal = small.post("/generate", {"inputs": prompt, "parameters": parameters}).json()["error"]
    assert f"Given: {length}" in refusal


def test_images_that_are_refused_may_still_be_named_first(eye: RunningContainer) -> None:
    one = markdown(noise(size=(1, 1)))
    error = eye.post("/generate", {"inputs": one * 9 + "![](ftp://a)"}).json()["error"]
    assert error == "Input validation error: invalid image content: ![](ftp://a)"


def test_more_images_than_fit_fail_in_generation_where_the_prompt_is_cut(
    eye: RunningContainer,
) -> None:
    parameters = {"max_new_tokens": 2, "truncate": 400}
    inputs = f"{markdown(noise()) * 1000}Hi"
    reply = eye.post("/generate", {"inputs": inputs, "parameters": parameters})
    assert (reply.status, reply.json()["error_type"]) == (424, "generation")
    found = re.search(r"shape \[320000\] .* shape \[(\d+)\]", reply.json()["error"])
    assert found and 380 < int(found[1]) < 400


def test_health_answers_while_a_prompt_of_two_megabytes_is_read(eye: RunningContainer) -> None:
    inputs, slowest = "a" * 1_900_000, 0.0
    reading = threading.Thread(target=lambda: eye.post("/generate", {"inputs": inputs}))
    started = time.perf_counter()
    reading.start()
    while reading.is_alive():
        asked = time.perf_counter()
        assert eye.get("/health").status == 200
        slowest = max(slowest, time.perf_counter() - asked)
    # Held up, the one question would have taken nearly all the time.
    assert slowest < max(1.0, (time.perf_counter() - started) / 2)
