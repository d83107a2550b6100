"""The decoder in an onnxruntime session, with its keys and values in slots.

A slot is one row of every layer's key and value buffer: ``[slots, kv_heads, capacity, head_dim]``,
allocated once. Sequences always occupy the first ``n`` slots, so a step for ``n`` sequences binds
the first ``n`` rows of the buffers as they lie in memory: nothing is copied, and the attention
node writes the new keys and values in place. When a sequence in the middle ends, the last one
moves into its slot (`TextModel.move`).
"""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from local_endpoints.engine.runtime import ort
from local_endpoints.engine.sessions import open_session
from local_endpoints.engine.text.config import ModelConfig

PREFILL_SCRATCH_BYTES = 32 * 1024 * 1024
"""Bound of the attention node's scratch memory during one prefill."""

PREFILL_STEP = 8
"""Prompts are padded to a multiple of it: the attention node's tiles have at most 64 or 128 tokens,
and a tile of a single one is computed in another way, so that its last digits would depend on the
length of the longest prompt beside it."""

Tokens = npt.NDArray[np.int64]
Logits = npt.NDArray[np.float32]


class TextModel:
    """One model, one thread: callers must not use it from two threads at once.

    Args:
        model_dir: folder with ``model.onnx`` and ``config.json``.
        slots: how many sequences can be alive at once.
        max_total_tokens: positions per slot, prompt and answer together.

    Attributes:
        config: the model's shapes.
        slots: see above.
        capacity: positions per slot.
    """

    def __init__(self, model_dir: Path, *, slots: int, max_total_tokens: int) -> None:
        self.config = ModelConfig.load(model_dir)
        self.slots = slots
        self.capacity = max_total_tokens
        # Two of the same graph: attention to whole prompts and to single tokens differ.
        self._reading, self._writing = (
            open_session(model_dir / "model.onnx", threads=1, arena=False, tiles=tiles)
            for tiles in (True, False)
        )
        positions = padded(self.capacity)
        shape = (slots, self.config.kv_heads, positions, self.config.head_dim)
        self._buffers = {
            f"{kind}.{layer}": _lazy_zeros(shape)
            for layer in range(self.config.layers)
            for kind in ("key", "value")
        }
        self._cos, self._sin = rotary_tables(self.config, positions=positions)
        self._longest = np.zeros(1, np.int32)
        self._step_tokens = np.zeros((slots, 1), np.int64)
        self._step_lengths = np.zeros(slots, np.int32)
        self._step_rows = np.arange(slots, dtype=np.int64)
        self._step_logits = np.zeros((slots, self.config.vocabulary), np.float32)
        self._step_bindings: dict[int, ort.IOBinding] = {}
        self._no_pictures = self._pictures(self._step_tokens, ())

    def prefill(
        self,
        prompts: Sequence[Tokens],
        *,
        first_slot: int,
        every_position: Sequence[bool] = (),
        images: Sequence[Logits | None] = (),
    ) -> list[Logits]:
        """Read whole prompts into the slots ``first_slot, first_slot + 1, ...``.

        Args:
            prompts: the tokens of each sequence, none empty, none longer than the capacity.
            first_slot: slot of the first prompt.
            every_position: for each prompt, whether the logits after all its tokens are wanted
                rather than after the last one; empty means the last one for all.
            images: for each prompt, what stands in the places of its image tokens: float32
                ``[image tokens, width]``, or None for a prompt whose image tokens are plain
                tokens; empty means None for all.

        Returns:
            One float32 array per prompt: ``[1, vocabulary]``, or ``[tokens, vocabulary]``.
        """
        lengths = [len(prompt) for prompt in prompts]
        longest = padded(max(lengths))
        tokens = np.zeros((len(prompts), longest), np.int64)
        rows: list[Tokens] = []
        for index, prompt in enumerate(prompts):
            tokens[index, : lengths[index]] = prompt
            wanted = lengths[index] if every_position and every_position[index] else 1
            end = index * longest + lengths[index]
            rows.append(np.arange(end - wanted, end, dtype=np.int64))
        flat_rows = np.concatenate(rows)
        logits = np.empty((len(flat_rows), self.config.vocabulary), np.float32)
        last = np.asarray(lengths, np.int32) - 1
        self._longest[0] = longest
        pictures = self._pictures(tokens, images)
        feeds = (tokens, flat_rows, last, logits, first_slot, pictures)
        binding = self._bind(self._reading, *feeds)
        self._reading.run_with_iobinding(binding)
        return np.split(logits, np.cumsum([len(part) for part in rows])[:-1])

    def decode(self, tokens: Tokens, lengths: npt.NDArray[np.integer[Any]]) -> Logits:
        """One step for the first ``len(tokens)`` slots.

        Args:
            tokens: [n] the token each sequence chose last.
            lengths: [n] how many tokens its slot already holds.

        Returns:
            [n, vocabulary] float32, valid until the next step.
        """
        count = len(tokens)
        self._step_tokens[:count, 0] = tokens
        self._step_lengths[:count] = lengths
        self._longest[0] = int(lengths.max()) + 1
        if count not in self._step_bindings:
            self._step_bindings[count] = self._bind(
                self._writing,
                self._step_tokens[:count],
                self._step_rows[:count],
                self._step_lengths[:count],
                self._step_logits[:count],
                0,
                self._no_pictures,
            )
        self._writing.run_with_iobinding(self._step_bindings[count])
        return self._step_logits[:count]

    def prompts_at_once(self, longest: int) -> int:
        """How many prompts of up to ``longest`` tokens one prefill may hold: at least one.

        The attention node takes scratch memory of heads x tokens x capacity for every prompt.
        """
        scratch = self.config.heads * longest * self.capacity * 4
        return max(1, PREFILL_SCRATCH_BYTES // scratch)

    def move(self, source: int, target: int, length: int) -> None:
        """Copy a sequence's first ``length`` positions from one slot to another."""
        for buffer in self._buffers.values():
            buffer[target, :, :length] = buffer[source, :, :length]

    def _pictures(
        self, tokens: Tokens, images: Sequence[Logits | None]
    ) -> dict[str, npt.NDArray[Any]]:
        """The inputs of the graph that only a model with pictures has."""
        if self.config.image_token is None:
            return {}
        places, states = [np.zeros(0, np.int64)], [np.zeros((0, self.config.width), np.float32)]
        for row, image in enumerate(images):
            if image is not None:
                found = np.flatnonzero(tokens[row] == self.config.image_token)
                places.append(found + row * tokens.shape[1])
                states.append(image)
        return {
            "image_places": np.concatenate(places)[:, None],
            "image_states": np.concatenate(states),
        }

    def _bind(
        self,
        session: ort.InferenceSession,
        tokens: Tokens,
        rows: Tokens,
        last: npt.NDArray[np.int32],
        logits: Logits,
        first_slot: int,
        pictures: dict[str, npt.NDArray[Any]],
    ) -> ort.IOBinding:
        binding = session.io_binding()
        inputs: dict[str, npt.NDArray[Any]] = {
            "input_ids": tokens,
            "rows": rows,
            "seqlens_k": last,
            "total_sequence_length": self._longest,
            "cos_cache": self._cos,
            "sin_cache": self._sin,
            **pictures,
        }
        for name, array in inputs.items():
            binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        binding.bind_output("logits", "cpu", 0, np.float32, logits.shape, logits.ctypes.data)
        for name, buffer in self._buffers.items():
            view = buffer[first_slot : first_slot + len(tokens)]
            place = ("cpu", 0, np.float32, view.shape, view.ctypes.data)
            binding.bind_input(f"past_{name}", *place)
            binding.bind_output(f"present_{name}", *place)
        return binding


def padded(length: int) -> int:
    """The next multiple of `PREFILL_STEP`."""
    return -(-length // PREFILL_STEP) * PREFILL_STEP


def rotary_tables(config: ModelConfig, *, positions: int) -> tuple[Logits, Logits]:
    """Cosines and sines of the rotary angles: two float32 arrays ``[positions, head_dim / 2]``."""
    exponents = np.arange(0, config.head_dim, 2, dtype=np.float32) / np.float32(config.head_dim)
    frequencies = np.float32(1) / np.float32(config.rope_theta) ** exponents
    angles = np.arange(positions, dtype=np.float32)[:, None] * frequencies[None]
    return np.cos(angles), np.sin(angles)


def _lazy_zeros(shape: tuple[int, ...]) -> Logits:
    """Zeros whose pages cost no memory before they are written.

    numpy's own allocation asks the kernel for huge pages, and one token would make 2 MB resident.
    """
    size = int(np.prod(shape))
    return np.frombuffer(mmap.mmap(-1, size * 4), np.float32, size).reshape(shape)
