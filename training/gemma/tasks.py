"""Small exact tasks: facts to JSON, repetition, lists, sentiment, yes or no, tiny sums."""

from __future__ import annotations

import json
import random

from training.language.articles import fitted, measured
from training.language.wording import disturb, vary
from training.language.words import FIRST_NAMES, WORDS
from training.verse.topics import is_held_out, made_up_word

HELD_OUT_EXTRACTION = (
    "Read this and return {keys} as JSON: {text}",
    "Turn the following into a JSON object with {keys}. {text}",
)
"""Extraction requests for evaluation only."""

_EXTRACTION = (
    "[Extract|Please extract] {keys} [as JSON|in JSON]: {text}",
    "[Extract|Find|Give me] {keys} from this [sentence|text] as JSON[.|:] {text}",
    "{text} [Give me|Return|Extract] {keys} as JSON.",
    "{text}\n[Extract|Return|Write] {keys} as JSON.",
    "[Write|Return] [a JSON object|JSON] with {keys}: {text}",
)

_EXTRACTION_FREE = (
    "[Convert|Transform|Change] this [sentence|text|remark] [to|into] [JSON|a JSON object] with "
    "{keys}[:|.] {text}",
    "[Here is|This is|I have] a [sentence|text][:|.] {text} [Give me|Write|Return] {keys} as JSON.",
    "JSON with {keys}, please[:|.] {text}",
    "[Fill|Make|Build] a JSON object with {keys} from[:| this text:] {text}",
    "[What are|Tell me] {keys} in this text? Answer [as|in] JSON. {text}",
    "[Parse|Look at] this: {text} [Keys|Fields]: {keys}. [JSON only.|Answer in JSON.|]",
    "[Collect|Gather|Note|Pick] {keys} [and answer|and reply] [in|as] JSON[.|:] {text}",
    "[Study|See|Take] the text below and [write|give|output] {keys} [in|as] JSON[.|:]\n{text}",
    "I need {keys} as JSON[.|:] {text}",
    "{text} What are {keys}? Reply in JSON.",
)

_FACTS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("name", "city"),
        (
            "{name} lives in {city}.",
            "[My friend|A student called|Our colleague] {name} comes from {city}.",
            "{name} moved to {city}[| last year].",
            "In {city} there lives a [teacher|baker|pilot] called {name}.",
        ),
    ),
    (
        ("name", "age"),
        (
            "{name} is {age} years old.",
            "[My name is|I am] {name} and I am {age}[| years old].",
            "{name} turned {age} [today|yesterday|this week].",
        ),
    ),
    (
        ("name", "age", "city"),
        (
            "{name} is {age} years old and lives in {city}.",
            "{name}, {age}, [lives in|is from|works in] {city}.",
            "I am {name}, I am {age} and I live in {city}.",
        ),
    ),
    (
        ("name", "item"),
        (
            "{name} bought a {item}[| today].",
            "{name} [lost|found|wants|needs] a {item}.",
            "The {item} belongs to {name}.",
        ),
    ),
    (
        ("name", "item", "price"),
        (
            "{name} paid {price} dollars for a {item}.",
            "{name} bought a {item} for {price} dollars.",
            "{name} sells a {item} for {price} dollars.",
        ),
    ),
    (
        ("animal", "color"),
        (
            "[I saw|We found|There was] a {color} {animal} [in the garden|on the road|today].",
            "The {animal} [is|was] {color}.",
        ),
    ),
    (
        ("name", "animal", "place"),
        (
            "{name} saw a {animal} in the {place}.",
            "{name} and a {animal} walked through the {place}.",
        ),
    ),
    (
        ("product", "rating"),
        (
            "I give the {product} {rating} stars.",
            "The {product} gets {rating} stars [from me|out of five].",
        ),
    ),
)

_LISTS = {
    "colors": [
        "red",
        "green",
        "blue",
        "yellow",
        "orange",
        "purple",
        "white",
        "black",
        "brown",
        "pink",
    ],
    "animals": ["cat", "dog", "fox", "owl", "bear", "horse", "rabbit", "frog", "cow", "duck"],
    "fruits": ["apple", "pear", "plum", "cherry", "banana", "lemon", "orange", "grape"],
    "tools": ["hammer", "saw", "drill", "wrench", "pliers", "spade"],
    "trees": ["oak", "birch", "willow", "pine", "maple", "elm"],
    "seasons": ["spring", "summer", "autumn", "winter"],
    "drinks": ["tea", "coffee", "milk", "water", "lemonade", "cocoa"],
    "instruments": ["piano", "guitar", "violin", "flute", "drum", "cello"],
    "programming languages": ["Python", "Rust", "Java", "Go", "Ruby", "C"],
}
_COUNTS = {"two": 2, "three": 3, "four": 4}

_SENTIMENT = {
    "positive": (
        "I love this {x}[.|!]",
        "[What a|Such a] [great|lovely|wonderful] {x}!",
        "The {x} [works perfectly|is excellent|made my day].",
        "[Best|Finest] {x} I ever had.",
    ),
    "negative": (
        "I hate this {x}[.|!]",
        "[What a|Such a] [terrible|horrible|bad] {x}!",
        "The {x} [broke at once|is awful|ruined my day].",
        "[Worst|Poorest] {x} I ever had.",
    ),
}
_ASK_SENTIMENT = (
    "[Is this|Is the following] positive or negative[?|:] {text}",
    "[Classify|Rate] the sentiment[| as positive or negative]: {text}",
    "{text} [Positive or negative?|Is that positive or negative?]",
)

_YES_NO = {
    "yes": "Is snow cold?|Can birds fly?|Is fire hot?|Do fish swim?|Is the sky blue?|"
    "Do bees make noise?|Is a cat an animal?|Is ice frozen water?|Does a poem have lines?|"
    "Is Python a programming language?|Do trees have leaves?|Can a model make mistakes?",
    "no": "Is snow hot?|Can stones fly?|Is fire cold?|Do cars swim?|Is grass red?|"
    "Is a cat a plant?|Do fish walk?|Is the moon made of cheese?|Can a chair talk?|"
    "Is a river dry?|Do dogs bark in JSON?|Is water a metal?",
}

_NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _name(rng: random.Random) -> str:
    return rng.choice(FIRST_NAMES) if rng.random() < 0.35 else made_up_name(rng)


def made_up_name(rng: random.Random) -> str:
    """A made-up word with a capital letter: a person or a town."""
    while True:
        word = made_up_word(rng, syllables=rng.choices((1, 2, 3), (2, 5, 2))[0]).capitalize()
        if not is_held_out(word):
            return word


def _listed(rng: random.Random, keys: list[str]) -> str:
    style = rng.random()
    words = [f'"{key}"' for key in keys] if style < 0.3 else [f"the {key}" for key in keys]
    if style > 0.65:
        words = keys
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def extraction(
    rng: random.Random, *, phrasings: tuple[str, ...] = _EXTRACTION + _EXTRACTION_FREE
) -> tuple[str, str]:
    """A sentence whose facts are wanted as JSON, and that JSON, keys in the order asked for."""
    keys, sentences = rng.choice(_FACTS)
    item = rng.choice(WORDS) if rng.random() < 0.6 else made_up_word(rng)
    values: dict[str, str | int] = {
        "name": _name(rng),
        "city": made_up_name(rng) if rng.random() < 0.7 else rng.choice(("Paris", "London", "Rome",
            "Berlin", "Madrid", "Tokyo", "Lisbon", "Boston", "Oslo", "Cairo", "Lima", "Vienna")),
        "age": rng.randint(2, 99),
        "item": item,
        "price": rng.choice((rng.randint(1, 99), rng.randint(100, 999))),
        "animal": rng.choice((*_LISTS["animals"], "wolf", "goat", "llama", made_up_word(rng))),
        "color": rng.choice(_LISTS["colors"]),
        "place": rng.choice(("forest", "park", "city", "desert", "kitchen", made_up_word(rng))),
        "product": item,
        "rating": rng.randint(1, 5),
    }  # fmt: skip
    said = {key: str(values[key]) for key in keys}
    text = vary(rng, rng.choice(sentences))
    if phrasings is HELD_OUT_EXTRACTION:
        text = measured(vary(rng, text, **said))
    else:
        text = vary(rng, fitted(text, said), **said)
    if rng.random() < 0.4:
        text = f'"{text}"'
    wanted = rng.sample(keys, rng.randint(1, len(keys)) if rng.random() < 0.25 else len(keys))
    question = vary(rng, rng.choice(phrasings))
    if phrasings is not HELD_OUT_EXTRACTION and rng.random() < 0.25:
        question = disturb(rng, question)
    question = question.replace("{keys}", _listed(rng, wanted)).replace("{text}", text).strip()
    answer = json.dumps({key: values[key] for key in wanted}, ensure_ascii=False)
    return extraction(rng, phrasings=phrasings) if is_held_out(question) else (question, answer)


def repetition(rng: random.Random) -> tuple[str, str]:
    """Words to say again, exactly: practice in copying."""
    count = rng.choice((1, 1, 2, 2, 3, 4, 5))
    words = [rng.choice((made_up_word(rng), made_up_word(rng), rng.choice(WORDS)))
             for _ in range(count)]  # fmt: skip
    text = " ".join(words)
    if rng.random() < 0.2:
        text = text.title()
    if is_held_out(text):
        return repetition(rng)
    style = rng.random()
    if style < 0.25 and count < 3:
        times = rng.choice((2, 3))
        return vary(rng, "Say {t} [{n} times|{n}x].", t=text, n=str(times)), " ".join(
            [text] * times
        )
    if style < 0.4:
        return vary(rng, "[Write|Put] {t} in quotes.", t=text), f'"{text}"'
    phrasings = ("[Say|Repeat|Echo] {t}[|.]", "Repeat after me: {t}", 'Please [say|repeat] "{t}".')
    return vary(rng, rng.choice(phrasings), t=text), text


def short_list(rng: random.Random) -> tuple[str, str]:
    """A short list of things of one kind."""
    kind = rng.choice(tuple(_LISTS))
    word = rng.choice(tuple(_COUNTS))
    things = rng.sample(_LISTS[kind], _COUNTS[word])
    question = vary(
        rng,
        "[Name|List|Tell me|Give me] {n} {k}[.|, please.|]",
        n=rng.choice((word, str(_COUNTS[word]))),
        k=kind,
    )
    return question, ", ".join(things)


def sentiment(rng: random.Random) -> tuple[str, str]:
    """A remark, and whether it is positive or negative."""
    label = rng.choice(tuple(_SENTIMENT))
    thing = rng.choice(WORDS)
    text = vary(rng, rng.choice(_SENTIMENT[label]), x=thing)
    return vary(rng, rng.choice(_ASK_SENTIMENT), text=text).replace("  ", " "), label


def yes_or_no(rng: random.Random) -> tuple[str, str]:
    """A question with an obvious answer."""
    answer = rng.choice(tuple(_YES_NO))
    question = rng.choice(_YES_NO[answer].split("|"))
    if rng.random() < 0.3:
        question += " Answer yes or no."
    return question, f"{answer.capitalize()}."


def tiny_sum(rng: random.Random) -> tuple[str, str]:
    """A sum or a count up to ten: the only arithmetic that a pocket model can do."""
    if rng.random() < 0.2:
        last = rng.randint(3, 10)
        question = vary(rng, "Count to {n}.", n=rng.choice((str(last), _NUMBER_WORDS[last - 1])))
        return question, ", ".join(str(number) for number in range(1, last + 1))
    first = rng.randint(1, 9)
    second = rng.randint(1, 10 - first)
    question = vary(rng, "[What is|How much is] {a} [+|plus] {b}?", a=str(first), b=str(second))
    return question, f"{first} + {second} = {first + second}"
