"""Prompts are true of their scenes, say what they claim to say, and are spread as intended."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache

import pytest

from tests.training.digests import digest_of
from training.world import phrases
from training.world.phrases_filler import ADJECTIVES, FIGURE_ADJECTIVES, STRANGE_WORDS
from training.world.prompts import Prompt, prompt_for
from training.world.prompts_families import LESSON_SENTENCE
from training.world.scene import ANIMALS, CLOTHING, COLORS, HATS, HELD, NOTHING, Scene, sample_scene

FLAGS = ("glasses", "flowers", "treats", "tea")
KINDS = {
    "animal": phrases.ANIMAL_NAMES,
    "clothing": phrases.CLOTHING_NAMES,
    "hat": phrases.HAT_NAMES,
    "held": phrases.HELD_NAMES,
}
LESSON_SCENE = Scene(
    "llama",
    "rustic wood",
    clothing="scarf",
    clothing_color="red",
    hat="straw hat",
    held="cookbook",
    flowers=True,
    treats=True,
    tea=True,
)
PROMPTS_DIGEST = "0e2e1089deabf2b19debdded7efd906df933bfca745b7df2ab9080394af22d88"


@cache
def drawn(count: int = 8000) -> list[tuple[Scene, Prompt]]:
    rng = random.Random(42)
    pairs = []
    for _ in range(count):
        scene = sample_scene(rng)
        pairs.append((scene, prompt_for(scene, rng)))
    return pairs


def not_short() -> list[tuple[Scene, Prompt]]:
    """Prompts with everything that a prompt of middle length has."""
    return [pair for pair in drawn() if len(pair[1].said) >= 4 or len(pair[1].text.split()) > 9]


def truth(scene: Scene, key: str) -> str:
    value = getattr(scene, key)
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def contains(text: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text.lower()) for word in words)


def test_the_prompts_are_those_that_the_next_models_learn() -> None:
    """The served ones learned from prompts with some other odd words in them."""
    prompts = (prompt for _, prompt in drawn())
    assert digest_of((each.text, sorted(each.said.items())) for each in prompts) == PROMPTS_DIGEST


def test_everything_said_is_true() -> None:
    for scene, prompt in drawn():
        for key, value in prompt.said.items():
            assert value == truth(scene, key), (prompt, scene)


def test_everything_said_stands_in_the_text() -> None:
    backgrounds = {
        name: (*phrases.PLACES[name], *phrases.BACKDROPS[name], *phrases.SETTINGS[name])
        for name in phrases.PLACES
    }
    for scene, prompt in drawn():
        for key, value in prompt.said.items():
            if value in (NOTHING, "no"):
                assert contains(prompt.text, ("no", "not", "nothing", "without", "empty",
                                              "empty-handed", "bareheaded"))  # fmt: skip
            elif key.endswith("color"):
                assert contains(prompt.text, phrases.COLOR_NAMES[value]), (prompt, scene)
            elif key in KINDS:
                assert contains(prompt.text, KINDS[key][value]), (prompt, scene)
            elif key == "background":
                assert contains(prompt.text, backgrounds[value]), (prompt, scene)


@pytest.mark.parametrize("key", ["animal", "clothing", "hat"])
def test_no_other_value_stands_in_the_text(key: str) -> None:
    for _, prompt in drawn():
        for value, words in KINDS[key].items():
            if prompt.said.get(key) != value:
                assert not contains(prompt.text, words), prompt


def test_colors_in_the_text_are_said() -> None:
    every = {word: color for color, words in phrases.COLOR_NAMES.items() for word in words}
    for _, prompt in drawn():
        text = re.sub(r"blue sky|green (meadow|hills|field)s?", "", prompt.text.lower())
        said = {value for key, value in prompt.said.items() if key.endswith("color")}
        for word, color in every.items():
            if contains(text, (word,)):
                assert color in said, prompt


def test_every_color_word_means_one_color() -> None:
    counts = Counter(word for words in phrases.COLOR_NAMES.values() for word in set(words))
    assert set(phrases.COLOR_NAMES) == set(COLORS)
    assert max(counts.values()) == 1


@pytest.mark.parametrize(("key", "values"), [("animal", ANIMALS), ("clothing", CLOTHING),
                                             ("hat", HATS), ("held", HELD)])  # fmt: skip
def test_every_name_means_one_thing(key: str, values: tuple[str, ...]) -> None:
    assert set(KINDS[key]) == set(values)
    counts = Counter(word for words in KINDS[key].values() for word in set(words))
    assert max(counts.values()) == 1


def test_filler_means_nothing() -> None:
    meaningful = {
        word
        for table in (*KINDS.values(), phrases.COLOR_NAMES)
        for names in table.values()
        for name in names
        for word in name.split()
    }
    for word in (*STRANGE_WORDS, *ADJECTIVES, *FIGURE_ADJECTIVES):
        assert word not in meaningful - {"baby", "bright", "tall"}


@pytest.mark.parametrize("seed", range(3))
def test_the_same_random_state_gives_the_same_prompt(seed: int) -> None:
    first, second = random.Random(seed), random.Random(seed)
    for scene, _ in drawn()[:300]:
        assert prompt_for(scene, first) == prompt_for(scene, second)


def test_the_course_sentence_appears_where_it_is_true() -> None:
    rng = random.Random(5)
    count = sum(prompt_for(LESSON_SCENE, rng).text == LESSON_SENTENCE for _ in range(2000))
    assert 150 <= count <= 500


@pytest.mark.parametrize(
    "change", [{"hat": NOTHING}, {"tea": False}, {"animal": "fox"}, {"background": "sky"}]
)
def test_the_course_sentence_appears_nowhere_else(change: dict[str, object]) -> None:
    scene = Scene(**{**LESSON_SCENE.__dict__, **change})  # type: ignore[arg-type]
    rng = random.Random(5)
    assert not any(prompt_for(scene, rng).text == LESSON_SENTENCE for _ in range(2000))


def test_only_an_animal_with_clothing_and_a_hat_is_fashionably_dressed() -> None:
    dressed = [scene for scene, prompt in drawn() if "fashionably dressed" in prompt.text.lower()]
    assert len(dressed) > 50
    assert all(NOTHING not in (scene.clothing, scene.hat) for scene in dressed)


def test_the_course_style_is_common() -> None:
    in_style = sum(bool(re.search(r"background of ", prompt.text, re.I)) for _, prompt in drawn())
    assert 0.09 <= in_style / len(drawn()) <= 0.15


def test_plain_prompts_are_common() -> None:
    form = re.compile(r"(an?|the) [\w ]+ (in|with|wearing|holding) (an?|the)? ?[\w ,-]+\.?", re.I)
    count = sum(bool(form.fullmatch(prompt.text)) for _, prompt in drawn())
    assert count / len(drawn()) > 0.15


@pytest.mark.parametrize("key", ["clothing", "hat", "held", "glasses"])
def test_what_is_there_is_nearly_always_mentioned(key: str) -> None:
    present = [
        key in prompt.said
        for scene, prompt in not_short()
        if truth(scene, key) not in (NOTHING, "no")
    ]
    assert sum(present) / len(present) >= 0.9


@pytest.mark.parametrize("key", ["hat", "held", "glasses"])
def test_what_is_missing_is_sometimes_mentioned(key: str) -> None:
    denied = [key in prompt.said for scene, prompt in not_short()
              if truth(scene, key) in (NOTHING, "no")]  # fmt: skip
    assert 0.02 <= sum(denied) / len(denied) <= 0.06


def test_most_mentioned_items_are_mentioned_with_their_color() -> None:
    for item in ("clothing", "hat", "held"):
        colored = [
            f"{item}_color" in prompt.said
            for scene, prompt in drawn()
            if prompt.said.get(item, NOTHING) != NOTHING and getattr(scene, f"{item}_color")
        ]
        assert 0.81 <= sum(colored) / len(colored) <= 0.89


def test_short_middle_and_full_prompts() -> None:
    short = sum(len(prompt.said) <= 3 and len(prompt.text.split()) <= 9 for _, prompt in drawn())
    assert 0.14 <= short / len(drawn()) <= 0.30
    full = [
        all(key in prompt.said for key in ("clothing", "hat", "held", "background", *FLAGS)
            if truth(scene, key) not in (NOTHING, "no"))
        for scene, prompt in drawn()
    ]  # fmt: skip
    assert 0.3 <= sum(full) / len(full) <= 0.6


def test_single_attributes_stand_alone_as_they_do_in_negative_prompts() -> None:
    texts = {prompt.text.lower().rstrip(".") for _, prompt in drawn()}
    assert {"a fox", "snow", "glasses", "flowers", "treats", "a cup of tea"} <= texts
    assert texts & {f"a {color} hat" for color in COLORS}


def test_a_cup_of_tea_alone_settles_nothing() -> None:
    alone = [prompt.said for _, prompt in drawn() if prompt.text.lower().strip(".") == "tea"]
    assert alone
    assert not any(alone)


def test_articles_fit() -> None:
    for _, prompt in drawn():
        text = prompt.text.lower()
        assert not re.search(r"\ba [aeio]", text), prompt
        assert not re.search(r"\ban [^aeiou]", text), prompt


def test_no_slips_of_the_pen() -> None:
    for _, prompt in drawn():
        assert prompt.text.strip()
        assert not re.search(
            r"  |,,|\.\.(?!\.)| ,|(^|\s)a a |,\.", prompt.text.replace("...", "")
        ), prompt


def test_prompts_are_varied() -> None:
    scene = Scene("penguin", "snow", clothing="scarf", clothing_color="red", held="balloon",
                  held_color="blue")  # fmt: skip
    rng = random.Random(1)
    texts = {prompt_for(scene, rng).text for _ in range(1000)}
    assert len(texts) > 850


def test_unknown_words_are_put_in() -> None:
    known = set(STRANGE_WORDS)
    strange = sum(
        any(word.strip(".,!").lower() in known for word in prompt.text.split())
        for _, prompt in drawn()
    )
    assert 0.02 <= strange / len(drawn()) <= 0.06


def test_a_prompt_is_never_empty() -> None:
    rng = random.Random(5)
    bare = Scene("fox", "snow")
    assert all(prompt_for(bare, rng).text.strip() for _ in range(50_000))
