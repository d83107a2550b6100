"""Short rhymed poems, asked for in many ways, and what people say after one."""

from __future__ import annotations

from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw
from training.language.phrasings import phrasings
from training.language.smalltalk import small_talk
from training.verse import poem_requests
from training.verse.poems import write_poem
from training.verse.topics import Topic, draw_known, draw_unknown

_UNKNOWN_SHARE = 0.42
"""Share of poems about unknown topics: enough of them that copying is learned."""
_OTHER_FORMS = (
    "[Write|Please write|Tell me|Can you write] a [limerick|sonnet|ballad|song|rap] about {t}[.|]",
)
_NO_TOPIC = (
    "[Write|Please write|Tell me|Can you write|I want] a [short |little |]poem[.|?|!|, please.]",
    "[A poem, please|Poem|Another poem][.|!|]",
    "[Do you write poems|Can you rhyme]?",
)


def draw_topic(draw: Draw) -> Topic:
    """What a poem is about; the course's own topics come often."""
    roll = draw.rng.random()
    if roll < 0.04:
        return Topic("open source", False, "open")
    if roll < 0.055:
        return Topic("rivers", True, "river")
    return draw_unknown(draw.rng) if draw.chance(_UNKNOWN_SHARE) else draw_known(draw.rng)


def _asked(draw: Draw, topic: Topic) -> tuple[str, int | None]:
    if not draw.held_out and draw.chance(0.25):
        return draw.phrase(phrasings("poem"), t=keep(topic.phrase)), None
    return poem_requests.ask_for_poem(draw.rng, keep(topic.phrase))


def poem(draw: Draw) -> Chat:
    """A request and a poem."""
    topic = draw_topic(draw)
    kind = draw.rng.random()
    if kind < 0.03:
        asked = draw.phrase(_OTHER_FORMS, t=keep(topic.phrase))
        return turns(
            asked, f"{poem_requests.OTHER_FORM_EXCUSE}\n\n{write_poem(draw.rng, topic, lines=4)}"
        )
    if kind < 0.05:
        return turns(draw.phrase(_NO_TOPIC), write_poem(draw.rng, draw_known(draw.rng), lines=4))
    request, lines = _asked(draw, topic)
    return turns(request, write_poem(draw.rng, topic, lines=lines))


def poem_chat(draw: Draw) -> Chat:
    """A poem and another one, its topic, or thanks."""
    rng = draw.rng
    topic = draw_topic(draw)
    request, lines = _asked(draw, topic)
    chat = turns(request, write_poem(rng, topic, lines=lines))
    kind = rng.random()
    if kind < 0.35:
        request, lines = poem_requests.ask_again(rng)
        chat = chat.then(turns(request, write_poem(rng, topic, lines=lines)))
    elif kind < 0.6:
        topic = draw_topic(draw)
        request = poem_requests.ask_about_next(rng, keep(topic.phrase))
        chat = chat.then(turns(request, write_poem(rng, topic)))
    elif kind < 0.75:
        chat = chat.then(turns(poem_requests.ask_which_topic(rng), f"It was about {topic.phrase}."))
    if rng.random() < 0.45 or kind >= 0.75:
        chat = chat.then(thanks(draw))
    return chat


def long_talk(draw: Draw) -> Chat:
    """A poem and up to five turns after it; what they refer to is the last poem, however far."""
    rng = draw.rng
    topic = draw_topic(draw)
    request, lines = _asked(draw, topic)
    chat = turns(request, write_poem(rng, topic, lines=lines))
    for _ in range(rng.randint(2, 5)):
        kind = rng.random()
        if kind < 0.3:
            request, lines = poem_requests.ask_again(rng)
        elif kind < 0.55:
            topic, lines = draw_topic(draw), None
            request = poem_requests.ask_about_next(rng, keep(topic.phrase))
        elif kind < 0.65:
            asked = poem_requests.ask_which_topic(rng)
            chat = chat.then(turns(asked, f"It was about {topic.phrase}."))
            continue
        else:
            chat = chat.then(thanks(draw) if kind < 0.8 else small_talk(draw))
            continue
        chat = chat.then(turns(request, write_poem(rng, topic, lines=lines)))
    return chat


def thanks(draw: Draw) -> Chat:
    """Thanks or praise after a poem."""
    asked = draw.phrase(
        (
            "[Thank you|Thanks|Many thanks|Thanks a lot|Thank you very much][.|!|]",
            "[That was|That's] [lovely|great|nice|beautiful|very good][.|!]",
            "[I like it|Well done|Nice poem|Good job][.|!]",
        )
    )
    return turns(
        asked,
        draw.phrase(
            (
                "You are welcome! [Come back for another rhyme.|I had fun with it.|Just ask if "
                "you would like another one.]",
                "[Thank you|How kind]! [I am glad that you like it.|That makes a small model "
                "happy.]",
            )
        ),
    )


def mixed(draw: Draw) -> Chat:
    """Everyday talk, and then a poem."""
    return small_talk(draw).then(poem(draw))
