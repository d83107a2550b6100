"""A learner's own copies of the lessons.

A notebook that is run changes: its outputs, and the Python version that JupyterLab writes into it
when it is merely opened. In files of the repository every ``git pull`` would stumble over that.
So learners work in ``notebooks/mine/``, which git ignores: what they wrote stays theirs, and the
repository stays as it was. (A git filter would have to be set up in each clone, and could not keep
a solution typed into a cell apart from a new edition of that cell.)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
STUDENT, MINE = Path("notebooks", "student"), Path("notebooks", "mine")
EDITION = "copied_from"
"""Where a copy's metadata say which edition it was made of. JupyterLab leaves the entry alone."""


@dataclass(frozen=True)
class Copied:
    """What one look at the lessons did.

    Attributes:
        made: copies that were not there, or in which only outputs had changed since an older
            edition.
        kept: copies of an older edition in which somebody has worked: they were left as they are.
    """

    made: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)


def copy_lessons(root: Path = ROOT) -> Copied:
    """Copy the student edition to ``notebooks/mine/``, and never overwrite work.

    Args:
        root: folder of the clone.

    Raises:
        OSError: a file cannot be read or written.
    """
    copied = Copied()
    for source in sorted((root / STUDENT).rglob("*.ipynb")):
        if ".ipynb_checkpoints" in source.parts:
            continue
        lesson = nbformat.read(source, as_version=4)
        edition = _digest(lesson)
        copy = root / MINE / source.relative_to(root / STUDENT)
        if copy.exists():
            made_of, reads = _edition_and_state(copy)
            if made_of == edition:
                continue
            if made_of != reads:
                copied.kept.append(copy)
                continue
        lesson.metadata[EDITION] = edition
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(nbformat.writes(lesson) + "\n", encoding="utf-8")
        copied.made.append(copy)
    return copied


def _edition_and_state(copy: Path) -> tuple[str, str]:
    """What a copy was made of, and what it is now."""
    try:
        present = nbformat.read(copy, as_version=4)
        return str(present.metadata.get(EDITION, "unknown")), _digest(present)
    except (ValueError, TypeError, AttributeError, nbformat.ValidationError):
        return "unknown", "no notebook"


def _digest(notebook: nbformat.NotebookNode) -> str:
    """The same for two notebooks whose cells read the same, whatever they have put out."""
    texts = (f"{cell.cell_type}\0{cell.source}\0" for cell in notebook.cells)
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:16]
