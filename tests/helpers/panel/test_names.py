"""Names: made, checked, free."""

from __future__ import annotations

import random

import pytest

from helpers.panel.names import free_name, name_for, name_problem


@pytest.mark.parametrize(
    ("repository", "start"),
    [
        ("google/gemma-1.1-2b-it", "gemma-1-1-2b-it-"),
        ("stabilityai/stable-diffusion-xl-base-1.0", "stable-diffusion-xl-base-1-0-"),
        ("Qwen/Qwen3-1.7B", "qwen3-1-7b-"),
        ("somebody/A_very__long-name.that-goes-on-and-on-and-on", "a-very-long-name-that-goes-o"),
        ("x/-_-", "endpoint-"),
        ("", "endpoint-"),
    ],
)
def test_a_generated_name_keeps_the_rule(repository: str, start: str) -> None:
    for seed in range(20):
        name = name_for(repository, chance=random.Random(seed))
        assert name.startswith(start) and not name_problem(name)


def test_two_names_of_one_repository_differ() -> None:
    assert len({name_for("a/b", chance=random.Random(seed)) for seed in range(5)}) == 5


@pytest.mark.parametrize("name", ["abc", "a" * 33, "Upper", "under_score", "ends-", "-begins", ""])
def test_what_is_wrong_with_a_name_is_said(name: str) -> None:
    assert "4 to 32 characters out of a-z, 0-9 and hyphens" in name_problem(name)


def test_a_free_name_is_the_next_number() -> None:
    assert free_name(set(), "poet") == "poet"
    assert free_name({"poet", "poet-2"}, "poet") == "poet-3"


def test_a_free_name_of_a_long_one_is_not_too_long() -> None:
    longest = "stable-diffusion-xl-base-1-0-001"
    name = free_name({longest}, longest)
    assert name.endswith("-2") and not name_problem(name)
