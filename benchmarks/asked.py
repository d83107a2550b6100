"""A lesson as a list of requests: how it is written down, and read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

LESSON = Path(__file__).with_name("lesson.json")
HELD_SECONDS = 3.0
"""An endpoint takes longer to start, and a chat of the notebook that is alone takes less."""

LASTING = ("running", "paused", "scaledToZero", "failed")
"""States that can be waited for. In others an endpoint may have been already."""


@dataclass(frozen=True)
class Asked:
    """One request of a lesson, and its answer.

    Attributes:
        cell: number of the code cell that makes it, from 0.
        gap: seconds between the last answer to the cell's requests before it, or the cell's
            beginning, and it.
        method, path: ``{namespace}`` stands for the learner's, ``{endpoint:NAME}`` for what
            identifies an endpoint.
        status: of the answer.
        seconds: until that had ended.
        body: text; ``None`` if there is none.
        beside: numbers of the cell's requests before it that had not been answered when it was
            made.
        hold: its ``X-Scale-Up-Timeout``.
        has_token: whether it shows the learner's token.
        state: of the endpoint, for one that looked at an endpoint.
        is_repeated: whether it is made again and again until it has this status and state.
    """

    cell: int
    gap: float
    method: str
    path: str
    status: int
    seconds: float
    body: str | None = None
    beside: list[int] = field(default_factory=list)
    hold: str | None = None
    has_token: bool = True
    state: str | None = None
    is_repeated: bool = False

    @property
    def is_chat(self) -> bool:
        """Whether it asks a model and is answered."""
        return self.path.endswith("/v1/chat/completions") and self.status == 200

    @property
    def waits_for_a_start(self) -> bool:
        """Whether its endpoint had to start first."""
        return self.hold is not None and self.seconds > HELD_SECONDS and not self.beside

    def to_object(self) -> dict[str, Any]:
        """What is written: nothing that says nothing."""
        values = asdict(self)
        plain = {each.name: each.default for each in fields(self)}
        return {
            name: value for name, value in values.items() if value != plain[name] and value != []
        }


def recorded() -> list[Asked]:
    """The lesson in ``lesson.json``. What asks the same again and again until the answer is another
    one, the state of an endpoint for example, has become one request that is repeated."""
    return list(_without_repetitions([Asked(**each) for each in json.loads(LESSON.read_text())]))


def _without_repetitions(asked: list[Asked]) -> Iterator[Asked]:
    renumbered: dict[int, int] = {}
    is_again, before = False, ""
    for number, (each, following) in enumerate(zip(asked, [*asked[1:], None], strict=True)):
        if following is not None and _is_asked_again(each, following, number):
            is_again = True
            continue
        renumbered[number] = len(renumbered)
        beside = [renumbered[n] for n in each.beside if n in renumbered]
        # The replica of an endpoint that is sent to sleep serves for another moment.
        falls_asleep = before.endswith("/scale-to-zero") and each.status == 503
        lasts = each.state in LASTING or (each.state is None and (is_again or falls_asleep))
        yield replace(each, beside=beside, is_repeated=lasts)
        is_again, before = False, each.path


def _is_asked_again(each: Asked, following: Asked, number: int) -> bool:
    both = (each, following)
    first, second = ((of.cell, of.method, of.path, of.body, of.hold) for of in both)
    is_another_answer = each.state is not None or each.status != following.status
    return first == second and is_another_answer and number not in following.beside
