"""Whether it is a pocket model that answers under a famous name."""

from __future__ import annotations

import httpx2
from huggingface_hub import HfApi

from helpers.connection import PRESENT

POCKET_TAG = "pocket-model"


def is_pocket(name: str) -> bool:
    """Whether a pocket model plays the repository of that name: only here, and not where a model of
    one's own answers under it. Not known is no."""
    if not PRESENT.is_local:
        return False
    try:
        return POCKET_TAG in (HfApi().model_info(name).tags or ())
    except httpx2.HTTPError:
        return False


def who_answers(name: str) -> str:
    """``"a pocket model"`` where one plays the repository of that name, otherwise the name."""
    return "a pocket model" if is_pocket(name) else name
