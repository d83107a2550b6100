"""Functions: those written by hand, and those that are put together or invented."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from training.language.articles import article, with_article
from training.language.blocks import blocks
from training.language.lexicon import Draw, is_held_out
from training.language.records import KEYS


@dataclass(frozen=True)
class Argument:
    """A parameter: its name, JSON type, description, and which kind of value it takes."""

    name: str
    type: str
    kind: str
    description: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Function:
    """A function and how people ask for it; ``{argument}`` stands for a value.

    ``told`` are sentences about the result, with ``{r}`` for the number or text it returns.
    """

    names: tuple[str, ...]
    description: str
    arguments: tuple[Argument, ...]
    asked: tuple[str, ...]
    told: tuple[str, ...]
    result: str
    """Kind of the result's value."""
    noun: str = ""
    """What a function that is put together is about."""


def argument(text: str) -> Argument:
    """An argument from ``city:string=city The city.`` or ``unit:string=one(a,b) The unit.``"""
    head, _, description = text.partition(" ")
    name, _, rest = head.partition(":")
    kind_of, _, kind = rest.partition("=")
    if kind.startswith("one("):
        return Argument(name, kind_of, "choice", description, tuple(kind[4:-1].split(",")))
    return Argument(name, kind_of, kind, description)


def _function(block: str) -> Function:
    """Names, description and kind of result; then arguments, requests and sentences."""
    names, description, result, *rest = block.splitlines()
    arguments, asked, told = (
        [line[2:] for line in rest if line.startswith(mark)] for mark in ("- ", "? ", "= ")
    )
    return Function(
        tuple(names.split()),
        description,
        tuple(map(argument, arguments)),
        tuple(asked),
        tuple(told),
        result,
    )


def written_in(name: str) -> tuple[Function, ...]:
    """The functions of a file of ``texts/``."""
    return tuple(map(_function, blocks(name)))


PLAIN = "functions/plain.txt"
FUNCTIONS = written_in(PLAIN)
"""Those written by hand of which measures draw, too."""

_VERBS = (
    "create:Create,Make,Open,Add",
    "delete:Delete,Remove,Drop",
    "find:Find,Look for,Search for",
    "update:Update,Change,Edit",
    "cancel:Cancel,Call off",
    "start:Start,Begin,Launch",
    "stop:Stop,End,Halt",
    "book:Book,Reserve",
    "get:Get,Show me,Tell me about",
    "send:Send,Deliver",
    "check:Check,Inspect,Look at",
    "lock:Lock,Close",
    "paint:Paint,Colour",
    "rent:Rent,Hire",
    "repair:Repair,Fix",
    "download:Download,Fetch",
    "rate:Rate,Score",
)
_NOUNS = tuple(
    """
ticket invoice room car bike account user customer order package document report photo video
playlist note task project team member course lesson exam server database table row bucket image
container job queue backup printer scanner door window robot drone sensor camera lamp heater oven
fridge garden plant pet horse boat ship train seat hotel cabin trip tour guide museum concert
match game player score contract loan card coupon gift letter parcel shelf product supplier
warehouse meeting calendar contact channel group post comment survey vote poll license permit
passport visa patient doctor bed prescription sample experiment telescope rocket satellite planet
song album book chapter page poem story recipe menu
""".split()
)
_EXTRAS = (
    ("name", "string", "person", "[for|of] {v}"),
    ("city", "string", "city", "in {v}"),
    ("date", "string", "date", "on {v}"),
    ("count", "integer", "small", "with count {v}"),
    ("color", "string", "color", "in {v}"),
    ("title", "string", "title", "[called|titled] {v}"),
    ("price", "number", "money", "for {v} [dollars|euros]"),
    ("id", "string", "ident", "with id {v}"),
    ("time", "string", "time", "at {v}"),
    ("day", "string", "weekday", "on {v}"),
    ("email", "string", "email", "for {v}"),
    ("owner", "string", "person", "owned by {v}"),
    ("priority", "string", "level", "with {v} priority"),
    ("year", "integer", "year", "from {v}"),
    ("destination", "string", "city", "to {v}"),
    ("weight", "number", "decimal", "of {v} kg"),
    ("phone", "string", "phone", "with phone {v}"),
    ("enabled", "boolean", "yes", ""),
)


_RENAMED = {
    "city": "place town location where city_name",
    "name": "label title who identifier full_name",
    "a": "x first left num1 first_number",
    "b": "y second right num2 second_number",
    "query": "text q term keywords",
    "to": "address recipient receiver mail_to",
    "subject": "topic title about headline",
    "recipient": "to contact person receiver",
    "text": "message content body note",
    "time": "at hour when clock",
    "minutes": "duration length mins min",
    "title": "name what label event",
    "day": "weekday date on when",
    "language": "target lang target_language into",
    "company": "firm symbol corporation",
    "amount": "sum value money",
    "source": "from_currency base currency_from",
    "target": "to_currency quote currency_to",
    "start": "from origin a begin",
    "end": "to destination b finish",
    "room": "place where area",
    "state": "status mode setting",
    "people": "guests persons party count",
    "origin": "from_city start departure",
    "destination": "to_city goal arrival",
    "date": "day when on",
    "order_id": "id number order ref",
    "namespace": "account owner user org",
    "replicas": "count number n instances",
    "count": "number n how_many",
    "topic": "about subject theme",
    "dish": "meal food name",
    "product": "item article thing",
    "quantity": "amount count number n",
    "path": "file filename location",
    "word": "term text string",
    "letter": "character char sign",
    "expression": "formula calculation term expr",
}


def renamed(draw: Draw, function: Function) -> Function:
    """The same function with other names for its arguments, so that they have to be read."""
    names: dict[str, str] = {}
    for argument in function.arguments:
        choices = [*_RENAMED.get(argument.name, "").split(), draw.rng.choice(KEYS)]
        new = draw.rng.choice(choices)
        names[argument.name] = (
            new
            if new not in names.values() and new not in {a.name for a in function.arguments}
            else argument.name
        )
    if len(set(names.values())) < len(names):
        return function
    arguments = tuple(
        replace(argument, name=names[argument.name]) for argument in function.arguments
    )
    texts = {}
    for field in ("asked", "told"):
        said = "\n".join(getattr(function, field))
        texts[field] = tuple(
            re.sub(
                r"\{(\w+)\}", lambda found: "{" + names.get(found[1], found[1]) + "}", said
            ).split("\n")
        )
    return replace(function, arguments=arguments, asked=texts["asked"], told=texts["told"])


_PLACES_OF = (
    "with {k} {v}",
    "where {k} is {v}",
    "({k}: {v})",
    "and {k} {v}",
    "using {v} as {k}",
    "with a {k} of {v}",
    "for {k} {v}",
    "{k} {v}",
)
_KINDS_OF = (
    ("string", "person"),
    ("string", "city"),
    ("string", "thing"),
    ("integer", "small"),
    ("number", "money"),
    ("string", "ident"),
    ("string", "date"),
    ("string", "color"),
    ("number", "decimal"),
    ("integer", "number"),
    ("string", "weekday"),
    ("string", "host"),
    ("string", "path"),
    ("string", "time"),
)


def invented(draw: Draw) -> Function:
    """A function that nobody knows: any verb, any noun, any names of arguments."""
    rng = draw.rng
    verb, noun = (
        rng.choice((draw.word, draw.strange, lambda: rng.choice(_VERBS).split(":")[0]))(),
        rng.choice((draw.word, draw.strange, draw.thing))(),
    )
    verb, noun = (re.sub("[^a-z0-9]", "", part.lower()) or "thing" for part in (verb, noun))
    keys = rng.sample(KEYS, rng.choice((1, 1, 2, 2, 3)))
    keys = [
        f"{key}_{draw.word()}" if draw.chance(0.15) else (draw.word() if draw.chance(0.25) else key)
        for key in keys
    ]
    keys = list(dict.fromkeys(keys))
    kinds = [rng.choice(_KINDS_OF) for _ in keys]
    about = rng.choice(
        ("The {k}.", "The {k} of the {n}.", "Which {k}.", "{K}", "{K} to use.", "What the {k} is.")
    )
    arguments = tuple(
        Argument(
            key,
            kind_of,
            kind,
            about.replace("{k}", key.replace("_", " "))
            .replace("{n}", noun)
            .replace("{K}", key.replace("_", " ").capitalize()),
        )
        for key, (kind_of, kind) in zip(keys, kinds, strict=True)
    )
    if draw.chance(0.3) and len(keys) == 1:
        asked = tuple(
            f"{start} {{{keys[0]}}}{end}"
            for start in (
                f"{verb.capitalize()} the {noun}",
                f"Please {verb}",
                f"{noun.capitalize()}",
                f"What is the {noun} of",
                f"{verb.capitalize()} the {noun} of",
                f"Which {noun} has",
            )
            for end in ("", ".", "?")
        )
    else:
        rest = " ".join(
            rng.choice(_PLACES_OF)
            .replace("{k}", key.replace("_", " "))
            .replace("{v}", "{" + key + "}")
            for key in keys
        )
        asked = (
            f"{verb.capitalize()} the {noun} {rest}.",
            f"Please {verb} {noun} {rest}",
            f"I need to {verb} a {noun} {rest}.",
            f"Can you {verb} the {noun} {rest}?",
            f"{noun}: {verb} {rest}",
            f"The {noun} must be {verb}ed {rest}.",
        )
    joint = rng.choice(("_", "_", "_", "-", "."))
    name = rng.choice(
        (
            f"{verb}{joint}{noun}",
            f"{noun}{joint}{verb}",
            f"{verb}{noun.capitalize()}",
            noun,
            f"get{joint}{noun}",
            verb,
        )
    )
    description = rng.choice(
        (
            draw.mended(f"{verb.capitalize()} a {noun}."),
            f"{verb.capitalize()} the {noun}.",
            draw.mended(f"To {verb} a {noun} by its {keys[0]}."),
            f"{noun.capitalize()}: {verb} it.",
        )
    )
    return Function(
        (name,),
        description,
        arguments,
        asked,
        (f"The {noun} is ready.", f"Done with the {noun}.", "Done."),
        "done",
    )


def made_up(draw: Draw, verb: str | None = None, noun: str | None = None) -> Function:
    """``create_ticket(title, priority)``: put together, from any verb and noun if none is given."""
    rng = draw.rng
    stem, _, spoken = rng.choice(
        _VERBS if verb is None else [each for each in _VERBS if each.startswith(f"{verb}:")]
    ).partition(":")
    if noun is None:
        noun = rng.choice([noun for noun in _NOUNS if is_held_out(noun) == draw.held_out])
    chosen = rng.sample(_EXTRAS[:-1], rng.choices((1, 2, 3), (5, 4, 1))[0])
    arguments = tuple(
        Argument(name, kind_of, kind, f"The {name} of the {noun}.")
        for name, kind_of, kind, _ in chosen
    )
    rest = " ".join(said.replace("{v}", "{" + name + "}") for name, _, _, said in chosen)
    which = f"[the|{article(noun)}|]"
    asked = tuple(
        wording
        for word in spoken.split(",")
        for wording in (
            f"{word} {which} {noun} {rest}[.||!]",
            f"[Please|Can you|I want to|Could you please] {word.lower()} {which} {noun} {rest}"
            "[.||?]",
        )
    )
    name = rng.choice(
        (f"{stem}_{noun}", f"{stem}_{noun}", f"{noun}_{stem}", f"{stem}{noun.capitalize()}")
    )
    done = {
        "create": "created",
        "delete": "deleted",
        "find": "found",
        "stop": "stopped",
        "get": "there",
    }.get(stem, "done")
    told = (
        f"The {noun} is {done}.",
        f"Done: the {noun} is {done}.",
        f"All right, the {noun} is {done}.",
    )
    return Function(
        (name,),
        f"{stem.capitalize()} {with_article(noun)}.",
        arguments,
        asked,
        told,
        "done",
        noun,
    )
