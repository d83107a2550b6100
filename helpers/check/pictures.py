"""Exercises about pictures: drawn, looked at, described."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from huggingface_hub import InferenceEndpoint
from huggingface_hub.errors import HfHubHTTPError
from PIL import Image, ImageChops

from helpers.check.judge import is_number, judged, require, require_down, telling

LONGEST_ALT_TEXT = 125
MOST_DIFFERENCE = 255
FAR = 100
"""Two pictures of noise differ by 85; bytes that wrap around by 128 and more, once all differ."""


@judged
def leaving_out(prompts: Any, pictures: Any, *, parts: Sequence[str]) -> str:
    """Pictures of a prompt from which one part at a time is left out.

    Args:
        prompts: the texts, with all parts or without one.
        pictures: the picture of each.
        parts: of the whole prompt; the first is the subject and may stay everywhere.
    """
    require(prompts and pictures, "both prompts and pictures should hold something")
    for name, value in {"prompts": prompts, "pictures": pictures}.items():
        require(isinstance(value, list | tuple), f"{name} should be a list")
    require(
        len(prompts) == len(pictures),
        f"{len(prompts)} prompts, but {len(pictures)} pictures: draw one for each",
    )
    missing = [[part for part in parts if part not in prompt] for prompt in prompts]
    crowded = [prompt for prompt, gone in zip(prompts, missing, strict=True) if len(gone) > 1]
    require(not crowded, f"leave out one part at a time: more is missing in {crowded[:1]}")
    kept = [part for part in parts[1:] if [part] not in missing]
    require(not kept, f"these are never left out: {', '.join(kept)}")
    require(
        all(isinstance(each, Image.Image) for each in pictures), "those are no pictures: use draw"
    )
    require(
        any(_differ(pictures[0], each) for each in pictures[1:]),
        "all pictures are the same: does each get its own prompt?",
    )
    return "as long as the seed is the same, every change comes from the words"


def _differ(first: Image.Image, second: Image.Image) -> bool:
    return first.size != second.size or bool(ImageChops.difference(first, second).getbbox())


@judged
def differences(by_steps: Any, *, steps: Sequence[int] = (2, 4, 8, 16, 32)) -> str:
    """How far pictures are from the one with many steps.

    Args:
        by_steps: number of steps to mean absolute difference per channel value, 0 to 255.
        steps: the numbers that must be there.
    """
    require(by_steps, "difference has no entry yet: difference[steps] = …")
    require(isinstance(by_steps, Mapping), "difference should be a dict: steps to difference")
    absent = [each for each in steps if each not in by_steps]
    require(not absent, f"these numbers of steps are missing: {absent}")
    values = [by_steps[each] for each in steps]
    require(all(is_number(each) for each in values), "each difference should be one number")
    require(
        all(0 <= each <= MOST_DIFFERENCE for each in values),
        "a mean absolute difference lies between 0 and 255. Are the values bytes, which wrap "
        "around? np.asarray(image, dtype=float)",
    )
    require(values[0] > 0, "no difference at all: is each picture compared with itself?")
    require(
        values[-1] < values[0],
        "with more steps the picture should come nearer to the reference. Same prompt and seed?",
    )
    require(
        values[0] < FAR,
        f"{values[0]:.0f} is more than two pictures of pure noise differ by. Are the values bytes, "
        "which wrap around? np.asarray(image, dtype=float)",
    )
    return f"{steps[-1]} steps come nearer to the picture of 100 than {steps[0]} do"


@judged
def smaller_pictures(answers: Any, *, sides: Sequence[int] = (128, 64, 32, 16, 8)) -> str:
    """What a model says about ever smaller copies of a picture.

    Args:
        answers: side in pixels to the answers.
        sides: those that must be there.
    """
    require(answers, "answers has no entry yet: answers[side] = [say(question, small), …]")
    require(isinstance(answers, Mapping), "answers should be a dict: side to list of answers")
    absent = [each for each in sides if each not in answers]
    require(not absent, f"these sides are missing: {absent}")
    replies = [answers[each] for each in sides]
    require(
        all(isinstance(each, list | tuple) and len(each) >= 3 for each in replies),
        "ask three things about each copy, and keep the answers as a list: the animal, the place, "
        "what it holds",
    )
    require(
        all(isinstance(text, str) and text.strip() for each in replies for text in each),
        "each answer should be a text, as say(…) returns it",
    )
    require(
        any(list(each) != list(replies[0]) for each in replies),
        "all sides got the same answers: did the small picture go into the question?",
    )
    return "find that point for your own pictures before you shrink them"


@judged
def safe_picture(draw: Any, endpoint: InferenceEndpoint, **failing: Any) -> str:
    """A function that draws and leaves no running endpoint behind, also when drawing fails.

    Args:
        draw: the function; it is called twice.
        endpoint: its endpoint, which must be paused before.
        **failing: options with which drawing fails.
    """
    require(callable(draw), "safe_picture is no function yet: def safe_picture(prompt, **changes)")
    require_down(endpoint, "pause the endpoint before you try: endpoint.pause()")
    with _answered():
        picture = draw("an owl")
    require(isinstance(picture, Image.Image), "it should return the picture")
    require_down(endpoint, "after a picture the endpoint still runs, and bills")
    try:
        draw("an owl", **failing)
    except Exception:
        require_down(endpoint, "after a failure the endpoint still runs, and bills")
        return "one picture, one refusal, and nothing bills"
    raise AssertionError(
        f"a request that cannot work ({failing}) went well, or its error was hidden: whoever calls "
        "should hear of it. And do the changes reach draw?"
    )


@contextmanager
def _answered() -> Iterator[None]:
    """Object if a request is refused, as by an endpoint that is still paused."""
    try:
        yield
    except HfHubHTTPError as error:
        raise AssertionError(
            f"with the endpoint paused a request was refused ({error.server_message or error}). "
            "Should it start the endpoint, too?"
        ) from error


async def alt_texts(
    describe: Any, endpoint: InferenceEndpoint, *, pictures: Sequence[Image.Image]
) -> None:
    """Short texts for several pictures, and no running endpoint behind, also after a failure.

    Args:
        describe: the coroutine function; it is called twice. To be awaited.
        endpoint: its endpoint, which must be paused before.
        pictures: what to describe.
    """
    with telling() as judge:
        judge.says = await _alt_texts(describe, endpoint, pictures)


async def _alt_texts(
    describe: Any,
    endpoint: InferenceEndpoint,
    pictures: Sequence[Image.Image],
) -> str:
    require(
        inspect.iscoroutinefunction(describe), "alt_texts should be: async def alt_texts(pictures)"
    )
    require_down(endpoint, "pause the endpoint before you try: endpoint.pause()")
    with _answered():
        texts = await describe(list(pictures))
    require(
        isinstance(texts, list | tuple) and len(texts) == len(pictures),
        f"{len(pictures)} pictures should give as many texts",
    )
    require(all(isinstance(each, str) and each.strip() for each in texts), "each should be a text")
    longest = max(len(each) for each in texts)
    require(
        longest <= LONGEST_ALT_TEXT, f"one has {longest} characters: {LONGEST_ALT_TEXT} are allowed"
    )
    require_down(endpoint, "afterwards the endpoint still runs, and bills")
    try:
        await describe(["no picture"])
    except Exception:
        require_down(endpoint, "after a failure the endpoint still runs, and bills")
        return "short texts, and nothing bills"
    raise AssertionError("what is no picture was described, or its error was hidden")
