"""The instruments of these tests: what is wrong is found, and nothing is left out unseen."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium import webdriver

from tests.browser.axe import serious
from tests.browser.chromium import REQUIRED, require_browser

PAGE = """
<!doctype html><html lang="en"><title>A page</title><body>
<img src="data:,"><p class="pale" style="color: #ccc; background: #fff">pale</p>
</body></html>
"""


def test_without_a_browser_the_tests_are_skipped_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        require_browser()


def test_where_one_must_be_they_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        require_browser()


def test_what_is_wrong_on_a_page_is_found(browser: webdriver.Chrome, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    browser.get((tmp_path / "page.html").as_uri())
    rules = {line.partition(" ")[0] for line in serious(browser)}
    assert rules == {"image-alt", "color-contrast"}
    known = {"color-contrast": ".pale", "image-alt": ".pale"}
    assert {line.partition(" ")[0] for line in serious(browser, known=known)} == {"image-alt"}


def test_a_page_reaches_nothing_but_this_computer(browser: webdriver.Chrome) -> None:
    browser.get("data:text/html,<title>A page</title>")
    failed = browser.execute_async_script(
        "const done = arguments[0];"
        "fetch('http://example.org', {mode: 'no-cors'}).then(() => done(false), () => done(true));"
    )
    assert failed is True
