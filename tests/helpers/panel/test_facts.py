"""An endpoint in words: of the local service, of the real one, of one that says little."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.panel.facts import UNKNOWN, badge_of, costs_of, overview_of, picture_of
from helpers.panel.offers import Offers
from helpers.panel.states import STATES, state_of
from helpers.panel.words import MASK
from tests.helpers.panel.conftest import LEAN_ANSWER, REAL_ANSWER, found
from tests.helpers.test_hardware import ROWS

L4 = Offers(tuple(ROWS)).find("aws", "us-east-1", "nvidia-l4", "x1")


def lines(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {row["term"]: row["text"] for row in rows}


def test_the_real_service_says_no_price_so_it_comes_from_the_hardware_list() -> None:
    said = lines(overview_of(found(REAL_ANSWER), L4))
    assert said["Price"] == "$0.80 per hour and replica, while it is up"
    assert said["Hardware"] == "aws us-east-1, nvidia-l4 x1, 24 GB"
    assert said["Model"] == "google/gemma-1.1-2b-it, revision 11c5a3d"
    assert said["Container"] == "vLLM, vllm/vllm-openai:latest"
    assert said["Replicas"] == "0 to 2; 1 replica ready"
    assert said["Sleeps after"] == "60 billed minutes without a request"
    assert said["Access"].startswith("private: Only you")
    costs = lines(costs_of(found(REAL_ANSWER), L4))
    assert costs["While it runs, per hour"] == "$1.60, 2 replicas at most"
    assert costs["Forgotten over a weekend (63 h)"] == "$100.80"


def test_what_an_answer_leaves_out_is_said_to_be_missing() -> None:
    said = lines(overview_of(found(LEAN_ANSWER), None))
    assert said.keys() == lines(overview_of(found(REAL_ANSWER), L4)).keys()
    assert said["Address"] == "none yet"
    assert said["Container"] == "huggingface (the service's own)"
    assert said["Replicas"] == f"0 to 1; now: {UNKNOWN}"
    assert said["Price"].startswith("unknown: its hardware is not in")
    assert said["Created"].endswith(f"by {UNKNOWN}")
    assert lines(costs_of(found(LEAN_ANSWER), None))["Why unknown"].startswith("its hardware is")


def test_no_secret_is_shown() -> None:
    secret = "hf_" + "a" * 30
    model = {
        **REAL_ANSWER["model"],
        "env": {"MAX_INPUT_TOKENS": "1024", "MY_API_KEY": "sesame", "GREETING": secret},
        "secrets": {"HF_TOKEN": "sesame"},
    }
    said = lines(overview_of(found(REAL_ANSWER, model=model), L4))["Environment"]
    assert secret not in said and "sesame" not in said
    assert said == (f"MAX_INPUT_TOKENS=1024, MY_API_KEY={MASK}, GREETING={MASK}, HF_TOKEN={MASK}")


def test_a_saved_notebook_has_nothing_that_differs_from_run_to_run() -> None:
    said = lines(picture_of(found(REAL_ANSWER), L4))
    assert not {"Address", "Created"} & said.keys()
    assert said["Model"] == "google/gemma-1.1-2b-it" and said["Price"].startswith("$0.80")


def test_the_badge_says_the_state_in_words_and_a_form() -> None:
    badge = badge_of(found(REAL_ANSWER))
    assert (badge["symbol"], badge["word"], badge["note"]) == ("●", "Running", "Endpoint is ready")
    failed = {**REAL_ANSWER["status"], "state": "failed", "errorMessage": "out of memory"}
    assert badge_of(found(REAL_ANSWER, status=failed))["note"] == "out of memory"


def test_no_two_states_look_alike_unless_they_mean_alike() -> None:
    words = [state.word for state in STATES.values()]
    assert len(set(words)) == len(words)
    symbols = {name: state.symbol for name, state in STATES.items() if name != "updateFailed"}
    assert len(set(symbols.values())) == len(symbols)


@pytest.mark.parametrize("name", ["running", "scaledToZero", "paused", "failed"])
def test_what_can_be_done_follows_from_the_state(name: str) -> None:
    assert state_of(name).actions == {
        "running": {"pause"}, "scaledToZero": {"pause", "wake"}, "paused": {"resume"},
        "failed": set(),
    }[name]  # fmt: skip


def test_a_state_of_the_future_is_named_and_forbids_nothing() -> None:
    state = state_of("hibernating")
    assert state.word == "hibernating" and {"pause", "resume"} <= state.actions
