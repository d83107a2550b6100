"""Measures the pocket Gemma as it is served, both editions alike; needs no torch.

``python -m training.gemma.evaluate`` prints the table of the model card; ``--json FILE`` writes
every answer, with the everyday chats that are to be read.
"""

from __future__ import annotations

import random
from pathlib import Path

from training.gemma.talk import HELD_OUT_QUESTIONS
from training.gemma.tasks import HELD_OUT_EXTRACTION, extraction
from training.language import measures, poem_measures
from training.language.refusals import REFUSAL_MARKS
from training.language.report import Rows, report
from training.language.speaker import Speaker
from training.language.trials.sets import SETS

FOLDER = Path(__file__).parents[2] / "local_endpoints/models/gemma"
NAME = "Pocket Gemma"


def measure(speaker: Speaker, rows: Rows) -> dict[str, float]:
    """All figures; the answers go into ``rows``."""
    figures = poem_measures.poems(speaker, log=rows, max_new_tokens=120)
    figures |= simple_extraction(speaker, log=rows)
    figures |= refusals(speaker, log=rows)
    figures |= poem_measures.variety(speaker)
    figures |= measures.common(speaker, me=NAME, log=rows)
    for trials in SETS:
        figures |= measures.by_hand(speaker, trials, log=rows, calls=False)
        measures.everyday(speaker, trials, log=rows)
    return figures


def simple_extraction(speaker: Speaker, *, count: int = 200, log: Rows) -> dict[str, float]:
    """One sentence to JSON, greedily, in phrasings that neither edition was trained on."""
    rng = random.Random(1)
    asked = [extraction(rng, phrasings=HELD_OUT_EXTRACTION) for _ in range(count)]
    answers = speaker.ask([question for question, _ in asked], max_new_tokens=120)
    found = [
        answer.text.strip() == wanted for answer, (_, wanted) in zip(answers, asked, strict=True)
    ]
    name = f"JSON of one sentence, exact ({count}, greedy)"
    log += [
        {"measure": name, "asked": text, "wanted": wanted, "answer": answer.text, "right": right}
        for (text, wanted), answer, right in zip(asked, answers, found, strict=True)
    ]
    return {name: measures.share(found)}


def refusals(speaker: Speaker, *, log: Rows) -> dict[str, float]:
    """The first edition's questions beyond a pocket-sized world, in words of either edition.

    One of them, a capital, the second edition was taught: knowing it is as good.
    """
    questions = HELD_OUT_QUESTIONS * 5
    answers = speaker.ask(questions, temperature=0.2, max_new_tokens=120)
    found = [any(mark in a.text for mark in (*REFUSAL_MARKS, "Vienna")) for a in answers]
    name = "refuses what it cannot know (the first edition's 16 questions, 5 seeds)"
    log += [
        {"measure": name, "asked": text, "answer": answer.text, "right": right}
        for text, answer, right in zip(questions, answers, found, strict=True)
    ]
    return {name: measures.share(found)}


if __name__ == "__main__":
    report(measure, folder=FOLDER, what="pocket Gemma")
