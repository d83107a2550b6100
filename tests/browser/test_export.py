"""The notebooks as web pages, for people who do not see, hear or point as others do."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbconvert import HTMLExporter
from selenium import webdriver

from tests.browser.axe import serious
from tests.browser.chromium import SCHEMES, Scheme
from tests.notebooks import NOTEBOOKS

OF_THE_TEMPLATE = {
    "color-contrast": ".jp-InputPrompt, .jp-OutputPrompt, .highlight",
    "link-in-text-block": ".jp-RenderedMarkdown a",
}
"""nbconvert's template `lab` takes over what JupyterLab's themes say, and has no option for it: the
pale numbers of cells, some pale colors of code, and links with a line under them only while the
pointer is there."""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_axe_finds_nothing_serious(
    browser: webdriver.Chrome, path: Path, scheme: Scheme, tmp_path: Path
) -> None:
    page, _ = HTMLExporter(theme=scheme).from_filename(str(path))
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    browser.get((tmp_path / "page.html").as_uri())
    found = serious(browser, known=OF_THE_TEMPLATE)
    assert not found, "\n".join(found)
