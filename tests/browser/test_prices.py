"""Sums of money are text in JupyterLab, which sets formulas between dollar signs."""

from __future__ import annotations

from selenium import webdriver

from tests.browser.lab import Lab, OpenNotebook


def test_two_prices_in_one_line_are_no_formula(browser: webdriver.Chrome, lab: Lab) -> None:
    notebook = OpenNotebook(
        browser,
        lab,
        "prices",
        "from IPython.display import HTML\n"
        "from helpers.table import html_table\n"
        "price = 'this run: $0.44; goes on billing: $0.80 per hour'\n"
        "HTML(html_table(['what'], [['an endpoint']], notes=[price]))",
        # A formula, to know when JupyterLab has looked for some.
        "from IPython.display import HTML; HTML('<p>$x^2$</p>')",
    )
    notebook.run_all()
    notebook.element("mjx-container")
    shown = "this run: $0.44; goes on billing: $0.80 per hour"
    assert notebook.text().count(shown) == 1
