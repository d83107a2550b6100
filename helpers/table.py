"""A table in a notebook: text where there is no page, and on a page the page's own colors."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence


def text_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines with columns of equal width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def html_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, notes: Iterable[str] = ()
) -> str:
    """A table whose first column names the rows, legible on light and on dark pages.

    Args:
        columns: what stands above.
        rows: cells as text; without any, only the notes are left.
        notes: lines below the table.
    """
    head = "".join(f'<th scope="col" style="text-align: left">{each}</th>' for each in columns)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    table = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>" if body else ""
    # Two prices in one text would be a formula to JupyterLab: from one dollar sign to the next.
    caption = "<br>".join(map(html.escape, notes)).replace("$", "<span>$</span>")
    return (
        f'<table style="color: inherit">{table}<caption style="caption-side: bottom; '
        f'text-align: left; padding-top: 6px">{caption}</caption></table>'
    )


def _row(cells: Sequence[str]) -> str:
    first, *rest = (html.escape(cell) for cell in cells)
    others = "".join(f'<td style="text-align: left">{cell}</td>' for cell in rest)
    return f'<th scope="row" style="text-align: left">{first}</th>{others}'
