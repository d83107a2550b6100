"""``/``, ``/generate`` and ``/generate_stream``: answers, streams, headers."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local_endpoints.engine.text import part as part_module
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Request
from tests.local_endpoints.containers.conftest import (
    RunningContainer,
    StartContainer,
)
from tests.local_endpoints.engine.text.driving import Gate
from tests.patience import WAIT_SECONDS, eventually

PROMPT = "the quick brown fox"


def body(**parameters: Any) -> dict[str, Any]:
    return {"inputs": PROMPT, "parameters": {"max_new_tokens": 6, **parameters}}


def test_an_answer_is_one_object_and_on_the_root_a_list(container: RunningContainer) -> None:
    answer = container.post("/generate", body()).json()
    assert list(answer) == ["generated_text"]
    assert container.post("/", body(return_full_text=False)).json() == [answer]


def test_the_root_repeats_the_prompt_unless_told_not_to(container: RunningContainer) -> None:
    answer = container.post("/generate", body()).json()["generated_text"]
    assert container.post("/", body()).json() == [{"generated_text": PROMPT + answer}]
    full = container.post("/generate", body(return_full_text=True)).json()
    assert full == {"generated_text": PROMPT + answer}


def test_details(container: RunningContainer) -> None:
    answer = container.post("/generate", body(details=True, seed=5)).json()
    details = answer["details"]
    assert list(details) == ["finish_reason", "generated_tokens", "seed", "prefill", "tokens"]
    assert details["finish_reason"] == "length"
    assert details["generated_tokens"] == len(details["tokens"]) == 6
    assert details["seed"] is None, "a greedy answer has no seed"
    assert details["prefill"] == []
    assert list(details["tokens"][0]) == ["id", "text", "logprob", "special"]
    assert "".join(token["text"] for token in details["tokens"]) == answer["generated_text"]


def test_a_sampled_answer_names_its_seed(container: RunningContainer) -> None:
    sampled = container.post("/generate", body(details=True, seed=5, temperature=2.0)).json()
    assert sampled["details"]["seed"] == 5
    again = container.post("/generate", body(details=True, seed=5, temperature=2.0)).json()
    assert again == sampled
    seeds = {
        container.post("/generate", body(details=True, do_sample=True)).json()["details"]["seed"]
        for _ in range(3)
    }
    assert len(seeds) == 3, "without a seed every request gets one of its own"


def test_without_parameters_the_answer_is_sampled(container: RunningContainer) -> None:
    absent = {
        container.post("/generate", {"inputs": PROMPT}).json()["generated_text"] for _ in range(4)
    }
    empty = {
        container.post("/generate", {"inputs": PROMPT, "parameters": {}}).json()["generated_text"]
        for _ in range(4)
    }
    assert len(absent) > 1
    assert len(empty) == 1


def test_alternatives(container: RunningContainer) -> None:
    details = container.post("/generate", body(details=True, top_n_tokens=2)).json()["details"]
    assert list(details)[-1] == "top_tokens"
    assert len(details["top_tokens"]) == 6
    for token, top in zip(details["tokens"], details["top_tokens"], strict=True):
        assert len(top) >= 2
        assert top[0]["id"] == token["id"]


def test_the_prompts_logprobs_need_the_containers_consent(
    container: RunningContainer, start_container: StartContainer
) -> None:
    asking = body(decoder_input_details=True)
    assert container.post("/generate", asking).json()["details"]["prefill"] == []
    consenting = start_container(ENABLE_PREFILL_LOGPROBS="true")
    reply = consenting.post("/generate", asking)
    prefill = reply.json()["details"]["prefill"]
    assert len(prefill) == int(reply.headers["x-prompt-tokens"])
    assert prefill[0] == {"id": 2, "text": "<bos>", "logprob": None}
    assert all(token["logprob"] < 0 for token in prefill[1:])


def test_the_best_of_two_has_the_higher_mean_logprob(container: RunningContainer) -> None:
    details = container.post("/generate", body(best_of=2, temperature=3.0, details=True)).json()[
        "details"
    ]
    (other,) = details["best_of_sequences"]
    assert list(other) == [
        *("generated_text", "finish_reason", "generated_tokens", "seed", "prefill", "tokens")
    ]
    assert other["seed"] != details["seed"]

    def mean(sequence: Any) -> float:
        logprobs: list[float] = [token["logprob"] for token in sequence["tokens"]]
        return sum(logprobs) / len(logprobs)

    assert mean(details) >= mean(other)


def test_headers_of_an_answer(container: RunningContainer, start_container: StartContainer) -> None:
    headers = container.post("/generate", body()).headers
    assert headers["content-type"] == "application/json"
    assert headers["x-compute-type"] == "gpu+optimized"
    assert headers["x-compute-characters"] == str(len(PROMPT))
    assert headers["x-generated-tokens"] == "6"
    assert float(headers["x-compute-time"]) > 0
    names = ("total-time", "validation-time", "queue-time", "inference-time", "time-per-token")
    assert all(headers[f"x-{name}"].isdigit() for name in names)
    named = start_container(COMPUTE_TYPE="1-nvidia-l4")
    assert named.post("/generate", body()).headers["x-compute-type"] == "1-nvidia-l4"


@pytest.mark.parametrize("path", ["/generate_stream", "/"])
def test_a_stream_is_framed_byte_by_byte(container: RunningContainer, path: str) -> None:
    details = container.post("/generate", body(details=True)).json()["details"]
    asked = {**body(details=True, return_full_text=False), "stream": True}
    reply = container.post(path, asked)
    expected = ""
    for index, token in enumerate(details["tokens"], start=1):
        last = index == 6
        event = {
            "index": index,
            "token": token,
            "generated_text": "".join(t["text"] for t in details["tokens"]) if last else None,
            "details": None,
        }
        if last:
            event["details"] = {
                "finish_reason": "length",
                "generated_tokens": 6,
                "seed": None,
                "input_length": int(container.post("/generate", body()).headers["x-prompt-tokens"]),
            }
        dumped = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        expected += f"data: {dumped}\n\n"
    assert reply.text == expected


def test_headers_of_a_stream(container: RunningContainer) -> None:
    headers = container.post("/generate_stream", body()).headers
    assert headers["content-type"] == "text/event-stream"
    assert headers["cache-control"] == "no-cache"
    assert headers["x-compute-type"] == "gpu+optimized"
    assert headers["x-compute-characters"] == str(len(PROMPT))
    assert headers["x-accel-buffering"] == "no"
    assert not {"x-compute-time", "x-total-time", "x-generated-tokens"} & set(headers)


def test_alternatives_in_a_stream(container: RunningContainer) -> None:
    events = container.post("/generate_stream", body(top_n_tokens=1)).events
    for event in map(json.loads, events):
        assert list(event) == ["index", "token", "top_tokens", "generated_text", "details"]
        assert event["details"] is None


def test_the_root_repeats_the_prompt_in_its_stream_too(container: RunningContainer) -> None:
    events = container.post("/", {**body(), "stream": True}).events
    assert json.loads(events[-1])["generated_text"].startswith(PROMPT)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"top_p": 1}, "`top_p` must be > 0.0 and < 1.0"),
        ({"best_of": 2}, "`best_of` != 1 is not supported when streaming tokens"),
        (
            {"decoder_input_details": True},
            "`decoder_input_details` == true is not supported when streaming tokens",
        ),
    ],
)
def test_an_error_in_a_stream_is_an_event_under_status_200(
    container: RunningContainer, parameters: dict[str, Any], text: str
) -> None:
    reply = container.post("/generate_stream", body(**parameters))
    assert reply.status == 200
    assert reply.text == (
        f'data: {{"error":"Input validation error: {text}","error_type":"validation"}}\n\n'
    )


def test_a_stop_string_ends_the_answer_and_stays_in_it(container: RunningContainer) -> None:
    sampled = {"max_new_tokens": 40, "temperature": 2.0, "seed": 11}
    details = container.post("/generate", body(**sampled, details=True)).json()["details"]
    texts = [token["text"] for token in details["tokens"]]
    stop = "".join(texts[4:8])
    reply = container.post("/generate", body(**sampled, stop=[stop], details=True)).json()
    assert reply["details"]["finish_reason"] == "stop_sequence"
    assert reply["generated_text"] == "".join(texts[:8])


def test_answers_are_the_same_alone_and_in_a_crowd(container: RunningContainer) -> None:
    bodies = [body(max_new_tokens=20, temperature=1.5, top_p=0.9, seed=n) for n in range(12)]
    alone = [container.post("/generate", each).json() for each in bodies]
    with ThreadPoolExecutor(12) as crowd:
        together = list(crowd.map(lambda each: container.post("/generate", each).json(), bodies))
    assert together == alone
    assert len({answer["generated_text"] for answer in alone}) == 12


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> list[TextModel]:
    """The models that containers load during the test, in order."""
    loaded: list[TextModel] = []

    def load(*args: Any, **options: Any) -> TextModel:
        loaded.append(TextModel(*args, **options))
        return loaded[-1]

    monkeypatch.setattr(part_module, "TextModel", load)
    return loaded


@pytest.fixture
def gated(
    start_container: StartContainer, models: list[TextModel], monkeypatch: pytest.MonkeyPatch
) -> tuple[RunningContainer, Gate]:
    """A container for one request at a time, whose decoding steps a gate holds back."""
    running = start_container(MAX_CONCURRENT_REQUESTS="1")
    return running, Gate(models[-1], monkeypatch)


@pytest.mark.parametrize(
    "path", ["/generate_stream", "/generate", "/v1/chat/completions", "/v1/completions"]
)
def test_a_client_that_leaves_stops_its_generation(
    gated: tuple[RunningContainer, Gate], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, gate = gated
    asked = {
        **body(max_new_tokens=80),
        "messages": [{"role": "user", "content": "hi"}],
        "prompt": "hi",
        "stream": path != "/generate",
    }
    connection = running.open(path, asked)
    gate.wait()
    assert running.engine.active_count == 1
    cancelled = threading.Event()
    cancel = running.engine.cancel

    def observed(request: Request) -> None:
        cancel(request)
        cancelled.set()

    monkeypatch.setattr(running.engine, "cancel", observed)
    connection.close()
    assert cancelled.wait(WAIT_SECONDS)
    gate.open(1)
    assert eventually(lambda: running.engine.active_count == 0)
    gate.open()
    assert running.post("/generate", body()).status == 200, "the permit was given back"


def test_one_request_too_many_is_refused_at_once(gated: tuple[RunningContainer, Gate]) -> None:
    running, gate = gated
    connection = running.open("/generate_stream", body())
    gate.wait()
    refusal = {"error": "Model is overloaded", "error_type": "overloaded"}
    invalid = body(top_p=1)
    for path in ("/generate", "/"):
        reply = running.post(path, invalid)
        assert (reply.status, reply.json()) == (429, refusal), "before any check"
    stream = running.post("/generate_stream", body())
    assert (stream.status, [json.loads(event) for event in stream.events]) == (200, [refusal])
    messages = [{"role": "user", "content": "hi"}]
    chat = running.post("/v1/chat/completions", {"messages": messages, "stream": True})
    nested = {"error": {"message": "Model is overloaded", "http_status_code": 422}}
    assert (json.loads(chat.events[0]), chat.events[1]) == (nested, "[DONE]")
    gate.open()
    while connection.recv(65536):
        if running.engine.active_count == 0:
            break
    connection.close()
    assert eventually(lambda: running.post("/generate", body()).status == 200)


def test_a_failing_model_is_reported_and_makes_the_container_unhealthy(
    start_container: StartContainer, models: list[TextModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start_container()
    with monkeypatch.context() as patch:

        def broken(*_: Any) -> Any:
            raise RuntimeError("the session broke")

        patch.setattr(models[-1], "decode", broken)
        text = "Request failed during generation: Server error: the session broke"
        reply = running.post("/generate", body())
        assert (reply.status, reply.json()) == (424, {"error": text, "error_type": "generation"})
        last = running.post("/generate_stream", body()).events[-1]
        assert json.loads(last) == {"error": text, "error_type": "generation"}
        health = running.get("/health")
        assert health.status == 503
        assert health.json() == {"error": "unhealthy", "error_type": "healthcheck"}
    assert running.get("/health").status == 200
    assert running.post("/generate", body()).status == 200
