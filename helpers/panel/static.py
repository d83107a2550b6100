"""The panel where no widget can be shown: papermill, nbmake, GitHub, a page made by nbconvert.

One function per kind of ``Live``, from the same data, to HTML that needs neither script nor style
sheet and has no color of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

Data = dict[str, Any]


def static_html(kind: str, data: Data) -> str:
    """The HTML of what a ``Live`` of that kind shows.

    Args:
        data: for ``state``: name, symbol, word, meaning; for ``facts``: rows of term and text;
            for ``table``: caption, columns, rows of cells; for ``code``: blocks of title and text;
            for ``notice``: text.
    """
    return _KINDS[kind](data)


def static_page(*parts: str) -> str:
    """The parts, and how to get the real panel."""
    note = (
        "<p><em>A picture of the panel, without its buttons: run this cell in JupyterLab to use "
        "it.</em></p>"
    )
    return "<div>" + "".join(parts) + note + "</div>"


def _state(data: Data) -> str:
    badge = f"{escape(data['symbol'])} {escape(data['word'])}"
    return f"<p><strong>{escape(data['name'])}</strong> [{badge}] {escape(data['meaning'])}</p>"


def _facts(data: Data) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left">{escape(row["term"])}</th>'
        f'<td style="text-align: left">{escape(row["text"])}</td></tr>'
        for row in data.get("rows", ())
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _table(data: Data) -> str:
    if not data.get("rows"):
        return f"<p>{escape(data.get('empty', 'Nothing.'))}</p>"
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in data["columns"])
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row["cells"]) + "</tr>"
        for row in data["rows"]
    )
    caption = escape(data["caption"])
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _code(data: Data) -> str:
    return "".join(
        f"<p>{escape(block['title'])}</p><pre>{escape(block['text'])}</pre>"
        for block in data.get("blocks", ())
    )


def _notice(data: Data) -> str:
    return f"<p>{escape(data['text'])}</p>" if data.get("text") else ""


_KINDS: dict[str, Callable[[Data], str]] = {
    "state": _state,
    "facts": _facts,
    "table": _table,
    "code": _code,
    "notice": _notice,
}
