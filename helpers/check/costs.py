"""Exercises about money and hardware."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huggingface_hub import InferenceEndpointHardware

from helpers.check.judge import is_number, judged, require

HOURS_OF_A_MONTH = 720


@judged
def cheapest_offer(
    offer: Any, month_usd: Any, *, hardware: Sequence[InferenceEndpointHardware]
) -> str:
    """The cheapest GPU that may be used, and its price for 720 hours.

    Args:
        offer: a row of ``hardware``.
        month_usd: USD.
        hardware: all offers.
    """
    require(offer is not None, "cheapest_gpu is still None: put the row there")
    require(
        isinstance(offer, InferenceEndpointHardware), f"{offer!r:.40} is no row of the price list"
    )
    require(offer.accelerator == "gpu", f"{offer.id} has no GPU: look at row.accelerator")
    require(
        offer.status == "available" and offer.max_accelerators,
        f"you cannot have {offer.id} now: look at row.status and row.max_accelerators",
    )
    least = min(
        row.price_per_hour
        for row in hardware
        if row.accelerator == "gpu" and row.status == "available" and row.max_accelerators
    )
    require(
        offer.price_per_hour == least, f"there is a cheaper one than {offer.price_per_hour} USD"
    )
    require(is_number(month_usd), "month_usd should be a number, in USD")
    require(
        abs(month_usd - HOURS_OF_A_MONTH * least) < 1,
        f"a month has {HOURS_OF_A_MONTH} hours here: {month_usd} USD is not what it costs",
    )
    return f"{offer.id}, ${month_usd:.0f} for a month that nobody needed"
