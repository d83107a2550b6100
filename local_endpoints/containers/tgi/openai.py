"""What the answers of the OpenAI-style routes have in common."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local_endpoints.engine.text.request import Finish, FinishReason, Token

BASE_MODEL_NAME = "tgi"
"""The ``model`` that stands for the served one; any other name is taken for an adapter."""


@dataclass(frozen=True)
class Origin:
    """What every answer says about the server.

    Attributes:
        model_id: the served model's name.
        fingerprint: ``system_fingerprint``.
    """

    model_id: str
    fingerprint: str

    def envelope(self, kind: str, *, model: str | None = None) -> dict[str, Any]:
        """The first fields of an answer or a chunk of the type ``kind``.

        Args:
            kind: ``object``.
            model: as the request names it; echoed unless it stands for the served one.
        """
        named = model is not None and model != BASE_MODEL_NAME
        return {
            "object": kind,
            "id": "",
            "created": int(time.time()),
            "model": model if named else self.model_id,
            "system_fingerprint": self.fingerprint,
        }


def finish_reason(finish: Finish) -> str:
    """Why a text ended, where the end of the sequence is called ``stop``."""
    return "stop" if finish.reason is FinishReason.EOS else finish.reason.value


def usage(prompt_tokens: int, generated_tokens: int) -> dict[str, int]:
    """How many tokens there were."""
    return {
        "prompt_tokens": prompt_tokens,
        "completion_tokens": generated_tokens,
        "total_tokens": prompt_tokens + generated_tokens,
    }


def logprobs(tokens: Sequence[Token], tops: Sequence[Sequence[Token]]) -> dict[str, Any]:
    """Tokens of a chat with their log probabilities."""
    return {
        "content": [
            {
                "token": token.text,
                "logprob": token.logprob,
                "top_logprobs": [{"token": each.text, "logprob": each.logprob} for each in top],
            }
            for token, top in zip(tokens, tops, strict=True)
        ]
    }
