"""Functions that a chat may offer, how a user asks for one, and what its result is told as.

Half of the functions are written by hand (`FUNCTIONS`); the others are put together from a verb, a
noun and typed arguments, so that names and arguments have to be read rather than remembered.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from training.language.chat import Tool, keep
from training.language.drills.catalog import new_function, restyled
from training.language.drills.exchange import exchanged_function, reordered
from training.language.functions import FUNCTIONS, Argument, Function, invented, made_up, renamed
from training.language.lexicon import Draw, is_held_out
from training.language.values import draw_value
from training.language.wording import vary

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)([.][0-9]+)?")


def draw_function(draw: Draw) -> tuple[str, Function]:
    """A function and the name that it has in this chat."""
    # What is measured stays as it was, so that figures of old and new weights can be compared.
    if draw.held_out:
        return _known_function(draw)
    if draw.chance(0.5):
        name, function = new_function(draw)
    else:
        name, function = _known_function(draw)
        if draw.chance(0.4):
            name, function = restyled(draw, name, function)
    return name, reordered(draw, function) if draw.chance(0.4) else function


def _known_function(draw: Draw) -> tuple[str, Function]:
    """A function that is invented, put together, or written by hand."""
    kind = draw.rng.random()
    if kind < 0.3:
        function = invented(draw)
    elif kind < 0.55:
        function = made_up(draw)
    else:
        function = draw.rng.choice(
            [f for f in FUNCTIONS if is_held_out(f.names[0]) == draw.held_out]
        )
        if draw.chance(0.5):
            function = renamed(draw, function)
    if not draw.held_out and draw.chance(0.6):
        function = exchanged_function(draw, function)
    return draw.rng.choice(function.names), function


def describe(name: str, function: Function, *, required: bool = True) -> Tool:
    """The function as a request lists it."""
    properties: dict[str, Any] = {}
    for argument in function.arguments:
        properties[argument.name] = {"type": argument.type}
        if argument.type == "array":
            properties[argument.name]["items"] = {"type": "string"}
        if argument.description:
            properties[argument.name]["description"] = argument.description
        if argument.choices:
            properties[argument.name]["enum"] = list(argument.choices)
    parameters: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        parameters["required"] = list(properties)
    return {
        "type": "function",
        "function": {"name": name, "description": function.description, "parameters": parameters},
    }


def draw_argument(draw: Draw, argument: Argument) -> tuple[Any, str]:
    """A value for an argument, and how a request says it."""
    rng = draw.rng
    if argument.kind == "choice":
        value: Any = rng.choice(argument.choices)
        return value, value
    if argument.kind == "number":
        number = rng.choice((rng.randint(0, 99), rng.randint(100, 9999)))
        return number, str(number)
    if argument.kind == "expression":
        parts = [str(rng.randint(1, 400))]
        for _ in range(rng.choice((1, 1, 2))):
            parts += [rng.choice("+-*/"), str(rng.randint(1, 99))]
        text = " ".join(parts)
        return text, text
    if argument.kind == "query":
        text = draw.phrase(
            ("{a}", "{a}s in {c}", "{n}", "{c}", "the {a} of {n}", "{a} and {b}", "history of {c}"),
            a=draw.thing(),
            b=draw.thing(),
            c=draw.city(),
            n=draw.full_name(),
        )
        return text, text
    if argument.kind in ("message", "subject_line"):
        text = draw.phrase(
            (
                "I am late",
                "call {n}",
                "buy {a}s",
                "the {a} is ready",
                "see you in {c}",
                "happy birthday",
                "water the {a}",
                "the meeting is over",
                "bring a {a}",
                "thank you",
                "hello {n}",
                "good luck",
                "the new {a}",
            ),
            n=draw.name(),
            a=draw.thing(),
            c=draw.city(),
        )
        return text, rng.choice(('"{}"', "{}", "'{}'")).format(text)
    if argument.kind == "path":
        folder, end = (
            rng.choice(("", "/tmp/", "data/", "./")),
            rng.choice(("txt", "csv", "json", "md")),
        )
        text = f"{folder}{draw.strange()}.{end}".lower()
        return text, text
    if argument.kind == "strange":
        text = rng.choice((draw.strange, draw.thing, draw.name))()
        return text, text
    return draw_value(draw, argument.kind)


@dataclass(frozen=True)
class Use:
    """One wanted call: what the user says, and the call itself."""

    name: str
    function: Function
    asked: str
    arguments: dict[str, Any]
    spoken: dict[str, str]


def draw_use(draw: Draw, name: str, function: Function) -> Use:
    """A request that a function fits."""
    arguments, spoken = {}, {}
    for argument in function.arguments:
        arguments[argument.name], spoken[argument.name] = draw_argument(draw, argument)
    asked = vary(draw.rng, draw.rng.choice(function.asked)).strip().replace("  ", " ")
    asked = draw.fitted(draw.mended(asked), spoken)
    for key, text in spoken.items():
        asked = asked.replace("{" + key + "}", keep(text))
    return Use(name, function, asked, arguments, spoken)


def draw_result(draw: Draw, use: Use) -> tuple[str, str]:
    """What the function returns as text, and a sentence that tells it."""
    kind = use.function.result
    rng = draw.rng
    if kind == "done":
        value = rng.choice(
            (
                "ok",
                "done",
                "success",
                '{"status": "ok"}',
                "true",
                "OK",
                '{"success": true}',
                "sent",
                json.dumps({"id": rng.randint(1, 999)}),
            )
        )
        shown = ""
    elif kind == "fact":
        shown = draw.phrase(
            (
                "{n} lives in {c}",
                "a {a} made of {b}",
                "{a}, {b} and {d}",
                "the {a} is in {c}",
                "{n} found the {a}",
                "{s} {t}",
                "it opened in {y}",
            ),
            n=draw.name(),
            c=draw.city(),
            a=draw.thing(),
            b=draw.thing(),
            d=draw.thing(),
            s=draw.strange(),
            t=draw.strange(),
            y=str(rng.randint(1800, 2026)),
        )
        value = shown
    else:
        shown = str(draw_argument(draw, Argument("", "string", kind, ""))[0])
        if kind in ("number", "decimal") and not draw.held_out and draw.chance(0.12):
            shown = f"-{shown}"
        value = shown
    if kind not in ("done",) and draw.chance(0.25):
        key = rng.choice(("result", "value", "answer", "data", use.name))
        value = json.dumps(
            {key: json.loads(shown) if _NUMBER.fullmatch(shown) else shown}, ensure_ascii=False
        )
    values = {**use.spoken, "r": shown}
    told = vary(rng, draw.fitted(vary(rng, rng.choice(use.function.told)), values), **values)
    if (shown and told.startswith(shown)) or any(map(told.startswith, use.spoken.values())):
        # A value stays as it is, also where a sentence begins with it.
        return value, told
    return value, told[:1].upper() + told[1:]
