"""The generator of chats: repeatable, well formed, and without what is held out."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from itertools import islice

import pytest

from training.gemma.mixture import GEMMA
from training.language import (
    calling,
    copying,
    extraction,
    judging,
    memory,
    poetry,
    stories,
    sums,
    systems,
)
from training.language.chat import END, KEEP, Chat, bare, keep, turns
from training.language.lexicon import Draw, is_held_out
from training.language.mentions import KINDS, mention
from training.language.mixture import Source, learned_letters, mean_lengths
from training.language.noise import roughen
from training.qwen3.mixture import QWEN3
from training.verse.topics import is_held_out as is_held_out_topic


def drawn(shares: dict[object, float], count: int, seed: int = 1) -> list[Chat]:
    return list(islice(Source(shares, me="Pocket Qwen", seed=seed), count))  # type: ignore[arg-type]


@pytest.mark.parametrize("shares", [GEMMA, QWEN3], ids=["gemma", "qwen3"])
def test_the_same_seed_gives_the_same_chats(shares: dict[object, float]) -> None:
    assert drawn(shares, 50) == drawn(shares, 50)
    assert drawn(shares, 50) != drawn(shares, 50, seed=2)


@pytest.mark.parametrize("shares", [GEMMA, QWEN3], ids=["gemma", "qwen3"])
def test_chats_are_whole(shares: dict[object, float]) -> None:
    for chat in drawn(shares, 600):
        roles = [message["role"] for message in chat.messages if message["role"] != "system"]
        assert roles[0] == "user"
        assert roles[-1] == "assistant"
        for message in chat.messages:
            text = message["content"]
            assert KEEP not in text and END not in text, "a mark of the generator is left"
            assert text.strip() or message.get("tool_calls") or message["role"] == "user"
            if message["role"] == "assistant" and not text.startswith(("{", "[", "<")):
                assert "|" not in text and "{n}" not in text and "{x}" not in text, text


def test_gemma_hears_only_user_and_model_in_turn() -> None:
    for chat in drawn(GEMMA, 400):
        assert chat.plain
        assert [m["role"] for m in chat.messages] == ["user", "assistant"] * (
            len(chat.messages) // 2
        )


def test_held_out_topics_are_in_no_chat() -> None:
    for chat in drawn(GEMMA, 600):
        assert not any(is_held_out_topic(message["content"]) for message in chat.messages)


def test_only_who_is_measured_on_poems_hears_nothing_of_their_topics() -> None:
    def task(draw: Draw) -> Chat:
        return turns(draw.rng.choice(("volcanoes", "rivers")), "I see.")

    for on_poems in (True, False):
        source = Source({task: 1}, me="Pocket Qwen", seed=1, on_poems=on_poems)
        heard = " ".join(m["content"] for chat in islice(source, 60) for m in chat.messages)
        assert "rivers" in heard.lower()
        assert ("volcanoes" in heard.lower()) is not on_poems


def test_words_fall_into_training_or_evaluation_and_never_both() -> None:
    training = Draw(random.Random(1))
    kept = Draw(random.Random(1), held_out=True)
    for draw, held_out in ((training, False), (kept, True)):
        for _ in range(300):
            assert is_held_out(draw.word()) is held_out
            assert is_held_out(draw.name()) is held_out
            assert is_held_out(draw.thing()) is held_out


def test_held_out_phrasings_are_used_in_evaluation_only() -> None:
    marks = ("parrot this back", "stop there", "Type the same as I do")
    asked = {
        held: [
            copying.repetition(Draw(random.Random(seed), held_out=held)).messages[0]["content"]
            for seed in range(150)
        ]
        for held in (False, True)
    }
    assert not any(mark in text for mark in marks for text in asked[False])
    assert sum(any(mark in text for mark in marks) for text in asked[True]) > 75


def test_shares_are_of_what_is_learned() -> None:
    source = iter(Source({poetry.poem: 1, sums.sums: 3}, me="Pocket Qwen", seed=3))
    letters = {"poems": 0, "all": 0}
    for chat in islice(source, 3000):
        count = learned_letters(chat)
        letters["all"] += count
        if "\n" in chat.messages[-1]["content"]:
            letters["poems"] += count
    # Some sums follow a poem in one chat.
    assert 0.15 < letters["poems"] / letters["all"] < 0.35


def test_a_long_answer_makes_a_task_rarer() -> None:
    lengths = mean_lengths((sums.sums, stories.story))
    assert lengths[stories.story] > 4 * lengths[sums.sums]


@pytest.mark.parametrize("seed", range(40))
def test_json_answers_hold_what_the_text_says(seed: int) -> None:
    chat = extraction.under_schema(Draw(random.Random(seed)))
    text = bare(chat.messages[0]["content"])
    for value in json.loads(chat.messages[-1]["content"]).values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                assert part.lower() in text.lower()


@pytest.mark.parametrize("seed", range(40))
def test_a_call_names_an_offered_function_and_its_arguments(seed: int) -> None:
    chat = calling.call(Draw(random.Random(seed)))
    offered = {tool["function"]["name"]: tool["function"]["parameters"] for tool in chat.tools}
    calls = [c["function"] for m in chat.messages for c in m.get("tool_calls", ())]
    assert calls
    for call in calls:
        parameters = offered[call["name"]]
        given = set(call["arguments"])
        assert set(parameters.get("required", ())) <= given <= set(parameters["properties"])


@pytest.mark.parametrize("seed", range(30))
def test_no_fitting_function_means_no_call(seed: int) -> None:
    chat = calling.no_call(Draw(random.Random(seed)))
    assert chat.tools
    assert not any(message.get("tool_calls") for message in chat.messages)


@pytest.mark.parametrize("form", ["list", "tgi", "arguments"])
def test_what_a_grammar_forces_is_json_once_start_and_rest_are_joined(form: str) -> None:
    start, rest = calling.forced(form, "get_time", {"city": "Bergen", "n": 2})
    assert "Bergen" in json.dumps(json.loads(start + rest))


@pytest.mark.parametrize("seed", range(30))
def test_sums_are_right(seed: int) -> None:
    answer = sums.sums(Draw(random.Random(seed))).messages[-1]["content"]
    if "=" in answer:
        left, _, right = answer.partition(" = ")
        result = int(right.split(",")[0].rstrip("."))
        first, sign, second = left.split()
        assert (
            result
            == {
                "+": int(first) + int(second),
                "-": int(first) - int(second),
                "*": int(first) * int(second),
            }[sign]
        )


@pytest.mark.parametrize(
    "asked, either",
    [
        ("Is {n} {w}? Answer yes or no.", False),
        ("Is {n} {w} or not?", False),
        ("{n}: {w}, even or odd?", True),
    ],
)
def test_even_or_odd_is_answered_as_it_was_asked(
    asked: str, either: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sums, "phrasings", lambda _name: (asked,))
    form = re.compile(re.escape(asked).replace(r"\{n\}", r"(\d+)").replace(r"\{w\}", "(even|odd)"))
    draw = Draw(random.Random(1))
    chats = [sums.sums(draw).messages for _ in range(1500)]
    found = [(form.fullmatch(said["content"]), answer["content"]) for said, answer in chats]
    told = [(int(each[1]), each[2], answer) for each, answer in found if each]
    assert told
    for number, word, answer in told:
        truth = ("even", "odd")[number % 2]
        sure = "" if either else f"{'Yes' if truth == word else 'No'}, "
        assert answer == f"{sure}{number} is {truth}."


@pytest.mark.parametrize("seed", range(30))
def test_what_was_told_is_what_is_remembered(seed: int) -> None:
    chat = memory.memory(Draw(random.Random(seed), held_out=True))
    told = " ".join(bare(m["content"]) for m in chat.messages[:-2])
    assert chat.wanted is not None
    assert chat.wanted in told
    assert chat.wanted.lower() in chat.messages[-1]["content"].lower()


@pytest.mark.parametrize("task", [memory.memory, memory.all_at_once, judging.reading, mention])
def test_a_value_keeps_its_first_letter(
    task: Callable[[Draw], Chat], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_value", lambda draw, kind: "azQ+9")
    monkeypatch.setattr(judging, "_draw_fact", lambda draw, kind: "azQ+9")
    for kind in KINDS:
        monkeypatch.setitem(KINDS, kind, lambda draw: "azQ+9")
    chats = [task(Draw(random.Random(seed))) for seed in range(200)]
    answers = [m["content"] for chat in chats for m in chat.messages if m["role"] == "assistant"]
    assert any(answer.startswith("azQ+9") for answer in answers)
    assert not any("AzQ+9" in answer for answer in answers)


@pytest.mark.parametrize("seed", range(30))
def test_a_question_about_a_text_is_answered_from_it(seed: int) -> None:
    chat = judging.reading(Draw(random.Random(seed), held_out=True))
    assert chat.wanted is not None
    assert chat.wanted in bare(chat.messages[0]["content"])


def test_an_answer_obeys_the_capitals_that_the_system_asks_for() -> None:
    seen = 0
    for seed in range(1000):
        chat = systems.obeying(Draw(random.Random(seed)))
        system = chat.messages[0]["content"].lower()
        if "all caps" in system or "upper case" in system or "capital letters" in system:
            answers = [m["content"] for m in chat.messages if m["role"] == "assistant"]
            if "never" not in system:
                seen += 1
                assert all(answer == answer.upper() for answer in answers)
    assert seen


def test_noise_leaves_kept_stretches_alone() -> None:
    for seed in range(300):
        text = roughen(random.Random(seed), f"Please say the word {keep('XaNtHu 99!')} now.")
        assert "XaNtHu 99!" in text
        assert KEEP not in text


def test_noise_changes_a_part_of_the_turns_only() -> None:
    text = "What is the capital of the country?"
    changed = sum(roughen(random.Random(seed), text) != text for seed in range(400))
    assert 120 < changed < 330


def test_talk_is_guided_to_the_function_for_words_and_a_wish_to_its_own() -> None:
    draw = Draw(random.Random(6))
    last = [calling.guided(draw).messages[-1]["tool_calls"][0]["function"] for _ in range(200)]
    assert 30 < sum(call["name"] == "no_tool" for call in last) < 90
    assert all((call["name"] == "no_tool") <= (call["arguments"] == {}) for call in last)


@pytest.mark.parametrize("seed", range(40))
def test_a_guided_answer_names_one_of_the_functions_that_tgi_lists(seed: int) -> None:
    chat = calling.guided(Draw(random.Random(seed)))
    listed = [tool["function"]["name"] for tool in chat.tools]
    (call,) = chat.messages[-1]["tool_calls"]
    assert listed[-1] == "no_tool" and call["function"]["name"] in listed
    assert bare(chat.messages[0]["content"]).endswith("Do not use variables.\n")
