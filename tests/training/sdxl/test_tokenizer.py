"""The pocket SDXL's tokenizer behaves as CLIP's, knows the pocket world's words, takes any text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tokenizers import Tokenizer

import local_endpoints
from training.sdxl.tokenizer import (
    END,
    MAX_LENGTH,
    START,
    VOCABULARY,
    lengths,
    prompts,
    train,
    write,
)
from training.world import phrases
from training.world.prompts_families import LESSON_SENTENCE

SHIPPED = Path(local_endpoints.__file__).parent / "models" / "sdxl" / "tokenizer.json"
ODD = (
    "zorvik",
    "лама в шарфе",
    "🦙🎈",
    "two\nlines\tand  spaces",
    "naïve café",
    "日本",
    "!!!",
    "",
    "\x00",
)


@cache
def shipped() -> Tokenizer:
    return Tokenizer.from_file(str(SHIPPED))


def pieces(text: str) -> list[str]:
    """Tokens between the two special ones."""
    encoding = shipped().encode(text)
    return [token for token in encoding.tokens if token not in (START, END)]


def test_the_vocabulary_is_small_and_ends_with_the_special_tokens() -> None:
    size = shipped().get_vocab_size()
    assert size == VOCABULARY
    assert shipped().token_to_id(START) == size - 2
    assert shipped().token_to_id(END) == size - 1


def decoded(text: str) -> str:
    """The text as the ids give it back, without white space."""
    return shipped().decode(shipped().encode(text).ids).replace("</w>", "")


@pytest.mark.parametrize("text", [LESSON_SENTENCE, "a fox", *ODD])
def test_ids_start_end_and_are_padded_to_77(text: str) -> None:
    ids = shipped().encode(text).ids
    start, end = shipped().token_to_id(START), shipped().token_to_id(END)
    assert len(ids) == MAX_LENGTH
    assert ids[0] == start
    first_end = ids.index(end)
    assert set(ids[first_end:]) == {end}
    assert start not in ids[1:]


def test_a_long_text_is_cut_and_keeps_its_end() -> None:
    ids = shipped().encode("red scarf " * 100).ids
    assert len(ids) == MAX_LENGTH
    assert ids[-1] == shipped().token_to_id(END)
    assert ids.count(shipped().token_to_id(END)) == 1


def test_every_prompt_round_trips() -> None:
    for text in prompts(2000, seed=9):
        assert decoded(text) == "".join(text.lower().split())


@pytest.mark.parametrize("text", ODD)
def test_any_text_is_encoded_and_comes_back(text: str) -> None:
    assert decoded(text) == "".join(text.lower().split())


def test_letter_case_and_white_space_do_not_matter() -> None:
    assert shipped().encode("A RED   Scarf\n").ids == shipped().encode("a red scarf").ids


def test_words_digits_and_signs_are_apart() -> None:
    assert pieces("fox,owl") == ["fox</w>", ",</w>", "owl</w>"]
    assert pieces("8k 4k")[0] == "8</w>"
    assert pieces("children's")[-1] == "'s</w>"


def test_common_words_are_single_tokens() -> None:
    tables = (phrases.ANIMAL_NAMES, phrases.CLOTHING_NAMES, phrases.HAT_NAMES, phrases.HELD_NAMES,
              phrases.COLOR_NAMES, phrases.SETTINGS)  # fmt: skip
    words = {names[0] for table in tables for names in table.values()}
    words |= {"whimsical illustration", "fashionably dressed", "wearing", "holding", "glasses"}
    for word in words:
        assert pieces(word) == [f"{part}</w>" for part in word.split()]


def test_prompts_fit() -> None:
    counts = lengths(shipped(), [LESSON_SENTENCE, *prompts(3000, seed=4)])
    assert max(counts) <= MAX_LENGTH
    assert lengths(shipped(), ["red " * 200])[0] > MAX_LENGTH


def test_transformers_reads_the_file_as_a_clip_tokenizer() -> None:
    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.CLIPTokenizer.from_pretrained(
        str(SHIPPED.parent), model_max_length=MAX_LENGTH
    )
    assert tokenizer.pad_token == END
    for text in (LESSON_SENTENCE, *ODD):
        ids = tokenizer(text, padding="max_length", truncation=True, max_length=MAX_LENGTH)
        assert ids["input_ids"] == shipped().encode(text).ids


def test_training_is_repeatable_and_writes_a_readable_file(tmp_path: Path) -> None:
    first, second = train(texts=300), train(texts=300)
    assert first.to_str() == second.to_str()
    path = write(first, tmp_path / "new")
    again = Tokenizer.from_file(str(path))
    assert again.encode("a fox").ids == first.encode("a fox").ids
    assert [file.name for file in path.parent.iterdir()] == ["tokenizer.json"]
