"""Choosing tokens: what each parameter does to the distribution."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from local_endpoints.engine.text.sampling import BatchSampler, Choices, Chooser, SamplingParameters

VOCABULARY = 300
Scores = npt.NDArray[np.float32]


def random_logits(rows: int = 1, seed: int = 0) -> Scores:
    return np.random.default_rng(seed).normal(0, 2, (rows, VOCABULARY)).astype(np.float32)


def chooser(prompt: list[int] | None = None, **parameters: Any) -> Chooser:
    return Chooser(
        SamplingParameters(**parameters),
        prompt=np.array(prompt or [0], np.int64),
        vocabulary=VOCABULARY,
    )


def choose(logits: Scores, *choosers: Chooser) -> Choices:
    return BatchSampler(choosers).choose(logits.copy())


def possible(logits: Scores, **parameters: Any) -> set[int]:
    """The tokens that are not excluded."""
    choices = choose(logits, chooser(**parameters))
    return {token for token, _ in choices.top(0, VOCABULARY)}


def probabilities(logits: Scores) -> Scores:
    weights = np.exp(logits[0].astype(np.float64) - logits.max())
    result: Scores = weights / weights.sum()
    return result


def test_without_sampling_the_most_likely_token_is_taken() -> None:
    logits = random_logits(3)
    choices = choose(logits, chooser(), chooser(), chooser())
    assert choices.tokens.tolist() == logits.argmax(axis=1).tolist()


def test_logprobs_are_those_of_the_distribution_and_sum_to_one() -> None:
    logits = random_logits()
    choices = choose(logits, chooser())
    everything = choices.top(0, VOCABULARY)
    assert sum(np.exp(logprob) for _, logprob in everything) == pytest.approx(1, abs=1e-5)
    assert choices.logprobs[0] == pytest.approx(np.log(probabilities(logits).max()), abs=1e-5)
    token, logprob = everything[0]
    assert token == choices.tokens[0]
    assert logprob == pytest.approx(choices.logprobs[0])


@pytest.mark.parametrize(
    ("parameters", "sampled"),
    [
        ({}, False),
        ({"temperature": 1.0}, False),
        ({"repetition_penalty": 1.3}, False),
        ({"do_sample": True}, True),
        ({"temperature": 0.7}, True),
        ({"top_k": 5}, True),
        ({"top_p": 0.9}, True),
        ({"typical_p": 0.9}, True),
    ],
)
def test_which_parameters_switch_sampling_on(parameters: dict[str, Any], sampled: bool) -> None:
    assert SamplingParameters(**parameters).sampled is sampled


def test_draws_follow_the_distribution() -> None:
    logits = np.log(np.array([[0.5, 0.3, 0.2] + [1e-9] * (VOCABULARY - 3)], np.float32))
    one = chooser(do_sample=True, seed=3)
    draws = [int(choose(logits, one).tokens[0]) for _ in range(4000)]
    shares = np.bincount(draws, minlength=3)[:3] / 4000
    np.testing.assert_allclose(shares, [0.5, 0.3, 0.2], atol=0.03)


def test_temperature_divides_the_logits() -> None:
    logits = random_logits()
    choices = choose(logits, chooser(temperature=0.5))
    for token, logprob in choices.top(0, 5):
        expected = np.log(probabilities(logits * 2)[token])
        assert logprob == pytest.approx(expected, abs=1e-4)


def test_a_very_small_temperature_takes_the_most_likely_token() -> None:
    logits = random_logits()
    choices = choose(logits, chooser(temperature=1e-40))
    assert choices.tokens[0] == logits.argmax()
    assert choices.logprobs[0] == 0


def test_top_k_keeps_the_k_most_likely() -> None:
    logits = random_logits()
    best = np.argsort(-logits[0])
    assert possible(logits, top_k=7) == set(best[:7].tolist())
    assert possible(logits, top_k=10_000) == set(range(VOCABULARY))


def test_top_p_keeps_the_fewest_tokens_that_reach_p() -> None:
    logits = random_logits()
    order = np.argsort(-logits[0])
    reached = probabilities(logits)[order].cumsum()
    expected = order[: int((reached < 0.6).sum()) + 1]
    assert possible(logits, top_p=0.6) == set(expected.tolist())
    assert possible(logits, top_p=1e-6) == {int(order[0])}


def test_top_p_counts_within_what_top_k_left() -> None:
    logits = np.log(np.array([[0.4, 0.3, 0.2] + [0.1 / 297] * 297], np.float32))
    # Among the first two the best one holds 4/7, which reaches one half on its own.
    assert possible(logits, top_k=2, top_p=0.5) == {0}
    assert possible(logits, top_p=0.5) == {0, 1}


def test_typical_p_prefers_the_expected_surprise() -> None:
    logits = np.log(np.array([[0.4] + [0.1] * 6 + [1e-9] * (VOCABULARY - 7)], np.float32))
    assert possible(logits, typical_p=0.5) == {1, 2, 3, 4, 5, 6}
    assert 0 in possible(logits, typical_p=0.95)


def test_repetition_penalty_weakens_tokens_of_prompt_and_answer() -> None:
    logits = np.zeros((1, VOCABULARY), np.float32)
    logits[0, [1, 2, 3]] = [4.0, -1.0, 3.0]
    one = chooser([1, 2], repetition_penalty=2.0)
    first = choose(logits, one)
    scores = dict(first.top(0, VOCABULARY))
    assert first.tokens[0] == 3
    assert scores[3] - scores[1] == pytest.approx(1.0, abs=1e-5)
    assert scores[3] - scores[2] == pytest.approx(5.0, abs=1e-5)
    assert choose(logits, one).tokens[0] == 1, "token 3 is now penalised too"


def test_frequency_penalty_grows_with_a_tokens_share() -> None:
    logits = np.zeros((1, VOCABULARY), np.float32)
    scores = dict(choose(logits, chooser([1, 1, 1, 2], frequency_penalty=2.0)).top(0, VOCABULARY))
    assert scores[0] - scores[1] == pytest.approx(1.5, abs=1e-5)
    assert scores[0] - scores[2] == pytest.approx(0.5, abs=1e-5)
    negative = dict(choose(logits, chooser([1], frequency_penalty=-2.0)).top(0, VOCABULARY))
    assert negative[1] - negative[0] == pytest.approx(2.0, abs=1e-5)


def test_equally_likely_tokens_are_all_reported() -> None:
    logits = np.zeros((1, VOCABULARY), np.float32)
    logits[0, 5] = 3
    logits[0, [7, 9]] = 2
    top = choose(logits, chooser()).top(0, 2)
    assert [token for token, _ in top] == [5, 7, 9]


def test_excluded_tokens_are_not_reported() -> None:
    assert len(choose(random_logits(), chooser(top_k=2)).top(0, 5)) == 2


def test_excluded_tokens_are_reported_by_number_where_so_many_are_wanted() -> None:
    logits = np.full((1, VOCABULARY), -np.inf, np.float32)
    logits[0, [1, 250]] = [1.0, 2.0]
    top = choose(logits, chooser(raw_logprobs=True)).top(0, 5, excluded=True)
    assert [token for token, _ in top] == [250, 1, 0, 2, 3]
    assert [logprob > -np.inf for _, logprob in top] == [True, True, False, False, False]


def test_as_many_are_reported_as_wanted_among_equally_likely_ones() -> None:
    logits = np.zeros((1, VOCABULARY), np.float32)
    logits[0, 5] = 3
    logits[0, [7, 9]] = 2
    top = choose(logits, chooser()).top(0, 2, excluded=True)
    assert [token for token, _ in top] == [5, 7]
    assert len(choose(logits, chooser()).top(0, 1000, excluded=True)) == VOCABULARY


MIXED: list[dict[str, Any]] = [
    {},
    {"do_sample": True},
    {"temperature": 0.7},
    {"temperature": 1.6, "top_k": 40},
    {"top_p": 0.8},
    {"typical_p": 0.7, "temperature": 0.9},
    {"repetition_penalty": 1.4, "do_sample": True},
    {"frequency_penalty": 1.5, "top_k": 9, "top_p": 0.9},
]


def test_neighbours_do_not_change_a_rows_choices() -> None:
    steps = [random_logits(len(MIXED), seed) for seed in range(30)]
    together = [chooser(seed=row, **each) for row, each in enumerate(MIXED)]
    batched = [choose(logits, *together) for logits in steps]
    for row, each in enumerate(MIXED):
        alone = chooser(seed=row, **each)
        for logits, batch in zip(steps, batched, strict=True):
            single = choose(logits[row : row + 1], alone)
            assert single.tokens[0] == batch.tokens[row]
            assert single.logprobs[0] == batch.logprobs[row]


def test_different_seeds_give_different_draws() -> None:
    draws = set()
    for seed in range(10):
        one = chooser(do_sample=True, temperature=3.0, seed=seed)
        draws.add(tuple(int(choose(random_logits(), one).tokens[0]) for _ in range(5)))
    assert len(draws) == 10


def test_draws_follow_the_distribution_across_the_whole_vocabulary() -> None:
    # Whole blocks of nothing, single tokens at the borders, and the last token of all.
    likely = {0: 0.1, 63: 0.2, 64: 0.25, 191: 0.05, 256: 0.15, VOCABULARY - 1: 0.25}
    logits = np.full((1, VOCABULARY), -np.inf, np.float32)
    logits[0, list(likely)] = np.log(list(likely.values()))
    one = chooser(do_sample=True, seed=5)
    draws = [int(choose(logits, one).tokens[0]) for _ in range(4000)]
    assert set(draws) == set(likely)
    for token, share in likely.items():
        assert draws.count(token) / 4000 == pytest.approx(share, abs=0.03)


def test_an_excluded_token_is_never_drawn() -> None:
    rows = 500
    logits = random_logits(rows, seed=7) * 4
    logits[:, 1::2] = -np.inf
    choices = choose(logits, *(chooser(temperature=1.3, seed=seed) for seed in range(rows)))
    assert not (choices.tokens % 2).any()
    assert (choices.tokens < VOCABULARY).all()
