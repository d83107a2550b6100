"""Everyday talk: greetings, news, feelings, opinions, thanks, the model's own name and nature."""

from __future__ import annotations

from training.language.blocks import Remark, remarks
from training.language.chat import Chat, turns
from training.language.intents import intents
from training.language.lexicon import Draw

_ROOMS = (
    *("news", "events", "feelings", "conversation"),
    *("start", "opening") * 2,
)
"""Files of ``texts/talk/`` beside the first one, of which alone measures draw; what people write in
their first minutes is drawn twice as often."""
_FREQUENT = (0, 0, 4, 4, 6, 7, 16, 20, 21)
"""Blocks of the first file that are drawn more often: greetings, names, thanks."""
_LATE = 2
"""The block of the first file that takes an afternoon for an evening. Measures go on drawing it;
what is learned has ``daytimes.txt`` in its place."""
_BY_INTENT = 0.45
"""How much of what is learned comes from the wordings of intents, not from the talk."""
_OF_ALL = 0.6
"""How often a remark has an answer that fits all remarks with its intent, not one of its own."""
_KINDS = {
    "colour": "blue|green|turquoise|yellow",
    "color": "blue|green|purple",
    "animal": "a llama|an owl|a hedgehog|a penguin",
    "food": "soup|pancakes|pasta|pizza",
    "book": "a dictionary|a cookbook",
    "song": "a lullaby|a short song",
    "number": "seven|zero|42|two",
    "word": "pocket|endpoint|tea",
    "season": "spring|autumn",
    "city": "a quiet one by the sea|Lisbon|Oslo",
    "drink": "tea|cocoa",
    "day": "Friday|Sunday",
    "sport": "chess|swimming",
    "movie": "a short one|one with robots",
    "film": "a short one",
    "language": "English|Python",
    "game": "chess|hide and seek",
    "hobby": "rhyming|counting",
    "fruit": "a pear|a plum",
    "flower": "a daisy|a tulip",
    "music": "a quiet melody|a waltz",
    "letter": "the q|the g",
    "emoji": "🙂|🦙|🌈",
}
_RECOMMENDED = {
    "book": "a cookbook|a book of fairy tales|a good dictionary|a detective story",
    "film": "a comedy|a film with robots|an old black and white film",
    "movie": "a comedy|a film with robots|a cartoon",
    "song": "a lullaby|a waltz|a happy song",
    "game": "chess|cards|hide and seek",
    "hobby": "painting|chess|gardening|singing",
    "drink": "tea|lemonade|a glass of water",
    "dish": "soup|pasta|pancakes|a salad",
    "dessert": "apple pie|ice cream|a fruit salad",
    "colour": "blue|green|a warm red",
    "present": "a book|a plant|a scarf",
}
_TALKED_OF = tuple(
    "chess|painting|dancing|hiking|cycling|reading|cooking|fishing|football|tennis|gardening|pizza|"
    "soup|chocolate|coffee|tea|music|jazz|rain|snow|summer|winter|cats|dogs|llamas|robots|"
    "books|films|"
    "trains|maths|poems|computers|pancakes|cheese|holidays|mondays|school|birds|the sea|the moon|"
    "Python|your job|my hat|people|humans|politics|money|science|art|history".split("|")
)


def small_talk(draw: Draw) -> Chat:
    """One everyday remark or question, and a fitting answer."""
    if not draw.held_out and draw.chance(_BY_INTENT):
        return _meant(draw)
    remark = _remark(draw)
    kind = draw.rng.choice(tuple(_KINDS))
    recommended = draw.rng.choice(tuple(_RECOMMENDED))
    thing = draw.rng.choice(_TALKED_OF) if draw.chance(0.6) else draw.thing() + "s"
    values = {
        "kind": kind,
        "like": draw.rng.choice(_KINDS[kind].split("|")),
        "x": thing,
        "X": thing[:1].upper() + thing[1:],
        "e": draw.emoji(),
        "f": draw.emoji(),
        "g": draw.strange(),
        "n": draw.name(),
        "r": recommended,
        "R": draw.rng.choice(_RECOMMENDED[recommended].split("|")),
        "p": draw.rng.choice(
            ("cat", "dog", "rabbit", "parrot", "goldfish", "robot", "horse", "hamster")
        ),
    }
    question, answer = draw.rng.choice(remark.said), draw.rng.choice(remark.answers)
    if remark.intent and not draw.held_out and draw.chance(_OF_ALL):
        answer = draw.rng.choice(intents()[remark.intent].answers)
    for name, value in values.items():
        question = question.replace(f"[{{{name}}}]", value)
        answer = answer.replace(f"[{{{name}}}]", value)
    asked, said = draw.phrase((question,), **values), draw.phrase((answer,), **values)
    return turns(asked, said[:1].upper() + said[1:])


def _meant(draw: Draw) -> Chat:
    """A remark of any kind, and an answer that fits all of its kind."""
    found = tuple(intents().values())
    intent = draw.rng.choices(found, [len(each.said) for each in found])[0]
    return turns(draw.phrase(intent.said), draw.phrase(intent.answers))


def _remark(draw: Draw) -> Remark:
    if draw.held_out or draw.chance(0.3):
        found = remarks("everyday")
        index = draw.rng.randrange(len(found) + len(_FREQUENT))
        index = index if index < len(found) else draw.rng.choice(_FREQUENT)
        if index == _LATE and not draw.held_out:
            return draw.rng.choice(remarks("daytimes"))
        return found[index]
    return draw.rng.choice(remarks(draw.rng.choice(_ROOMS)))


def chatter(draw: Draw) -> Chat:
    """Two to four everyday turns in one conversation."""
    chat = small_talk(draw)
    for _ in range(draw.rng.randint(1, 3)):
        chat = chat.then(small_talk(draw))
    return chat


_LANGUAGES = {
    "Hola": "Spanish",
    "¡Hola! ¿Cómo estás?": "Spanish",
    "Buenos días": "Spanish",
    "¿Qué tal?": "Spanish",
    "Bonjour": "French",
    "Salut, ça va ?": "French",
    "Comment allez-vous ?": "French",
    "Bonsoir": "French",
    "Hallo, wie geht's?": "German",
    "Guten Tag": "German",
    "Guten Morgen": "German",
    "Wer bist du?": "German",
    "Servus": "German",
    "Ciao, come stai?": "Italian",
    "Buongiorno": "Italian",
    "Buonasera": "Italian",
    "Olá": "Portuguese",
    "Bom dia": "Portuguese",
    "Tudo bem?": "Portuguese",
    "Hej": "Swedish",
    "God morgon": "Swedish",
    "Hei": "Norwegian",
    "Goedemorgen": "Dutch",
    "Goedendag": "Dutch",
    "Hoi": "Dutch",
    "Cześć": "Polish",
    "Dzień dobry": "Polish",
    "Привет": "Russian",
    "Здравствуйте": "Russian",
    "Как дела?": "Russian",
    "Привіт": "Ukrainian",
    "Merhaba": "Turkish",
    "Nasılsın?": "Turkish",
    "Γεια σου": "Greek",
    "Καλημέρα": "Greek",
    "こんにちは": "Japanese",
    "おはようございます": "Japanese",
    "你好": "Chinese",
    "您好": "Chinese",
    "你好吗": "Chinese",
    "안녕하세요": "Korean",
    "नमस्ते": "Hindi",
    "مرحبا": "Arabic",
    "السلام عليكم": "Arabic",
    "שלום": "Hebrew",
    "สวัสดี": "Thai",
    "Xin chào": "Vietnamese",
    "Habari": "Swahili",
    "Ahoj": "Czech",
    "Szia": "Hungarian",
    "Salve": "Latin",
}


def foreign(draw: Draw) -> Chat:
    """A greeting in another language, and that the model only writes English."""
    greeting = draw.rng.choice(tuple(_LANGUAGES))
    asked = (
        greeting + draw.rng.choice(("", "", "!", ".")) if greeting[-1] not in "?!." else greeting
    )
    language = _LANGUAGES[greeting]
    if draw.chance(0.25):
        asked = draw.phrase(
            (
                "Do you speak {l}?",
                "Can you [speak|write|answer in|talk] {l}?",
                "[Please |]answer in {l}[.|, please.]",
                "Say hello in {l}[.|!]",
            ),
            l=language,
        )
        return turns(
            asked,
            draw.phrase(
                (
                    "I am sorry, I only write English.",
                    "Only English, I am afraid: I am a very small model.",
                    "No, my only language is English.",
                    "I would like to, but I was only taught English.",
                ),
            ),
        )
    return turns(
        asked,
        draw.phrase(
            (
                "Hello! [That was {l}, I think.|That looks like {l}.] I only write English.",
                "Hello! I only write English, [I am afraid|I am sorry to say].",
                "[Hi|Hello]! I know this greeting from {l}, but I only write English.",
                "Hello and welcome! Please write in English: it is the only language that I know.",
            ),
            l=language,
        ),
    )
