"""What the pocket Gemma's first edition was taught, word for word, so that a later one keeps it."""

from __future__ import annotations

from training.gemma import chats, tasks
from training.language.chat import Chat, keep, turns
from training.language.lexicon import Draw


def poem(draw: Draw) -> Chat:
    """A request for a poem as the first edition met it, already untidy in a quarter of cases."""
    return turns(*(keep(message["content"]) for message in chats.draw_poem(draw.rng)))


def extraction(draw: Draw) -> Chat:
    """One sentence to JSON."""
    return turns(*map(keep, tasks.extraction(draw.rng)))
