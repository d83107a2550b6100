"""What the states of an endpoint mean, and what can be done in each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """One state, for people.

    Attributes:
        symbol: told apart by its form, so that no color is needed.
        word: what the badge says.
        meaning: one sentence.
        tone: ``good``, ``busy``, ``quiet`` or ``bad``: the badge's color, which only repeats.
        actions: which of ``pause``, ``resume`` and ``wake`` the service accepts; it can be deleted
            in every state.
    """

    symbol: str
    word: str
    meaning: str
    tone: str
    actions: frozenset[str]


def _state(symbol: str, word: str, meaning: str, tone: str, *actions: str) -> State:
    return State(symbol, word, meaning, tone, frozenset(actions))


STATES = {
    "pending": _state(
        "◔", "Pending", "waiting for hardware; it does not bill yet", "busy", "pause"
    ),
    "initializing": _state(
        "◑", "Initializing", "the container loads the model; it bills from here on", "busy", "pause"
    ),
    "updating": _state(
        "◕", "Updating", "it starts again with other settings, and bills", "busy", "pause"
    ),
    "running": _state(
        "●", "Running", "it answers, and bills whether asked or not", "good", "pause"
    ),
    "scaledToZero": _state(
        "☾", "Scaled to zero", "asleep: it does not bill, and the next request wakes it. It still "
        "counts towards the quota", "quiet", "pause", "wake",
    ),
    "paused": _state(
        "‖", "Paused", "switched off: it does not bill, and no request wakes it", "quiet", "resume"
    ),
    "failed": _state(
        "✕", "Failed", "the container did not start; it does not bill. Its log says why", "bad"
    ),
    "updateFailed": _state(
        "✕", "Update failed", "the new settings did not work. Its log says why", "bad", "pause"
    ),
}  # fmt: skip


def state_of(name: str) -> State:
    """What a state means; a state that nobody here knows is named and allows everything."""
    unknown = _state("?", name, "a state that this panel does not know", "busy")
    return STATES.get(name) or State(
        unknown.symbol, name, unknown.meaning, unknown.tone, frozenset({"pause", "resume"})
    )
