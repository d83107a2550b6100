"""The site, where its tools are installed (``pip install -e ".[docs]"``): built without a warning,
and nothing in it leads nowhere."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.notebooks import NOTEBOOKS

pytest.importorskip("furo", reason='the site needs pip install -e ".[docs]"')

ROOT = Path(__file__).parents[1]


class Page(HTMLParser):
    """Where a page leads, what can be led to, and which pictures are not described."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.anchors: set[str] = set()
        self.undescribed: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        self.targets |= {found[name] for name in ("href", "src", "srcset") if found.get(name)}
        if tag == "img" and ("alt" not in found or found["alt"] == found.get("src")):
            self.undescribed.append(found.get("src", "")[:80])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Page]:
    """All pages of the site, built as README says."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-c", "docs", "."]
    done = subprocess.run([*command, str(folder)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {path: Page(path) for path in folder.rglob("*.html")}


def test_every_link_and_picture_leads_somewhere(pages: dict[Path, Page]) -> None:
    dead = []
    for path, page in pages.items():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            place = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            fragment = unquote(parts.fragment)
            anchors = pages[place].anchors if place in pages else {fragment}
            if not place.exists() or (fragment and fragment not in anchors):
                dead.append(f"{path.name}: {target}")
    assert not dead, "\n".join(sorted(dead))


def test_pictures_are_described(pages: dict[Path, Page]) -> None:
    found = {path.name: page.undescribed for path, page in pages.items() if page.undescribed}
    assert not found


def test_lessons_and_public_names_are_in_it(pages: dict[Path, Page]) -> None:
    names = {path.stem for path in pages}
    assert {path.stem for path in NOTEBOOKS} <= names
    anchors = set().union(*(page.anchors for page in pages.values()))
    for name in ("helpers.connect", "helpers.panel.create_panel", "helpers.still_billing"):
        assert name in anchors, name
