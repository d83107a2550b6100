"""Slides for the projector, made from the executed notebooks.

    python -m teaching.slides                       # teaching/slides/*.html, of all notebooks
    python -m teaching.slides --reveal reveal.js    # with a copy of reveal.js beside the slides

Each section is a column of slides: its heading with its first paragraph, then, downwards, its
drawings, tables, questions to predict, code and what the code shows. The rest of the text is in the
speaker's notes (key S). Solutions, set-up code and what only the tests need are left out. What
would not fit is made smaller until it does.

The pages load reveal.js from a public server unless ``--reveal`` names a folder, relative to them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from traitlets.config import Config

from teaching.minutes import NOTEBOOKS

SLIDES = Path(__file__).parent / "slides"
WIDTH, HEIGHT = 1280, 720
LEFT_OUT = ("For the tests", "Next")
WITHOUT_CODE = ("Setup",)
MOST_LINES = 22
"""Of code and of what it printed on one slide; what is longer is divided in two."""
OUTPUT_ONLY = "output-only"

PICTURE = re.compile(r"!\[")
WAY_UP = re.compile(r"(\]\(|src=\")\.\./")
"""In addresses relative to the notebook. nbconvert embeds only what is below one folder."""
PART = re.compile(r"^(?=#{1,4} |> \*\*Predict)", re.MULTILINE)
HEADING = re.compile(r"(#{1,4}) (.*)")
MINUTES = re.compile(r"\*\d+ min.*\*")
SEEN = re.compile(r"!\[|\||[-*] |\d+\. ")
"""How a paragraph begins that is to be looked at rather than read out: picture, table, list."""

TEMPLATE = """
{%- extends "index.html.j2" -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_css -%}
{{ super() }}
<style>
.reveal .slides section { text-align: left; font-size: 28px; padding: 0; }
.reveal .slides section :is(h1, h2, h3) { text-transform: none; margin: 0 0 20px; }
.reveal .slides section h1 { font-size: 2em; } .reveal .slides section h2 { font-size: 1.6em; }
.reveal .slides section h3 { font-size: 1.3em; }
.reveal .slides section pre {
  width: auto; margin: 0; box-shadow: none;
  font-size: 19px; line-height: 1.3; white-space: pre-wrap; }
.reveal .slides section .jp-RenderedMarkdown img {
  width: 100%; max-height: 560px; object-fit: contain; object-position: left; }
.reveal .slides section :is(.jp-InputPrompt, .jp-OutputPrompt) { display: none; }
.reveal .slides section .jp-RenderedMarkdown a { text-decoration: underline; }
</style>
{%- endblock -%}
{%- block footer_js -%}
<script src="{{ resources.reveal.url_prefix }}/dist/reveal.js"></script>
<script src="{{ resources.reveal.url_prefix }}/plugin/notes/notes.js"></script>
<script>
const [width, height] = [{{ resources.reveal.width }}, {{ resources.reveal.height }}];
// What is too high or too wide for a slide is made smaller, when the slide is shown.
function fit({currentSlide: slide}) {
  const inside = slide.firstElementChild;
  if (!inside || slide.dataset.fitted) return;
  const tall = Math.max(slide.scrollHeight / height, slide.scrollWidth / width);
  if (tall > 1) slide.style.zoom = Math.floor(98 / tall) / 100;
  slide.dataset.fitted = true;
}
Reveal.initialize({
  width, height, margin: 0.02, center: false, hash: true, slideNumber: "c/t",
  transition: "none", plugins: [RevealNotes]});
Reveal.on("ready", fit);
Reveal.on("slidechanged", fit);
</script>
{%- endblock -%}
"""


def slides_of(notebook: NotebookNode) -> NotebookNode:
    """The notebook's cells, each with its place in the slide show.

    Args:
        notebook: executed; it is left as it is.
    """
    made: list[NotebookNode] = []
    section, folded = "", False
    for cell in notebook.cells:
        if cell.cell_type == "code":
            hidden = folded or section in (*LEFT_OUT, *WITHOUT_CODE)
            made += [] if hidden else _code(cell)
            continue
        for part in filter(str.strip, PART.split(cell.source)):
            heading = HEADING.match(part)
            if heading and len(heading[1]) <= 2:
                section = heading[2]
            folded = len(heading[1]) == 4 if heading else folded
            if not folded and section not in LEFT_OUT:
                made += _text(part, heading)
    return new_notebook(cells=made, metadata=notebook.metadata)


def _text(part: str, heading: re.Match[str] | None) -> Iterator[NotebookNode]:
    """A slide for what begins here, one for each thing to look at, and notes for the rest."""
    paragraphs = [each for each in re.split(r"\n\n+", part.strip()) if not MINUTES.fullmatch(each)]
    first: list[str] = []
    if heading:
        first = [paragraphs.pop(0).splitlines()[0]]
        # The first heading's first paragraph is the line with the minutes.
        for _ in range(2 if len(heading[1]) == 1 else 1):
            first += [paragraphs.pop(0)] if paragraphs and not SEEN.match(paragraphs[0]) else []
        if paragraphs and PICTURE.match(paragraphs[0]):
            first.append(paragraphs.pop(0))
    elif part.startswith("> "):
        first = [paragraphs.pop(0)]
    if first:
        is_top = heading and len(heading[1]) <= 2
        yield _markdown("\n\n".join(first), "slide" if is_top else "subslide")
    for paragraph in paragraphs:
        if SEEN.match(paragraph):
            yield _markdown(paragraph, "subslide")
    if rest := [each for each in paragraphs if not SEEN.match(each)]:
        yield _markdown("\n\n".join(rest), "notes")


def _code(cell: NotebookNode) -> Iterator[NotebookNode]:
    """The code and what it shows, on one slide or two."""
    together = NotebookNode(cell)
    printed = sum(_lines(output) for output in cell.outputs)
    if printed + len(cell.source.splitlines()) <= MOST_LINES:
        together.metadata = _place("subslide")
        yield together
        return
    yield NotebookNode(cell, outputs=[], metadata=_place("subslide"))
    shown = f"{cell.id}-shown"
    yield NotebookNode(cell, id=shown, metadata=_place("subslide", OUTPUT_ONLY))


def _lines(output: NotebookNode) -> int:
    if output.output_type == "stream":
        return len(output.text.splitlines())
    data = output.get("data", {})
    return MOST_LINES // 2 if "text/html" in data else len(data.get("text/plain", "").splitlines())


def _markdown(source: str, place: str) -> NotebookNode:
    source = WAY_UP.sub(r"\1", source)
    return new_markdown_cell(source, metadata=_place(place))


def _place(place: str, *tags: str) -> NotebookNode:
    return NotebookNode(slideshow=NotebookNode(slide_type=place), tags=list(tags))


def page_of(path: Path, *, reveal: str | None = None) -> str:
    """The slides of a notebook as one HTML page.

    Args:
        path: the executed notebook.
        reveal: address of reveal.js 4, also relative to the page; default a public server.
    """
    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_input_tags = {OUTPUT_ONLY}
    exporter = SlidesExporter(  # type: ignore[no-untyped-call]
        config=config,
        raw_template=TEMPLATE,
        embed_images=True,
        reveal_theme="white",  # its fonts are its own
        exclude_anchor_links=True,
        reveal_width=str(WIDTH),
        reveal_height=str(HEIGHT),
        **({"reveal_url_prefix": reveal} if reveal else {}),
    )
    notebook = slides_of(nbformat.read(path, as_version=4))
    title = str(notebook.cells[0].source).splitlines()[0].removeprefix("# ")
    resources = {"metadata": {"path": str(NOTEBOOKS.parent), "name": title}}
    page, _ = exporter.from_notebook_node(notebook, resources=resources)
    return str(page)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m teaching.slides", description="Make slides from the notebooks."
    )
    parser.add_argument("--reveal", help="reveal.js 4 as the pages find it; default from the web")
    options = parser.parse_args(arguments)
    SLIDES.mkdir(exist_ok=True)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        page = SLIDES / f"{path.stem}.html"
        page.write_text(page_of(path, reveal=options.reveal), encoding="utf-8")
        print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
