"""Tiny stories with a given hero, haiku, and short notes to somebody."""

from __future__ import annotations

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
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
        hero = f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"
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


def haiku(draw: Draw) -> Chat:
    """Three short lines about nature."""
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


def note(draw: Draw) -> Chat:
    """A card, a short letter or an e-mail to somebody."""
    kind = draw.rng.choice(tuple(_NOTES))
    name, sender = draw.name(), draw.name()
    values = {"x": draw.thing(), "d": draw.rng.choice(WEEKDAYS)}
    article = "an" if kind[0] in "aeiou" else "a"
    how = draw.rng.choice(("", "", "", "short ", "nice "))
    asked = draw.phrase(
        (
            "[Write|Please write|Can you write|Draft|Help me write] {a} {h}{k}[| e-mail| as an "
            "e-mail] [to|for] {n}[.|, please.|?]",
            "{a} {h}{k} [for|to] {n}[, please|][.|]",
        ),
        a=article if not how else "a",
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
