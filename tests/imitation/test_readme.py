"""The README has the table that follows from the rows, and the rows are well formed."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.imitation import management, tgi, vllm
from tests.imitation.__main__ import README, inserted
from tests.imitation.row import Row

TABLES = {"service": management.ROWS, "vLLM": vllm.ROWS, "TGI": tgi.ROWS}


def test_the_readmes_table_is_not_stale() -> None:
    text = README.read_text(encoding="utf-8")
    assert inserted(text) == text, "run python -m tests.imitation --write"


def test_a_readme_without_a_place_for_it_is_refused() -> None:
    with pytest.raises(ValueError, match="put them back"):
        inserted("# No table\n")


@pytest.mark.parametrize("rows", TABLES.values(), ids=list(TABLES))
def test_every_name_has_one_verdict(rows: list[Row]) -> None:
    told = Counter((row.part, name) for row in rows for name in row.names)
    assert [name for name, times in told.items() if times > 1] == []


@pytest.mark.parametrize("rows", TABLES.values(), ids=list(TABLES))
def test_what_differs_is_explained(rows: list[Row]) -> None:
    assert [row for row in rows if row.verdict == "approximated" and not row.remark] == []
