from __future__ import annotations

import random

import pytest

pytest.importorskip("pronouncing")

from training.language.rhymes import rhymes
from training.verse.couplets import last_word
from training.verse.poems import LINE_COUNTS, write_poem
from training.verse.topics import Topic, core, draw_known, draw_unknown

RIVERS = Topic("rivers", True, "river")


def lines_of(poem: str) -> list[str]:
    return [line for line in poem.splitlines() if line]


def test_the_same_seed_gives_the_same_poem() -> None:
    assert write_poem(random.Random(5), RIVERS) == write_poem(random.Random(5), RIVERS)


def test_seeds_give_many_different_poems() -> None:
    poems = {write_poem(random.Random(seed), RIVERS) for seed in range(300)}
    assert len(poems) > 200


@pytest.mark.parametrize("count", LINE_COUNTS)
def test_the_wanted_number_of_lines(count: int) -> None:
    rng = random.Random(count)
    for _ in range(50):
        assert len(lines_of(write_poem(rng, draw_known(rng), lines=count))) == count


@pytest.mark.parametrize("draw", [draw_known, draw_unknown])
def test_poems_rhyme_name_their_topic_and_never_repeat_a_line(draw) -> None:  # type: ignore[no-untyped-def]
    rng = random.Random(11)
    for _ in range(300):
        topic = draw(rng)
        poem = write_poem(rng, topic)
        lines = lines_of(poem)
        assert core(topic.phrase) in " ".join(lines[:2]).lower()
        assert len(set(lines)) == len(lines)
        for first, second in zip(lines[::2], lines[1::2], strict=True):
            assert rhymes(last_word(first), last_word(second)), (first, second)


def test_no_rhyme_sound_comes_twice() -> None:
    rng = random.Random(2)
    for _ in range(100):
        ends = [last_word(line) for line in lines_of(write_poem(rng, draw_known(rng), lines=8))]
        for index in range(0, 8, 2):
            assert not any(rhymes(ends[index], other) for other in ends[index + 2 :])
