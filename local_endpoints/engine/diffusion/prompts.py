"""From a prompt's text to what the UNet attends to."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from local_endpoints.engine.diffusion.config import DiffusionConfig
from local_endpoints.engine.sessions import open_session

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Embeddings:
    """Encoded prompts.

    Attributes:
        hidden: [prompts, context, width] float32, the hidden states before the last layer of both
            text encoders, side by side.
        pooled: [prompts, projection] float32, the second encoder's summary.
    """

    hidden: npt.NDArray[np.float32]
    pooled: npt.NDArray[np.float32]


class PromptEncoder:
    """Tokenizer and text encoders; used by one thread at a time.

    Args:
        folder: with ``tokenizer.json`` and ``text_encoders.onnx``.
        config: the folder's.
        threads: of the session.

    Raises:
        ValueError: the tokenizer does not put the start and end tokens around a prompt.
    """

    def __init__(self, folder: Path, config: DiffusionConfig, *, threads: int = 1) -> None:
        self._session = open_session(folder / "text_encoders.onnx", threads=threads)
        self._context = config.context
        self._tokenizer = _tokenizer(folder / "tokenizer.json", config)

    def tokenize(self, prompt: str) -> npt.NDArray[np.int64]:
        """[context] token ids: start token, text, end token, and end tokens to the end.

        Text beyond the context is cut off. The log says so, as in diffusers, without the text.
        """
        # A batch of one: only for batches the library gives Python's lock away.
        (encoding,) = self._tokenizer.encode_batch_fast([prompt])
        if encoding.overflowing:
            logger.warning(
                "a part of the input was truncated because CLIP can only handle sequences up to "
                "%d tokens",
                self._context,
            )
        return np.asarray(encoding.ids, np.int64)

    def encode(self, prompts: list[tuple[str, str]]) -> Embeddings:
        """Encode pairs of texts: one for the first text encoder, one for the second."""
        # Both encoders usually read the same text: one that is too long is reported once.
        tokens = {text: self.tokenize(text) for pair in prompts for text in pair}
        first, second = (
            np.stack([tokens[pair[encoder]] for pair in prompts]) for encoder in (0, 1)
        )
        hidden, pooled = self._session.run(
            ["prompt_embeds", "pooled_prompt_embeds"],
            {"input_ids": first, "input_ids_2": second},
        )
        return Embeddings(hidden, pooled)


def _tokenizer(path: Path, config: DiffusionConfig) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    start, end = (tokenizer.token_to_id(token) for token in (config.start_token, config.end_token))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if start is None or end is None or tokenizer.encode("").ids != [start, end]:
        raise ValueError(
            f"{path}: must put {config.start_token} before and {config.end_token} after a prompt"
        )
    tokenizer.enable_truncation(config.context)
    tokenizer.enable_padding(length=config.context, pad_id=end, pad_token=config.end_token)
    return tokenizer
