"""What a question and its answer are, and what the askers say in the same words."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from training.idefics2.names import Values
from training.world.scene import NOTHING

NO_ANIMAL = "I see no animal that I know."
NO_PLACE = "I see no place that I know."
NOT_SEEN = "I do not see that."
NO_TELLING = "I cannot tell that from the picture."
NOT_MY_WORLD = "I do not know. I am a pocket model, and all I know are small pictures like these."
NO_PICTURE = "There is no picture in your message. Send me one, and I will look at it."
WHO = "I am a pocket Idefics2, a very small model that looks at pictures."

PICTURE = "[picture|image|photo|drawing|image|picture]"
IT = "[it|the {animal}|the animal]"


@dataclass(frozen=True)
class Exchange:
    """One question and its answer, neither of them empty: nobody would learn from that.

    Attributes:
        question: as an asker words it, with choices ``[a|b]`` and ``{animal}`` still in it; in
            what is trained as somebody typed it.
        answer: word for word.
    """

    question: str
    answer: str

    def __post_init__(self) -> None:
        assert self.question.strip() and self.answer.strip(), self


Asker = Callable[[Values, random.Random], Exchange | None]
"""Asks one kind of question about a picture; None where it does not fit, or nobody is sure."""


def so(evidence: str, conclusion: str) -> str:
    """What is seen and what follows from it, as in "It is a bear, so no."."""
    return f"{evidence}, so {conclusion}."


def shows_no_animal(values: Values) -> bool:
    """Whether there surely is no animal."""
    return values["animal"] == NOTHING
