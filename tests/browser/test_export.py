"""The notebooks as web pages, for people who do not see, hear or point as others do."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbconvert import HTMLExporter
from selenium import webdriver

from helpers.lab import PAGES
from tests.browser.axe import serious
from tests.browser.chromium import SCHEMES, Scheme
from tests.notebooks import NOTEBOOKS

OF_THE_TEMPLATE = {
    "color-contrast": ".jp-InputPrompt, .jp-OutputPrompt, .highlight",
}
"""nbconvert's template `lab` takes over what JupyterLab's themes say: the pale numbers of cells,
and some pale colors of code."""
LINE_OF_A_LINK = """
const link = document.querySelector(".jp-RenderedMarkdown p a:not(.anchor-link)");
return getComputedStyle(link).textDecorationLine;
"""


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_axe_finds_nothing_serious(
    browser: webdriver.Chrome, path: Path, scheme: Scheme, tmp_path: Path
) -> None:
    exporter = HTMLExporter(
        theme=scheme, template_name="course", extra_template_basedirs=[str(PAGES)]
    )
    page, _ = exporter.from_filename(str(path))
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    browser.get((tmp_path / "page.html").as_uri())
    assert browser.execute_script(LINE_OF_A_LINK) == "underline"
    found = serious(browser, known=OF_THE_TEMPLATE)
    assert not found, "\n".join(found)
