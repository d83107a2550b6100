"""Who may import whom: models share rooms but never each other's, and nothing runs in circles."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import training

ROOT = Path(training.__file__).parent
SHARED = {"language", "graphs", "verse", "world"}
"""Folders that all models use; every other folder is one model's own."""


@cache
def imports() -> dict[str, set[str]]:
    """By module of ``training``, which others of them it imports, wherever in the file."""
    paths = {name_of(path): path for path in ROOT.rglob("*.py")}
    return {name: imported(path) & paths.keys() for name, path in paths.items()}


def name_of(path: Path) -> str:
    parts = ("training", *path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            # ``from training.world import scene`` names a module, or something in one.
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def flat(module: str) -> str | None:
    """The model that a module belongs to; None for what is shared."""
    parts = module.split(".")
    folder = parts[1] if len(parts) > 1 else ""
    owned = (ROOT / folder).is_dir() and folder not in {"", *SHARED}
    return folder if owned else None


def test_every_model_has_a_flat() -> None:
    assert {flat(module) for module in imports()} >= {"gemma", "sdxl", "idefics2", None}
    assert flat("training.idefics2.questions.seen") == "idefics2"
    assert flat("training.judging") is flat("training.world.scene") is None


def test_no_model_imports_another_models_flat_and_no_shared_room_a_flat() -> None:
    trespasses = [
        (module, other)
        for module, others in imports().items()
        for other in others
        if flat(other) not in (None, flat(module))
    ]
    assert not trespasses


def test_no_import_runs_in_a_circle() -> None:
    TopologicalSorter(imports()).prepare()
