"""What the pages for teachers say of the notebooks is what the notebooks say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from teaching.minutes import AT_HOME, HALF_DAY, MARK, PATHS, TWO_HOURS, Minutes, minutes_of
from tests.notebooks import NOTEBOOKS, code_cells, read, tags, text_output

FOLDER = Path(__file__).parents[2] / "teaching"
NOTES = {
    path: next(FOLDER.glob(f"notes_{number:02}_*.md"))
    for number, path in enumerate(NOTEBOOKS, start=1)
}
MARKS = {TWO_HOURS: "", HALF_DAY: " *(half a day)*", AT_HOME: " *(at home)*"}
IN_CLASS = 1.25
"""The timetable: "In a class, add a quarter"."""

of_each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def below(page: Path, heading: str) -> str:
    """What stands under a heading, up to the next one."""
    return page.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of a table, without its head."""
    lines = re.findall(r"^\| (.*) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in line.split(" | ")] for line in lines[1:]]


def number_of(title: str) -> str:
    return re.findall(r"\d+", title)[0] if re.match(r"(Exercise )?\d", title) else ""


@of_each_notebook
def test_every_question_to_check_oneself_has_its_answer(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells)
    asked = text.split("**Questions to check yourself.** ", 1)[1].split("\n", 1)[0]
    answers = below(NOTES[path], 'Answers to "Questions to check yourself"')
    answered = re.findall(r"^- \*(.*?\?)\* ", answers, re.MULTILINE)
    assert answered == re.split(r"(?<=\?) ", asked)


@of_each_notebook
def test_exercises_have_their_minutes(path: Path) -> None:
    told = [
        (number_of(part.title), str(part.minutes))
        for part in minutes_of(read(path)).parts
        if part.is_exercise
    ]
    noted = [(row[0].split()[0], row[1]) for row in rows(below(NOTES[path], "Exercises"))]
    assert noted == told


@of_each_notebook
def test_notes_are_on_sections_that_there_are_and_say_what_can_wait(path: Path) -> None:
    parts = [part for part in minutes_of(read(path)).parts if not part.is_exercise]
    first = min((part.path for part in parts), key=PATHS.index)
    sections = {number_of(part.title): part.path for part in parts}
    noted = [row[0] for row in rows(below(NOTES[path], "Section by section"))]
    numbers = [number_of(title) for title in noted]
    assert numbers == sorted(numbers, key=int)
    for number, title in zip(numbers, noted, strict=True):
        mark = MARKS[sections[number]] if sections[number] != first else ""
        assert title.endswith(mark) and title.count("*(") == bool(mark), title


@dataclass
class Block:
    """Lines of a timetable."""

    begin: int
    end: int
    what: str


def blocks(heading: str) -> list[Block]:
    """Of one of the timetables; they follow each other without a gap."""
    found: list[Block] = []
    for when, what, *_ in rows(below(FOLDER / "timetable.md", heading)):
        begin, end = map(int, re.findall(r"\d+", when))
        assert begin == (found[-1].end if found else 0), when
        found.append(Block(begin, end, what))
    return found


def minutes_in_class(told: Minutes, text: str) -> float:
    """What the sections and exercises that the text names take in a class."""
    named = {f"{number}." for number in re.findall(r"§(\d+)", text)}
    named |= {f"Exercise {number}:" for number in re.findall(r"exercise (\d+)", text)}
    named |= {"Setup"} if "setup" in text else set()
    named |= {"What you will do"} if "what you will do" in text else set()
    named |= {"Key points"} if "key points" in text else set()
    return IN_CLASS * sum(
        part.minutes for part in told.parts if part.title.startswith(tuple(named or {"no part"}))
    )


def test_two_hours_are_enough_for_their_path() -> None:
    told = minutes_of(read(NOTEBOOKS[0]))
    plan = blocks("Two hours")
    assert plan[-1].end == 120
    for block in plan:
        assert block.end - block.begin >= minutes_in_class(told, block.what) - 1, block
    everything = sum(minutes_in_class(told, block.what) for block in plan)
    assert everything == IN_CLASS * told.on(TWO_HOURS)


def test_half_a_day_is_enough_for_its_path() -> None:
    plan = [(block.what, block.end - block.begin) for block in blocks("Half a day")]
    for number in (1, 2, 3):
        told = minutes_of(read(NOTEBOOKS[number - 1]))
        ((what, length),) = [each for each in plan if each[0].startswith(f"notebook {number}:")]
        breaks = 10 if "with a break of ten minutes" in what else 0
        assert length - breaks >= IN_CLASS * told.on(HALF_DAY) - 1, what
        exercises = [
            number_of(part.title)
            for part in told.parts
            if part.is_exercise and part.path != AT_HOME
        ]
        assert re.findall(r"\d", re.findall(r"exercises? ([\d and]*\d)", what)[0]) == exercises
    assert sum(length for _, length in plan) == 4 * 60 + 10


@dataclass
class Part:
    """What stands under a heading of the second or third level, with its path."""

    title: str
    path: str
    code: list[str] = field(default_factory=list)


def parts(path: Path) -> Iterator[Part]:
    """All of a notebook, but not what is there for the tests."""
    part = Part("", AT_HOME)
    for cell in read(path).cells:
        if cell.cell_type == "code" and not tags(cell) & {"record"}:
            part.code.append(cell.source)
        for text in re.split(r"^(?=###? )", cell.source, flags=re.MULTILINE):
            if cell.cell_type == "markdown" and (heading := re.match(r"###? (.*)", text)):
                yield part
                mark = MARK.match(text)
                part = Part(heading[1], mark["path"] if mark else part.path)
    yield part


def names(code: list[str]) -> tuple[set[str], set[str]]:
    """What the code makes, and what it uses."""
    made: set[str] = set()
    used: set[str] = set()
    for node in (node for each in code for node in ast.walk(ast.parse(each))):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else made).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            made.add(node.name)
        elif isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, ast.alias):
            made.add(node.asname or node.name.partition(".")[0])
    return made, used


def missed(kept: list[Part], skipped: list[Part]) -> set[str]:
    """Names that are used, and that only what is skipped makes."""
    made, used = names([code for part in kept for code in part.code])
    return (names([code for part in skipped for code in part.code])[0] - made) & used


@pytest.mark.parametrize("longest", [TWO_HOURS, HALF_DAY])
@of_each_notebook
def test_a_path_needs_no_cell_that_is_not_on_it(path: Path, longest: str) -> None:
    on_it = PATHS[: PATHS.index(longest) + 1]
    kept = [part for part in parts(path) if part.path in on_it]
    assert not missed(kept, [part for part in parts(path) if part.path not in on_it])


SKIPPED = {
    "01_llm_gemma": (
        "Log-probabilities",
        "A setting that cannot work",
        "A batch meets a cold start",
        "Asleep or paused: the quota",
        "Exercise 3: the cheapest GPU",
    ),
    "02_images_sdxl": ("Exercise 1: which words matter",),
    "03_vision_idefics2": (
        "Does it look at all?",
        "Exercise 2: how small may a picture get?",
    ),
}
"""What the timetable leaves out first. Of the function call one cell stays."""


@pytest.mark.parametrize("name", SKIPPED)
def test_nothing_needs_what_is_skipped_first(name: str) -> None:
    (path,) = [path for path in NOTEBOOKS if path.stem == name]
    in_class = [part for part in parts(path) if part.path != AT_HOME]
    skipped = [part for part in in_class if part.title in SKIPPED[name]]
    assert len(skipped) == len(SKIPPED[name])
    assert not missed([part for part in in_class if part not in skipped], skipped)


def test_of_the_function_call_the_last_cell_stays() -> None:
    ((*skipped, last),) = [
        part.code for part in parts(NOTEBOOKS[0]) if part.title == "A function call"
    ]
    assert "assistant.pause()" in last
    kept = [part for part in parts(NOTEBOOKS[0]) if part.title != "A function call"]
    kept.append(Part("its end", TWO_HOURS, [last]))
    assert not missed(kept, [Part("its beginning", TWO_HOURS, skipped)])


def test_five_times_shift_and_enter_run_the_setup() -> None:
    page = (FOLDER / "before_class.md").read_text(encoding="utf-8")
    assert "its first three cells of code" in page and "five times" in page
    lesson = read(NOTEBOOKS[0].parent / "student" / NOTEBOOKS[0].name)
    kinds = [cell.cell_type for cell in lesson.cells]
    assert kinds[:5] == ["markdown", "markdown", "code", "code", "code"]
    third = code_cells(read(NOTEBOOKS[0]))[2]
    assert third.source == lesson.cells[4].source
    last = text_output(third).splitlines()[-1]
    assert f"`{last}`" in page
