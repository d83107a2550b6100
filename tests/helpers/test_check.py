"""Every self-check accepts a right answer, and rejects wrong ones with the words that help."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx2
import huggingface_hub
import pytest
from huggingface_hub import InferenceEndpoint, InferenceEndpointHardware
from PIL import Image

from helpers import check
from tests.fakes import Service

Tell = Callable[..., str]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Calls a check and returns its one line."""

    def tell(judge: Callable[..., Any], *arguments: Any, **options: Any) -> str:
        result = judge(*arguments, **options)
        if asyncio.iscoroutine(result):
            result = asyncio.run(result)
        assert result is None, "a notebook would show what is returned"
        (line,) = capsys.readouterr().out.splitlines()
        return str(line)

    return tell


def user(text: Any) -> dict[str, Any]:
    return {"role": "user", "content": text}


def model(text: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


TALK = [user("A poem, please."), model("Roses."), user("Another one."), model("Violets.")]
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}
SEEN = [user([PICTURE, {"type": "text", "text": "What is it?"}]), model("A llama."), *TALK[2:]]


def test_a_conversation(tell: Tell) -> None:
    assert tell(check.conversation, TALK).startswith("Right: 2 turns")
    assert tell(check.conversation, SEEN, pictures=1).startswith("Right: 2 turns")


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (None, "is empty"),
        ([user("A poem, please."), user("Another one.")], "does not remember its own answers"),
        (TALK[:2], "one turn"),
        (TALK[:3], "end with an answer"),
        (["A poem, please."], "a list of messages like"),
        ([*TALK[:3], model(None)], "should be its text"),
        (SEEN, "the picture belongs to the first message"),
    ],
)
def test_no_conversation(tell: Tell, messages: Any, words: str) -> None:
    said = tell(check.conversation, messages)
    assert said.startswith("Not yet: ") and words in said


def test_a_picture_in_every_message(tell: Tell) -> None:
    again = [*SEEN[:2], user([PICTURE]), model("Still a llama.")]
    assert "to no other" in tell(check.conversation, again, pictures=1)
    # The third picture was too much for the prompt, and so nothing answers it.
    assert "to no other" in tell(check.conversation, [*again, user([PICTURE])], pictures=1)
    assert "to no other" in tell(check.conversation, TALK, pictures=1)


def answer(status: int, text: str) -> httpx2.Response:
    return httpx2.Response(status, json={"error": text})


REFUSALS = {
    "log in": answer(401, "401 Unauthorized"),
    "mend the request": answer(400, "temperature must be non-negative"),
    "resume the endpoint": answer(400, "Bad Request: The endpoint is paused"),
    "wait and ask again": answer(503, "503 Service Unavailable"),
}
BY_STATUS = {401: "log in", 400: "mend the request", 503: "wait and ask again"}


def test_advice(tell: Tell) -> None:
    def good(response: httpx2.Response) -> str:
        paused = "is paused" in response.text
        return "resume the endpoint" if paused else BY_STATUS[response.status_code]

    assert tell(check.advice, good, REFUSALS).startswith("Right: 4 refusals")
    tolerant = {**REFUSALS, "mend the request": answer(200, "a poem")}
    assert tell(check.advice, good, tolerant).startswith("Right: 3 refusals")
    for function, words in (
        (None, "no function yet"),
        (
            lambda response: BY_STATUS[response.status_code],
            "'mend the request' is no help with 400",
        ),
        (lambda response: "wait and ask again", "no help with 401 '401 Unauthorized'"),
        (lambda response: None, "None is no help"),
        (lambda response: response["error"], "cannot read a 401 (TypeError"),
    ):
        assert words in tell(check.advice, function, REFUSALS)


EIGHT = [f"poem {number}" for number in range(8)]


def test_company(tell: Tell) -> None:
    assert tell(check.company, EIGHT, "poem 3").startswith("Right: ")


async def _later() -> str:
    return "poem 3"


def test_no_company(tell: Tell) -> None:
    forgotten = _later()
    for together, alone, words in (
        (None, None, "should hold answers"),
        (EIGHT[:4], "poem 3", "there are 4 answers"),
        (EIGHT, "poem 9", "Same prompt, same seed"),
        (["poem 3"] * 8, "poem 3", "a prompt of its own"),
        (EIGHT, forgotten, "write await"),
        (forgotten, "poem 3", "write await"),
        ([object()] * 8, "poem 3", "compare texts"),
    ):
        assert words in tell(check.company, together, alone)
    forgotten.close()


@pytest.fixture
def hardware(connected: Service) -> list[InferenceEndpointHardware]:
    any_row = huggingface_hub.list_inference_endpoints_hardware()[0]

    def row(name: str, price: float, **fields: Any) -> InferenceEndpointHardware:
        usable = {"accelerator": "gpu", "status": "available", "max_accelerators": 4}
        return replace(any_row, id=name, price_per_hour=price, **{**usable, **fields})

    return [
        row("cpu", 0.1, accelerator="cpu"),
        row("gone", 0.2, status="not_available"),
        row("no-quota", 0.3, max_accelerators=0),
        row("t4", 0.5),
        row("l4", 0.8),
    ]


def test_the_cheapest_offer(tell: Tell, hardware: list[InferenceEndpointHardware]) -> None:
    assert "t4, $360" in tell(check.cheapest_offer, hardware[3], 360.0, hardware=hardware)
    for offer, month, words in (
        (None, None, "still None"),
        (hardware[0], 72.0, "no GPU"),
        (hardware[1], 144.0, "row.status"),
        (hardware[2], 216.0, "row.max_accelerators"),
        (hardware[4], 576.0, "a cheaper one"),
        (hardware[3], 12.0, "720 hours"),
        (hardware[3], "360", "a number"),
        ("t4", 360.0, "no row"),
    ):
        assert words in tell(check.cheapest_offer, offer, month, hardware=hardware)


def test_enough_memory(tell: Tell, hardware: list[InferenceEndpointHardware]) -> None:
    t4, bigger = hardware[3], hardware[4]
    rows = [*hardware[:3], replace(t4, gpu_memory_gb=16), replace(bigger, gpu_memory_gb=96)]
    none_left = replace(rows[4], id="another", price_per_hour=0.1, max_accelerators=0)
    ask: dict[str, Any] = {
        **{"billions": 32.8, "layers": 64, "heads": 8, "size": 128},
        **{"context": 8192, "at_once": 8, "hardware": [*rows, none_left]},
    }
    assert "Right: " in tell(check.enough_memory, 91.9, rows[4], **ask)
    for gigabytes, offer, words in (
        (None, None, "still None"),
        (74.4, rows[4], "too little: all the conversations"),  # one conversation
        (82.8, rows[4], "the engine leaves a tenth free"),  # nothing left free
        (183.9, rows[4], "too much"),  # 32 bits
        ("92", rows[4], "a number"),
        (92.0, rows[4].id, "no row"),
        (92.0, rows[3], "16 GB of GPU memory: not enough"),
        (92.0, none_left, "your quota"),
    ):
        assert words in tell(check.enough_memory, gigabytes, offer, **ask)
    dear = replace(rows[4], id="dearer", price_per_hour=99.0)
    ask["hardware"] = [*rows, dear]
    assert "a cheaper one" in tell(check.enough_memory, 92.0, dear, **ask)


def even(usd: float, hours: float, per_million: float, speed: float) -> float | None:
    tokens = usd * hours / per_million * 1e6
    return tokens if tokens <= speed * hours * 3600 else None


def test_break_even(tell: Tell) -> None:
    assert tell(check.break_even, even).startswith("Right: ")
    for function, words in (
        (None, "no function yet"),
        (lambda usd, hours, each, speed: even(usd, hours, each * 1e6, speed), "would cost $0.00"),
        (lambda usd, hours, each, speed: even(usd, 24, each, speed), "8 h a day"),
        (lambda usd, hours, each, speed: usd * hours / each * 1e6, "so it should be None"),
        (lambda usd, hours, each, speed: None, "should be a number"),
        (lambda usd: usd, "TypeError"),
    ):
        said = tell(check.break_even, function)
        assert said.startswith("Not yet: ") and words in said


def test_one_of_some_words(tell: Tell) -> None:
    words = ["praise", "complaint", "question"]
    assert tell(check.one_of, '{"kind": "question"}', words).startswith("Right: question")
    for answer, objection in (
        (None, "no answer yet"),
        ("It is a question.", "is no JSON"),
        ("question", "the answer's whole text"),
        ('{"kind": "request"}', "none of praise"),
        ('{"kind": "praise", "sure": true}', "one field"),
        ('["question"]', "one field"),
    ):
        assert objection in tell(check.one_of, answer, words)


def plain(color: str) -> Image.Image:
    return Image.new("RGB", (8, 8), color)


PARTS = ["a bear", "with glasses", "at night"]
PROMPTS = ["a bear with glasses at night", "a bear at night", "a bear with glasses"]
PAINTED = [plain("red"), plain("green"), plain("blue")]


def test_parts_left_out(tell: Tell) -> None:
    assert tell(check.leaving_out, PROMPTS, PAINTED, parts=PARTS).startswith("Right: ")
    for prompts, pictures, words in (
        (None, None, "should hold something"),
        (PROMPTS, PAINTED[:2], "draw one for each"),
        (PROMPTS[:2], PAINTED[:2], "never left out: at night"),
        (["a bear", *PROMPTS[1:]], PAINTED, "one part at a time"),
        (PROMPTS, [plain("red")] * 3, "all pictures are the same"),
        (PROMPTS, ["red"] * 3, "no pictures"),
        (PROMPTS, map(str, PROMPTS), "pictures should be a list"),
        (" ".join(PROMPTS), PAINTED, "prompts should be a list"),
    ):
        assert words in tell(check.leaving_out, prompts, pictures, parts=PARTS)


def test_differences_by_steps(tell: Tell) -> None:
    good = {2: 24.6, 4: 16.0, 8: 10.7, 16: 5.2, 32: 2.0}
    assert tell(check.differences, good).startswith("Right: ")
    for by_steps, words in (
        (None, "no entry yet"),
        ({2: 24.6, 4: 16.0}, "missing: [8, 16, 32]"),
        (dict.fromkeys(good, 0.0), "compared with itself"),
        (dict(zip(good, [2.0, 5.2, 10.7, 16.0, 24.6], strict=True)), "nearer to the reference"),
        (dict.fromkeys(good, -3.0), "wrap around"),
        (dict(zip(good, [160.9, 158.6, 144.9, 120.9, 75.7], strict=True)), "wrap around"),
        (dict.fromkeys(good, "far"), "one number"),
        ([24.6, 16.0], "a dict"),
    ):
        assert words in tell(check.differences, by_steps)


def test_smaller_pictures(tell: Tell) -> None:
    sides = (128, 64, 32, 16, 8)
    good: dict[int, Any] = {side: ["A llama.", "A wall.", "A book."] for side in sides}
    good[8] = ["Nothing.", "A wall.", "Nothing."]
    assert tell(check.smaller_pictures, good).startswith("Right: ")
    for answers, words in (
        (None, "no entry yet"),
        ({128: good[128]}, "missing: [64, 32, 16, 8]"),
        (dict.fromkeys(sides, good[128]), "did the small picture go"),
        ({**good, 16: ["A llama."]}, "ask three things"),
        ({**good, 16: "A llama. A wall. A book."}, "as a list"),
        ({**good, 16: ["A llama.", "", "A book."]}, "should be a text"),
        (list(good.values()), "a dict"),
    ):
        assert words in tell(check.smaller_pictures, answers)


@pytest.fixture
def down(connected: Service, running: InferenceEndpoint) -> Iterator[InferenceEndpoint]:
    running.pause()
    yield running


def bill(connected: Service) -> None:
    """Leave the endpoint running."""
    huggingface_hub.resume_inference_endpoint("an-endpoint")


def test_a_safe_function(tell: Tell, connected: Service, down: InferenceEndpoint) -> None:
    def good(prompt: str, **changes: Any) -> Image.Image:
        if changes:
            raise ValueError("no such size")
        return plain("red")

    def leaves_it_running(prompt: str, **changes: Any) -> Image.Image:
        bill(connected)
        return good(prompt, **changes)

    def leaves_it_running_after_an_error(prompt: str, **changes: Any) -> Image.Image:
        if changes:
            bill(connected)
        return good(prompt, **changes)

    def hides_the_error(prompt: str, **changes: Any) -> Image.Image:
        return plain("red")

    def wakes_nothing(prompt: str, **changes: Any) -> Image.Image:
        return huggingface_hub.InferenceClient(model=down.url).text_to_image(prompt, **changes)

    assert tell(check.safe_picture, good, down, width=100).startswith("Right: ")
    for function, words in (
        (None, "no function yet"),
        (lambda prompt: None, "return the picture"),
        (wakes_nothing, "The endpoint is paused, ask a maintainer to restart it"),
        (hides_the_error, "its error was hidden"),
        (leaves_it_running, "after a picture the endpoint still runs"),
        (leaves_it_running_after_an_error, "after a failure the endpoint still runs"),
    ):
        down.pause()
        assert words in tell(check.safe_picture, function, down, width=100)
    assert "pause the endpoint before" in tell(check.safe_picture, good, down, width=100)


def test_alternative_texts(tell: Tell, connected: Service, down: InferenceEndpoint) -> None:
    async def good(pictures: list[Any]) -> list[str]:
        for each in pictures:
            each.getbbox()
        return ["An owl." for _ in pictures]

    async def one_text(pictures: list[Any]) -> list[str]:
        return (await good(pictures))[:1]

    async def too_long(pictures: list[Any]) -> list[str]:
        return [text * 60 for text in await good(pictures)]

    async def hides_the_error(pictures: list[Any]) -> list[str]:
        return ["An owl." for _ in pictures]

    async def leaves_it_running(pictures: list[Any]) -> list[str]:
        bill(connected)
        return await good(pictures)

    async def asks_what_is_paused(pictures: list[Any]) -> list[str]:
        return [down.client.text_generation("a bear") for _ in pictures]

    owls = [plain("red"), plain("blue")]
    assert tell(check.alt_texts, good, down, pictures=owls).startswith("Right: ")
    for function, words in (
        (None, "async def alt_texts"),
        (lambda pictures: [], "async def alt_texts"),
        (asks_what_is_paused, "Should it start the endpoint"),
        (one_text, "as many texts"),
        (too_long, "420 characters"),
        (hides_the_error, "its error was hidden"),
        (leaves_it_running, "still runs, and bills"),
    ):
        down.pause()
        assert words in tell(check.alt_texts, function, down, pictures=owls)
    assert "pause the endpoint before" in tell(check.alt_texts, good, down, pictures=owls)


def test_what_a_check_looks_at_is_left_as_it_is(tell: Tell) -> None:
    before = copy.deepcopy(SEEN)
    tell(check.conversation, SEEN, pictures=1)
    assert before == SEEN
