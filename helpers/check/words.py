"""Exercises about texts: conversations, refusals, answers in a form."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from typing import Any

from helpers.answers import Response, sentence_of
from helpers.check.judge import judged, require


@judged
def conversation(messages: Any, *, pictures: int = 0) -> str:
    """A chat of at least two turns, each sent with everything that was said before.

    Args:
        messages: the list of messages after the last answer.
        pictures: how many image parts all messages together must have; they belong to the first.
    """
    require(
        messages,
        "the list of messages is empty. Append a question, send the list, append the answer",
    )
    require(
        isinstance(messages, Sequence) and all(isinstance(each, Mapping) for each in messages),
        'a conversation is a list of messages like {"role": "user", "content": "…"}',
    )
    roles = [each.get("role") for each in messages]
    require(
        "assistant" in roles,
        'the model does not remember its own answers. Append each one as {"role": "assistant", …}',
    )
    found = [_image_parts(each) for each in messages]
    require(
        sum(found) == pictures == found[0],
        f"the picture belongs to the first message and to no other, but the messages have {found}",
    )
    require(
        roles == ["user", "assistant"] * (len(roles) // 2),
        f"the roles should alternate and end with an answer, but are {roles}",
    )
    require(len(roles) >= 4, "that is one turn. Ask something else, and send the whole list")
    answers = [each.get("content") for each in messages[1::2]]
    require(
        all(isinstance(each, str) and each.strip() for each in answers),
        "an answer's content should be its text: completion.choices[0].message.content",
    )
    return f"{len(roles) // 2} turns, and every request held all that was said before"


def _image_parts(message: Mapping[str, Any]) -> int:
    content = message.get("content")
    parts = content if isinstance(content, list) else []
    return sum(isinstance(part, Mapping) and part.get("type") == "image_url" for part in parts)


@judged
def advice(advise: Any, refusals: Mapping[str, Response]) -> str:
    """A function that tells what to do about a refusal.

    Args:
        advise: the function; it gets a response.
        refusals: the right advice, and a response that asks for it. One that was answered after
            all, as llama.cpp does not mind any model name, is left out.
    """
    require(callable(advise), "advice is no function yet: def advice(response)")
    refused = {right: each for right, each in refusals.items() if each.status_code >= 400}
    for right, response in refused.items():
        try:
            given = advise(response)
        except Exception as error:
            raise AssertionError(
                f"it cannot read a {response.status_code} ({type(error).__name__}: {error})"
            ) from None
        require(
            given == right,
            f"{given!r} is no help with {response.status_code} {sentence_of(response)!r:.90}",
        )
    return f"{len(refused)} refusals, each with the advice that helps"


@judged
def company(together: Any, alone: Any, *, at_once: int = 8) -> str:
    """The same prompt answered alone and among others.

    Args:
        together: the texts of all answers.
        alone: the text of one of these prompts, asked again by itself.
        at_once: how many there must be at least.
    """
    require(together and alone, "both together and alone should hold answers")
    parts = (alone, together) if inspect.isawaitable(together) else (alone, *together)
    require(
        not any(inspect.isawaitable(each) for each in parts),
        "that is a request which nobody has waited for: write await before it, or asyncio.gather",
    )
    texts = [each for each in together if isinstance(each, str)]
    require(
        isinstance(alone, str) and len(texts) == len(together),
        "compare texts: answer.choices[0].message.content",
    )
    require(
        len(texts) >= at_once,
        f"there are {len(texts)} answers: send {at_once} at the same time",
    )
    require(len(set(texts)) > 1, "all answers are the same: give each request a prompt of its own")
    require(
        alone in texts,
        "the answer alone is none of those in company. Same prompt, same seed, same limits?",
    )
    return (
        "same prompt and seed, same answer, alone and in company "
        "(vLLM on a GPU does not promise that)"
    )


@judged
def one_of(answer: Any, words: Sequence[str]) -> str:
    """A JSON object with one field, of which the value is one of some words.

    Args:
        answer: the model's text.
        words: those allowed.
    """
    require(answer, "there is no answer yet")
    try:
        fields = json.loads(answer) if isinstance(answer, str) else answer
    except ValueError:
        raise AssertionError(
            f"{answer!r:.60} is no JSON: put the answer's whole text there, bound to a schema "
            "(bound_to)"
        ) from None
    require(
        isinstance(fields, dict) and len(fields) == 1,
        f"{fields!r:.60} should be an object with one field: name it under required, and allow no "
        "additionalProperties",
    )
    (value,) = fields.values()
    require(value in words, f"{value!r} is none of {', '.join(words)}: list them under enum")
    return f"{value}: no word but {', '.join(words)} could have come"
