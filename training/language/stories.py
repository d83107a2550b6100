"""Tiny stories with a given hero, haiku, and short notes to somebody."""

from __future__ import annotations

from functools import cache

from training.language.articles import article, with_article
from training.language.blocks import blocks
from training.language.chat import Chat, keep, turns
from training.language.heroes import hero_story
from training.language.lexicon import Draw
from training.language.phrasings import phrasings
from training.language.scenes import draw_short, draw_texts, inside, tales
from training.language.tables import WEEKDAYS

_TRAITS = "little brave lonely old tired happy green red magic shy".split()
_STORY_ASK = (
    "[Tell|Write|Give] me a [short |very short |little |tiny |]story about {h}[.|, please.| in "
    "three sentences.|!]",
    "[Write|Can you write|Please write] a [short |three-sentence |little |]story about {h}[.|?]",
    "A [short |]story about {h}[, please|][.|]",
    "[Once upon a time|Story time]: {h}[.|]",
    "[Tell me a|I want a|Do you know a] story [with|about] {h}[.|?]",
    "Make up a [short |]story [about|with] {h}[.|]",
)
_ANY_STORY = (
    "[Tell|Write] me a [short |bedtime |funny |]story[.|, please.|!]",
    "[A story, please|Story|Tell a story][.|!|]",
    "Do you know a story?",
)
_BEGINNINGS = (
    "[Once upon a time there was {h} who lived {p}.|There was once {h} {p}.|{H} lived {p}.|"
    "Long ago, {h} lived {p}.]",
)
_WISHES = (
    "{it} wanted to [see the sea|learn to fly|find a friend|bake the biggest cake|sing a song|"
    "climb a mountain|find a treasure|write a poem|see the stars|win a race]",
)
_TWISTS = (
    "but [nobody would help|it was raining|the way was long|a river was in the way|the night "
    "was dark|the map was wrong|time ran out|the wind was strong]",
)
_HELPERS = (
    "[Then|One day|In the morning|At last] [a small bird|an old owl|a kind baker|a friendly "
    "dog|a little girl|a wise snail|a passing sailor] [came by and helped|showed the way|had a "
    "good idea|brought a lantern|shared some bread].",
)
_ENDS = (
    "[In the end|So|From that day on] [they became friends|all was well|everybody laughed|they "
    "lived happily|nobody was sad any more|they sang together|the wish came true].",
)
_WHERE = (
    "in a small house",
    "by the river",
    "at the edge of the forest",
    "in a big city",
    "on a green hill",
    "near the sea",
    "under an old bridge",
    "in a quiet village",
)


def story(draw: Draw) -> Chat:
    """A tiny story with a given hero, of three or four sentences."""
    if not draw.held_out and draw.chance(0.75):
        return hero_story(draw) if draw.chance(0.4) else _tale(draw)
    rng = draw.rng
    if draw.chance(0.25):
        hero = rng.choice(
            (
                "a little fox",
                "an old robot",
                "a young llama",
                "a brave mouse",
                "a lonely teapot",
                "a small cloud",
                "a tired baker",
            )
        )
        asked = draw.phrase(_ANY_STORY)
    elif draw.chance(0.3):
        hero = draw.name()
        asked = draw.phrase(_STORY_ASK, h=keep(hero))
    else:
        thing = draw.thing()
        if draw.chance(0.4):
            thing = f"{rng.choice(_TRAITS)} {thing}"
        hero = with_article(thing)
        asked = draw.phrase(_STORY_ASK, h=keep(hero))
    pronoun = "It" if hero.startswith(("a ", "an ")) else hero
    sentences = [
        draw.phrase(_BEGINNINGS, h=hero, H=hero[:1].upper() + hero[1:], p=rng.choice(_WHERE)),
        f"{draw.phrase(_WISHES, it=pronoun)}, {draw.phrase(_TWISTS)}.",
    ]
    if draw.chance(0.6):
        sentences.append(draw.phrase(_HELPERS))
    sentences.append(draw.phrase(_ENDS))
    return turns(asked, " ".join(sentences))


def _tale(draw: Draw) -> Chat:
    """A story of three sentences, by hand."""
    told = draw_texts(draw, draw.rng.choice(tales()))
    sentences = " ".join(told[key][:1].upper() + told[key][1:] for key in "123")
    asks: tuple[str, ...] = _ANY_STORY if draw.chance(0.1) else (*_STORY_ASK, *_TALE_ASK)
    if draw.chance(0.5):
        asks = phrasings("story")
    return turns(draw.phrase(asks, h=keep(told["hero"])), sentences)


_TALE_ASK = (
    "[Tell|Write|Give] me a story in [three|3] sentences about {h}[.|, please.]",
    "[Three sentences|A story of three sentences][, please,|] about {h}[.|]",
    "[Can|Could|Would] you tell [me|us|my daughter|the children] [a story|a tale|a bedtime story] "
    "about {h}[?|]",
    "[Invent|Make up|Think of] a [little |]tale about {h}[.|]",
)

_HAIKU = (
    (
        "An old silent pond",
        "The first morning light",
        "Snow on the dark hill",
        "A cloud over trees",
        "Soft rain on the roof",
        "The moon in the lake",
        "One leaf on the path",
        "Cold wind from the north",
        "The sea far below",
        "A bird in the reeds",
    ),
    (
        "a frog jumps into the water",
        "the garden is slowly waking",
        "nobody has walked here before",
        "somewhere a small dog is barking",
        "the kettle begins to whistle",
        "a boat drifts along the still shore",
        "the children run home together",
        "an owl looks down at the village",
    ),
    (
        "and all is quiet.",
        "then comes the evening.",
        "spring is on its way.",
        "I hold my warm cup.",
        "a star falls slowly.",
        "the day has an end.",
        "time stands still for once.",
        "how far away home.",
    ),
)


_HAIKU_ASK = (
    "[Write|Can you write|Please write|Tell me|Give me|I would like] a haiku [about|on] {t}[| for "
    "me][.|, please.|?]",
    "[Haiku|A haiku] [about|on] {t}[, please|][.|!]",
    "[Could you|Can you] [do|make|write|compose] a haiku [about|on] {t}[?|]",
    "{t}, as a haiku[, please|][.|]",
)


@cache
def _haikus() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Names of a topic, then what each of the three lines may be."""
    found = []
    for block in blocks("haikus.txt"):
        topics, *lines = block.splitlines()
        parts = (tuple(line[3:] for line in lines if line.startswith(f"{n}: ")) for n in "123")
        found.append((tuple(topics.split("|")), *parts))
    return tuple(found)


def haiku(draw: Draw) -> Chat:
    """Three short lines, about what is asked for."""
    if not draw.held_out and draw.chance(0.4):
        return _haiku_of_anything(draw)
    if not draw.held_out and draw.chance(0.85):
        topics, *lines = draw.rng.choice(_haikus())
        asks = phrasings("haiku") if draw.chance(0.5) else _HAIKU_ASK
        asked = draw.phrase(asks, t=draw.rng.choice(topics))
        return turns(asked, "\n".join(map(draw.rng.choice, lines)))
    asked = draw.phrase(
        (
            "[Write|Can you write|Please write|Tell me|Give me] a haiku[| about {t}| for me][.|"
            ", please.|?]",
            "[Haiku|A haiku][, please|][.|!]",
        ),
        t=draw.rng.choice(
            ("nature", "the sea", "the rain", "spring", "the moon", "winter", "morning")
        ),
    )
    return turns(asked, "\n".join(draw.rng.choice(lines) for lines in _HAIKU))


_FIRST_LINES = (
    "{T}, so still",
    "{T} at first light",
    "I think of {t}",
    "Look, {t} once more",
    "Dreaming of {t}",
    "All day long {t}",
)
_OWNERS = ("my", "our", "the", "my grandmother's", "the neighbours'")


def _haiku_of_anything(draw: Draw) -> Chat:
    """Three short lines, the first of which names the topic."""
    topic = draw.thing()
    if draw.chance(0.6):
        topic = f"{draw.rng.choice(_TRAITS)} {topic}" if draw.chance(0.4) else topic
        topic = f"{draw.rng.choice(_OWNERS)} {topic}"
    asks = phrasings("haiku") if draw.chance(0.5) else _HAIKU_ASK
    first = draw.rng.choice(_FIRST_LINES).format(t=topic, T=topic[:1].upper() + topic[1:])
    _, middles, ends = _HAIKU
    lines = (first, draw.rng.choice(middles), draw.rng.choice(ends))
    return turns(draw.phrase(asks, t=keep(topic)), "\n".join(lines))


_NOTES = {
    "thank-you note": (
        "thank you so much for [the {x}|your help|the lovely evening|your kind words]. [It "
        "made my day.|I am very happy about it.|You are a good friend.]",
    ),
    "birthday card": (
        "happy birthday! [I wish you a wonderful day.|May all your wishes come true.|Have a "
        "happy year.]",
        "all the best for your birthday! [Enjoy the day.|Have lots of cake.]",
    ),
    "invitation": (
        "please come to my [party|dinner|concert] on {d}. [I would be happy to see you.|There "
        "will be cake.|It starts at eight.]",
    ),
    "apology": (
        "I am sorry that I [was late|forgot the {x}|broke the {x}|missed the meeting]. [It "
        "will not happen again.|Please forgive me.]",
    ),
    "get-well card": (
        "get well soon! [I am thinking of you.|We all miss you.|Rest and drink tea.]",
    ),
    "message": (
        "I [will be late|cannot come|am ill] on {d}. [Please start without me.|I am sorry.|See "
        "you soon.]",
    ),
    "reminder": ("please remember [the {x}|our meeting] on {d}. [Thank you!|See you then.]",),
}


_TOLD = (
    "I will be [away|on holiday|out of town|at my sister's] until {d}",
    "[the parcel|your parcel|your {x}] is [at our place|with me|in the hall|on my desk]",
    "I [cannot come|will come later|will be late|am ill and stay at home] [on {d}|today|tomorrow]",
    "[the meeting|the lesson|our dinner|the party] is [on {d}|moved to {d}|cancelled|in room 4]",
    "I [found|lost|broke|borrowed|have repaired|still need] [your|the] {x}",
    "[we|I] will [have guests|paint the stairs|play music|move out|have a party] on {d}",
    "the [washing machine|heating|lift|doorbell|printer|internet] [is broken|works again|will be "
    "repaired on {d}]",
    "[dinner|the key|the {x}|the cake] is [in the fridge|under the mat|on the table|in the oven]",
    "I [love|like|liked] the {x} [very much|that you gave me|from your shop]",
    "[the dog|the cat|the baby|grandma] [was fed|is asleep|needs a walk|is well again]",
    "[we|I] [need|are out of|have run out of|should buy] [milk and bread|eggs|coffee|{x}s]",
    "my [train|bus|flight] [is late|arrives at seven|was cancelled]",
    "[the water|the power|the street] will be [off|closed] on {d} [morning|afternoon|]",
    "[rent|the bill|the fee] [is due|was paid|must be paid] on {d}",
    "I will [call|visit|write to] [you|them] on {d}",
)
_TO = (
    "my neighbour:neighbour",
    "the neighbours:neighbours",
    "my boss:boss",
    "my landlady:landlady",
    "my teacher:teacher",
    "my sister:sister",
    "my flatmate:flatmate",
    "my colleague:colleague",
    "the team:team",
    "the whole class:class",
    "my parents:parents",
    "grandma:grandma",
    "the caretaker:caretaker",
    "my friend:friend",
)


def _told_note(draw: Draw) -> Chat:
    """A note that says what the request tells."""
    to, _, dear = draw.rng.choice(_TO).partition(":")
    if draw.chance(0.4):
        to = dear = draw.name()
    if draw.chance(0.4):
        told = inside(draw_short(draw))
    else:
        told = draw.phrase(_TOLD, x=draw.thing(), d=draw.rng.choice(WEEKDAYS)).strip()
    asked = draw.phrase(
        phrasings("note")
        if draw.chance(0.5)
        else (
            "[Write|Please write|Can you write|Draft|Help me write] a [short |quick |little |]{k} "
            "to {t} that {c}[.|, please.|]",
            "[Write|Leave|Make] {t} a [short |]{k} [saying |]that {c}[.|]",
            "[Tell {t}|Let {t} know] in a [short |]{k} that {c}[.|]",
            "[I need|I want|I would like] a [short |]{k} [for|to] {t}: {c}[.|]",
            "{c}. [Write|Make] [that|this] as a {k} to {t}[.|]",
        ),
        k=draw.rng.choice(("note", "message", "mail", "letter", "text")),
        t=to,
        c=told,
    )
    end = draw.phrase(("Best wishes", "Yours", "See you soon", "Kind regards", "Thank you"))
    said = told[:1].upper() + told[1:]
    return turns(asked[:1].upper() + asked[1:], f"Dear {dear},\n\n{said}.\n\n{end}")


def note(draw: Draw) -> Chat:
    """A card, a short letter or an e-mail to somebody."""
    if not draw.held_out and draw.chance(0.5):
        return _told_note(draw)
    kind = draw.rng.choice(tuple(_NOTES))
    name, sender = draw.name(), draw.name()
    values = {"x": draw.thing(), "d": draw.rng.choice(WEEKDAYS)}
    how = draw.rng.choice(("", "", "", "short ", "nice "))
    asked = draw.phrase(
        (
            "[Write|Please write|Can you write|Draft|Help me write] {a} {h}{k}[| e-mail| as an "
            "e-mail] [to|for] {n}[.|, please.|?]",
            "{a} {h}{k} [for|to] {n}[, please|][.|]",
        ),
        a=article(how or kind),
        h=how,
        k=kind,
        n=keep(name),
    )
    end = draw.phrase(("Best wishes", "Yours", "See you soon", "Kind regards"))
    if draw.chance(0.3):
        asked += f" My name is {keep(sender)}."
        end += f"\n{sender}"
    return turns(
        asked[:1].upper() + asked[1:],
        f"Dear {name},\n\n{draw.phrase(_NOTES[kind], **values)}\n\n{end}",
    )
