"""Parameters that cannot work are refused before anything is rented."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import ParameterError, check_parameters


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PROMPT", 1984, "is 1984, not text.*-r"),
        ("PROMPT", True, "not text"),
        ("PROMPT", None, "not text"),
        ("PROMPT", "  ", "is empty"),
        ("SEED", -1, "is -1: choose a whole number from 0"),
        ("SEED", 2**53, "choose a whole number"),
        ("SEED", 4.5, "is 4.5"),
        ("SEED", True, "is True"),
        ("SEED", "7", "is '7'"),
        ("ENDPOINT_NAME", "Gemma", "4 to 32 characters"),
        ("ENDPOINT_NAME", "-gemma", "hyphen"),
        ("ENDPOINT_NAME", "a" * 33, "4 to 32"),
        ("ENDPOINT_NAME", 12345, "is 12345"),
        ("MODEL_ID", "gemma", "owner/model"),
        ("ENGINE", "vllm", "is 'vllm': choose one of vLLM, tgi, llamacpp, for example 'vLLM'"),
        ("ENGINE", "TGI", "for example 'tgi'"),
        ("ENGINE", ["vLLM"], "choose one of"),
        ("NAMESPACE", 7, "not text"),
        ("MAX_SPEND_USD", -1, "US dollars per hour"),
        ("MAX_SPEND_USD", "2.0", "is '2.0'"),
        ("MAX_SPEND_USD", float("nan"), "US dollars per hour"),
        ("PROVIDER_USD", 0, "a number above 0"),
        ("REPLICA_SPEED", "fast", "is 'fast': give a number"),
        ("HOURS_A_DAY", 25, "a day has 24 hours"),
        ("HOURS_A_DAY", True, "a number above 0"),
    ],
)
def test_what_cannot_work_is_said(name: str, value: Any, words: str) -> None:
    with pytest.raises(ParameterError, match=f"^{name} .*{words}"):
        check_parameters(**{name: value})


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(ParameterError, match=r"PROMPT is 5.*; SEED is -1"):
        check_parameters(PROMPT=5, SEED=-1)


def test_an_engine_that_needs_a_gpu_is_not_rented_on_a_processor() -> None:
    with pytest.raises(ParameterError, match="ENGINE 'vLLM' does not start on ACCELERATOR 'cpu'"):
        check_parameters(ENGINE="vLLM", ACCELERATOR="cpu")
    check_parameters(ENGINE="tgi", ACCELERATOR="cpu")
    check_parameters(ENGINE="vLLM", ACCELERATOR="gpu")


def test_what_can_work_passes() -> None:
    for seed in (0, 42, 2**53 - 1):
        check_parameters(
            PROMPT="007", SEED=seed, ENDPOINT_NAME="gemma-1-1-2b-it-001", NAMESPACE=None,
            MODEL_ID="google/gemma-1.1-2b-it", MAX_SPEND_USD=None, ENGINE="tgi",
            PROVIDER_USD=0.1, REPLICA_SPEED=1000, HOURS_A_DAY=24,
        )  # fmt: skip
    check_parameters(MAX_SPEND_USD=2, NAMESPACE="my-class", ENDPOINT_NAME="a" * 32)
