"""Functions in huge variety: their lists have to be read, for nobody can know them.

Three sources: more functions written by hand (``texts/functions/``), questions for any
property of anything (`inquiry`), and sets of functions that differ in one word only (`rivals`).
Words that they share with their requests are exchanged in many (`drills.exchange`); `restyled`
then changes names, descriptions and parameters.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from training.language.articles import mended
from training.language.blocks import rooms
from training.language.drills.exchange import exchanged_function
from training.language.functions import PLAIN, Argument, Function, made_up, renamed, written_in
from training.language.lexicon import Draw, is_held_out
from training.language.records import KEYS


@cache
def written() -> tuple[Function, ...]:
    """Functions of the other files; none of them is ever drawn for a measure."""
    return tuple(
        function for name in rooms("functions") if name != PLAIN for function in written_in(name)
    )


_THINGS = (
    ("city", "city"), ("town", "city"), ("village", "city"), ("river", "city"),
    ("mountain", "city"), ("island", "strange"), ("planet", "strange"), ("ship", "strange"),
    ("star", "strange"), ("person", "person"), ("customer", "person"), ("pupil", "person"),
    ("singer", "person"), ("patient", "person"), ("product", "thing"), ("tool", "thing"),
    ("machine", "host"), ("server", "host"), ("job", "host"), ("song", "title"), ("book", "title"),
    ("film", "title"), ("company", "firm"), ("bank", "firm"), ("order", "ident"),
    ("room", "ident"), ("flight", "ident"), ("machine_part", "ident"), ("animal", "animal"),
    ("dish", "food"), ("file", "path"), ("user", "email"), ("building", "place"),
    ("element", "strange"), ("language", "language"), ("station", "city"), ("bus", "ident"),
)  # fmt: skip
_PROPERTIES = tuple(
    (name, kind, tuple(asked.split("|")))
    for name, kind, asked in (
        ("height", "number", "How high is {v}?|How tall is {v}?"),
        ("weight", "decimal", "How heavy is {v}?|What does {v} weigh?"),
        ("age", "age", "How old is {v}?|Is {v} old?"),
        ("price", "money", "How expensive is {v}?|What do I pay for {v}?|Is {v} dear?"),
        ("color", "color", "Which colour has {v}?|Is {v} red or blue?"),
        ("owner", "person", "Who owns {v}?|Whose is {v}?|To whom does {v} belong?"),
        ("length", "number", "How long is {v}?"),
        ("depth", "number", "How deep is {v}?"),
        ("speed", "number", "How fast is {v}?|Is {v} quick?"),
        ("address", "city", "Where is {v}?|Where do I find {v}?|How do I get to {v}?"),
        ("status", "state2", "How is {v} doing?|Is {v} all right?|Is {v} in order?"),
        ("birthday", "date", "When was {v} born?|When does {v} celebrate?"),
        ("maker", "person", "Who made {v}?|From whom is {v}?|Whose work is {v}?"),
        ("rating", "stars", "Is {v} any good?|What do people think of {v}?"),
        ("arrival", "time", "When does {v} arrive?|Is {v} there yet?|When does {v} come?"),
        ("phone_number", "phone", "How do I call {v}?|How can I reach {v}?"),
        ("leader", "person", "Who leads {v}?|Who is in charge of {v}?|Who is the boss of {v}?"),
        ("capacity", "number", "How much fits into {v}?|How many have room in {v}?"),
        ("history", "fact", "What happened to {v}?|What was {v} in former times?"),
        ("meaning", "fact", "What does {v} mean?|What is meant by {v}?"),
        ("contents", "fact", "What is in {v}?|What does {v} contain?"),
        ("opening_time", "time", "When does {v} open?|From when is {v} open?"),
        ("successor", "person", "Who comes after {v}?"),
        ("symbol", "ident", "How is {v} written in short?"),
        ("mood", "feeling", "How does {v} feel?|Is {v} happy?"),
        ("neighbors", "fact", "What lies next to {v}?|Who lives beside {v}?"),
        ("material", "thing", "What is {v} made of?"),
        ("origin", "city", "Where does {v} come from?"),
        ("visitors", "big", "How many people come to {v}?|Do many visit {v}?"),
        ("schedule", "weekday", "On which days is {v} there?"),
        ("temperature", "temp", "How warm is {v}?|Is {v} hot?"),
    )
)
_ASKED = (
    "[What is|What's|Tell me|Give me|Find|Look up|Get] the {p} of {v}[?|.|]",
    "[What is|Tell me|Find|Show me] the {p} of [the |]{n} {v}[.|?|]",
    "[I need|I want|I'd like to know|Do you know] the {p} of {v}[.|?]",
    "{v}: {p}[?|, please.|]",
    "{p} of {v}[?|, please.|]",
    "[What is|Look up|Tell me] {v}'s {p}[?|.]",
    "[Which|What] {p} [has|does] {v}[?| have?]",
)
_SHOWN = (
    "Get the {p} of a {n}.",
    "Returns the {p} of the given {n}.",
    "Look up the {p} for a {n}.",
    "{P} of a {n}.",
    "Finds out the {p} of any {n}.",
    "Tells the {p} of one {n}.",
    "Reads the {p} of the {n} from the database.",
)
_NAMED = ("get_{n}_{p}", "{n}_{p}", "{p}_of_{n}", "lookup_{p}", "{p}", "get_{p}", "find_{p}_of_{n}",
          "fetch_{n}_{p}", "query_{p}", "{p}_lookup", "read_{p}")  # fmt: skip
_ABOUT = (
    "The {n}.",
    "Name of the {n}.",
    "Which {n}.",
    "{N}.",
    "{N} to look up.",
    "The {n} in question.",
)


def inquiry(
    draw: Draw, thing: tuple[str, str] | None = None, chosen: int | None = None
) -> Function:
    """A question for one property of one thing."""
    rng = draw.rng
    noun, value_kind = thing or rng.choice(_THINGS)
    own: tuple[str, ...] = ()
    if chosen is None and draw.chance(0.3):
        name, kind = draw.word(), rng.choice(("number", "fact", "date", "ident", "person"))
    else:
        picked = rng.randrange(len(_PROPERTIES)) if chosen is None else chosen
        name, kind, own = _PROPERTIES[picked]
    spoken = {"{p}": name.replace("_", " "), "{n}": noun.replace("_", " ")}
    spoken |= {"{P}": spoken["{p}"].capitalize(), "{N}": spoken["{n}"].capitalize()}

    def said(text: str) -> str:
        for mark, word in spoken.items():
            text = text.replace(mark, word)
        return mended(text)

    key = rng.choice(
        (noun, noun, "name", f"{noun}_name", "id", "query", "target", rng.choice(KEYS))
    )
    argument = Argument(key, "string", value_kind, said(rng.choice(_ABOUT)))
    asked = [said(text) for text in rng.sample(_ASKED, 3)] + list(own) * 2
    return Function(
        (rng.choice(_NAMED).replace("{n}", noun).replace("{p}", name),),
        said(rng.choice(_SHOWN)),
        (argument,),
        tuple(text.replace("{v}", "{" + key + "}") for text in asked),
        tuple(
            said(text).replace("{v}", "{" + key + "}")
            for text in ("The {p} of {v} is {r}.", "{v} has the {p} {r}.", "It is {r}.", "{r}.")
        ),
        kind,
    )  # fmt: skip


_APART = (
    ("create", "start", "book"),
    ("delete", "cancel", "stop"),
    ("find", "get", "check"),
    ("update", "repair", "rate"),
    ("send", "download", "paint", "lock", "rent"),
)
"""Verbs of one row could be meant by the same request."""


def rivals(draw: Draw) -> list[Function]:
    """Two to four functions of which only one fits a request for it, though they are much alike."""
    rng = draw.rng
    count = rng.choice((2, 3, 3, 4))
    if draw.chance(0.5):
        thing = rng.choice(_THINGS)
        return [
            inquiry(draw, thing, chosen) for chosen in rng.sample(range(len(_PROPERTIES)), count)
        ]
    if draw.chance(0.6):
        noun = made_up(draw).noun
        return [made_up(draw, rng.choice(row), noun) for row in rng.sample(_APART, count)]
    stem = rng.choice(rng.choice(_APART))
    found: dict[str, Function] = {}
    while len(found) < count:
        function = made_up(draw, stem)
        found[function.noun] = exchanged_function(draw, function) if draw.chance(0.5) else function
    return list(found.values())


_OPENINGS = (
    "Use this to {d}",
    "Call this function to {d}",
    "{D} Call it when the user wants that.",
    "Function: {D}",
    "{D} Needs {a}.",
    "[tool] {D}",
    "A function for the user's wish: {d}",
)
_OPTIONS = (
    ("limit", "integer", "Most results."), ("verbose", "boolean", "Whether to say more."),
    ("timeout", "number", "Seconds to wait."), ("format", "string", "Form of the answer."),
    ("dry_run", "boolean", "Only try."), ("page", "integer", "Page of the results."),
    ("sort_by", "string", "Order of the results."), ("locale", "string", "Language of the answer."),
    ("callback", "string", "Address to call afterwards."), ("notify", "boolean", "Tell others."),
    ("tag", "string", "A tag."), ("comment", "string", "Anything to add."),
)  # fmt: skip


def restyled(draw: Draw, name: str, function: Function) -> tuple[str, Function]:
    """The same function with a name or a description of another style."""
    rng = draw.rng
    if draw.chance(0.3):
        function = renamed(draw, function)
    kind = rng.random()
    if kind < 0.08:
        # Nothing but the description tells what it does.
        return _other_name(draw), function
    if kind < 0.14:
        # Nothing but the name does.
        return name, replace(function, description="")
    words = [word for word in re.split(r"[_.\-]", name) if word]
    if kind < 0.34 and len(words) > 1:
        name = rng.choice(
            (
                words[0] + "".join(map(str.capitalize, words[1:])),
                "".join(map(str.capitalize, words)),
                "-".join(words),
                ".".join(words),
                "__".join(words),
                f"{rng.choice(('tool', 'api', 'my', 'do', 'fn', draw.word()))}_{name}",
            )
        )
    if rng.random() < 0.3 and function.description:
        given = function.description
        needed = " and ".join(each.name.replace("_", " ") for each in function.arguments)
        plain = given[:1].lower() + given[1:]
        text = rng.choice(_OPENINGS).replace("{D}", given).replace("{a}", needed or "nothing")
        if "{d}" in text:
            plain = re.sub(r"^(\w+?)(?:es|s) ", _bare_verb, plain)
        function = replace(function, description=text.replace("{d}", plain))
    if rng.random() < 0.1:
        bare = tuple(replace(argument, description="") for argument in function.arguments)
        function = replace(function, arguments=bare)
    return name, function


def _bare_verb(found: re.Match[str]) -> str:
    """``reads the`` as ``read the``."""
    word = found[0].rstrip()
    return f"{word[:-2] if word.endswith(('shes', 'ches', 'xes')) else word[:-1]} "


def _other_name(draw: Draw) -> str:
    while True:
        word = re.sub("[^a-z0-9]", "", draw.strange().lower())
        if len(word) > 2 and is_held_out(word) == draw.held_out:
            return draw.rng.choice((word, f"{word}_{draw.rng.randint(1, 99)}", f"fn_{word}"))


def new_function(draw: Draw) -> tuple[str, Function]:
    """A function of this module's, in any style."""
    function = draw.rng.choice(written()) if draw.chance(0.6) else inquiry(draw)
    if draw.chance(0.6):
        function = exchanged_function(draw, function)
    return restyled(draw, draw.rng.choice(function.names), function)


def option(draw: Draw) -> tuple[str, dict[str, str]]:
    """A parameter that may be left out, and that no request names."""
    name, kind, about = draw.rng.choice(_OPTIONS)
    if draw.chance(0.4):
        about = draw.rng.choice((f"Optional. {about}", f"{about} May be left out.", "Optional."))
    return name, {"type": kind, "description": about}
