"""Source that is shown means what it was made of."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from helpers.panel.literals import Source, call, literal

VALUES: list[Any] = [
    None, True, 3, 0.5, "it's \"quoted\"\n{braces} \\ ü 🦊", [], {}, [1, [2, {"a": None}]],
    {"content": [{"type": "text", "text": "x" * 100}, {"type": "image_url"}], "n": False},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_a_literal_is_the_value(value: Any) -> None:
    assert ast.literal_eval(literal(value)) == value


def test_long_values_take_several_lines() -> None:
    text = literal({"messages": ["x" * 30] * 4})
    assert max(map(len, text.splitlines())) < 60 and "'" not in text


def test_a_call_is_one_of_its_values() -> None:
    seen: dict[str, Any] = {}
    exec(
        call("f", "a", b=VALUES[-1], c=Source("1 + 1")), {"f": lambda *a, **k: seen.update(k, a=a)}
    )
    assert seen == {"a": ("a",), "b": VALUES[-1], "c": 2}
