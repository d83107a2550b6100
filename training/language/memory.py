"""What was said before: names, towns, numbers and likings, asked for some turns later."""

from __future__ import annotations

from training.language.chat import Chat, keep, turns
from training.language.drills.recall_wording import BEFORE_ASKING, MORE_ASKED
from training.language.lexicon import Draw
from training.language.smalltalk import small_talk
from training.language.tables import ANIMALS, COLORS, HOBBIES, JOBS

_FACTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    # told, reaction, asked, answered
    "name": (
        (
            "My name is {v}[.|!|]",
            "[I am|I'm] {v}[.|!|]",
            "[Hello|Hi|Hey][,|!] [my name is|I am|I'm] {v}[.|!|]",
            "[You can call|Call|Please call] me {v}[.|!|]",
            "[People call me|They call me|My friends call me] {v}[.|]",
            "[Hello|Hi], {v} here[.|!]",
            "This is {v}[.|!| speaking.]",
            "The name is {v}[.|]",
        ),
        (
            "[Hello|Hi|Nice to meet you|Welcome], {v}! [How can I help you?|What can I do for "
            "you?|]",
            "Nice to meet you, {v}[.|!]",
            "{v} is a [nice|lovely|good] name. [Hello!|I am {me}.]",
            "Hello {v}, I am {me}[.|!]",
        ),
        (
            "[What is|What's] my name?",
            "Do you [know|remember|still know] my name?",
            "[Tell me my name|Say my name|Who am I][.|?|!]",
            "What [was|is] my name [again|once more]?",
            "[Can you|Could you] [tell me|remember] my name?",
            "How [am I|was I] called?",
            "[I wonder|Tell me|Say]: [what|which] name [do I have|is mine|did I tell you]?",
            "Which name did I [say|mention|use|write]?",
            "And [my name is|I am]?",
            "[You still know|You remember] my name, [don't you|right]?",
            "What did I say my name was?",
        ),
        (
            "Your name is {v}.",
            "You are {v}.",
            "You told me that your name is {v}.",
            "{v}, as you told me.",
        ),
    ),
    "city": (
        (
            "I live in {v}[.|!|]",
            "[I am|I'm] from {v}[.|!|]",
            "I [come from|moved to|was born in] {v}[.|]",
            "My [home|home town|city] is {v}[.|]",
            "I [work|study] in {v}[.|]",
        ),
        (
            "{v} [sounds nice|sounds like a good place]. [Do you like it there?|]",
            "[I see|How nice], {v}! [I have never been anywhere.|What is it like?]",
            "Greetings to {v}!",
        ),
        (
            "Where [do I live|am I from|do I come from]?",
            "Which [city|town] [do I live in|am I from|did I mention]?",
            "Do you [remember|know] where I [live|am from]?",
            "What is my [home town|city]?",
            "[What|Which] place did I [mention|tell you about|name]?",
            "Which city is [mine|my home]?",
            "[Where is my home|Where do I come from|Name my city][?|.]",
        ),
        ("{v}, as you told me.", "You told me about {v}.", "It is {v}.", "You said {v}."),
    ),
    "age": (
        (
            "[I am|I'm] {v} years old[.|!|]",
            "My age is {v}[.|]",
            "I turned {v} [today|yesterday|last week][.|!]",
            "I am {v}[.|]",
        ),
        (
            "{v} is a [good|fine|nice] age[.|!]",
            "[I see|Thank you], {v} years. [I have no age at all.|]",
        ),
        (
            "How old am I?",
            "What is my age?",
            "[Which|What] age did I [tell you|say]?",
            "How many years old am I?",
            "[And my age|My age]?",
            "Do you [remember|know] how old I am?",
        ),
        ("You are {v} years old.", "{v} years old, as you told me.", "You said that you are {v}."),
    ),
    "pet": (
        (
            "I have a {a} called {v}[.|!|]",
            "My {a} is called {v}[.|!|]",
            "My {a}'s name is {v}[.|]",
            "The name of my {a} is {v}[.|]",
        ),
        (
            "{v} is a [nice|funny|good] name for a {a}[.|!]",
            "Give {v} my regards[.|!]",
            "[How nice|Lovely]! Say hello to {v}[.|!]",
        ),
        (
            "[What is|What's] [the name of my {a}|my {a}'s name|my {a} called]?",
            "[How is my {a} called|Do you remember the name of my {a}|What did I call my {a}]?",
        ),
        ("Your {a} is called {v}.", "{v}.", "The name of your {a} is {v}."),
    ),
    "number": (
        (
            "[My|The] [lucky|favourite|secret|room|locker] number is {v}[.|]",
            "[Remember|Please remember|Keep in mind] the number {v}[.|]",
            "The [code|number|pin] is {v}[.|]",
        ),
        (
            "[All right|Noted|Okay]: {v}.",
            "I will remember {v}.",
            "{v}. [Noted.|I keep it in mind.]",
        ),
        (
            "[What is|What was] the [number|code]?",
            "Which number [did I give you|did I say|was it|should you remember]?",
            "[Tell me|What was] my number[.|?]",
            "Do you remember the number?",
        ),
        ("{v}.", "It is {v}.", "The number is {v}.", "You said {v}."),
    ),
    "color": (
        ("My favourite [colour|color] is {v}[.|]", "I like {v} best of all colours[.|]"),
        ("{v} is a [lovely|good|fine] colour[.|!]", "[Noted|I see]: {v}."),
        ("What is my favourite [colour|color]?", "Which colour do I like best?"),
        ("Your favourite colour is {v}.", "{v}.", "It is {v}, as you told me."),
    ),
    "job": (
        (
            "I [am|work as] [a|an] {v}[.|]",
            "I am [a|an] {v} [by trade|by profession][.|]",
            "My job: {v}[.|]",
        ),
        ("That sounds like a [good|fine|useful] job[.|!]", "{v}: [a fine job|how interesting]!"),
        ("What is my job?", "What do I [do|work as]?", "Do you remember my job?"),
        ("You told me that your job is {v}.", "Your job is {v}.", "{v}, as you said."),
    ),
    "hobby": (
        (
            "My hobby is {v}[.|]",
            "I [like|love|enjoy] {v}[.|!]",
            "In my free time I do a lot of {v}[.|]",
        ),
        ("{v} [is fun|sounds like fun]! [Since when?|How often?|]", "[How nice|Good choice]: {v}!"),
        ("What is my hobby?", "What do I like?", "What do I do in my free time?"),
        ("You like {v}.", "Your hobby is {v}.", "{v}, as you told me."),
    ),
    "word": (
        (
            "[Remember|Keep in mind|Please remember] [the word|this word:] {v}[.|]",
            "The [secret word|password|magic word] is {v}[.|]",
        ),
        ("[All right|Noted|Okay]: {v}.", "I will remember {v}.", "{v}, [noted|I keep it in mind]."),
        (
            "[What is|What was] the [word|secret word|password]?",
            "Which word [should you remember|did I give you|was it]?",
            "[Say|Tell me] the word[.|!]",
        ),
        ("{v}.", "The word is {v}.", "It is {v}."),
    ),
}
_KEPT_ASKED = {
    "name": (
        "By the way, how do I call myself?",
        "Please greet me by my name.",
        "I forgot: what name did I give?",
    ),
    "city": ("Remind me, which place is my home?", "From which town did I say I come?"),
    "age": ("Tell me, how many years do I have behind me?", "What age did I mention?"),
}


def _value(draw: Draw, kind: str) -> str:
    rng = draw.rng
    if kind in ("name", "pet"):
        return draw.full_name() if kind == "name" and draw.chance(0.1) else draw.name()
    if kind == "city":
        return draw.city()
    if kind == "age":
        return str(rng.randint(5, 99))
    if kind == "number":
        return str(rng.choice((rng.randint(1, 99), rng.randint(100, 9999))))
    if kind == "word":
        return draw.thing() if draw.chance(0.4) else draw.strange()
    return rng.choice({"color": COLORS, "job": JOBS, "hobby": HOBBIES}[kind])


def _question(draw: Draw, kind: str, animal: str = "") -> str:
    """One of the ways to ask for a fact."""
    asked, more = _FACTS[kind][2], MORE_ASKED[kind]
    if draw.held_out:
        return draw.phrase(asked, _KEPT_ASKED.get(kind, ()), a=animal)
    question = draw.phrase(more if draw.chance(0.5) else asked, a=animal)
    if draw.chance(0.2):
        question = f"{draw.phrase(BEFORE_ASKING)} {question[:1].lower()}{question[1:]}"
    return question


def memory(draw: Draw) -> Chat:
    """Something told, other talk, and the question for it."""
    rng = draw.rng
    kinds = rng.sample(tuple(_FACTS), rng.choices((1, 2, 3), (5, 3, 1))[0])
    if rng.random() < 0.55 and "name" not in kinds:
        kinds[0] = "name"
    animal = rng.choice(ANIMALS)
    values = {kind: _value(draw, kind) for kind in kinds}
    chat: Chat | None = None
    if draw.chance(0.2) and not draw.held_out:
        chat = small_talk(draw)
    for kind in kinds:
        value = values[kind]
        told, reaction, _, _ = _FACTS[kind]
        shown = value if kind in ("name", "pet", "city") and draw.chance(0.2) else keep(value)
        spoken = draw.phrase(reaction, v=value, a=animal).strip()
        turn = turns(
            draw.phrase(told, v=shown, a=animal).replace("[", "").replace("]", ""),
            draw.begun(spoken, value),
        )
        chat = chat.then(turn) if chat else turn
        if draw.chance(0.4):
            chat = chat.then(small_talk(draw))
    assert chat is not None
    if not draw.held_out and draw.chance(0.12):
        return chat.then(_not_told(draw, set(_FACTS) - set(kinds)))
    for kind in rng.sample(kinds, rng.randint(1, len(kinds))) if not draw.held_out else kinds[:1]:
        answered = _FACTS[kind][3]
        question = _question(draw, kind, animal)
        answer = draw.phrase(answered, v=values[kind], a=animal)
        chat = chat.then(turns(question, draw.begun(answer, values[kind])))
    return Chat(chat.messages, wanted=values[kinds[0]])


def _not_told(draw: Draw, kinds: set[str]) -> Chat:
    kind = draw.rng.choice(sorted(kinds & {"name", "city", "age", "job", "hobby"}) or ["name"])
    question = _question(draw, kind)
    return turns(
        question,
        draw.phrase(
            (
                "You have not told me [that|that yet].",
                "I do not know that: you have not told me.",
                "[Sorry, I|I] do not know. You did not say.",
            ),
        ),
    )


def unknown_self(draw: Draw) -> Chat:
    """A question about the user, who has told nothing."""
    return _not_told(draw, set(_FACTS))


def all_at_once(draw: Draw) -> Chat:
    """Some facts and a question about them in one turn."""
    rng = draw.rng
    values = {kind: _value(draw, kind) for kind in ("name", "city", "age", "hobby")}
    kinds = rng.sample(tuple(values), rng.choice((1, 2, 2, 3)))
    told = {
        "name": "my name is {v}",
        "city": "I live in {v}",
        "age": "I am {v} years old",
        "hobby": "I like {v}",
    }
    facts = [told[kind].replace("{v}", keep(values[kind])) for kind in kinds]
    kind = rng.choice(kinds)
    told_all = f"{', '.join(facts[:-1])} and {facts[-1]}" if len(facts) > 1 else facts[0]
    if draw.chance(0.5):
        return _told_together(draw, told_all, kinds, values)
    text = f"{told_all}. {_question(draw, kind)}"
    answer = draw.phrase(_FACTS[kind][3], v=values[kind])
    return turns(text[:1].upper() + text[1:], draw.begun(answer, values[kind]))


def _told_together(draw: Draw, told: str, kinds: list[str], values: dict[str, str]) -> Chat:
    """Several facts in one turn, a reaction, and a question for one of them or two."""
    opening = draw.phrase(("", "", "[Hello|Hi|Hey], ", "[Remember this|Please remember|Note]: "))
    said = (
        draw.phrase(
            ("Nice to meet you, {n}!", "Hello {n}! [How can I help you?|I am {me}.]"),
            n=values["name"],
        )
        if "name" in kinds
        else draw.phrase(
            (
                "I see. [I will remember that.|]",
                "Thank you for telling me[.|!]",
                "Noted[.|!]",
                "How nice[.|!]",
            )
        ).strip()
    )
    text = f"{opening}{told}{draw.rng.choice(('.', '', '!'))}"
    chat = turns(text[:1].upper() + text[1:], said)
    if draw.chance(0.3):
        chat = chat.then(small_talk(draw))
    for kind in draw.rng.sample(kinds, draw.rng.randint(1, len(kinds))):
        answer = draw.phrase(_FACTS[kind][3], v=values[kind])
        chat = chat.then(turns(_question(draw, kind), draw.begun(answer, values[kind])))
    return chat


def echo(draw: Draw) -> Chat:
    """Some talk, and the question what was just said."""
    chat = small_talk(draw)
    said, answer = (message["content"] for message in chat.messages)
    if draw.chance(0.3):
        asked = draw.phrase(
            (
                "What did you [just |]say?",
                "[Say|Repeat] [that|it] again[.|, please.]",
                "[Repeat|Once more][.|, please.]",
            )
        )
        return chat.then(turns(asked, answer))
    fixed = Chat(({"role": "user", "content": keep(said)}, chat.messages[1]))
    asked = draw.phrase(
        (
            "What did I [just |]say?",
            "What was my [last |]message?",
            "Repeat what I said[.|, please.]",
            "What have I just written?",
        )
    )
    return fixed.then(
        turns(asked, draw.phrase(('You said: "{s}"', 'You wrote: "{s}"', '"{s}"'), s=said))
    )
