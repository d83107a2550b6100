"""What is live holds data, answers the browser, and has a picture in HTML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import helpers.panel.live
from helpers import ParameterError
from helpers.panel.live import Live, Notice
from helpers.panel.static import static_html

SCRIPT = Path(helpers.panel.live.__file__).with_name("live.js").read_text(encoding="utf-8")


def browser_sends(live: Live, content: Any) -> None:
    """What arrives when the script says something."""
    data = {"method": "custom", "content": content}
    live.comm.handle_msg({"content": {"data": data}, "buffers": []})


def test_the_browser_asks_for_news_and_opens_rows() -> None:
    live = Live("table", every=2)
    seen: list[tuple[str, str]] = []
    live.on("news", lambda row: seen.append(("news", row)))
    live.on("open", lambda row: seen.append(("open", row)))
    browser_sends(live, {"event": "news"})
    browser_sends(live, {"event": "open", "id": "a-poet"})
    assert seen == [("news", ""), ("open", "a-poet")]


@pytest.mark.parametrize("content", [{}, "news", None, {"event": "unknown"}, {"event": 3}])
def test_what_nobody_understands_is_passed_over(content: Any) -> None:
    browser_sends(Live("table"), content)


def test_an_answer_lets_the_browser_ask_again() -> None:
    live = Live("state", every=2)
    live.answered()
    live.answered()
    assert live.beat == 2


def test_every_kind_is_drawn_by_the_script() -> None:
    drawn = set(re.findall(r"^  (\w+)\(\{", SCRIPT, re.M))
    assert drawn == {
        *("chat", "code", "facts", "log", "notice", "picture", "plots", "state", "table"),
    }


def test_the_script_writes_text_and_no_html() -> None:
    assert "innerHTML" not in SCRIPT and "insertAdjacentHTML" not in SCRIPT


def test_a_notice_says_and_complains() -> None:
    notice = Notice()
    notice.say("done", tone="good")
    assert (notice.text, notice.data["tone"]) == ("done", "good")
    notice.complain(ParameterError("no"))
    assert (notice.text, notice.data["tone"]) == ("no", "bad")
    notice.complain("")
    assert (notice.text, notice.data["tone"]) == ("", "quiet")


EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("state", {"name": EVIL, "symbol": "●", "word": EVIL, "meaning": EVIL}),
        ("facts", {"rows": [{"term": EVIL, "text": EVIL}]}),
        ("table", {"caption": EVIL, "columns": [EVIL], "rows": [{"cells": [EVIL]}]}),
        ("table", {"rows": [], "empty": EVIL}),
        ("code", {"blocks": [{"title": EVIL, "text": EVIL}]}),
        ("notice", {"text": EVIL}),
    ],
)
def test_the_static_picture_has_the_words_and_nothing_that_runs(
    kind: str, data: dict[str, Any]
) -> None:
    page = static_html(kind, data)
    assert "&lt;script&gt;" in page and "<script" not in page
