"""To find something in what stands above: by its key, its place, its neighbour, its marks."""

from __future__ import annotations

from collections.abc import Callable

from training.language.chat import Chat, keep, turns
from training.language.drills.payloads import code, item, odd_word, payload
from training.language.lexicon import Draw

_VERBS = (
    "say|repeat|copy|echo|type|write|print|output|return|recite|restate|reproduce|quote|mirror|"
    "give back|read out|send back|put down|imitate|duplicate|hand back|"
    "reply with|answer with"
).split("|")
_OBJECTS = (
    "this|that|the following|these words|what I say|what I wrote|what follows|my words|the text|"
    "the line|the next words|what stands here|the same thing|the string|it|"
).split("|")
_TAILS = (
    "|||exactly|again|once more|verbatim|without changes|letter for letter|as it stands|for me|"
    "back to me|please|after me|and nothing else|word for word|right away|in your answer|unchanged"
).split("|")
_BEFORE = (
    "||||please|kindly|now|just|could you|can you|would you|will you|I need you to|I'd like you to|"
    "you should|your task is to|be so kind and|all you do is|I ask you to|try to|time to|let's see "
    "you|do me a favor and|next,|go on,|only"
).split("|")
_ENDS = (
    " and nothing more| and then be silent| and leave it at that|, that is all|, then say no more|"
    " and finish| and do not go on| and end after it|, nothing else"
).split("|")


def _request(draw: Draw, text: str) -> str:
    """Any verb, any object, any order: what counts is that something is to be said again."""
    rng = draw.rng
    verb, tail = rng.choice(_VERBS), rng.choice(_TAILS)
    shown = keep(text if draw.chance(0.6) else rng.choice(('"{}"', "'{}'", "“{}”")).format(text))
    kind = rng.random()
    if kind < 0.5:
        joint = rng.choice((": ", ": ", ":\n", " - ", "\n", " -> "))
        words = (rng.choice(_BEFORE), verb, rng.choice(_OBJECTS), tail)
        asked = " ".join(word for word in words if word) + joint + shown
    elif kind < 0.75:
        words = (rng.choice(_BEFORE), verb, shown, tail)
        asked = " ".join(word for word in words if word) + rng.choice(("", "", ".", "!", "?"))
    elif kind < 0.85:
        asked = f"{rng.choice(_BEFORE)} {verb} {shown}{rng.choice(_ENDS)}.".strip()
    else:
        asked = f"{shown}{rng.choice((' ', chr(10), ' - '))}{verb} {rng.choice(_OBJECTS)} {tail}"
    asked = asked.strip()
    return asked[:1].upper() + asked[1:]


def repeat_the_odd(draw: Draw) -> Chat:
    """Something odd to say again, exactly."""
    text = payload(draw)
    return turns(_request(draw, text), text)


def _distinct(draw: Draw, count: int) -> list[str]:
    kind = draw.rng.random()
    makers: tuple[Callable[[], str], ...] = (
        (draw.word, draw.name, draw.city, draw.thing, lambda: odd_word(draw), lambda: code(draw))
        if kind < 0.7
        else (lambda: item(draw),)
    )
    maker = draw.rng.choice(makers)
    return list(dict.fromkeys(maker() for _ in range(count)))


def find_by_key(draw: Draw) -> Chat:
    """Pairs, and the question for the partner of one of them."""
    rng = draw.rng
    count = rng.choices((2, 3, 4, 6, 8, 12), (2, 3, 3, 2, 2, 1))[0]
    keys = _distinct(draw, count)
    values = _distinct(draw, len(keys))
    pairs = [(key, value) for key, value in zip(keys, values, strict=False) if value not in keys]
    if len(pairs) < 2:
        return find_by_key(draw)
    joint = rng.choice((": ", " = ", " -> ", " is ", " - ", " has ", "\t", " goes with "))
    between = "\n" if draw.chance(0.6) else rng.choice(("; ", ". ", " | "))
    listed = between.join(f"{key}{joint}{value}" for key, value in pairs)
    key, value = rng.choice(pairs)
    if draw.chance(0.1):
        absent = _distinct(draw, 1)[0]
        if absent not in keys and absent not in values:
            said = draw.phrase(
                ("That is not in the list.", "The list does not say.", "{k} is not there."),
                k=absent,
            )
            return _asked(draw, listed, absent, said)
    if draw.chance(0.3):
        question = draw.phrase(
            (
                "[Which|What] [key |entry |one |][has|stands before|belongs to|goes with] {k}?",
                "Where does {k} [belong|stand]?",
            )
        )
        return _asked(draw, listed, value, key, question)
    return _asked(draw, listed, key, value)


def _asked(draw: Draw, listed: str, key: str, said: str, question: str | None = None) -> Chat:
    question = question or draw.phrase(
        (
            "[What is|What's|Give me|Tell me] {k}[?|.]",
            "[What|Which value] [stands behind|belongs to|goes with|is next to] {k}?",
            "{k}[?|:|]",
            "[Look up|Find|Read] {k}[.|]",
            "[And|So] {k}?",
            "[Value|Entry] [of|for] {k}[?|, please.|]",
        )
    )
    frame = draw.rng.choice(
        ("{l}\n\n{q}", "{l}\n{q}", "{q}\n\n{l}", "Here is a list.\n{l}\n{q}", "{q} {l}")
    )
    question = question.replace("{k}", keep(key))
    return turns(frame.replace("{q}", question).replace("{l}", keep(listed)), said)


def neighbor(draw: Draw) -> Chat:
    """Words in a row, and the question which stands beside one of them, or at a place."""
    rng = draw.rng
    words = _distinct(draw, rng.randint(4, 9))
    if len(words) < 3:
        return neighbor(draw)
    joints = (", ", "\n", " - ") if any(" " in word for word in words) else (", ", " ", "\n")
    row = rng.choice(joints).join(words)
    place = rng.randrange(1, len(words) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        asked = draw.phrase(("[What|Which word] [comes|stands|is] after {k}?", "After {k}?"))
        return _asked(draw, row, words[place], words[place + 1], asked)
    if kind == 1:
        asked = draw.phrase(("[What|Which word] [comes|stands|is] before {k}?", "Before {k}?"))
        return _asked(draw, row, words[place], words[place - 1], asked)
    ordinal = ("first", "second", "third", "last")
    which = rng.choice(ordinal)
    asked = draw.phrase((f"[What|Which] is the {which} [word|one|of them]?", f"The {which}?"))
    return _asked(draw, row, "", words[{"last": -1}.get(which, ordinal.index(which))], asked)


def marked(draw: Draw) -> Chat:
    """Words around something in marks, which is wanted."""
    rng = draw.rng
    wanted = " ".join(item(draw) for _ in range(rng.choice((1, 1, 2, 3))))
    before, after = (" ".join(draw.word() for _ in range(rng.randint(1, 6))) for _ in range(2))
    opening, closing, name = rng.choice(
        (
            ("(", ")", "[in brackets|in parentheses|between the brackets]"),
            ('"', '"', "[in quotes|in quotation marks|between the quotes]"),
            ("<", ">", "[between < and >|in the angles]"),
            ("*", "*", "[between the stars|with stars]"),
            ("[", "]", "in square brackets"),
        )
    )  # fmt: skip
    text = f"{before} {opening}{wanted}{closing} {after}"
    asked = draw.phrase(
        (f"[What|Which text] [is|stands] {name}?", f"[Copy|Give me|Only] what is {name}[.|]")
    )
    return _asked(draw, text, "", wanted, asked)


def lookup(draw: Draw) -> Chat:
    """One of the drills of finding."""
    return draw.rng.choice((find_by_key, find_by_key, find_by_key, neighbor, marked))(draw)
