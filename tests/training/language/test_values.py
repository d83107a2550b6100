"""Values that chance fills in: codes, files and addresses in the forms that people write."""

from __future__ import annotations

import random
import re

import pytest

from training.language.lexicon import Draw
from training.language.values import draw_value


def drawn(kind: str, *, held_out: bool = False) -> list[str]:
    """Many values of a kind."""
    draw = Draw(random.Random(5), held_out=held_out)
    return [str(draw_value(draw, kind)[0]) for _ in range(600)]


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("ident", r"\d+[A-Z]+"),
        ("ident", r"[A-Z]{1,3} ?-?\d+"),
        ("email", r"\w+@\w+\.example"),
        ("email", r"\w+[._-]\w+@\w+\.\w+"),
        ("file", r".*\.(mov|zip|xlsx)"),
        ("person", r"(Mr|Mrs|Dr) \S+"),
    ],
)
def test_learned_values_have_many_forms_and_measured_ones_the_old(kind: str, form: str) -> None:
    found = [value for value in drawn(kind) if re.fullmatch(form, value)]
    assert len(found) >= 5
    if kind in ("file", "person") or "example" in form:
        assert not any(re.fullmatch(form, value) for value in drawn(kind, held_out=True))


def test_a_code_is_never_a_plain_number() -> None:
    assert not any(value.isdigit() for value in drawn("ident"))


def test_an_address_is_one_word() -> None:
    assert all(re.fullmatch(r"[^\s@]+@[^\s@]+\.[a-z.]+", value) for value in drawn("email"))
