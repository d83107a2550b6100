"""The site: the notebooks as they ran, the pages beside them, and the packages' public names.

The source directory is the whole clone, so pages link to each other as they do in the repository.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
# Pages show these by HTML of their own (a picture for light and one for dark), which Sphinx does
# not read.
SHOWN_BY_PAGES = ("images", "helpers/pictures")

project = "Inference Endpoints, hands-on"
html_title = project
copyright = "Apache-2.0"
language = "en"
root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "README.md",
    "notebooks/*.ipynb",
    "teaching/**.md",
    "local_endpoints/*.md",
    "local_endpoints/models/*/README.md",
    "examples/**.md",
    "benchmarks/*.md",
    "tests/clients/*.md",
]
exclude_patterns = ["**/.ipynb_checkpoints"]
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]

nb_execution_mode = "off"  # what is shown is the committed run, which the tests look after
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_typehints_format = "short"
napoleon_use_ivar = True
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 80
add_module_names = False
default_role = "code"

html_theme = "furo"
html_theme_options = {"navigation_with_keys": True}
html_show_sphinx = False


INDEX = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="refresh" content="0; url={first}"><a href="{first}">{title}</a></html>
"""


def complete(app: Sphinx, exception: Exception | None) -> None:
    """Put the pictures that pages show by HTML where the pages expect them, and a first page where
    web servers look for one."""
    if exception is None and app.builder.format == "html":
        index = INDEX.format(title=project, first=f"{root_doc}.html")
        (app.outdir / "index.html").write_text(index, encoding="utf-8")
        for folder in SHOWN_BY_PAGES:
            shutil.copytree(ROOT / folder, app.outdir / folder, dirs_exist_ok=True)


FOLDED = {"solution", "record"}


def fold(app: Sphinx, name: str, source: list[str]) -> None:
    """Fold what JupyterLab folds: solutions, and what only the tests need."""
    if app.env.doc2path(name).suffix == ".ipynb":
        notebook = json.loads(source[0])
        for cell in notebook["cells"]:
            tags = cell["metadata"].setdefault("tags", [])
            if cell["cell_type"] == "code" and FOLDED & set(tags):
                tags.append("hide-cell")
        source[0] = json.dumps(notebook)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", fold)
    app.connect("build-finished", complete)
