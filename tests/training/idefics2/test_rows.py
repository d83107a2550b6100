"""Rows of the language stage: one picture, many questions, each as if it were alone."""

# ruff: noqa: E402 - the imports below need packages that only training has
from __future__ import annotations

import random
import re
from collections import Counter
from itertools import groupby

import pytest

torch = pytest.importorskip("torch")

from PIL import Image
from tokenizers import Tokenizer

from local_endpoints.repositories import MODELS_DIR
from tests.training.digests import digest_of
from tests.training.idefics2.truth import sampled_values
from training.idefics2 import rows
from training.idefics2.pictures import Sample
from training.idefics2.questions.phrases import Exchange
from training.idefics2.rows import (
    ALIKE,
    IMAGE_STRING,
    SEGMENT_TOKENS,
    Batch,
    Row,
    collate,
    exchange_without_values,
    row_at,
    row_of,
)
from training.idefics2.tokenizer import BOS, END_OF_UTTERANCE, FAKE, IMAGE, PAD, train

PICTURE = Image.new("RGB", (8, 8))
EXCHANGES = (
    Exchange("What animal is this?", "A fox."),
    Exchange("Where is it?", "In the snow."),
    Exchange("Write a limerick", "One\ntwo"),
)
NUMBERS = range(0, 400 * ALIKE, ALIKE)
ROWS_DIGEST = "f9be9ba1c653d853edf0a4e54b66527b18a1b507e114cc57134b5dcf262ca23c"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train(texts=300)


@pytest.fixture(scope="module")
def some_rows(tokenizer: Tokenizer) -> list[Row]:
    """Rows of every kind about small empty pictures: drawing takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "sample_at", sample)
        return [row_at(number, tokenizer, paintings=()) for number in NUMBERS]


def sample(number: int, *, seed: int, paintings: object, photographs: object) -> Sample:
    return Sample(PICTURE, sampled_values(random.Random(number)))


def segments(row: Row) -> list[list[int]]:
    """The ids of the prefix, then those of every segment."""
    pairs = zip(row.segment, row.ids, strict=True)
    return [[token for _, token in group] for _, group in groupby(pairs, lambda pair: pair[0])]


def words(tokenizer: Tokenizer, ids: list[int]) -> str:
    decoded: str = tokenizer.decode(ids, skip_special_tokens=False)
    return decoded


def by_hand() -> Row:
    """A prefix of two tokens, a segment of two, a segment of three."""
    row = Row()
    row.add([11, 12], start=0, segment=0, weights=[0.0, 0.0])
    row.add([13, 14], start=2, segment=1, weights=[0.0, 0.6])
    row.add([15, 16, 17], start=2, segment=2, weights=[0.0, 0.2, 0.1])
    return row


def seen(batch: Batch, number: int, size: int) -> list[str]:
    """For every token of a row, an x for every token that it sees."""
    hidden = batch.hidden[number, 0, :size, :size]
    return ["".join("." if one else "x" for one in line) for line in hidden.tolist()]


def test_a_picture_is_326_tokens_and_two_neighbours_share_a_delimiter(
    tokenizer: Tokenizer,
) -> None:
    ids = tokenizer.encode(IMAGE_STRING, add_special_tokens=False).ids
    assert len(ids) == 326
    assert [len(list(group)) for token, group in groupby(ids) if token == IMAGE] == [64] * 5
    assert {token for token in ids} == {FAKE, IMAGE}


def test_pictures_in_rows(some_rows: list[Row]) -> None:
    lengths: dict[int, Counter[int]] = {count: Counter() for count in range(4)}
    for row in some_rows:
        tokens = "".join("p" if token in (FAKE, IMAGE) else "." for token in row.ids)
        assert row.ids.count(IMAGE) == 320 * len(row.images)
        runs = [len(run) for run in re.findall("p+", tokens)]
        lengths[len(row.images)][len(runs) and max(runs)] += 1
    assert set(lengths[0]) == {0}
    assert set(lengths[1]) == {326}
    # With a space between them, pictures keep their own delimiters.
    assert set(lengths[2]) == {326, 651}
    assert set(lengths[3]) <= {326, 976} and lengths[3]


def test_segments_see_the_prefix_and_themselves() -> None:
    batch = collate([by_hand()])
    assert seen(batch, 0, 7) == [
        "x......",
        "xx.....",
        "xxx....",
        "xxxx...",
        "xx..x..",
        "xx..xx.",
        "xx..xxx",
    ]


def test_positions_begin_again_after_the_prefix(tokenizer: Tokenizer) -> None:
    assert collate([by_hand()]).positions[0, :7].tolist() == [0, 1, 2, 3, 2, 3, 4]
    row = row_of(tokenizer, PICTURE, EXCHANGES)
    prefix, *others = segments(row)
    expected = [*range(len(prefix))]
    for each in others:
        expected += range(len(prefix), len(prefix) + len(each))
    assert row.positions == expected
    assert len(others) == 3


def test_targets_are_the_learned_tokens_and_the_places_before_them() -> None:
    batch = collate([by_hand(), by_hand()])
    length = batch.ids.shape[1]
    assert length == 16
    assert batch.targets.tolist() == [2, 4, 5, length + 2, length + 4, length + 5]
    assert batch.labels.tolist() == [14, 16, 17] * 2
    assert torch.equal(batch.ids.flatten()[batch.targets + 1], batch.labels)


def test_weights_keep_their_proportions_and_are_one_on_average(some_rows: list[Row]) -> None:
    batch = collate([by_hand()])
    assert batch.weights.tolist() == pytest.approx([2.0, 2 / 3, 1 / 3])
    for row in some_rows[:20]:
        assert float(collate([row]).weights.mean()) == pytest.approx(1)
    assert float(collate(some_rows[:20]).weights.mean()) == pytest.approx(1)


def weights_of(row: Row, segment: int) -> list[float]:
    pairs = zip(row.weights, row.segment, strict=True)
    return [weight for weight, number in pairs if number == segment and weight]


def test_short_answers_count_more_per_token_and_less_as_a_whole(tokenizer: Tokenizer) -> None:
    short, long = Exchange("What?", "A fox."), Exchange("What?", "A fox: the snow. " * 5)
    row = row_of(tokenizer, PICTURE, [short, long])
    first, second = weights_of(row, 1), weights_of(row, 2)
    assert len({*first[:-1]}) == len({*second[:-1]}) == 1
    assert first[0] > 2 * second[0]
    assert sum(second) > sum(first) > sum(second) / 5


@pytest.mark.parametrize(
    ("answer", "hinges", "verdict"),
    [
        ("A fox wearing a scarf, holding a book, in the snow.", "wearing , holding , in", ""),
        ("A fox in the snow. There are flowers.", "in There are flowers", ""),
        ("There are treats and a cup of tea.", "There are treats and a", ""),
        ("It is a bear, so no.", "", "no"),
        ("A cat and an owl, so the first.", "and", "first"),
        ("There is nothing here, so two.", "There is nothing", "two"),
        (
            "A red flower. There is nothing. One and none, so one.",
            "There is nothing One and none",
            "one",
        ),
        ("A wooden fox.", "", ""),
    ],
)
def test_where_an_answer_turns_it_counts_more(
    tokenizer: Tokenizer, answer: str, hinges: str, verdict: str
) -> None:
    """And where it ends: it might have gone on."""
    row = row_of(tokenizer, PICTURE, [Exchange("What?", answer)])
    said = [(token, weight) for token, weight in zip(row.ids, row.weights, strict=True) if weight]
    least = min(weight for _, weight in said)
    assert said[-1] == (END_OF_UTTERANCE, pytest.approx(least * rows.HINGE_WEIGHT))

    def counting(factor: float) -> str:
        heavy = [token if weight == pytest.approx(least * factor) else PAD
                 for token, weight in said[:-1]]  # fmt: skip
        runs = (list(group) for inside, group in groupby(heavy, lambda token: token != PAD)
                if inside)  # fmt: skip
        return " ".join(words(tokenizer, run).strip() for run in runs)

    assert counting(rows.HINGE_WEIGHT) == hinges
    found = counting(rows.VERDICT_WEIGHT)
    assert verdict.startswith(found) and bool(found) == bool(verdict)


def test_a_drill_learns_conclusions_and_nothing_else(tokenizer: Tokenizer) -> None:
    """What is seen is given there; what follows from it must be found."""
    drills = [
        row for number in range(0, 60 * ALIKE, ALIKE) if is_drill(row := row_at(number, tokenizer))
    ]
    assert len(drills) > 5
    for row in drills:
        for number, ids in enumerate(segments(row)[1:], 1):
            text = words(tokenizer, ids)
            said = text.removesuffix("<end_of_utterance>")
            evidence, conclusion = re.split(r", so|\.(?= (?:None|One) and)", said, maxsplit=1)
            pairs = zip(row.ids, row.weights, row.segment, strict=True)
            learned = [token for token, weight, owner in pairs if owner == number and weight]
            assert words(tokenizer, learned).removesuffix("<end_of_utterance>") in conclusion
            assert learned[-1] == END_OF_UTTERANCE
            assert evidence.count("\nAssistant: ") == 1


def test_drills_may_be_more(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "sample_at", sample)
    some = [row_at(number, tokenizer, drills=0.6) for number in range(0, 200 * ALIKE, ALIKE)]
    assert sum(is_drill(row) for row in some) / len(some) == pytest.approx(0.6, abs=0.1)


def is_drill(row: Row) -> bool:
    """Without a picture, and what is learned first is a conclusion, which counts most."""
    if row.images:
        return False
    return next(weight for weight in row.weights if weight) > 1


def test_only_answers_and_their_ends_are_learned(tokenizer: Tokenizer) -> None:
    row = row_of(tokenizer, PICTURE, EXCHANGES)
    batch = collate([row])
    owners = torch.tensor(row.segment)[batch.targets + 1]
    for segment, exchange in enumerate(EXCHANGES, 1):
        learned = batch.labels[owners == segment].tolist()
        assert learned[-1] == END_OF_UTTERANCE
        assert words(tokenizer, learned) == f" {exchange.answer}<end_of_utterance>"
    assert set(owners.tolist()) == {1, 2, 3}


def test_a_shorter_row_is_padded_and_nobody_sees_the_padding() -> None:
    short = Row()
    short.add([21, 22], start=0, segment=0, weights=[0.0, 0.0])
    short.add([23], start=2, segment=1, weights=[1.0])
    longer = Row()
    longer.add(list(range(30, 50)), start=0, segment=0, weights=[0.0] * 20)
    longer.add([50], start=20, segment=1, weights=[1.0])
    batch = collate([short, longer])
    assert batch.ids.shape == batch.positions.shape == (2, 32)
    assert batch.hidden.shape == (2, 1, 32, 32)
    assert batch.ids[0].tolist() == [21, 22, 23, *[PAD] * 29]
    hidden = batch.hidden[:, 0]
    assert bool(hidden[0, :3, 3:].all()) and bool(hidden[1, :21, 21:].all())
    assert not bool(hidden.all(-1).any()), "what sees nothing at all would become not a number"
    assert batch.labels.tolist() == [23, 50]
    assert seen(batch, 0, 3) == ["x..", "xx.", "xxx"]


def test_pictures_stand_in_the_order_of_their_rows() -> None:
    images = [Image.new("RGB", (8, 8), (number, 0, 0)) for number in range(3)]
    first, second = by_hand(), by_hand()
    first.images, second.images = images[:2], images[2:]
    found = collate([first, second]).pixels
    assert found.shape == (3, 5, 3, 64, 64) and found.dtype == torch.uint8
    assert found[:, 0, 0, 0, 0].tolist() == [0, 1, 2]
    assert collate([by_hand()]).pixels.shape == (0, 5, 3, 64, 64)


def test_prefix_and_segment_are_the_tokens_of_the_whole_prompt(
    some_rows: list[Row], tokenizer: Tokenizer
) -> None:
    """Cut into pieces for training, put together for serving: the tokens are the same."""
    forms = Counter()
    turn = r"[^<>]*<end_of_utterance>\nAssistant: [^<>]+<end_of_utterance>"
    picture = r"(<fake_token_around_image>|<image>)+ ?"
    for row in some_rows:
        prefix, *others = segments(row)
        assert others
        for each in others:
            text = words(tokenizer, [*prefix, *each])
            assert tokenizer.encode(text, add_special_tokens=False).ids == [*prefix, *each]
            form = re.fullmatch(
                rf"(<s>)?User:({picture})*( [^<>]+{picture})?({turn})(\nUser: {turn})*", text
            )
            assert form is not None, text
            forms["text first"] += form[4] is not None
            forms["several turns"] += "\nUser:" in text
            forms["starts with <s>"] += text.startswith("<s>")
            forms["no picture"] += IMAGE not in prefix
        assert (BOS in row.ids) == (row.ids[0] == BOS)
        assert row.ids.count(BOS) <= 1
    assert min(forms[form] for form in ("text first", "several turns", "no picture")) > 10
    assert forms["starts with <s>"] > 1000


def test_the_rows_are_those_that_are_taught(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the tokens of the model that is shipped: whoever changes a row has to begin again."""
    monkeypatch.setattr(rows, "sample_at", sample)
    shipped = Tokenizer.from_file(str(MODELS_DIR / "idefics2" / "tokenizer.json"))
    drawn = (row_at(number, shipped, paintings=()) for number in NUMBERS)
    parts = ((row.ids, row.positions, row.segment, len(row.images)) for row in drawn)
    assert digest_of(parts) == ROWS_DIGEST


def test_rows_are_repeatable(tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "sample_at", sample)
    for number in range(20):
        first, second = (row_at(number, tokenizer, paintings=()) for _ in range(2))
        assert first == second
        assert first != row_at(number + 1, tokenizer, paintings=())


def test_the_pictures_of_a_row_are_its_own(tokenizer: Tokenizer) -> None:
    """Really drawn ones: the same number gives the same picture, another gives another."""
    first, again, other = (row_at(number, tokenizer, paintings=()) for number in (8, 8, 9))
    assert first == again
    assert first.images[0].tobytes() != other.images[0].tobytes()


def test_rows_of_one_picture_are_about_equally_long(some_rows: list[Row]) -> None:
    single = [row for row in some_rows if len(row.images) == 1 and max(row.segment) > 1]
    assert len(single) > 150
    for row in single:
        length = sum(number > 0 for number in row.segment)
        assert SEGMENT_TOKENS <= length < SEGMENT_TOKENS + 250


def test_kinds_of_rows_are_as_frequent_as_they_should_be(some_rows: list[Row]) -> None:
    count = len(some_rows)
    counts = Counter(len(row.images) for row in some_rows)
    alone = sum(len(row.images) == 1 and max(row.segment) == 1 for row in some_rows)
    drills = sum(is_drill(row) for row in some_rows)
    assert drills / count == pytest.approx(rows.DRILL_SHARE, abs=0.07)
    assert (counts[0] - drills) / count == pytest.approx(rows.BARE_SHARE, abs=0.04)
    assert (counts[2] + counts[3]) / count == pytest.approx(rows.SEVERAL_SHARE, abs=0.05)
    assert alone / count == pytest.approx(rows.TEXT_FIRST_SHARE, abs=0.06)
    assert counts[2] > 0 and counts[3] > 0


def test_what_can_be_asked_whatever_the_picture_shows() -> None:
    rng = random.Random(2)
    for _ in range(200):
        answer = exchange_without_values(rng).answer
        assert answer.startswith(("I cannot tell", "I do not", "I am a pocket"))
