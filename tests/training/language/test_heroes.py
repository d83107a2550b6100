"""Stories about a hero of the user's own say of the hero what the request says."""

from __future__ import annotations

import random
import re

import pytest

from training.language.heroes import draw_hero, hero_story
from training.language.lexicon import Draw


@pytest.mark.parametrize("seed", range(60))
def test_a_story_begins_with_the_hero_of_the_request(seed: int) -> None:
    hero = draw_hero(Draw(random.Random(seed)))
    somebody = re.split(" who | that ", hero.asked)[0]
    assert hero.told.startswith(f"{somebody} ")
    assert hero.asked != hero.told
    chat = hero_story(Draw(random.Random(seed)))
    answer = chat.messages[1]["content"]
    assert len(re.findall(r"[.](?: |$)", answer)) == 3
    assert not re.search(r"[{}\[\]|]", chat.messages[0]["content"] + answer)


def test_what_is_asked_in_the_present_is_told_in_the_past() -> None:
    drawn = [draw_hero(Draw(random.Random(seed))) for seed in range(300)]
    learning = next(hero for hero in drawn if " learns to " in hero.asked)
    assert learning.told == learning.asked.replace(" learns to ", " learned to ")
