"""The agent's tasks can be finished: by one who knows the right calls, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from training.language.calling import call_text
from training.language.chat import Chat
from training.language.speaker import Answer
from training.language.trials.errand import Errand
from training.language.trials.sets import SETS

pytest.importorskip("smolagents")

from training.language.errand_runs import run

ERRANDS = tuple(errand for trials in SETS for errand in trials.errands)


class Knowing:
    """Makes the calls of an errand, one after the other."""

    def __init__(self, errand: Errand, *, wrong: bool = False) -> None:
        self.calls = [(step.name, dict(step.expected)) for step in errand.steps]
        if wrong:
            self.calls.reverse()
        self.calls.append(("final_answer", {"answer": f"It is {errand.wanted or 'done'}."}))
        self.asked: list[Chat] = []

    def answer(self, chats: list[Chat], **_how: Any) -> list[Answer]:
        """The next call."""
        self.asked += chats
        name, arguments = self.calls[len(self.asked) - 1]
        return [Answer(call_text(name, arguments), ended=True)]


@pytest.mark.parametrize("errand", ERRANDS, ids=lambda errand: errand.steps[0].name)
def test_right_calls_finish_a_task(errand: Errand) -> None:
    log: list[dict[str, Any]] = []
    speaker = Knowing(errand)
    assert run(speaker, errand, log=log, measure="m")  # type: ignore[arg-type]
    assert [m["role"] for m in speaker.asked[-1].messages][:2] == ["system", "user"]
    assert {tool["function"]["name"] for tool in speaker.asked[0].tools} == {
        *(step.name for step in errand.steps),
        "final_answer",
    }
    assert log[0]["right"]


def test_calls_in_the_wrong_order_do_not() -> None:
    speaker = Knowing(ERRANDS[0], wrong=True)
    assert not run(speaker, ERRANDS[0], log=[], measure="m")  # type: ignore[arg-type]
