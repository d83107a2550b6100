"""What README.md shows of the notebooks is what they gave."""

from __future__ import annotations

import re
from pathlib import Path

from tests.notebooks import NOTEBOOKS, code_cells, read, text_output

README = Path(__file__).parents[1] / "README.md"


def test_the_first_picture_is_of_the_poem_that_the_notebook_has() -> None:
    (pieces,) = re.findall(r"that the pocket model wrote, in (\d+) pieces\.", README.read_text())
    given = "".join(text_output(cell) for cell in code_cells(read(NOTEBOOKS[0])))
    assert f"arrived in {pieces} pieces" in given, "take images/notebook-*.png again"
