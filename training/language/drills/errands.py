"""Tasks of two steps: the second function takes what the first one gave, or stands beside it."""

from __future__ import annotations

import json

from training.language.functions import Argument
from training.language.lexicon import Draw
from training.language.tools import Use, draw_function, draw_result, draw_use

Plan = tuple[list[tuple[Use, str]], str, str]
"""Steps with their observations, the task that needs them, and the answer."""

_IT = ("the result", "the result", "that", "it", "the answer", "what you get", "this result")
_JOINTS = (
    "{a}? Then {b}",
    "{a}? After that, {b}",
    "{a}. Next: {b}",
    "{a} and then {b}",
    "First step: {a}. Second step: {b}",
    "{a}. With the answer: {b}",
    "{a}? {B}",
    "Two things. {a}, then {b}",
    "{b} Before that: {a}. {r}",
)


def bare_value(value: str) -> str:
    """The value alone, without the object around it."""
    if value.startswith("{"):
        return str(next(iter(json.loads(value).values())))
    return value


def two_steps(draw: Draw, first: Use, value: str, bare: str) -> Plan:
    """A plan that begins with a call and goes on with another one."""
    found = number(bare)
    for _ in range(12):
        name, function = draw_function(draw)
        if name == first.name or function.description == first.function.description:
            continue
        second = draw_use(draw, name, function)
        if draw.chance(0.15):
            return _beside(draw, first, value, second)
        fitting = [each for each in function.arguments if _fits(each, found, bare)]
        if fitting:
            given = bare if found is None else found
            plan = _fed(draw, (first, value), second, draw.rng.choice(fitting), given)
            if plan:
                return plan
    return [(first, value)], first.asked, bare


def number(text: str) -> int | float | None:
    """The number that a text is, if it is one."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


def _fits(argument: Argument, found: int | float | None, text: str) -> bool:
    if found is None:
        return argument.type == "string" and argument.kind != "choice" and bool(text)
    return argument.type == "number" or (argument.type == "integer" and isinstance(found, int))


def _fed(
    draw: Draw, before: tuple[Use, str], second: Use, argument: Argument, given: str | float
) -> Plan | None:
    """The second call gets what the first one gave."""
    first, value = before
    spoken = second.spoken[argument.name]
    if spoken not in second.asked or second.asked.count(spoken) != 1:
        return None
    asked = second.asked.replace(spoken, _it(draw, argument))
    joint = draw.rng.choice(_JOINTS[:-1] if draw.chance(0.95) else _JOINTS)
    task = (
        joint.replace("{a}", first.asked.rstrip("?.! "))
        .replace("{b}", asked[:1].lower() + asked[1:])
        .replace("{B}", asked[:1].upper() + asked[1:])
        .replace("{r}", "")
    ).strip()
    arguments = {**second.arguments, argument.name: given}
    fed = Use(
        second.name,
        second.function,
        task,
        arguments,
        {**second.spoken, argument.name: str(given)},
    )
    last, told = draw_result(draw, fed)
    return [(first, value), (fed, last)], task, _answer(draw, fed, last, told)


def _it(draw: Draw, argument: Argument) -> str:
    """How a task speaks of a value that is not known yet."""
    if draw.chance(0.55):
        return draw.rng.choice(_IT)
    names = {"person": ("person",), "city": ("place", "town"), "path": ("file",)}
    plain = "number" if argument.type in ("number", "integer") else "one"
    named = argument.name.replace("_", " ")
    noun = draw.rng.choice((plain, named, *names.get(argument.kind, ())))
    return f"{draw.rng.choice(('that', 'this', 'the' if noun != 'one' else 'that'))} {noun}"


def _beside(draw: Draw, first: Use, value: str, second: Use) -> Plan:
    """Two calls that have nothing to do with each other, and an answer from both."""
    last, told = draw_result(draw, second)
    asked = first.asked.rstrip("?.! ")
    task = draw.rng.choice(
        (
            f"{asked}? And {second.asked[:1].lower()}{second.asked[1:]}",
            f"{first.asked} {second.asked}",
            f"{asked} and also: {second.asked}",
        )
    )
    both = (bare_value(value), _answer(draw, second, last, told))
    answer = draw.rng.choice(("{a} and {b}", "{a}; {b}", "{a}, {b}"))
    return (
        [(first, value), (second, last)],
        task,
        answer.replace("{a}", both[0]).replace("{b}", both[1].rstrip(".")),
    )


def _answer(draw: Draw, use: Use, value: str, told: str) -> str:
    if use.function.result == "done":
        return draw.phrase(("Done.", "It is done.", told.replace("[", "(").replace("]", ")")))
    return draw.rng.choice((bare_value(value), told))
