"""Draws training chats: the mixture of everything that the pocket Gemma is taught."""

from __future__ import annotations

import random
from collections.abc import Iterator

from training.gemma import talk, tasks
from training.verse import poem_requests
from training.verse.poems import write_poem
from training.verse.topics import Topic, draw_known, draw_unknown

Message = dict[str, str]
"""``{"role": "user" | "model", "content": text}``, in Gemma's own role names."""

UNKNOWN_SHARE = 0.42
"""Share of poems about unknown topics: enough of them that copying is learned."""


def _turns(*pairs: tuple[str, str]) -> list[Message]:
    messages: list[Message] = []
    for question, answer in pairs:
        messages.append({"role": "user", "content": question})
        messages.append({"role": "model", "content": answer})
    return messages


def _draw_topic(rng: random.Random) -> Topic:
    roll = rng.random()
    if roll < 0.03:
        return Topic("open source", False, "open")
    if roll < 0.045:
        return Topic("rivers", True, "river")
    return draw_unknown(rng) if rng.random() < UNKNOWN_SHARE else draw_known(rng)


def _poem_pair(rng: random.Random, topic: Topic) -> tuple[str, str]:
    request, lines = poem_requests.ask_for_poem(rng, topic.phrase)
    return request, write_poem(rng, topic, lines=lines)


def _poem(rng: random.Random) -> list[Message]:
    return _turns(_poem_pair(rng, _draw_topic(rng)))


def _other_form(rng: random.Random) -> list[Message]:
    topic = _draw_topic(rng)
    poem = write_poem(rng, topic, lines=rng.choice((4, 4, 6)))
    request = poem_requests.ask_for_other_form(rng, topic.phrase)
    return _turns((request, f"{poem_requests.OTHER_FORM_EXCUSE}\n\n{poem}"))


def _poem_chat(rng: random.Random) -> list[Message]:
    """A poem and what people say after one; sometimes a greeting before it."""
    topic = _draw_topic(rng)
    pairs = [_poem_pair(rng, topic)]
    kind = rng.random()
    if kind < 0.3:
        request, lines = poem_requests.ask_again(rng)
        pairs.append((request, write_poem(rng, topic, lines=lines)))
    elif kind < 0.65:
        topic = _draw_topic(rng)
        pairs.append((poem_requests.ask_about_next(rng, topic.phrase), write_poem(rng, topic)))
    elif kind < 0.8:
        pairs.append((poem_requests.ask_which_topic(rng), f"It was about {topic.phrase}."))
    else:
        pairs.append(talk.thanks(rng))
    if rng.random() < 0.15:
        pairs.insert(0, talk.greeting(rng))
    elif len(pairs) == 2 and rng.random() < 0.2:
        pairs.append(talk.thanks(rng))
    return _turns(*pairs)


def _talk_chat(rng: random.Random) -> list[Message]:
    pairs = [talk.small_talk(rng)]
    if rng.random() < 0.2:
        pairs.append(talk.explanation(rng))
    return _turns(*pairs)


def _refusal(rng: random.Random) -> list[Message]:
    return _turns(talk.refusal(rng, place=tasks.made_up_name(rng)))


_POEMS = ((_poem, 54), (_other_form, 2), (_poem_chat, 9))
_MIXTURE = (
    *_POEMS,
    (_talk_chat, 5),
    (lambda rng: _turns(talk.explanation(rng)), 6),
    (_refusal, 5),
    (lambda rng: _turns(tasks.extraction(rng)), 12),
    (lambda rng: _turns(tasks.repetition(rng)), 8),
    (lambda rng: _turns(tasks.short_list(rng)), 1.5),
    (lambda rng: _turns(tasks.sentiment(rng)), 1.5),
    (lambda rng: _turns(tasks.yes_or_no(rng)), 1),
    (lambda rng: _turns(tasks.tiny_sum(rng)), 4),
)
_KINDS = tuple(kind for kind, _ in _MIXTURE)
_WEIGHTS = tuple(weight for _, weight in _MIXTURE)


def draw_poem(rng: random.Random) -> list[Message]:
    """One training chat that is about a poem."""
    return rng.choices([kind for kind, _ in _POEMS], [share for _, share in _POEMS])[0](rng)


def draw_chat(rng: random.Random) -> list[Message]:
    """One training chat."""
    return rng.choices(_KINDS, _WEIGHTS)[0](rng)


def chats(seed: int) -> Iterator[list[Message]]:
    """An endless stream of training chats; the same seed gives the same stream."""
    rng = random.Random(seed)
    while True:
        yield draw_chat(rng)
