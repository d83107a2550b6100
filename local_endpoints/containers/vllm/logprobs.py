"""Log probabilities in OpenAI's two forms, and in vLLM's own for prompts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from local_endpoints.engine.text.request import PromptEvent, Token

LEAST = -9999.0
"""What stands for minus infinity."""


def _shown(token: Token, as_ids: bool) -> str:
    return f"token_id:{token.id}" if as_ids else token.text


def _value(token: Token) -> float:
    return LEAST if token.logprob is None else max(token.logprob, LEAST)


def _candidates(token: Token, top: Sequence[Token], count: int) -> list[Token]:
    """The chosen token, then the ``count`` most likely ones, none twice."""
    return [token, *(each for each in top[:count] if each.id != token.id)]


def _shown_tops(token: Token, top: Sequence[Token], count: int) -> list[Token]:
    count = len(top) + 1 if count < 0 else count
    return _candidates(token, top, count)[:count]


def chat_logprobs(
    tokens: Sequence[Token], tops: Iterable[Sequence[Token]], count: int, *, as_ids: bool
) -> dict[str, Any]:
    """``logprobs`` of a chat answer or chunk; ``count`` is ``top_logprobs``, -1 for all."""

    def entry(token: Token) -> dict[str, Any]:
        text = _shown(token, as_ids)
        return {"token": text, "logprob": _value(token), "bytes": list(text.encode())}

    return {
        "content": [
            {
                **entry(token),
                "bytes": list(token.text.encode()),
                "top_logprobs": [entry(each) for each in _shown_tops(token, top, count)],
            }
            for token, top in zip(tokens, tops, strict=True)
        ]
    }


def completion_logprobs(
    tokens: Sequence[Token],
    tops: Iterable[Sequence[Token]],
    count: int,
    *,
    as_ids: bool,
    offset: int = 0,
) -> dict[str, Any]:
    """``logprobs`` of a completion or chunk.

    Args:
        tokens: with log probabilities; a prompt's first one has none.
        tops: the alternatives at each.
        count: ``logprobs``; with -1 vLLM 0.30 tells of no alternative, not even of the chosen one.
        as_ids: whether numbers stand for the texts of tokens.
        offset: characters before the first token.
    """
    offsets: list[int] = []
    for token in tokens:
        offsets.append(offset)
        offset += len(_shown(token, as_ids))
    return {
        "text_offset": offsets,
        "token_logprobs": [None if token.logprob is None else _value(token) for token in tokens],
        "tokens": [_shown(token, as_ids) for token in tokens],
        "top_logprobs": [
            None
            if token.logprob is None
            else {
                _shown(each, as_ids): _value(each)
                for each in (_candidates(token, top, count) if count >= 0 else ())
            }
            for token, top in zip(tokens, tops, strict=True)
        ],
    }


def prompt_logprobs(event: PromptEvent) -> list[dict[str, Any] | None]:
    """``prompt_logprobs``: for each token but the first, it and the most likely ones by number."""
    places: list[dict[str, Any] | None] = [None]
    for token, top, rank in list(zip(event.tokens, event.top_tokens, event.ranks, strict=True))[1:]:
        ranked = [(token, rank), *((each, place) for place, each in enumerate(top, 1))]
        places.append(
            {
                str(each.id): {
                    "logprob": _value(each),
                    "rank": place,
                    "decoded_token": each.text,
                }
                for each, place in ranked
            }
        )
    return places
