"""What axe-core finds wrong for people who do not see, hear or point as others do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from selenium import webdriver

SOURCE = (Path(__file__).parent / "vendored" / "axe.min.js").read_text(encoding="utf-8")

RUN = """
const [within, known, done] = arguments;
const isSerious = violation => ["serious", "critical"].includes(violation.impact);
const isKnown = (rule, node) =>
    rule in known && node.target.length === 1 &&
    document.querySelector(node.target[0])?.closest(known[rule]);
const line = (rule, node) =>
    [rule, node.target.join(" "), node.html.slice(0, 200), node.failureSummary].join(" | ");
axe.run(within, {resultTypes: ["violations"]}).then(
    found => done(found.violations.filter(isSerious).flatMap(({id, nodes}) =>
        nodes.filter(node => !isKnown(id, node)).map(node => line(id, node)))),
    error => done(String(error)));
"""


def serious(
    driver: webdriver.Chrome, *, within: str = "html", known: Mapping[str, str] | None = None
) -> list[str]:
    """The serious and critical violations on the present page, a text for each element.

    Args:
        within: selector of the part that is looked at.
        known: by rule, selector of the elements in which it is not our part to mend them.
    """
    driver.execute_script(SOURCE)
    found = driver.execute_async_script(RUN, within, dict(known or {}))
    assert isinstance(found, list), found
    return [" ".join(line.split()) for line in found]
