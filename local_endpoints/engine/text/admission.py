"""Which waiting requests join the batch: slots and budgets. No thread, no model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from local_endpoints.engine.text.request import Request


@dataclass(frozen=True)
class Budgets:
    """What a batch may come to need.

    Attributes:
        slots: requests that can be active at once.
        capacity: positions of one slot.
        prefill_tokens: prompt tokens, padding included, of one prefill. A single longer prompt is
            still read, alone.
        batch_tokens: positions that the active requests may come to occupy together. A single
            larger request is still answered, alone.
    """

    slots: int
    capacity: int
    prefill_tokens: int
    batch_tokens: int

    def positions(self, request: Request) -> int:
        """Positions that a request may come to occupy."""
        return min(len(request.prompt) + request.max_new_tokens, self.capacity)


def admitted(
    waiting: Iterable[Request],
    active: Sequence[Request],
    budgets: Budgets,
    *,
    prompts_at_once: Callable[[int], int],
) -> list[Request]:
    """The requests to read in the next prefill: the first of ``waiting``, none overtakes another.

    Args:
        waiting: oldest first.
        active: the current batch.
        budgets: what both together may need.
        prompts_at_once: how many prompts of up to so many tokens one prefill may hold.
    """
    batch: list[Request] = []
    longest = 0
    occupied = sum(map(budgets.positions, active))
    for count, request in enumerate(waiting, start=1):
        longest = max(longest, len(request.prompt))
        occupied += budgets.positions(request)
        if (
            len(active) + count > budgets.slots
            or (occupied > budgets.batch_tokens and (batch or active))
            or (longest * count > budgets.prefill_tokens and batch)
            or count > prompts_at_once(longest)
        ):
            break
        batch.append(request)
    return batch
