"""A short slice of the random grammars; `random_grammars` says how to run a long one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from local_endpoints.engine.text.engine import Engine
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.tokens import TextCodec
from tests.local_endpoints.engine.conftest import StartEngine
from tests.local_endpoints.engine.text.random_grammars import (
    Case,
    outcomes,
    pattern_case,
    random_pattern,
    random_schema,
    schema_case,
)


@pytest.fixture
def roomy(start_engine: StartEngine, model_dir: Path) -> Engine:
    """An engine whose answers may be longer than usual."""
    return start_engine(the_model=TextModel(model_dir, slots=16, max_total_tokens=256))


def results(engine: Engine, codec: TextCodec, cases: list[Case]) -> Counter[str]:
    return Counter(outcome for outcome, _ in outcomes(engine, codec, cases, max_new_tokens=150))


@pytest.mark.parametrize("make", [schema_case, pattern_case])
def test_every_answer_keeps_to_its_grammar_or_says_that_it_was_cut(
    roomy: Engine, codec: TextCodec, make: object
) -> None:
    random = Random(11)
    cases = [make(random) for _ in range(40)]  # type: ignore[operator]
    found = results(roomy, codec, cases)
    assert set(found) <= {"valid", "cut", "refused"}, found
    assert found["valid"] >= 20


def test_the_same_number_makes_the_same_grammars() -> None:
    assert [random_schema(Random(3)) for _ in range(2)] == [random_schema(Random(3))] * 2
    assert random_pattern(Random(4)) == random_pattern(Random(4))
