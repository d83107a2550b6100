"""Judging a given text: how it feels, whether a statement follows from it, who did what."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from training.language.articles import measured
from training.language.blocks import read
from training.language.chat import Chat, keep, turns
from training.language.drills.payloads import code, odd_name, odd_word
from training.language.lexicon import Draw
from training.language.phrasings import phrasings
from training.language.tables import COLORS, HOBBIES, JOBS, WEEKDAYS

_FEELING = {
    "positive": (
        "I [love|like|adore|enjoy] this {x}[.|!]",
        "[What a|Such a] [great|lovely|wonderful|fantastic|beautiful] {x}!",
        "The {x} [works perfectly|is excellent|made my day|is great|is amazing|is very good].",
        "[Best|Finest] {x} I ever had.",
        "I am [happy|delighted|very pleased] with the {x}.",
        "[Great|Excellent|Super|Wonderful] {x}, [thank you|I would buy it again|five stars]!",
        "This {x} was worth [the money|every cent].",
    ),
    "negative": (
        "I [hate|dislike|can't stand] this {x}[.|!]",
        "[What a|Such a] [terrible|horrible|bad|ugly|useless] {x}!",
        "The {x} [broke at once|is awful|ruined my day|does not work|is broken|came too late].",
        "[Worst|Poorest] {x} I ever had.",
        "I am [sad|angry|disappointed] about the {x}.",
        "[Terrible|Bad|Awful|Useless] {x}, [I want my money back|never again|one star]!",
        "This {x} was a waste of [money|time].",
    ),
    "neutral": (
        "The {x} is {c}.",
        "I [bought|have|saw] a {x} [on {d}|last week|yesterday].",
        "The {x} arrived on {d}.",
        "This is a {x}.",
        "The {x} is [on the table|in the box|made in {t}].",
        "It is a {x} from {t}.",
    ),
}
_ASK = (
    "[Is this|Is the following|Is that] [positive or negative|positive, negative or neutral][?|"
    ":] {text}",
    "[Classify|Rate|Judge|What is|Tell me|Analyze] the [sentiment|mood|feeling][| as positive "
    "or negative| (positive, negative, neutral)| of this][:|] {text}",
    "{text} [Positive or negative?|Is that positive or negative?|Sentiment?|What is the "
    "sentiment?|Positive, negative or neutral?]",
    "Sentiment: {text}",
    "Review: {text}\nSentiment:",
    "[Positive|Good] or [negative|bad]? {text}",
    "[How does this person feel|Is this person happy or unhappy|Does this sound positive or "
    "negative]? {text}",
)


@cache
def _reviews() -> dict[str, list[str]]:
    """Reviews and remarks by hand, by how they feel."""
    found: dict[str, list[str]] = {}
    for line in read("reviews.txt").splitlines():
        label, _, text = line.partition(": ")
        found.setdefault(label, []).append(text)
    return found


def sentiment(draw: Draw) -> Chat:
    """A remark, and how it feels."""
    label = draw.rng.choice(tuple(_FEELING))
    written = not draw.held_out and draw.chance(0.75)
    text = draw.phrase(
        _reviews()[label] if written else _FEELING[label],
        n=draw.name(),
        city=draw.city(),
        thing=draw.thing(),
        weekday=draw.rng.choice(WEEKDAYS),
        x=draw.thing(),
        c=draw.rng.choice(COLORS),
        d=draw.rng.choice(WEEKDAYS),
        t=draw.city(),
    )
    shown = draw.rng.choice(('"{}"', "{}", "{}", "'{}'")).format(draw.mended(text))
    if not draw.held_out and draw.chance(0.5):
        section = "review" if label != "neutral" and draw.chance(0.5) else "mood"
        asked = draw.phrase(phrasings(section)).replace("{t}", shown)
        return turns(asked, f"{label.capitalize()}.")
    asked = draw.phrase(_ASK).replace("{text}", shown)
    if "happy or unhappy" in asked:
        return turns(
            asked, {"positive": "happy", "negative": "unhappy", "neutral": "neither"}[label]
        )
    if draw.chance(0.2):
        return turns(
            f"{asked} {draw.phrase(('Answer with one word.', 'One word.', 'Only one word.'))}",
            label,
        )
    return turns(
        asked,
        draw.phrase(("{l}", "{l}", "[This|That|It] is {l}."), l=label)
        if draw.chance(0.6)
        else f"{label.capitalize()}.",
    )


_SURE = {
    "Yes.": "Is snow cold?|Can birds fly?|Is fire hot?|Do fish swim?|Is the sky blue?|Do bees "
    "make honey?|Is a cat an animal?|Is ice frozen water?|Does a poem have lines?|Is "
    "Python a programming language?|"
    "Do trees have leaves?|Can a model make mistakes?|Is water wet?|Is the sun hot?|Is Paris "
    "in France?|Do dogs bark?|Is a rose a flower?|Is gold a metal?|Do cars have wheels?|Is "
    "milk white?|Does ice melt?|Is a whale big?|"
    "Is JSON a text format?|Can a llama walk?|Is grass green?|Do people need sleep?|Is the "
    "earth round?|Is chess a game?|Are you a language model?|Is English a language?",
    "No.": "Is snow hot?|Can stones fly?|Is fire cold?|Do cars swim?|Is grass red?|Is a cat a "
    "plant?|Do fish walk?|Is the moon made of cheese?|Can a chair talk?|Is a river dry?|"
    "Do dogs bark in JSON?|Is water a metal?|"
    "Is the sun cold?|Is Paris in Spain?|Do cats bark?|Is a rose an animal?|Is milk black?|Can "
    "pigs fly?|Is an elephant small?|Is the earth flat?|Do trees walk?|Is ice warm?|Does a "
    "spoon sing?|Are you a human?|Is a mouse bigger than a cow?|"
    "Is a week ten days long?|Do snakes have legs?|Is chess a drink?|Can you see me?|Is coal "
    "white?",
}


def yes_or_no(draw: Draw) -> Chat:
    """A question with an obvious answer."""
    answer = draw.rng.choice(tuple(_SURE))
    question = draw.rng.choice(_SURE[answer].split("|"))
    if draw.chance(0.3):
        question += draw.phrase((" [Answer|Reply] [with |]yes or no[.|]", " Yes or no?"))
    return turns(question, answer)


_RELATIONS = {
    "job": (
        "is a {v}",
        "What is {n}'s job?",
        "What does {n} do?",
        "Is {n} a {v}?",
        "Who is a {v}?",
    ),
    "city": (
        "lives in {v}",
        "Where does {n} live?",
        "In which city does {n} live?",
        "Does {n} live in {v}?",
        "Who lives in {v}?",
    ),
    "hobby": (
        "likes {v}",
        "What does {n} like?",
        "What is {n}'s hobby?",
        "Does {n} like {v}?",
        "Who likes {v}?",
    ),
    "age": (
        "is {v} years old",
        "How old is {n}?",
        "What is the age of {n}?",
        "Is {n} {v} years old?",
        "Who is {v} years old?",
    ),
    "thing": (
        "has a {v}",
        "What does {n} have?",
        "What does {n} own?",
        "Does {n} have a {v}?",
        "Who has a {v}?",
    ),
    "color": (
        "wears a {v} hat",
        "Which colour is {n}'s hat?",
        "What colour does {n} wear?",
        "Does {n} wear a {v} hat?",
        "Who wears a {v} hat?",
    ),
}


_MORE_RELATIONS = {
    "friend": (
        "is a friend of {v}",
        "Whose friend is {n}?",
        "Who is {n}'s friend?",
        "Is {n} a friend of {v}?",
        "Who is a friend of {v}?",
    ),
    "room": (
        "sits in room {v}",
        "In which room is {n}?",
        "Where does {n} sit?",
        "Does {n} sit in room {v}?",
        "Who sits in room {v}?",
    ),
    "year": (
        "was born in {v}",
        "When was {n} born?",
        "In which year was {n} born?",
        "Was {n} born in {v}?",
        "Who was born in {v}?",
    ),
    "wish": (
        "wants to see {v}",
        "What does {n} want to see?",
        "Which place would {n} like to visit?",
        "Does {n} want to see {v}?",
        "Who wants to see {v}?",
    ),
    "lost": (
        "has lost a {v}",
        "What is {n} looking for?",
        "What has {n} lost?",
        "Has {n} lost a {v}?",
        "Who has lost a {v}?",
    ),
    "code": (
        "has the code {v}",
        "What is the code of {n}?",
        "Which code has {n}?",
        "Is {v} the code of {n}?",
        "Whose code is {v}?",
    ),
}


def _relations(draw: Draw) -> dict[str, tuple[str, str, str, str, str]]:
    """What is told of people; what is measured stays as it was."""
    return _RELATIONS if draw.held_out else {**_RELATIONS, **_MORE_RELATIONS}


def _draw_fact(draw: Draw, kind: str) -> str:
    drawn: dict[str, Callable[[], str]] = {
        "job": lambda: draw.rng.choice(JOBS),
        "city": draw.city,
        "hobby": lambda: draw.rng.choice(HOBBIES),
        "age": lambda: str(draw.rng.randint(3, 99)),
        "thing": draw.thing,
        "color": lambda: draw.rng.choice(COLORS),
        "friend": lambda: odd_name(draw),
        "room": lambda: str(draw.rng.randint(1, 400)),
        "year": lambda: str(draw.rng.randint(1900, 2020)),
        "wish": draw.city,
        "lost": lambda: odd_word(draw),
        "code": lambda: code(draw),
    }
    return drawn[kind]()


_KEPT_READING = ("Here is what I know: {t} Now, {q}", "{t} Given that, {q}")
_READING = (
    "{t} {q}",
    "{t}\n{q}",
    "{t}\n\n{q}",
    "Text: {t}\nQuestion: {q}",
    "[Read this|Read the text]: {t} {q}",
    "{q} {t}",
    "Context: {t}\n\nQuestion: {q}\nAnswer:",
    "[Answer|Reply] from the text[.|:] {t} {q}",
    "{q}\n\n{t}",
    "[I know that|Note:] {t} {q}",
    "[Listen|Look|So|This is what I know|These are facts|We know]: {t} [So|And|Then|My "
    "question], {q}",
    "{t} [From this|Then|So|Therefore|Tell me], {q}",
    "[Please consider|Think about|Suppose]: {t} {q}",
    "[They told me|I read|I heard|It says|All I can tell you is|My notes say][:| this:] {t} "
    "[Now tell me|Now|And now|Here is my question][:|,] {q}",
    "{t} [Knowing|After|With all] this[,|:] {q}",
    "{t} [Now|Now then|Okay|Right|Well][,|:] {q}",
    "[According to|Going by|Use] this: {t} {q}",
)


def reading(draw: Draw) -> Chat:
    """Sentences about one to three people, and a question that they answer, or do not."""
    rng = draw.rng
    people = list(dict.fromkeys(draw.name() for _ in range(rng.choice((1, 2, 2, 3)))))
    relations = _relations(draw)
    kinds = rng.sample(tuple(relations), rng.choice((1, 2, 2, 3)))
    table = {(name, kind): _draw_fact(draw, kind) for name in people for kind in kinds}
    sentences = []
    for name in people:
        parts = [_filled(draw, relations[kind][0], table[name, kind]) for kind in kinds]
        rng.shuffle(parts)
        sentences += (
            [f"{name} {' and '.join(parts)}."]
            if draw.chance(0.5) or len(parts) > 2
            else [f"{name} {part}." for part in parts]
        )
    if draw.chance(0.3):
        rng.shuffle(sentences)
    text = " ".join(sentences)
    text = keep(measured(text) if draw.held_out else text)
    name, kind = rng.choice(people), rng.choice(kinds)
    value = table[name, kind]
    stem, *asked = relations[kind]
    style = rng.random()
    if style < 0.1 and not draw.held_out:
        other = draw.name()
        if other not in people:
            return turns(
                _about(draw, text, rng.choice(asked[:2]).replace("{n}", other)),
                draw.phrase(
                    (
                        "The text does not say.",
                        "That is not in the text.",
                        "The text does not say anything about {n}.",
                    ),
                    n=other,
                ),
            )
    if style < 0.3 and not draw.held_out:
        truth = draw.chance(0.5)
        shown = value if truth else _draw_fact(draw, kind)
        truth = shown == value
        answer = "Yes" if truth else "No"
        told = f"{answer}, {_with(draw, name, stem, value)}" if draw.chance(0.6) else f"{answer}."
        question = _filled(draw, asked[2].replace("{n}", name), shown)
        return turns(_about(draw, text, question), told)
    if style < 0.5 and sum(table[other, kind] == value for other in people) == 1:
        return Chat(
            turns(
                _about(draw, text, _filled(draw, asked[3], value)),
                rng.choice((f"{name}.", _with(draw, name, stem, value), name)),
            ).messages,
            wanted=name,
        )
    sentence = _with(draw, name, stem, value)
    answer = rng.choice((f"{value}.", sentence, sentence, value))
    return Chat(
        turns(
            _about(draw, text, rng.choice(asked[:2]).replace("{n}", keep(name))),
            draw.begun(answer, value),
        ).messages,
        wanted=value,
    )


def _filled(draw: Draw, text: str, value: str) -> str:
    return draw.fitted(text, {"v": value}).replace("{v}", value)


def _with(draw: Draw, name: str, stem: str, value: str) -> str:
    told = _filled(draw, stem, value)
    return f"{name} {measured(told) if draw.held_out else told}."


_LEADS = (
    "Next|Hence|Therefore|In that case|Then|Considering this|Assuming so|Thus|As it is|Today|Here|"
    "Finally|Meanwhile|First|Please|Question|To begin with|In short|If so|That said|So far|Okay|"
    "With this in mind|Judging by that|Having read this|Look|Hm|Tell us|Well|Once more"
).split("|")


def _about(draw: Draw, text: str, question: str) -> str:
    if not draw.held_out and draw.chance(0.35):
        # No word before a question is a name, whatever it is.
        lead = draw.rng.choice(_LEADS) if draw.chance(0.7) else draw.word().capitalize()
        opening = draw.phrase(
            (
                "",
                "",
                "[I|We] [know|heard|noticed|found out|read] [this|the following|that][:|.] ",
                "[All|What|The things] that [I|we] [know|have][:|.] ",
                "[Some|A few] [facts|words|sentences][:|.] ",
            )
        )
        question = question if draw.chance(0.5) else question[:1].lower() + question[1:]
        between, mark = draw.rng.choice(" \n"), draw.rng.choice((",", ":", ""))
        return f"{opening}{text}{between}{lead}{mark} {question}"
    return draw.phrase(_READING, _KEPT_READING).replace("{t}", text).replace("{q}", question)
