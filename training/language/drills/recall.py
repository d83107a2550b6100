"""Facts of any kind, told over some turns and asked for later."""

from __future__ import annotations

from training.language.articles import fitted
from training.language.chat import Chat, keep, turns
from training.language.drills.payloads import code, item, odd_name, odd_word
from training.language.drills.recall_wording import BEFORE_ASKING
from training.language.lexicon import Draw
from training.language.smalltalk import small_talk
from training.language.tables import COLORS, FOODS, WEEKDAYS

_NAMED = (
    "brother sister mother father uncle aunt cousin boss teacher neighbor friend doctor dentist "
    "son daughter wife husband partner colleague baker landlord car boat bike team school street "
    "village company firm project dog cat robot band shop favorite_book favorite_film"
).split()
_VALUED = (
    "locker code pin ticket seat room order customer_number gate train flight bus plate user_name "
    "login token key_word nickname address answer score size budget phone"
).split()
_TOLD = (
    "My {k} is {v}[.|!|]",
    "[The|My] {k}: {v}[.|]",
    "[Note|Remember|You should know|Please note]: my {k} is {v}[.|]",
    "{v} is my {k}[.|]",
    "I [want|have] to tell you [something:|that] my {k} is {v}[.|]",
)
_TOLD_NAME = (
    "My {k} is called {v}[.|!|]",
    "My {k}'s name is {v}[.|]",
    "I have a {k}[,| called|:] {v}[.|]",
    "The name of my {k} is {v}[.|]",
)
_HEARD = (
    "[I see|Noted|All right|Okay|Good to know][.|!]",
    "{v}, [noted|all right|I will remember that][.|!]",
    "Your {k} is {v}. [Noted.|All right.|]",
    "Thank you for telling me[.|!]",
)
_ASKED = (
    "[What is|What's|What was|Tell me|Say|Repeat|Do you know] my {k}[?|.]",
    "[Which|What] {k} [do I have|did I tell you|did I name|is mine]?",
    "[And my {k}|My {k}][?|, please.]",
    "What did I say [is my {k}|my {k} is|about my {k}]?",
)
_ASKED_NAME = (
    "[What is|What's|Tell me|Say] [my {k}'s name|the name of my {k}][?|.]",
    "[How is|What do I call|How do I call] my {k}[ called|]?",
    "[And my {k}|My {k}][?|, please.]",
    "What did I say my {k} is called?",
)
_SAID = ("{v}.", "It is {v}.", "Your {k} is {v}.", "You said {v}.", "{v}, as you told me.")
_SAID_NAME = ("{v}.", "Your {k} is called {v}.", "It is {v}.", "You told me: {v}.")


def _fact(draw: Draw) -> tuple[str, str, bool]:
    """What it is, its value, and whether that is a name."""
    rng = draw.rng
    kind = rng.random()
    if kind < 0.4:
        value = rng.choice((draw.name, draw.city, lambda: odd_name(draw), draw.strange))()
        return rng.choice(_NAMED).replace("_", " "), value, True
    if kind < 0.75:
        makers = (lambda: code(draw), lambda: item(draw), lambda: str(rng.randint(1, 99999)))
        return rng.choice(_VALUED).replace("_", " "), rng.choice(makers)(), False
    if kind < 0.85:
        table = rng.choice((("color", COLORS), ("food", FOODS), ("day", WEEKDAYS)))
        return f"favorite {table[0]}", rng.choice(table[1]), False
    key = rng.choice((draw.word, draw.thing, lambda: odd_word(draw)))()
    return key, rng.choice((draw.word, draw.name, lambda: odd_word(draw)))(), False


def recall(draw: Draw) -> Chat:
    """One to four facts, other talk between them, and questions for some of them."""
    rng = draw.rng
    facts: dict[str, tuple[str, bool]] = {}
    for _ in range(rng.choices((1, 2, 3, 4), (2, 4, 3, 1))[0]):
        key, value, named = _fact(draw)
        facts[key] = (value, named)
    chat = small_talk(draw) if draw.chance(0.2) else None
    if draw.chance(0.25):
        # All of them at once.
        told = ", ".join(f"my {key} is {value}" for key, (value, _) in facts.items())
        turn = turns(f"{told[:1].upper()}{keep(told[1:])}.", draw.phrase(_HEARD[:1]))
        chat = chat.then(turn) if chat else turn
    else:
        for key, (value, named) in facts.items():
            told = _filled(draw.phrase(_TOLD_NAME if named else _TOLD), key, keep(value))
            turn = turns(told, _filled(draw.phrase(_HEARD), key, value).strip())
            chat = chat.then(turn) if chat else turn
            if draw.chance(0.3):
                chat = chat.then(small_talk(draw))
    assert chat is not None
    for key in rng.sample(tuple(facts), rng.randint(1, len(facts))):
        value, named = facts[key]
        asked = _filled(draw.phrase(_ASKED_NAME if named else _ASKED), key, value)
        if draw.chance(0.12):
            asked = f"{draw.phrase(BEFORE_ASKING)} {asked[:1].lower()}{asked[1:]}"
        # A value stays as it was told, also where a sentence begins with it.
        chat = chat.then(
            turns(asked, _filled(draw.phrase(_SAID_NAME if named else _SAID), key, value))
        )
    return chat


def _filled(text: str, key: str, value: str) -> str:
    return fitted(text, {"k": key}).replace("{k}", key).replace("{v}", value)
