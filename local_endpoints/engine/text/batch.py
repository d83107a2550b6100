"""The requests that are being answered, in the slots of the model."""

from __future__ import annotations

from collections.abc import Container, Sequence

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.text.delivery import is_last
from local_endpoints.engine.text.masks import MaskThread
from local_endpoints.engine.text.model import TextModel
from local_endpoints.engine.text.request import Event, Request
from local_endpoints.engine.text.sampling import BatchSampler
from local_endpoints.engine.text.sequence import TokenSequence
from local_endpoints.engine.text.tokens import TextCodec


class Batch:
    """Sequences in the first slots of a model, each in that of its place.

    Args:
        model: the decoder; from now on only this batch may use it.
        codec: its tokenizer.
    """

    def __init__(self, model: TextModel, codec: TextCodec) -> None:
        self._model = model
        self._codec = codec
        self._sequences: list[TokenSequence] = []
        self._sampler: BatchSampler | None = None
        self._masks = MaskThread()

    @property
    def requests(self) -> list[Request]:
        """What is being answered, by slot."""
        return [sequence.request for sequence in self._sequences]

    def read(
        self, requests: Sequence[Request], images: Sequence[npt.NDArray[np.float32] | None]
    ) -> list[tuple[Request, Event]]:
        """Add requests: read their prompts and choose the first token of each.

        Args:
            requests: at least one, and no more than there are free slots.
            images: for each, the image tokens of its pictures; see `TextModel.prefill`.

        Returns:
            The events of all of them.
        """
        added = [self._sequence(request) for request in requests]
        logits = self._model.prefill(
            [request.prompt for request in requests],
            first_slot=len(self._sequences),
            every_position=[request.prompt_logprobs for request in requests],
            images=images,
        )
        events: list[tuple[Request, Event]] = [
            (sequence.request, sequence.prompt_event(rows))
            for sequence, rows in zip(added, logits, strict=True)
            if sequence.request.prompt_logprobs
        ]
        sampler = BatchSampler([sequence.chooser for sequence in added])
        choices = sampler.choose(np.stack([rows[-1] for rows in logits]))
        chosen = [sequence.advance(choices, row) for row, sequence in enumerate(added)]
        self._sequences = self._sequences + added
        self._sampler = None
        return events + self._report(added, chosen)

    def decode(self) -> list[tuple[Request, Event]]:
        """One more token for every request; those that end leave.

        Returns:
            An event for each.
        """
        sequences = self._sequences
        tokens = np.array([sequence.last_token for sequence in sequences], np.int64)
        lengths = np.array([sequence.length for sequence in sequences], np.int32)
        if self._sampler is None:
            self._sampler = BatchSampler([sequence.chooser for sequence in sequences])
        self._masks.prepare(self._sampler.guides)
        logits = self._model.decode(tokens, lengths)
        choices = self._sampler.choose(logits)
        events = []
        for row, sequence in enumerate(sequences):
            sequence.length += 1
            events.append(sequence.advance(choices, row))
        return self._report(sequences, events)

    def remove(self, gone: Container[Request]) -> None:
        """Let requests leave, moving others from the end into the slots that become free."""
        kept = list(self._sequences)
        row = 0
        while row < len(kept):
            if kept[-1].request in gone:
                kept.pop()
                continue
            if kept[row].request in gone:
                kept[row] = kept.pop()
                self._model.move(len(kept), row, kept[row].length)
            row += 1
        self._sequences = kept
        self._sampler = None

    def _sequence(self, request: Request) -> TokenSequence:
        return TokenSequence(
            request,
            self._codec,
            vocabulary=self._model.config.vocabulary,
            capacity=self._model.capacity,
            eos_ids=self._model.config.eos_ids,
        )

    def _report(
        self, sequences: Sequence[TokenSequence], events: Sequence[Event]
    ) -> list[tuple[Request, Event]]:
        """Each sequence's event with its request; whose event is the last one leaves."""
        reported: list[tuple[Request, Event]] = []
        finished: set[Request] = set()
        for sequence, event in zip(sequences, events, strict=True):
            reported.append((sequence.request, event))
            if is_last(event):
                finished.add(sequence.request)
        if finished:
            self.remove(finished)
        return reported
