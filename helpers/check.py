"""Is an exercise solved? Each function looks at an answer and prints what it finds.

They judge what can be seen from outside, so that there are many right answers, and print one line:
``Right: …``, or ``Not yet: …`` with what to change. Nothing is raised, nothing is counted, and
nobody else is told. ``None`` is where an exercise starts.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from huggingface_hub import InferenceEndpoint, InferenceEndpointHardware
from PIL import Image, ImageChops

from helpers.answers import Response, sentence_of
from helpers.errors import CourseError

Parameters = ParamSpec("Parameters")

LONGEST_ALT_TEXT = 125
MOST_DIFFERENCE = 255
HOURS_OF_A_MONTH = 720


def _require(ground: object, words: str) -> None:
    """Object, with these words, unless the ground holds. (``assert`` would be silent under -O.)"""
    if not ground:
        raise AssertionError(words)


@dataclass
class _Judge:
    says: str = ""


@contextmanager
def _telling() -> Iterator[_Judge]:
    """Print what the judge says in the end, or what was objected to."""
    judge = _Judge()
    try:
        yield judge
        print("Right:", judge.says)
    except AssertionError as objection:
        print("Not yet:", objection)
    except CourseError as error:
        print("Not yet, it could not be tried out:", error)


def _judged(look: Callable[Parameters, str]) -> Callable[Parameters, None]:
    """Print what a function finds."""

    @wraps(look)
    def judged(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        with _telling() as judge:
            judge.says = look(*arguments, **options)

    return judged


@_judged
def conversation(messages: Any, *, pictures: int = 0) -> str:
    """A chat of at least two turns, each sent with everything that was said before.

    Args:
        messages: the list of messages after the last answer.
        pictures: how many image parts all messages together must have; they belong to the first.
    """
    _require(messages, "the list of messages is empty. Append a question, send the list, append")
    _require(
        isinstance(messages, Sequence) and all(isinstance(each, Mapping) for each in messages),
        'a conversation is a list of messages like {"role": "user", "content": "…"}',
    )
    roles = [each.get("role") for each in messages]
    _require(
        "assistant" in roles,
        'the model does not remember its own answers. Append each one as {"role": "assistant", …}',
    )
    _require(
        roles == ["user", "assistant"] * (len(roles) // 2),
        f"the roles should alternate and end with an answer, but are {roles}",
    )
    _require(len(roles) >= 4, "that is one turn. Ask something else, and send the whole list")
    answers = [each.get("content") for each in messages[1::2]]
    _require(
        all(isinstance(each, str) and each.strip() for each in answers),
        "an answer's content should be its text: completion.choices[0].message.content",
    )
    found = [_image_parts(each) for each in messages]
    _require(
        sum(found) == pictures == found[0],
        f"the picture belongs to the first message and to no other, but the messages have {found}",
    )
    return f"{len(roles) // 2} turns, and every request held all that was said before"


def _image_parts(message: Mapping[str, Any]) -> int:
    content = message.get("content")
    parts = content if isinstance(content, list) else []
    return sum(isinstance(part, Mapping) and part.get("type") == "image_url" for part in parts)


@_judged
def advice(advise: Any, refusals: Mapping[str, Response]) -> str:
    """A function that tells what to do about a refusal.

    Args:
        advise: the function; it gets a response.
        refusals: the right advice, and a response that asks for it.
    """
    _require(callable(advise), "advice is no function yet: def advice(response)")
    for right, response in refusals.items():
        try:
            given = advise(response)
        except Exception as error:
            raise AssertionError(
                f"it cannot read a {response.status_code} ({type(error).__name__}: {error})"
            ) from None
        _require(
            given == right,
            f"{given!r} is no help with {response.status_code} {sentence_of(response)!r:.90}",
        )
    return f"{len(refusals)} refusals, each with the advice that helps"


@_judged
def company(together: Any, alone: Any, *, at_once: int = 8) -> str:
    """The same prompt answered alone and among others.

    Args:
        together: the texts of all answers.
        alone: the text of one of these prompts, asked again by itself.
        at_once: how many there must be at least.
    """
    _require(together and alone, "both together and alone should hold answers")
    _require(
        not any(inspect.isawaitable(each) for each in (alone, *together)),
        "that is a request which nobody has waited for: write await before it, or asyncio.gather",
    )
    texts = [each for each in together if isinstance(each, str)]
    _require(
        isinstance(alone, str) and len(texts) == len(together),
        "compare texts: answer.choices[0].message.content",
    )
    _require(
        len(texts) >= at_once,
        f"that are {len(texts)} answers: send {at_once} at the same time",
    )
    _require(len(set(texts)) > 1, "all answers are the same: give each request a prompt of its own")
    _require(
        alone in texts,
        "the answer alone is none of those in company. Same prompt, same seed, same limits?",
    )
    return "same prompt and seed, same answer, whoever else is in the batch"


@_judged
def cheapest_offer(
    offer: Any, month_usd: Any, *, hardware: Sequence[InferenceEndpointHardware]
) -> str:
    """The cheapest GPU that may be used, and its price for 720 hours.

    Args:
        offer: a row of ``hardware``.
        month_usd: USD.
        hardware: all offers.
    """
    _require(offer is not None, "cheapest_gpu is still None: put the row there")
    _require(
        isinstance(offer, InferenceEndpointHardware), f"{offer!r:.40} is no row of the price list"
    )
    _require(offer.accelerator == "gpu", f"{offer.id} has no GPU: look at row.accelerator")
    _require(
        offer.status == "available" and offer.max_accelerators,
        f"you cannot have {offer.id} now: look at row.status and row.max_accelerators",
    )
    least = min(
        row.price_per_hour
        for row in hardware
        if row.accelerator == "gpu" and row.status == "available" and row.max_accelerators
    )
    _require(
        offer.price_per_hour == least, f"there is a cheaper one than {offer.price_per_hour} USD"
    )
    _require(_is_number(month_usd), "month_usd should be a number, in USD")
    _require(
        abs(month_usd - HOURS_OF_A_MONTH * least) < 1,
        f"a month has {HOURS_OF_A_MONTH} hours here: {month_usd} USD is not what it costs",
    )
    return f"{offer.id}, ${month_usd:.0f} for a month that nobody needed"


@_judged
def one_of(answer: Any, words: Sequence[str]) -> str:
    """A JSON object with one field, of which the value is one of some words.

    Args:
        answer: the model's text.
        words: those allowed.
    """
    _require(answer, "there is no answer yet")
    try:
        fields = json.loads(answer) if isinstance(answer, str) else answer
    except ValueError:
        raise AssertionError(
            f"{answer!r:.60} is no JSON: bind the answer to a schema (bound_to)"
        ) from None
    _require(
        isinstance(fields, dict) and len(fields) == 1,
        f"{fields!r:.60} should be an object with one field: name it under required, and allow no "
        "additionalProperties",
    )
    (value,) = fields.values()
    _require(value in words, f"{value!r} is none of {', '.join(words)}: list them under enum")
    return f"{value}: no word but {', '.join(words)} could have come"


@_judged
def leaving_out(prompts: Any, pictures: Any, *, parts: Sequence[str]) -> str:
    """Pictures of a prompt from which one part at a time is left out.

    Args:
        prompts: the texts, with all parts or without one.
        pictures: the picture of each.
        parts: of the whole prompt; the first is the subject and may stay everywhere.
    """
    _require(prompts and pictures, "both prompts and pictures should hold something")
    _require(
        len(prompts) == len(pictures),
        f"{len(prompts)} prompts, but {len(pictures)} pictures: draw one for each",
    )
    missing = [[part for part in parts if part not in prompt] for prompt in prompts]
    crowded = [prompt for prompt, gone in zip(prompts, missing, strict=True) if len(gone) > 1]
    _require(not crowded, f"leave out one part at a time: more is missing in {crowded[:1]}")
    kept = [part for part in parts[1:] if [part] not in missing]
    _require(not kept, f"these are never left out: {', '.join(kept)}")
    _require(
        all(isinstance(each, Image.Image) for each in pictures), "those are no pictures: use draw"
    )
    _require(
        any(_differ(pictures[0], each) for each in pictures[1:]),
        "all pictures are the same: does each get its own prompt?",
    )
    return "with the seed fixed, what changes is what the words did"


def _differ(first: Image.Image, second: Image.Image) -> bool:
    return first.size != second.size or bool(ImageChops.difference(first, second).getbbox())


@_judged
def differences(by_steps: Any, *, steps: Sequence[int] = (2, 4, 8, 16, 32)) -> str:
    """How far pictures are from the one with many steps.

    Args:
        by_steps: number of steps to mean absolute difference per channel value, 0 to 255.
        steps: the numbers that must be there.
    """
    _require(by_steps, "difference has no entry yet: difference[steps] = …")
    _require(isinstance(by_steps, Mapping), "difference should be a dict: steps to difference")
    absent = [each for each in steps if each not in by_steps]
    _require(not absent, f"these numbers of steps are missing: {absent}")
    values = [by_steps[each] for each in steps]
    _require(all(_is_number(each) for each in values), "each difference should be one number")
    _require(
        all(0 <= each <= MOST_DIFFERENCE for each in values),
        "a mean absolute difference lies between 0 and 255. Are the values bytes, which wrap "
        "around? np.asarray(image, dtype=float)",
    )
    _require(values[0] > 0, "no difference at all: is each picture compared with itself?")
    _require(
        values[-1] < values[0],
        "with more steps the picture should come nearer to the reference. Same prompt and seed?",
    )
    return "each doubling of the steps buys less than the one before"


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, str) and abs(float(value)) >= 0
    except (TypeError, ValueError):
        return False


@_judged
def smaller_pictures(answers: Any, *, sides: Sequence[int] = (128, 64, 32, 16, 8)) -> str:
    """What a model says about ever smaller copies of a picture.

    Args:
        answers: side in pixels to the answers.
        sides: those that must be there.
    """
    _require(answers, "answers has no entry yet: answers[side] = [say(question, small), …]")
    _require(isinstance(answers, Mapping), "answers should be a dict: side to list of answers")
    absent = [each for each in sides if each not in answers]
    _require(not absent, f"these sides are missing: {absent}")
    replies = [answers[each] for each in sides]
    _require(
        all(isinstance(each, list | tuple) and len(each) >= 3 for each in replies),
        "ask three things about each copy: the animal, the place, and what it holds",
    )
    _require(
        all(isinstance(text, str) and text.strip() for each in replies for text in each),
        "each answer should be a text, as say(…) returns it",
    )
    _require(
        any(list(each) != list(replies[0]) for each in replies),
        "all sides got the same answers: did the small picture go into the question?",
    )
    return "find that point for your own pictures before you shrink them"


@_judged
def safe_picture(draw: Any, endpoint: InferenceEndpoint, **failing: Any) -> str:
    """A function that draws and leaves no running endpoint behind, also when drawing fails.

    Args:
        draw: the function; it is called twice.
        endpoint: its endpoint, which must be paused before.
        **failing: options with which drawing fails.
    """
    _require(callable(draw), "safe_picture is no function yet: def safe_picture(prompt, **changes)")
    _require_down(endpoint, "pause the endpoint before you try: endpoint.pause()")
    picture = draw("an owl")
    _require(isinstance(picture, Image.Image), "it should return the picture")
    _require_down(endpoint, "after a picture the endpoint still runs, and bills")
    try:
        draw("an owl", **failing)
    except Exception:
        _require_down(endpoint, "after a failure the endpoint still runs, and bills")
        return "one picture, one refusal, and nothing bills"
    raise AssertionError(
        f"a request that cannot work ({failing}) went well, or its error was hidden: whoever calls "
        "should hear of it. And do the changes reach draw?"
    )


async def alt_texts(
    describe: Any, endpoint: InferenceEndpoint, *, pictures: Sequence[Image.Image]
) -> None:
    """Short texts for several pictures, and no running endpoint behind, also after a failure.

    Args:
        describe: the coroutine function; it is called twice. To be awaited.
        endpoint: its endpoint, which must be paused before.
        pictures: what to describe.
    """
    with _telling() as judge:
        judge.says = await _alt_texts(describe, endpoint, pictures)


async def _alt_texts(
    describe: Any,
    endpoint: InferenceEndpoint,
    pictures: Sequence[Image.Image],
) -> str:
    _require(
        inspect.iscoroutinefunction(describe), "alt_texts should be: async def alt_texts(pictures)"
    )
    _require_down(endpoint, "pause the endpoint before you try: endpoint.pause()")
    texts = await describe(list(pictures))
    _require(
        isinstance(texts, list | tuple) and len(texts) == len(pictures),
        f"{len(pictures)} pictures should give as many texts",
    )
    _require(all(isinstance(each, str) and each.strip() for each in texts), "each should be a text")
    longest = max(len(each) for each in texts)
    _require(
        longest <= LONGEST_ALT_TEXT, f"one has {longest} characters: {LONGEST_ALT_TEXT} are allowed"
    )
    _require_down(endpoint, "afterwards the endpoint still runs, and bills")
    try:
        await describe(["no picture"])
    except Exception:
        _require_down(endpoint, "after a failure the endpoint still runs, and bills")
        return "short texts, and nothing bills"
    raise AssertionError("what is no picture was described, or its error was hidden")


def _require_down(endpoint: InferenceEndpoint, words: str) -> None:
    _require(endpoint.fetch().status in ("paused", "scaledToZero"), words)
