"""A decoder that computes in single precision, as transformers and vLLM do.

Its matrices lie in the file as 8-bit integers, too; they are turned back when the session folds
constants. It takes twice as long or more, and its logits are those of another engine up to their
last digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt

from training.graphs.decoder import DecoderGraph
from training.graphs.nodes import Weights


class SinglePrecisionGraph(DecoderGraph):
    """See above.

    Args:
        config: the parsed ``config.json`` of the text model.
        weights: of the whole checkpoint.
    """

    def __init__(self, config: Mapping[str, Any], weights: Weights) -> None:
        super().__init__(config, weights)
        self.query_scale = 1.0
        self.attention_options = {}

    def embedded(self, stored: npt.NDArray[Any]) -> str:
        """The embeddings of the input's tokens."""
        matrix = self.turned_back("embedding", stored, rows=0)
        return self.node("Gather", [matrix, "input_ids"], "embedded", axis=0)

    def head(self, wanted: str) -> None:
        """The logits of the wanted states."""
        self.node("Gemm", [wanted, "embedding"], "logits", transB=1)

    def linear(self, name: str, source: str, matrix: npt.NDArray[Any]) -> str:
        """The product with a matrix [K, N]."""
        return self.node(
            "MatMul", [source, self.turned_back(f"{name}.weight", matrix, rows=1)], name
        )
