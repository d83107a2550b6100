"""Training rows of the language stage: pictures first, then many questions about them at once.

The image tokens of a picture are dear (326 of them) and its questions short. So a row holds one
prefix with the pictures and several segments, each a short conversation that sees the prefix and
itself but not its neighbours, at the positions that it would have alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer

from training.idefics2.painted import Painting
from training.idefics2.pictures import CLASSES, Sample, classes_of, sample_at, tiles
from training.idefics2.questions.mixture import (
    exchange_about,
    exchange_to_conclude,
    exchange_without_picture,
)
from training.idefics2.questions.phrases import Exchange
from training.idefics2.questions.several import exchange_about_several
from training.idefics2.sizes import LATENTS, TILE, TILES
from training.idefics2.tokenizer import END_OF_UTTERANCE, FAKE_TEXT, IMAGE_TEXT, PAD

SEED = 43
TEXT_FIRST_SHARE, SEVERAL_SHARE, BARE_SHARE, DRILL_SHARE = 0.06, 0.24, 0.04, 0.14
ALIKE = 32
"""So many rows in succession, those of a step, have several pictures each, or have none of them."""
SEGMENT_TOKENS = 480
"""Tokens of the segments of one row together; its picture has 326."""
HINGE = re.compile(
    r",? (wearing|holding|but|in|on|under|high|nothing)\b"
    r"|\b(None|One) and (none|four)\b|,? and( a| treats| flowers)?\b|There (is|are) \w+"
)
"""Where a text goes one way or the other: a word there counts as much as several others."""
VERDICT = re.compile(r", so(?: the)?( [a-z]+)")
"""The word that a question is about: what is seen must be compared with what was asked."""
CONCLUSION = re.compile(r"(?:, so(?: the)?|\.(?= (?:None|One) and))( .+)")
"""What follows from what is seen: a verdict, or two numbers and their sum."""
HINGE_WEIGHT, VERDICT_WEIGHT, VERSE_WEIGHT = 3.0, 10.0, 2.0
"""How much a token counts there, and in every line of verse, where there is much to invent."""
IMAGE_STRING = f"{FAKE_TEXT}{IMAGE_TEXT * LATENTS}" * TILES + FAKE_TEXT
"""A picture in a prompt: neighbouring delimiters are one, 326 tokens."""


@dataclass
class Row:
    """Tokens with what each one sees and how much its prediction counts.

    Attributes:
        ids: token ids.
        positions: as the rotary embedding takes them.
        segment: 0 for the prefix, then 1, 2, ...: a token sees the prefix and its own segment.
        weights: of the loss of predicting the token at this place; 0 for what is not learned.
        images: pictures in the order of their places.
        classes: what each picture shows, as `pictures.classes_of` numbers it.
    """

    ids: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    segment: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    images: list[Image.Image] = field(default_factory=list)
    classes: list[list[int]] = field(default_factory=list)

    def add(
        self, ids: Sequence[int], *, start: int, segment: int, weights: Sequence[float]
    ) -> None:
        """Append tokens whose positions count from ``start``."""
        self.ids += ids
        self.positions += range(start, start + len(ids))
        self.segment += [segment] * len(ids)
        self.weights += weights


def row_at(
    number: int,
    tokenizer: Tokenizer,
    *,
    paintings: Sequence[Painting] = (),
    photographs: Sequence[Image.Image] = (),
    drills: float = DRILL_SHARE,
) -> Row:
    """The training row of that number; the same on every machine.

    ``drills`` is the share of the rows that train conclusions alone.
    """

    def sample(place: int) -> Sample:
        return sample_at(
            4 * number + place, seed=SEED, paintings=paintings, photographs=photographs
        )

    rng = random.Random(f"{SEED}/{number}")
    start = "<s>" if rng.random() < 0.6 else ""
    # They are the longest: in a batch with others, most of it would be padding.
    if random.Random(f"{SEED}/several/{number // ALIKE}").random() < SEVERAL_SHARE:
        count = 2 if rng.random() < 0.4 else 3
        return _several(rng, tokenizer, start, [sample(place) for place in range(count)])
    if rng.random() * (1 - SEVERAL_SHARE) < drills:
        return _drill(rng, tokenizer, start)
    kind = rng.random() * (1 - SEVERAL_SHARE - DRILL_SHARE)
    if kind < BARE_SHARE:
        return _bare(rng, tokenizer, start)
    if kind < BARE_SHARE + TEXT_FIRST_SHARE:
        return _text_first(rng, tokenizer, start, sample(0))
    return _single(rng, tokenizer, start, sample(0))


def _encode(tokenizer: Tokenizer, text: str) -> list[int]:
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def _prefix(row: Row, tokenizer: Tokenizer, text: str) -> int:
    ids = _encode(tokenizer, text)
    row.add(ids, start=0, segment=0, weights=[0.0] * len(ids))
    return len(ids)


def _turn(
    row: Row,
    tokenizer: Tokenizer,
    question: str,
    answer: str,
    *,
    start: int,
    segment: int,
    given: int = 0,
) -> int:
    """One question and its answer, from the question's text on; returns the next position.

    The first ``given`` characters of the answer are not learned.
    """
    asked = _encode(tokenizer, f"{question}<end_of_utterance>\nAssistant:")
    said = tokenizer.encode(f" {answer}", add_special_tokens=False)
    # Between the mean per token and the mean per answer: short answers must not drown.
    weight = (len(said.ids) + 1) ** -0.6
    factors = _factors(f" {answer}", said.offsets)
    weights = [
        weight * factor if first >= given else 0.0
        for factor, (first, _) in zip(factors, said.offsets, strict=True)
    ]
    row.add(
        [*asked, *said.ids, END_OF_UTTERANCE],
        start=start,
        segment=segment,
        weights=[0.0] * len(asked) + [*weights, weight * HINGE_WEIGHT],
    )
    return start + len(asked) + len(said.ids) + 1


def _factors(answer: str, offsets: Sequence[tuple[int, int]]) -> list[float]:
    """How much each token of an answer counts, of those where it turns."""
    hinges = [match.span() for match in HINGE.finditer(answer)]
    verdicts = {match.start(1) for match in VERDICT.finditer(answer)}
    plain = VERSE_WEIGHT if "\n" in answer else 1.0
    return [
        VERDICT_WEIGHT
        if start in verdicts
        else HINGE_WEIGHT
        if any(first < end and start < last for first, last in hinges)
        else plain
        for start, end in offsets
    ]


def row_of(tokenizer: Tokenizer, image: Image.Image, exchanges: Sequence[Exchange]) -> Row:
    """Some questions about one picture, each by itself; what it shows is not told."""
    row = Row(images=[image], classes=[[-1] * len(CLASSES)])
    first = _prefix(row, tokenizer, f"User:{IMAGE_STRING}")
    for segment, exchange in enumerate(exchanges, 1):
        _turn(row, tokenizer, exchange.question, exchange.answer, start=first, segment=segment)
    return row


def _row_about(samples: Sequence[Sample]) -> Row:
    return Row(
        images=[sample.image for sample in samples],
        classes=[classes_of(sample.values) for sample in samples],
    )


def _single(rng: random.Random, tokenizer: Tokenizer, start: str, sample: Sample) -> Row:
    row = _row_about([sample])
    first = _prefix(row, tokenizer, f"{start}User:{IMAGE_STRING}")
    segment = 0
    while len(row.ids) - first < SEGMENT_TOKENS:
        segment += 1
        # The processor of transformers puts a space behind the picture, TGI does not.
        space = " " if rng.random() < 0.25 else ""
        exchange = exchange_about(sample.values, rng)
        place = _turn(row, tokenizer, space + exchange.question, exchange.answer,
                      start=first, segment=segment)  # fmt: skip
        while rng.random() < 0.15:
            exchange = exchange_about(sample.values, rng)
            place = _turn(row, tokenizer, f"\nUser: {exchange.question}", exchange.answer,
                          start=place, segment=segment)  # fmt: skip
    return row


def _text_first(rng: random.Random, tokenizer: Tokenizer, start: str, sample: Sample) -> Row:
    """The question before the picture, as many chat clients send it."""
    row = _row_about([sample])
    exchange = exchange_about(sample.values, rng)
    space = " " if rng.random() < 0.2 else ""
    text = f"{start}User: {exchange.question}{space}{IMAGE_STRING}"
    first = _prefix(row, tokenizer, text)
    _turn(row, tokenizer, "", exchange.answer, start=first, segment=1)
    return row


def _several(
    rng: random.Random, tokenizer: Tokenizer, start: str, samples: Sequence[Sample]
) -> Row:
    row = _row_about(samples)
    between = "" if rng.random() < 0.6 else " "
    pictures = between.join([IMAGE_STRING] * len(samples)).replace(FAKE_TEXT * 2, FAKE_TEXT)
    first = _prefix(row, tokenizer, f"{start}User:{pictures}")
    for segment in range(1, 15):
        exchange: Exchange | None = exchange_about_several(
            [sample.values for sample in samples], rng
        )
        if exchange is None:
            exchange = exchange_without_values(rng)
        _turn(row, tokenizer, exchange.question, exchange.answer, start=first, segment=segment)
    return row


def exchange_without_values(rng: random.Random) -> Exchange:
    """Something that can be asked whatever the pictures show."""
    unknown = dict.fromkeys(
        ("animal", "background", "clothing", "hat", "held", "glasses", "flowers", "treats", "tea"),
        "",
    )
    return exchange_about(unknown, rng)


def _bare(rng: random.Random, tokenizer: Tokenizer, start: str) -> Row:
    """No picture at all."""
    row = Row()
    first = _prefix(row, tokenizer, f"{start}User:")
    for segment in range(1, 9):
        exchange = exchange_without_picture(rng)
        _turn(row, tokenizer, f" {exchange.question}", exchange.answer,
              start=first, segment=segment)  # fmt: skip
    return row


def _drill(rng: random.Random, tokenizer: Tokenizer, start: str) -> Row:
    """Questions whose evidence is given: only what follows from it is learned, without a picture.

    Whether two words are the same is learned late, all at once, and from many examples; from a row
    like this, which costs a third of one with a picture, within minutes.
    """
    row = Row()
    first = _prefix(row, tokenizer, f"{start}User:")
    segment = 0
    while len(row.ids) - first < SEGMENT_TOKENS:
        exchange = exchange_to_conclude(rng)
        conclusion = CONCLUSION.search(f" {exchange.answer}")
        assert conclusion is not None, exchange
        segment += 1
        _turn(row, tokenizer, exchange.question, exchange.answer,
              start=first, segment=segment, given=conclusion.start(1))  # fmt: skip
    return row


@dataclass(frozen=True)
class Batch:
    """Rows, padded on the right.

    Attributes:
        ids, positions: ``[rows, length]``.
        segments: ``[rows, length]``, to which segment a token belongs; -1 for padding.
        targets: indices into the flattened ids whose next token is learned.
        labels, weights: those next tokens and how much each counts; the weights' mean is one.
        pixels: tiles of the pictures of all rows in order, bytes ``[pictures, 5, 3, side, side]``.
        classes: what these pictures show, ``[pictures, attributes]``; -1 where nobody is sure.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    segments: torch.Tensor
    targets: torch.Tensor
    labels: torch.Tensor
    weights: torch.Tensor
    pixels: torch.Tensor
    classes: torch.Tensor

    @property
    def hidden(self) -> torch.Tensor:
        """``[rows, 1, length, length]``, whether the second token is hidden from the first."""
        length = self.segments.shape[1]
        causal = torch.ones(length, length, dtype=torch.bool, device=self.segments.device).tril()
        keys = self.segments[:, None, :]
        same = (self.segments[:, :, None] == keys) | (keys == 0)
        return ~(same & causal)[:, None]

    def to(self, device: torch.device) -> Batch:
        """The same on another device."""
        moved = {name: getattr(self, name).to(device) for name in self.__dataclass_fields__}
        return Batch(**moved)


def collate(rows: Sequence[Row]) -> Batch:
    """Put rows together."""
    length = -(-max(len(row.ids) for row in rows) // 16) * 16
    ids = np.full((len(rows), length), PAD)
    positions = np.zeros((len(rows), length), np.int64)
    segments = np.full((len(rows), length), -1)
    weights = np.zeros((len(rows), length), np.float32)
    for number, row in enumerate(rows):
        count = len(row.ids)
        ids[number, :count] = row.ids
        positions[number, :count] = row.positions
        segments[number, :count] = row.segment
        weights[number, :count] = row.weights
    learned = weights[:, 1:] > 0
    row_of, place = learned.nonzero()
    chosen = weights[:, 1:][learned]
    pictures = [tiles(image, side=TILE) for row in rows for image in row.images]
    return Batch(
        ids=torch.from_numpy(ids),
        positions=torch.from_numpy(positions),
        segments=torch.from_numpy(segments),
        targets=torch.from_numpy(row_of * length + place),
        labels=torch.from_numpy(ids[:, 1:][learned]),
        weights=torch.from_numpy(chosen / chosen.mean()),
        pixels=torch.from_numpy(
            np.stack(pictures) if pictures else np.zeros((0, TILES, 3, TILE, TILE), np.uint8)
        ),
        classes=torch.tensor([classes for row in rows for classes in row.classes]),
    )
