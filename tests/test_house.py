"""The plan of the house: who may import whom, and how large a room may be."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("helpers", "local_endpoints", "training")
MOST_LINES = 400
MOST_LINES_OF_A_ROOM = 4_000
"""Of a folder without its folders, blank lines left out, trainings as well: an afternoon's read."""

FLOORS: dict[str, int] = {
    "local_endpoints.telemetry": 0,
    "local_endpoints.children": 0,
    "local_endpoints.errors": 0,
    "local_endpoints.clock": 0,
    "local_endpoints.proof": 0,
    "local_endpoints.shell": 0,
    "local_endpoints.address": 0,
    "local_endpoints.peer": 1,
    "local_endpoints.shared_service": 3,
    "local_endpoints.environment": 1,
    "local_endpoints.faults": 1,
    "local_endpoints.journal": 1,
    "local_endpoints.dialects": 1,
    "local_endpoints.door": 1,
    "local_endpoints.access": 2,
    "local_endpoints.shelf": 2,
    "local_endpoints.gguf_file": 2,
    "local_endpoints.repositories": 3,
    "local_endpoints.pulling": 3,
    "local_endpoints.tokens_command": 3,
    "local_endpoints.shelf_commands": 4,
    "local_endpoints.engine": 3,
    "local_endpoints.replicas": 3,
    "local_endpoints.containers": 4,
    "local_endpoints.control_plane": 4,
    "local_endpoints.owners": 4,
    "local_endpoints.faulty": 4,
    "local_endpoints.gateway": 5,
    "local_endpoints.api": 5,
    "local_endpoints.app": 6,
    "local_endpoints.service": 7,
    "local_endpoints.state_dir": 1,
    "local_endpoints.client": 2,
    "local_endpoints.redirect": 3,
    "local_endpoints.__main__": 8,
    "local_endpoints.pytest_plugin": 8,
    "local_endpoints": 9,
    "training": 10,
    "helpers": 10,
}
"""Rooms from the ground up. An import goes to the same room or to a lower floor."""

HTTP = {"aiohttp", "fastapi", "httpx2", "requests", "starlette", "uvicorn", "http", "urllib"}


def modules() -> dict[str, Path]:
    """Every module of the project, by name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(path: Path) -> Iterator[str]:
    """What a module imports when it is imported itself: not what a function imports later, nor
    what only type checkers read."""
    pending: list[ast.stmt] = list(ast.parse(path.read_text(encoding="utf-8")).body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module
        elif isinstance(node, ast.Try):
            pending += [*node.body, *(each for h in node.handlers for each in h.body)]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            pending += [*node.body, *node.orelse]


def room(module: str) -> str:
    """The part of the plan that a module belongs to."""
    while module not in FLOORS:
        module, dot, _ = module.rpartition(".")
        assert dot, f"{module} is not on the plan"
    return module


INSIDE = {
    name: {found for found in imports(path) if found in MODULES and found != name}
    for name, path in MODULES.items()
}


def loaded(name: str) -> set[str]:
    """The project's modules that are imported with one of them."""
    found: set[str] = set()
    pending = {name}
    while pending:
        name = pending.pop()
        found.add(name)
        # A package comes before what is inside it.
        pending |= {*INSIDE[name], name.rpartition(".")[0]} - {"", *found}
    return found


@pytest.mark.parametrize("name", MODULES)
def test_nobody_imports_upward(name: str) -> None:
    here = room(name)
    for target in INSIDE[name]:
        there = room(target)
        assert there == here or FLOORS[there] < FLOORS[here], f"{name} imports {target}"


def test_there_is_no_circle() -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for target in sorted(INSIDE[name]):
                visit(target, (*path, name))
            done.add(name)

    for name in MODULES:
        visit(name, ())


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("local_endpoints")])
def test_the_service_knows_neither_the_course_nor_the_training(name: str) -> None:
    text = MODULES[name].read_text(encoding="utf-8")
    everywhere = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not {(target or "").partition(".")[0] for target in everywhere} & {"helpers", "training"}


@pytest.mark.parametrize("name", [name for name in MODULES if ".engine" in name])
def test_the_engine_knows_no_http(name: str) -> None:
    assert not {target.partition(".")[0] for target in imports(MODULES[name])} & HTTP


def test_the_service_starts_without_libraries_where_it_is_only_looked_for() -> None:
    """Notebooks import the client; servers and engines take a second to import."""
    outside = {
        target.partition(".")[0]
        for name in loaded("local_endpoints.client")
        for target in imports(MODULES[name])
    }
    assert "platformdirs" in outside, "it follows imports"
    assert not outside & (HTTP - {"http", "urllib"} | {"onnxruntime", "numpy", "pydantic"})


@pytest.mark.parametrize("name", MODULES)
def test_rooms_are_small(name: str) -> None:
    assert len(MODULES[name].read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_no_room_is_larger_than_an_afternoon() -> None:
    rooms: Counter[str] = Counter()
    for name, path in MODULES.items():
        if name.startswith("training"):
            continue
        text = path.read_text(encoding="utf-8")
        rooms[str(path.parent)] += sum(bool(line.strip()) for line in text.splitlines())
    assert max(rooms.values()) <= MOST_LINES_OF_A_ROOM, rooms.most_common(3)
