"""JupyterLab, opened on your own copy of a lesson.

    python -m helpers.lab                 # the first lesson
    python -m helpers.lab 3               # the third one
    python -m helpers.lab --only-copy     # no JupyterLab: for another editor
    python -m helpers.lab --no-browser --port 8899    # what it does not know, JupyterLab does

It copies the lessons to ``notebooks/mine/`` (`helpers.copies` says why) and starts JupyterLab in
the course's folder. There the course's other notebooks can be opened and run, but not saved: they
belong to the repository. Who changes the course itself starts ``jupyter lab``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyterlab.labapp import LabApp
from nbformat import NotebookNode

from helpers.copies import MINE, ROOT, copy_lessons

QUIET = (
    # The critical line, which has the address, is all that a learner needs.
    "--Application.log_level=WARN",
    # Without these two a newcomer's terminal begins with warnings: a kernel's connection inside one
    # computer is not encrypted, and two of the server's own defaults contradict each other.
    "--KernelManager.transport_encryption=auto",
    "--ServerApp.tornado_settings={'ws_ping_interval': 0}",
)
PAGES = Path(__file__).parent / "pages"
EXPORT = (
    # A notebook that is saved as HTML has the line under every link.
    f"--HTMLExporter.extra_template_basedirs={PAGES}",
    "--HTMLExporter.template_name=course",
    # Slides would take over the line above.
    "--SlidesExporter.template_name=reveal",
)


class CourseFiles(AsyncLargeFileManager):
    """Files of a clone, in which the course's own notebooks are not to be saved."""

    async def get(self, path: str, *arguments: Any, **options: Any) -> dict[str, Any]:
        """The file or folder as JupyterLab wants it; the course's notebooks as read-only."""
        model: dict[str, Any]
        model = await super().get(path, *arguments, **options)  # type: ignore[no-untyped-call]
        if is_of_the_course(path):
            model["writable"] = False
        return model

    def mark_trusted_cells(self, nb: NotebookNode, path: str = "") -> None:
        """Trust the course's outputs and what has none: a warning would tell a learner nothing."""
        if is_of_the_course(path) or not any(cell.get("outputs") for cell in nb.cells):
            self.notary.sign(nb)
        super().mark_trusted_cells(nb, path)  # type: ignore[no-untyped-call]


def is_of_the_course(path: str) -> bool:
    """Whether it is a notebook of the repository.

    Args:
        path: relative to the clone, with slashes.
    """
    place = PurePosixPath(path.strip("/"))
    return (
        place.suffix == ".ipynb"
        and place.is_relative_to("notebooks")
        and not place.is_relative_to(MINE.as_posix())
    )


def command(arguments: Sequence[str], *, root: Path = ROOT) -> list[str] | None:
    """What JupyterLab is to be started with, after the copies are made; None for no JupyterLab.

    Args:
        arguments: of the command line.
        root: folder of the clone.

    Raises:
        SystemExit: there is no such lesson.
    """
    parser = argparse.ArgumentParser(
        prog="python -m helpers.lab", description="Open JupyterLab on your own copy of a lesson."
    )
    parser.add_argument("lesson", nargs="?", type=int, default=1, help="its number; default 1")
    parser.add_argument("--only-copy", action="store_true", help="do not start JupyterLab")
    ours = [each for each in arguments if each in ("-h", "--help", "--only-copy")]
    others = [each for each in arguments if each not in ours]
    # A number behind an option of JupyterLab is that option's, a port for example.
    if others and not others[0].startswith("-"):
        ours.append(others.pop(0))
    options = parser.parse_args(ours)

    copied = copy_lessons(root)
    for path in copied.kept:
        print(
            f"{path.relative_to(root)} is of an older edition and was left as you made it. "
            "Rename it, and the next start brings the new one."
        )
    print(f"Your copies of the lessons are in {MINE}: git leaves them alone.", flush=True)
    if options.only_copy:
        return None
    found = sorted((root / MINE).glob(f"{options.lesson:02}_*.ipynb"))
    if not found:
        parser.error(f"there is no lesson {options.lesson} in {MINE}")
    print("JupyterLab opens in the browser; where there is none, open the address. Ctrl+C ends it.")
    place = found[0].relative_to(root).as_posix()
    return [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url=/lab/tree/{place}",
        "--ServerApp.contents_manager_class=helpers.lab.CourseFiles",
        *QUIET,
        *EXPORT,
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        *others,
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit status."""
    started_with = command(sys.argv[1:] if arguments is None else arguments)
    if started_with is not None:
        LabApp.launch_instance(started_with)
    return 0


if __name__ == "__main__":
    sys.exit(main())
