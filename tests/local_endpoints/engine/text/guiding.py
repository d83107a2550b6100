"""Texts against guides."""

from __future__ import annotations

import numpy as np

from local_endpoints.engine.text.guide import Guide
from local_endpoints.engine.text.tokens import TextCodec


def allowed(guide: Guide, vocabulary: int) -> set[int]:
    """The tokens that may come next."""
    scores = np.zeros(vocabulary, np.float32)
    guide.restrict(scores)
    return set(np.flatnonzero(scores == 0).tolist())


def follows(guide: Guide, codec: TextCodec, text: str, *, vocabulary: int) -> bool:
    """Whether a guide lets a text through, token by token, and then lets it end."""
    for token in codec.encode(text, add_special_tokens=False).tolist():
        if token not in allowed(guide, vocabulary):
            return False
        guide.advance(token)
    return guide.complete
