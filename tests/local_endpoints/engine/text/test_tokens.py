"""Text from tokens that arrive one at a time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from local_endpoints.engine.text.tokens import REPLACEMENT, IncrementalText, StopStrings, TextCodec
from tests.local_endpoints.engine.tiny_model import BOS

FIRST_ORDINARY = 6 + 256
"""Before it come the special tokens and one token per byte."""

VOCABULARY = 330


def ids(codec: TextCodec, text: str) -> list[int]:
    encoded: list[int] = codec.encode(text, add_special_tokens=False).tolist()
    return encoded


def byte(codec: TextCodec, value: int) -> int:
    """The token of one byte."""
    return 6 + value


def pushed(codec: TextCodec, tokens: list[int], prompt: str = "the fox") -> list[str]:
    text = IncrementalText(codec, ids(codec, prompt))
    return [text.push(token) for token in tokens]


@pytest.mark.parametrize(
    "text", ["a llama 🦙 jumps", "naïve café", "日本語", "👩‍👩‍👧 ok", " the  dog"]
)
def test_characters_come_whole_and_add_up_to_the_text(codec: TextCodec, text: str) -> None:
    pieces = pushed(codec, ids(codec, text))
    assert "".join(pieces) == text
    assert all(REPLACEMENT not in piece for piece in pieces)


def test_an_emoji_is_held_back_until_its_last_byte(codec: TextCodec) -> None:
    tokens = [byte(codec, value) for value in "🦙".encode()]
    assert pushed(codec, tokens) == ["", "", "", "🦙"]


def test_a_broken_character_comes_with_the_token_that_breaks_it(codec: TextCodec) -> None:
    tokens = [byte(codec, 0xF0), byte(codec, 0x9F), *ids(codec, "a")]
    assert pushed(codec, tokens) == ["", "", f"{REPLACEMENT * 2}a"]


def in_context(codec: TextCodec, tokens: list[int]) -> list[str]:
    return [codec.in_context(token, tokens[:place]) for place, token in enumerate(tokens)]


@pytest.mark.parametrize(
    "text", ["Grüße 😀", "a llama 🦙 jumps", "日本語", "👩‍👩‍👧 ok", "the  dog"]
)
def test_texts_in_context_join_to_the_whole(codec: TextCodec, text: str) -> None:
    texts = in_context(codec, ids(codec, text))
    assert "".join(texts) == text
    assert all(REPLACEMENT not in each for each in texts)


def test_the_token_that_completes_a_character_has_all_of_it(codec: TextCodec) -> None:
    tokens = [*ids(codec, "the fox"), *(byte(codec, value) for value in "ü😀".encode())]
    assert in_context(codec, tokens)[-6:] == ["", "ü", "", "", "", "😀"]


def test_a_character_that_is_never_finished_has_no_text(codec: TextCodec) -> None:
    broken = [byte(codec, 0xF0), byte(codec, 0x9F)]
    assert in_context(codec, [*broken, *ids(codec, "a")]) == ["", "", "a"]
    assert codec.in_context(byte(codec, 0x80), []) == ""
    assert codec.in_context(byte(codec, 0x80), ids(codec, "the lazy dog")) == ""


def test_a_replacement_sign_of_the_text_counts_as_unfinished(codec: TextCodec) -> None:
    tokens = ids(codec, f"a{REPLACEMENT}b")
    assert in_context(codec, tokens) == ["a", "", "", "", "b"]


def test_random_texts_add_up_to_what_the_tokenizer_decodes(codec: TextCodec) -> None:
    generator = np.random.default_rng(1)
    llama = [byte(codec, value) for value in "🦙".encode()]
    prompt = ids(codec, "the fox")
    for _ in range(200):
        units = generator.integers(FIRST_ORDINARY - 40, VOCABULARY, 12).tolist()
        tokens = [t for unit in units for t in (llama if unit < FIRST_ORDINARY else [unit])]
        whole = codec.decode(prompt + tokens)[len(codec.decode(prompt)) :]
        assert "".join(pushed(codec, tokens)) == whole
        assert "🦙" in whole or not min(units) < FIRST_ORDINARY


class SlowCodec(TextCodec):
    """Decodes the window for every token."""

    def piece(self, token: int) -> None:
        return None


def test_pieces_are_what_decoding_the_window_gives(codec: TextCodec, model_dir: Path) -> None:
    slow = SlowCodec(model_dir)
    generator = np.random.default_rng(2)
    tokens = generator.integers(0, VOCABULARY, 400).tolist()
    assert pushed(codec, tokens) == pushed(slow, tokens)
    assert sum(codec.piece(token) is not None for token in range(VOCABULARY)) > 190


def test_bos_is_put_in_front_only_when_asked_for(codec: TextCodec) -> None:
    plain = codec.encode("the dog", add_special_tokens=False)
    assert codec.encode("the dog", add_special_tokens=True).tolist() == [BOS, *plain]
    assert codec.special_ids >= {BOS}


def test_a_stop_string_is_found_across_token_borders() -> None:
    stop = StopStrings(["lazy dog"])
    assert [stop.push(piece) for piece in ("la", "zy ", "d", "og")] == [False] * 3 + [True]


def test_a_stop_string_must_end_the_text() -> None:
    stop = StopStrings(["dog"])
    assert not stop.push("the dogs")
    assert not stop.push(" and a do")
    assert stop.push("g")


def test_a_final_line_break_after_a_stop_string_counts_as_the_end() -> None:
    assert StopStrings(["END"]).push("the END\n")
    assert not StopStrings(["END"]).push("the END\n\n")


def test_stop_strings_are_literal_and_many() -> None:
    stop = StopStrings([".*", "no"])
    assert not stop.push("anything")
    assert stop.push(".*")
    assert StopStrings([".*", "no"]).push("no")


def test_without_stop_strings_nothing_stops() -> None:
    assert not StopStrings([]).push("")


@pytest.mark.parametrize("text", ["a" * 1_000_000, "the quick brown fox " * 30_000])
def test_other_threads_go_on_while_a_long_text_is_read(codec: TextCodec, text: str) -> None:
    lengths: list[int] = []
    reading = threading.Thread(target=lambda: lengths.append(len(ids(codec, text))))
    reading.start()
    turns = 0
    while reading.is_alive():
        time.sleep(0.001)
        turns += 1
    assert lengths[0] > 30_000
    assert turns > 20, "one or two before and behind it, and the others meanwhile"
