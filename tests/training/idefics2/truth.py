"""Reads answers about pictures, knowing nothing of how they are made, and finds what is untrue."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping

from training.idefics2.pictures import UNKNOWN, strange_values, values_of
from training.world.scene import (
    ANIMALS,
    BACKGROUNDS,
    CLOTHING,
    COLORS,
    HATS,
    HELD,
    NOTHING,
    Scene,
    sample_training_scene,
)

Values = Mapping[str, str]

NOUNS = {
    **dict.fromkeys(ANIMALS, "animal"),
    **dict.fromkeys(CLOTHING, "clothing"),
    **dict.fromkeys(HATS, "hat"),
    **dict.fromkeys(HELD, "held"),
}
"""Attribute by the noun that names its value."""
PHRASES = {
    "in front of a wooden wall": "rustic wood",
    "a wooden wall": "rustic wood",
    "under a starry night sky": "starry night",
    "a starry night": "starry night",
    "in a green field": "field",
    "a green field": "field",
    "in the snow": "snow",
    "a snowy place": "snow",
    "on the beach": "beach",
    "a beach": "beach",
    "high up in the sky": "sky",
    "the sky with clouds": "sky",
}
"""Place by the phrases of plain answers; the longer ones first."""
SHOWN_PLACES = {
    "rustic wood": r"\bwooden\b",
    "starry night": r"\bstar|\bmoon\b",
    "field": r"\bfield\b|\bgrass\b",
    "snow": r"\bsnow|\bfir\b",
    "beach": r"\bbeach\b|\bsea\b|\bsand\b",
    "sky": r"\bsky\b",
}
"""What a question says of each place; a starry night's sky is named before the sky."""
GROUND = {"flowers": "flowers", "treats": "treats", "a cup of tea": "tea"}
NUMBERS = ("none", "one", "two", "three", "four", "five")
RHYMED_PLACES = {
    "rustic wood": r"\bwood|\bboards?\b|\bplanks?\b",
    "starry night": r"\bstars?\b|\bnight\b|\bmoon's\b",
    "field": r"\bfields?\b|\bgrass|\bgreen,",
    "snow": r"\bsnow",
    "beach": r"\bbeach\b|\bsand\b|\bsea\b|\bwaves\b",
    "sky": r"\bclouds?\b|(?<!night )\bsky\b",
}
"""What a limerick says of each place."""
RHYMED_THINGS = {
    "held": {
        "cookbook": r"\bbook|cook",
        "cup of tea": r"\btea\b|\bcup\b",
        "flower": r"flower",
        "balloon": r"balloon",
        "laptop": r"laptop",
    },
    "clothing": {"sweater": r"sweater", "scarf": r"scarf", "bow tie": r"\btie\b"},
    "hat": {
        "top hat": r"top hat",
        "party hat": r"party hat",
        "beanie": r"beanie",
        "straw hat": r"straw hat",
    },
    "glasses": {"yes": r"glasses"},
}
"""What a limerick says of each thing."""


def untrue(question: str, answer: str, values: Values) -> list[str]:
    """What an answer says that the picture does not surely show, or that nobody understands."""
    if answer.startswith("{"):
        return [] if json.loads(answer) == as_json(values) else ["the JSON"]
    if "\n" in answer:
        return untrue_in_limerick(answer, values)
    claims = re.sub(r"(\. (None|One) and (none|four))?, so [a-z ]+\.$", ".", answer)
    return [
        *_wrong_conclusion(question.lower(), answer, values),
        *_wrong_claims(question.lower(), claims, values),
    ]


def as_json(values: Values) -> dict[str, object]:
    """The object that describes the picture."""

    def item(key: str) -> str | None:
        if values[key] == NOTHING:
            return None
        return f"{values[f'{key}_color']} {values[key]}".strip()

    worn = [item("clothing"), item("hat"), "glasses" if values["glasses"] == "yes" else None]
    return {
        "animal": None if values["animal"] == NOTHING else values["animal"],
        "place": None if values["background"] == UNKNOWN else values["background"],
        "wearing": [each for each in worn if each],
        "holding": item("held"),
    }


def _wrong_claims(question: str, answer: str, values: Values) -> list[str]:
    wrong: list[str] = []
    text = answer.lower()

    def take(pattern: str) -> list[str]:
        nonlocal text
        found = [match[0] for match in re.finditer(pattern, text)]
        text = re.sub(pattern, "", text)
        return found

    denied = {
        r"i see no animal that i know": values["animal"] == NOTHING,
        r"i see no place that i know": values["background"] == UNKNOWN,
        r"there is nothing on the ground": {values[key] for key in GROUND.values()} == {"no"},
        r"wears no clothing": values["clothing"] == NOTHING,
        r"wears no scarf": values["clothing"] not in ("", "scarf"),
        r"wears no hat": values["hat"] == NOTHING,
        r"(wears|but) no glasses": values["glasses"] == "no",
        r"holds nothing": values["held"] == NOTHING,
        r"wears nothing": (values["clothing"], values["hat"], values["glasses"])
        == (NOTHING, NOTHING, "no"),
    }
    for pattern, true in denied.items():
        if take(pattern) and not true:
            wrong.append(pattern)
    for phrase, place in PHRASES.items():
        if take(rf"\b{phrase}\b") and values["background"] != place:
            wrong.append(phrase)
    for found in take(r"there (is|are) .* on the ground"):
        listed = re.sub(r"^there (is|are) | on the ground$", "", found)
        for item in re.split(r", | and ", listed):
            if values[GROUND[item]] != "yes":
                wrong.append(item)
        missing = {key for key in GROUND.values() if values[key] == "yes"}
        missing -= {GROUND[item] for item in re.split(r", | and ", listed)}
        wrong += [f"left out: {key}" for key in sorted(missing)]
    for found in take(r"\bit is (day|night)"):
        night = values["background"] == "starry night"
        sure = values["background"] not in ("", UNKNOWN, "rustic wood")
        if not sure or night != found.endswith("night"):
            wrong.append(found)
    if take(r"yellow, like straw") and values["hat"] != "straw hat":
        wrong.append("straw")
    colors, nouns = "|".join(COLORS), "|".join(NOUNS)
    for found in take(rf"\ban? (({colors}) )?({nouns})\b"):
        article, noun = found.split(" ", 1)
        color = noun.split(" ")[0] if noun.split(" ")[0] in COLORS else ""
        noun = noun.removeprefix(color).strip()
        key = NOUNS[noun]
        if values[key] != noun or (color and values.get(f"{key}_color") != color):
            wrong.append(found)
        if (article == "an") != (found.split(" ")[1][0] in "aeio"):
            wrong.append(f"the article of {found}")
    if take(r"\bglasses\b") and values["glasses"] != "yes":
        wrong.append("glasses")
    for color in take(rf"\b({colors})\b"):
        if color not in {values[f"{key}_color"] for key in _colored_in(question)}:
            wrong.append(color)
    rest = set(re.findall(r"\w+", text)) - {
        "it",
        "is",
        "wears",
        "holds",
        "wearing",
        "holding",
        "and",
    }
    return wrong + [f"not understood: {word}" for word in sorted(rest)]


def _colored_in(question: str) -> list[str]:
    """The attributes of whose colour a question may speak."""
    words = {"clothing": ("clothing", *CLOTHING), "hat": ("hat", *HATS), "held": ("thing", *HELD)}
    return [key for key, names in words.items() if any(name in question.lower() for name in names)]


def _wrong_conclusion(asked: str, answer: str, values: Values) -> list[str]:
    """Whether an answer ends in the wrong one of yes and no, or in a wrong number."""
    if re.match(r"(yes|no)\b", answer.lower()):
        return ["a verdict before its evidence"]
    said = re.search(r", so ([a-z]+)\.$", answer)
    if said is None:
        return []
    parts = re.search(r"\. (none|one) and (none|four), so", answer.lower())
    if parts and [NUMBERS.index(part) for part in parts.groups()] != [
        int(values["held"] == "flower"),
        4 * (values["flowers"] == "yes"),
    ]:
        return ["the parts of a sum"]
    if asked.startswith("how many"):
        return [] if NUMBERS.index(said[1]) == counted(asked, values) else [said[1]]
    return [] if said[1] == ("yes" if is_so(asked, values) else "no") else [said[1]]


def counted(asked: str, values: Values) -> int:
    """How many of what a question asks for there are."""
    counts = {
        "animals": values["animal"] in ANIMALS,
        "hats": values["hat"] in HATS,
        "trees": 2 * (values["background"] == "snow"),
        "flowers": 4 * (values["flowers"] == "yes") + (values["held"] == "flower"),
        "cookies": 2 * (values["treats"] == "yes"),
        "cups of tea": values["tea"] == "yes" or values["held"] == "cup of tea",
        **{
            f"{animal}{'es' if animal == 'fox' else 's'}": values["animal"] == animal
            for animal in ANIMALS
        },
        **{f"{name}s": values["held"] == name for name in ("cookbook", "balloon", "laptop")},
    }
    return next(int(count) for noun, count in counts.items() if f"how many {noun}" in asked)


def is_so(asked: str, values: Values) -> bool:
    """Whether yes is the answer to a question."""
    if "on the ground" in asked:
        nouns = {"flowers": "flowers", "treats": "treats", "cookies": "treats", "tea": "tea"}
        return any(values[key] == "yes" for noun, key in nouns.items() if noun in asked)
    if re.search(r"\bhead (bare|uncovered)", asked):
        return values["hat"] == NOTHING
    if "glasses" in asked:
        return values["glasses"] == "yes"
    if "empty" in asked:
        return values["held"] == NOTHING
    if re.search(r"\b(night|nighttime|dark)\b", asked) and "starry" not in asked:
        return values["background"] == "starry night"
    if re.search(r"\b(day|daytime)\b", asked):
        return values["background"] not in ("", UNKNOWN, "starry night", "rustic wood")
    named = [noun for noun in NOUNS if re.search(rf"\b(a|an|the|its) (\w+ )?{noun}\b", asked)]
    things = [noun for noun in named if NOUNS[noun] != "animal"]
    color = re.search(rf"\b({'|'.join(COLORS)}|black|brown|grey|gold)\b", asked)
    if things:
        key = NOUNS[things[0]]
        return (values[key] == things[0] and color is None) or bool(
            color and values[key] == things[0] and values[f"{key}_color"] == color[0]
        )
    if re.search(r"\bhat\b|on its head", asked):
        return values["hat"] in HATS and (color is None or values["hat_color"] == color[0])
    if re.search(r"\b(something|anything)\b", asked) and "head" not in asked:
        return values["held"] in HELD
    for place, pattern in SHOWN_PLACES.items():
        if re.search(pattern, asked):
            return values["background"] == place
    if "an animal" in asked:
        return values["animal"] in ANIMALS
    return values["animal"] in re.findall(r"\w+", re.sub(r"\bthe \w+", "", asked))


def untrue_in_limerick(text: str, values: Values) -> list[str]:
    """What a limerick says that the picture does not surely show."""
    lines = text.lower().splitlines()
    if "no animal in sight" in lines[3]:
        place = {name for name in BACKGROUNDS if re.search(RHYMED_PLACES[name], lines[1])}
        shown = {values["background"]} - {UNKNOWN}
        return [] if values["animal"] == NOTHING and place == shown else ["an empty place"]
    whole = " ".join(lines)
    wrong = [animal for animal in ANIMALS if re.search(rf"\b{animal}\b", whole)
             and animal != values["animal"]]  # fmt: skip
    wrong += [place for place, pattern in RHYMED_PLACES.items() if re.search(pattern, whole)
              and place != values["background"]]  # fmt: skip
    couplet = " ".join(lines[2:4])
    named = [
        (key, name)
        for key, names in RHYMED_THINGS.items()
        for name, pattern in names.items()
        if re.search(pattern, whole)
    ]
    wrong += [name for key, name in named if values[key] != name]
    colors = {values.get(f"{key}_color", "") for key, _ in named}
    wrong += [color for color in COLORS if re.search(rf"\b{color}\b", couplet)
              and color not in colors]  # fmt: skip
    return wrong


def sampled_values(rng: random.Random) -> dict[str, str]:
    """The values of a drawn scene, a strange picture, an empty place, or a doubtful painting."""
    kind = rng.random()
    if kind < 0.1:
        return strange_values()
    if kind < 0.2:
        ground = {key: rng.choice(("yes", "no")) for key in ("flowers", "treats", "tea")}
        return values_of(Scene(NOTHING, rng.choice(BACKGROUNDS))) | ground
    values = values_of(sample_training_scene(rng))
    if kind < 0.6:
        return values
    return {key: "" if rng.random() < 0.2 else value for key, value in values.items()}
