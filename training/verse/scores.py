"""What is measured on one answer: does a poem name its topic, rhyme, end, repeat itself."""

from __future__ import annotations

from dataclasses import dataclass

from training.language.rhymes import rhymes
from training.verse.couplets import last_word
from training.verse.topics import core


@dataclass(frozen=True)
class Answer:
    """What the model wrote, and whether it ended its turn by itself."""

    request: str
    text: str
    ended: bool


@dataclass(frozen=True)
class PoemScore:
    """What is measured on one poem. Shares are over its own couplets and lines."""

    mentions_topic: bool
    rhymed_couplets: float
    ended: bool
    repeated_lines: float


def score_poem(topic: str, answer: Answer) -> PoemScore:
    """Score one poem. A last line without a partner counts as an unrhymed couplet."""
    lines = [line.strip() for line in answer.text.splitlines() if line.strip()]
    pairs = [lines[index : index + 2] for index in range(0, len(lines), 2)]
    rhymed = [len(p) == 2 and rhymes(last_word(p[0]), last_word(p[1])) for p in pairs]
    return PoemScore(
        mentions_topic=core(topic) in answer.text.lower(),
        rhymed_couplets=sum(rhymed) / max(1, len(rhymed)),
        ended=answer.ended,
        repeated_lines=1 - len({line.lower() for line in lines}) / max(1, len(lines)),
    )
