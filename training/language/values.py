"""Values of many kinds, and how a sentence says each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from training.language.lexicon import Draw
from training.language.tables import (
    ANIMALS,
    COLORS,
    FOODS,
    JOBS,
    LAST_NAMES,
    MONTHS,
    NUMBER_WORDS,
    WEEKDAYS,
)

_FEW = ("tiny", "small", "stars")
_TWO_WORDS = (
    "Port {}",
    "New {}",
    "Bad {}",
    "San {}",
    "Saint-{}",
    "Lake {}",
    "{} Bay",
    "{} Hill",
    "{} Falls",
    "{}-on-Sea",
)
_TITLES = ("Mr", "Mrs", "Ms", "Dr", "Aunt", "Uncle", "Professor", "Captain")
_MORE_ENDINGS = ("xlsx", "docx", "zip", "mov", "mp4", "wav", "mp3", "jpg", "yaml", "db", "tex")
_ENDINGS = ("txt", "md", "csv", "py", "json", "pdf", "png", "html", "log")


def draw_value(draw: Draw, kind: str) -> tuple[Any, str]:
    """A value of a kind, and how a sentence says it."""
    rng = draw.rng
    value: Any
    if kind == "person":
        value = draw.full_name() if draw.chance(0.25) else draw.name()
        if not draw.held_out and draw.chance(0.06):
            value = f"{rng.choice(_TITLES)} {_surname(draw)}"
    elif kind == "full":
        value = draw.full_name()
    elif kind == "city":
        value = draw.city()
        if not draw.held_out and draw.chance(0.1):
            value = rng.choice(_TWO_WORDS).format(value)
    elif kind == "thing":
        value = draw.thing()
        if draw.chance(0.12):
            value = f"{rng.choice(COLORS)} {value}"
        elif not draw.held_out and draw.chance(0.12):
            value = f"{draw.word()}{rng.choice((' ', ' ', '-'))}{value}"
    elif kind in ("age", "number", "tiny", "small", "stars", "big", "year", "temp"):
        low, high = {
            "age": (2, 99),
            "number": (5, 300),
            "tiny": (0, 9),
            "small": (2, 20),
            "stars": (1, 5),
            "big": (900, 9_000_000),
            "year": (1900, 2026),
            "temp": (-15, 38),
        }[kind]
        number = rng.randint(low, high)
        if kind == "big":
            number -= number % 100
        if kind in _FEW and 0 < number <= 12 and draw.chance(0.3):
            return number, NUMBER_WORDS[number]
        if kind == "big" and draw.chance(0.4):
            return number, f"{number:,}"
        return number, str(number)
    elif kind == "money":
        if draw.chance(0.35):
            cents = rng.randint(50, 99_999) / 100
            return (cents, f"{cents:.2f}") if cents * 10 % 1 else (cents, str(cents))
        number = rng.choice((rng.randint(1, 99), rng.randint(100, 2500)))
        return number, str(number)
    elif kind == "decimal":
        tenths = rng.randint(3, 999)
        value = tenths / 10 if tenths % 10 else tenths // 10
        return value, str(value)
    elif kind.startswith("list("):
        return _several(draw, kind[5:-1])
    elif kind in ("parts", "people"):
        words = [
            draw.thing() if kind == "parts" else draw.name()
            for _ in range(rng.choice((2, 3, 3, 4)))
        ]
        words = list(dict.fromkeys(words))
        return words, f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
    elif kind == "yes":
        truth = draw.chance(0.5)
        return truth, "is" if truth else "is not"
    else:
        value = _plain_value(draw, kind)
    return value, value


def _several(draw: Draw, kind: str) -> tuple[list[Any], str]:
    """Two to four values, listed as a sentence does it."""
    found = [draw_value(draw, kind) for _ in range(draw.rng.choice((2, 3, 3, 4)))]
    said = dict.fromkeys(words for _, words in found)
    values = {words: value for value, words in found}
    *first, last = said
    joint = draw.rng.choice((" and ", " and ", ", and ", ", "))
    return [values[words] for words in said], ", ".join(first) + joint * bool(first) + last


def _plain_value(draw: Draw, kind: str) -> str:
    rng = draw.rng
    fixed = {
        "job": JOBS,
        "color": COLORS,
        "animal": ANIMALS,
        "food": FOODS,
        "weekday": WEEKDAYS,
        "feeling": ("positive", "negative", "neutral"),
        "sky": ("sunny", "cloudy", "rainy", "foggy", "windy", "snowing", "clear"),
        "event": (
            "meeting",
            "party",
            "concert",
            "workshop",
            "wedding",
            "lesson",
            "conference",
            "birthday",
            "dinner",
            "interview",
            "exhibition",
            "race",
        ),
        "state": ("shipped", "paid", "cancelled", "delivered", "open", "lost", "delayed"),
        "state2": ("running", "stopped", "paused", "down", "ready"),
        "issue": (
            "a broken screen",
            "slow answers",
            "a lost password",
            "a wrong bill",
            "a missing part",
            "login errors",
        ),
        "level": ("high", "low", "medium", "urgent"),
        "subject": (
            "maths",
            "history",
            "physics",
            "music",
            "biology",
            "art",
            "chemistry",
            "English",
        ),
        "language": (
            "French",
            "German",
            "Spanish",
            "Italian",
            "Polish",
            "Japanese",
            "Dutch",
            "Swedish",
        ),
        "zone": ("us-east-1", "eu-west-1", "eu-central-1", "us-west-2", "ap-south-1"),
        "place": (
            "forest",
            "park",
            "kitchen",
            "station",
            "library",
            "garden",
            "museum",
            "train",
            "office",
            "market",
        ),
    }
    if kind in fixed:
        return rng.choice(fixed[kind])
    if kind == "date":
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2019, 2030)
        return rng.choice(
            (
                f"{year}-{month:02}-{day:02}",
                f"{day} {MONTHS[month - 1]}",
                f"{MONTHS[month - 1]} {day}",
                f"{day} {MONTHS[month - 1]} {year}",
                f"{day:02}.{month:02}.{year}",
            )
        )
    if kind == "time":
        hour = rng.randint(0, 23)
        return rng.choice(
            (
                f"{hour:02}:{rng.choice((0, 15, 30, 45, rng.randint(0, 59))):02}",
                f"{hour % 12 + 1} {rng.choice(('am', 'pm'))}",
            )
        )
    if kind == "title":
        return draw.phrase(
            (
                "The {a} and the {b}",
                "The {c} {a}",
                "A {a} for {n}",
                "{n}'s {a}",
                "My {c} {b}",
                "{A}",
            ),
            a=draw.thing(),
            b=draw.thing(),
            c=rng.choice(COLORS),
            n=draw.name(),
            A=draw.strange().capitalize(),
        )
    if kind == "email":
        if not draw.held_out and draw.chance(0.5):
            return _plain_address(draw)
        user = draw.strange() + rng.choice(("", "." + draw.strange(), str(rng.randint(1, 99))))
        return f"{user}@{draw.strange()}.{rng.choice(('com', 'org', 'net', 'de', 'io'))}".lower()
    if kind == "phone":
        return (
            rng.choice(("", "+", "0"))
            + "".join(rng.choice("123456789") for _ in range(rng.randint(2, 3)))
            + rng.choice((" ", "-", ""))
            + str(rng.randint(1000, 9_999_999))
        )
    if kind == "ident":
        if not draw.held_out and draw.chance(0.5):
            return _code(draw)
        series = rng.choice(("A", "B", "K", "X", "INV", "T", "ORD", "R"))
        return f"{series}{rng.choice(('-', '', '#'))}{rng.randint(10, 99_999)}"
    if kind == "host":
        end = rng.choice((draw.strange(), str(rng.randint(1, 99)), "prod", "test"))
        if not draw.held_out and draw.chance(0.3):
            end = draw.word()
        start = draw.strange() if draw.held_out or draw.chance(0.6) else draw.word()
        return f"{start}-{end}".lower()
    if kind in _NAMED:
        return _NAMED[kind](draw)
    if kind == "firm":
        kind_of = rng.choice(("Ltd", "Inc", "GmbH", "& Sons", "AG", "Labs", "Group"))
        return f"{draw.strange().capitalize()} {kind_of}"
    raise ValueError(kind)


def _plain_address(draw: Draw) -> str:
    """A mail address of plain words, as firms have them."""
    joint = draw.rng.choice(("", "", f"{draw.rng.choice('._-')}{draw.word()}"))
    end = draw.rng.choice(("example", "example.com", "example.org", "com", "org", "net", "eu"))
    host = (draw.word() if draw.chance(0.6) else draw.strange()).lower()
    return f"{draw.word().lower()}{joint}@{host}.{end}"


def _code(draw: Draw) -> str:
    """A number with a letter or a few before or behind it."""
    letters = "".join(draw.rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=draw.rng.randint(1, 3)))
    number = str(draw.rng.randint(2, 99_999))
    joint = draw.rng.choice(("", "", "-", " "))
    return draw.rng.choice((f"{letters}{joint}{number}", f"{number}{letters}"))


def _surname(draw: Draw) -> str:
    return draw.one(LAST_NAMES) if draw.chance(0.6) else draw.strange().capitalize()


def _proper(draw: Draw) -> str:
    """What somebody may have called a ship, a dish or a club: one to three words."""
    kind = draw.rng.random()
    if kind < 0.25:
        return draw.strange().capitalize()
    words = [draw.word().capitalize() for _ in range(draw.rng.choice((1, 2, 2, 2, 3)))]
    if len(words) == 3:
        words[1] = draw.rng.choice(("of", "and", "&", words[1]))
    return " ".join(words)


def _street(draw: Draw) -> str:
    first = draw.word() if draw.chance(0.6) else draw.strange()
    end = draw.rng.choice(("Street", "Road", "Lane", "Avenue", "Square", "Way"))
    number = f" {draw.rng.randint(1, 199)}" if draw.chance(0.4) else ""
    return f"{first.capitalize()} {end}{number}"


def _file(draw: Draw) -> str:
    folder = f"{draw.word()}/" if draw.chance(0.25) else ""
    endings = _ENDINGS if draw.held_out or draw.chance(0.6) else _MORE_ENDINGS
    joint = draw.rng.choice(("", f"_{draw.word()}", f"-{draw.rng.randint(1, 30)}", ""))
    return f"{folder}{draw.word()}{joint}.{draw.rng.choice(endings)}"


def _url(draw: Draw) -> str:
    end = draw.rng.choice(("com", "org", "net", "io", "example"))
    path = draw.rng.choice(("", "", f"/{draw.word()}"))
    return f"{draw.rng.choice(('https://', '', 'www.'))}{draw.strange().lower()}.{end}{path}"


def _version(draw: Draw) -> str:
    first, second, third = (draw.rng.randint(0, 20) for _ in range(3))
    return draw.rng.choice((f"{first}.{second}", f"{first}.{second}.{third}", f"v{first}.{second}"))


_NAMED: dict[str, Callable[[Draw], str]] = {
    "country": Draw.country,
    "first": Draw.name,
    "proper": _proper,
    "surname": _surname,
    "street": _street,
    "file": _file,
    "url": _url,
    "version": _version,
    "letter": lambda draw: draw.rng.choice("ABCDEF"),
}
