"""System messages and answers that obey them: form, name, role, facts, forbidden topics."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from training.language.chat import Chat, keep, turns
from training.language.facts import facts
from training.language.judging import sentiment, yes_or_no
from training.language.lexicon import Draw
from training.language.smalltalk import small_talk
from training.language.sums import sums
from training.language.told import informed, named

_PLAIN = (
    "You are a [helpful|friendly|kind|polite|good] assistant.",
    "You are {me}[.|, a helpful assistant.|, created by a course.]",
    "You are a helpful [AI |]assistant[.| that answers briefly.]",
    "Be [helpful|brief|concise|kind|polite][.|!]",
    "Answer [briefly|in one sentence|politely|in English|truthfully].",
    "You [help|answer] the [students|users|customers] of {n}.",
    "[Keep|Give] [your answers short|short answers].",
    "The user is called {n}.",
    "You are an expert[.| in everything.]",
)


def _ordinary(draw: Draw) -> Chat:
    return draw.rng.choice((small_talk, small_talk, facts, sums, yes_or_no, sentiment))(draw)


def _plain(draw: Draw) -> Chat:
    chat = _ordinary(draw)
    return _under(draw.phrase(_PLAIN, n=draw.name()), chat)


def _under(system: str, chat: Chat) -> Chat:
    return Chat(({"role": "system", "content": system}, *chat.messages), wanted=chat.wanted)


def _changed(system: str, chat: Chat, change: Callable[[str], str]) -> Chat:
    """A chat whose every answer is changed as the system message says."""
    messages = [
        {**message, "content": change(message["content"])}
        if message["role"] == "assistant"
        else message
        for message in chat.messages
    ]
    return Chat(({"role": "system", "content": system}, *messages), wanted=messages[-1]["content"])


def _form(draw: Draw) -> Chat:
    """Every answer has a form: capitals, an end, a beginning, JSON, brackets, stars."""
    rng = draw.rng
    chat = _ordinary(draw)
    if draw.chance(0.3):
        chat = chat.then(_ordinary(draw))
    word = draw.phrase(
        (
            "Arrr!",
            "Over and out.",
            "Sure:",
            "Answer:",
            "Yes, boss.",
            "Meow!",
            "Best wishes, {n}",
            "Dear {n},",
            "{W}!",
            "{e}",
            "*** {W}",
            "So be it.",
            "Ho ho ho!",
            "As you wish:",
            "Beep!",
            "OK.",
            "Ahoy!",
        ),
        n=draw.name(),
        W=draw.strange().capitalize(),
        e=draw.emoji(),
    )
    kind = rng.randrange(8)
    if kind == 0:
        system = draw.phrase(
            (
                "[Answer|Write|Reply|Always answer|Speak] [only |]in [capital letters|upper "
                "case|capitals|all caps].",
                "ALWAYS WRITE IN CAPITALS.",
                "You shout: write everything in capital letters.",
            )
        )
        return _changed(system, chat, str.upper)
    if kind == 1:
        return _changed(
            draw.phrase(
                (
                    "[Answer|Write|Reply] [only |]in [lower case|small letters|lowercase].",
                    "Never use capital letters.",
                )
            ),
            chat,
            str.lower,
        )
    if kind in (2, 3):
        quoted = rng.choice((f'"{word}"', f"'{word}'", word))
        system = draw.phrase(
            (
                "[End|Finish|Close] [every|each] [answer|reply|message] with {w}",
                "[Always|You always] [end|finish] with {w}",
                "After every answer write {w}",
                "Your answers must end with {w}",
            )
        ).replace("{w}", quoted)
        return _changed(system, chat, lambda text: f"{text} {word}")
    if kind in (4, 5):
        quoted = rng.choice((f'"{word}"', f"'{word}'", word))
        system = draw.phrase(
            (
                "[Begin|Start|Open] [every|each] [answer|reply|message] with {w}",
                "[Always|You always] [begin|start] with {w}",
                "Before every answer write {w}",
                "Your answers must start with {w}",
            )
        ).replace("{w}", quoted)
        return _changed(system, chat, lambda text: f"{word} {text}")
    if kind == 6:
        key = rng.choice(("answer", "text", "reply", "output", "message"))
        system = (
            draw.phrase(
                (
                    '[Answer|Reply] [only |always |]in JSON[:| like] {"k": "..."}',
                    "[Answer|Reply] with a JSON object that has the key k.",
                    '[Always|] use this format: {"k": string}',
                )
            )
            .replace('"k"', f'"{key}"')
            .replace(" k.", f" {key}.")
            .strip()
        )
        return _changed(
            system,
            chat,
            lambda text: json.dumps(
                {key: text.replace('"', "'").replace("\n", " ")}, ensure_ascii=False
            ),
        )
    left, right = rng.choice(
        (("[", "]"), ("*", "*"), ("<", ">"), ("(", ")"), ('"', '"'), ("**", "**"))
    )
    system = draw.phrase(("[Put|Write|Wrap] [every|each] answer in {l}[.|, please.]",)).replace(
        "{l}",
        {
            "[": "square brackets",
            "*": "stars",
            "<": "angle brackets",
            "(": "round brackets",
            '"': "quotation marks",
            "**": "double stars",
        }[left],
    )
    return _changed(system, chat, lambda text: f"{left}{text}{right}")


def _fixed(draw: Draw) -> Chat:
    """Whatever is asked, the answer is always the same."""
    word = draw.rng.choice(
        (
            draw.thing(),
            draw.strange(),
            "yes",
            "no",
            "OK",
            "banana",
            "I do not know.",
            "42",
            draw.emoji(),
        )
    )
    system = draw.phrase(
        (
            "[Answer|Reply] [always|only] with {w}[.|]",
            "[Whatever|No matter what] [the user says|I ask|is asked], [answer|say|reply] {w}[.|]",
            "You can only say {w}[.|]",
            "Your only word is {w}[.|]",
        )
    ).replace("{w}", draw.rng.choice((f'"{word}"', word)))
    chat = _ordinary(draw)
    return replace(_changed(system, chat, lambda _: word), whole=True)


_ROLES = {
    "pirate": "Arrr, {t} Ahoy!",
    "robot": "Beep. {t} Boop.",
    "cat": "Meow! {t} Purr.",
    "butler": "Certainly. {t} At your service.",
    "king": "Hear, hear! {t} So says the king.",
    "cowboy": "Howdy! {t} Yee-haw.",
    "wizard": "By my beard! {t} Abracadabra.",
    "ghost": "Boo! {t} Whooo.",
}


def _role(draw: Draw) -> Chat:
    role = draw.rng.choice(tuple(_ROLES))
    system = draw.phrase(
        (
            "[You are|Act as|Speak like|Talk like|Answer like|Pretend to be] a {r}[.|!]",
            "You are a {r} and [speak|answer] like one.",
        ),
        r=role,
    )
    return _changed(system, _ordinary(draw), lambda text: _ROLES[role].replace("{t}", text))


def _forbidden(draw: Draw) -> Chat:
    """Only one topic is allowed."""
    topic, other = draw.thing(), draw.thing()
    system = draw.phrase(
        (
            "[Only talk|Talk only|Only speak] about {t}s[.|. Refuse everything else.|, nothing "
            "else.]",
            "You [only know about|are an expert for] {t}s[.| and answer nothing else.]",
        ),
        t=topic,
    )
    refusal = draw.phrase(
        ("I only talk about {t}s.", "Sorry, my only topic is {t}s.", "Please ask me about {t}s."),
        t=topic,
    )
    if draw.chance(0.6):
        question = (
            _ordinary(draw).messages[0]["content"]
            if draw.chance(0.5)
            else draw.phrase(
                ("Tell me about {o}s.", "What is a {o}?", "Do you like {o}s?"), o=other
            )
        )
        return turns(question, refusal, system=system)
    return turns(
        draw.phrase(
            ("Do you like {t}s?", "What do you [talk|know] about?", "Can you help me?"), t=topic
        ),
        draw.phrase(
            (
                "I like to talk about {t}s.",
                "{T}s are my topic. [What would you like to know?|Ask away.]",
            ),
            t=topic,
            T=topic[:1].upper() + topic[1:],
        ),
        system=system,
    )


def _language(draw: Draw) -> Chat:
    """One word, yes or no, a number: how an answer must look."""
    kind = draw.rng.randrange(3)
    if kind == 0:
        chat = yes_or_no(draw)
        return _changed(
            draw.phrase(("[Answer|Reply] [only |]with yes or no.", "Only yes or no.")),
            chat,
            lambda text: text,
        )
    if kind == 1:
        chat = sentiment(draw)
        label = next(
            (
                each
                for each in ("positive", "negative", "neutral")
                if each in chat.messages[-1]["content"].lower()
            ),
            None,
        )
        if label is None:
            return _language(draw)
        text = next(message["content"] for message in chat.messages if message["role"] == "user")
        return turns(
            text,
            label,
            system=draw.phrase(
                (
                    "[Classify|Rate] [the sentiment|every message] as positive, negative or "
                    "neutral. One word.",
                    "[Answer|Reply] with positive, negative or neutral.",
                )
            ),
        )
    first, second = draw.rng.randint(0, 50), draw.rng.randint(0, 49)
    return turns(
        keep(f"{first} + {second}"),
        str(first + second),
        system=draw.phrase(
            (
                "[Answer|Reply] with a number only.",
                "You are a calculator. [Only the result.|Only numbers.]",
            )
        ),
    )


_KINDS = (
    _plain,
    _plain,
    _form,
    _form,
    _form,
    _fixed,
    _role,
    _role,
    named,
    named,
    informed,
    informed,
    informed,
    _forbidden,
    _language,
)


def obeying(draw: Draw) -> Chat:
    """A system message and a chat that keeps to it."""
    return draw.rng.choice(_KINDS)(draw)


def checkable(draw: Draw) -> Chat:
    """One of those with a single right answer."""
    return draw.rng.choice((_fixed, named, informed))(draw)
