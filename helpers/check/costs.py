"""Exercises about money and hardware."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from huggingface_hub import InferenceEndpointHardware

from helpers.check.judge import is_number, judged, require

HOURS_OF_A_MONTH = 720
BYTES_OF_A_NUMBER = 2
SHARE_FOR_THE_MODEL = 0.9
"""Of a GPU's memory; the rest the engine leaves free."""
LEAST_SHARE = 0.01
"""How far, as a share of it, a number may be from the right one."""


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


@judged
def enough_memory(
    gigabytes: Any,
    offer: Any,
    *,
    hardware: Sequence[InferenceEndpointHardware],
    billions: float,
    layers: int,
    heads: int,
    size: int,
    context: int,
    at_once: int,
) -> str:
    """The memory that a model needs, and the cheapest GPUs that have it and may be used.

    Args:
        gigabytes: what is needed, for weights and cache in 16 bits.
        offer: a row of ``hardware``.
        hardware: all offers.
        billions: of the model's parameters.
        layers: that it has.
        heads: key-value heads of a layer.
        size: numbers in a head.
        context: tokens of a conversation.
        at_once: conversations at a time.
    """
    keys_and_values = 2 * layers * heads * size * context * at_once
    wanted = (billions + keys_and_values / 1e9) * BYTES_OF_A_NUMBER / SHARE_FOR_THE_MODEL
    require(gigabytes is not None, "gigabytes is still None: weights and cache, see section 4")
    require(is_number(gigabytes), "gigabytes should be a number")
    require(
        abs(gigabytes - wanted) <= LEAST_SHARE * wanted,
        f"{gigabytes:.4g} GB is too {'little' if gigabytes < wanted else 'much'}: all the "
        "conversations at a time have a cache of their own, and the engine leaves a tenth free",
    )
    require(
        isinstance(offer, InferenceEndpointHardware), f"{offer!r:.40} is no row of the price list"
    )
    require(
        (offer.gpu_memory_gb or 0) >= wanted,
        f"{offer.id} has {offer.gpu_memory_gb or 'no'} GB of GPU memory: not enough",
    )
    usable = [
        row
        for row in hardware
        if row.accelerator == "gpu"
        and row.status == "available"
        and row.max_accelerators >= row.num_accelerators
        and (row.gpu_memory_gb or 0) >= wanted
    ]
    require(offer in usable, f"you cannot have {offer.id}: look at its accelerator and your quota")
    cheapest = min(row.price_per_hour for row in usable)
    require(
        offer.price_per_hour <= cheapest, f"there is a cheaper one than {offer.price_per_hour} USD"
    )
    return f"{offer.id} with {offer.gpu_memory_gb} GB, ${offer.price_per_hour:.2f} per hour"


@judged
def break_even(tokens_a_day: Any) -> str:
    """A function that says from how many tokens a day an endpoint is cheaper than paying by token.

    Args:
        tokens_a_day: the function. It gets the endpoint's price per hour, the hours a day that it
            is up, the price of a million tokens, and the tokens that it can write in a second.
    """
    require(callable(tokens_a_day), "break_even is no function yet: def break_even(…)")
    for case in ((0.80, 24, 0.50, 1000), (0.80, 8, 0.50, 1000), (2.50, 8, 0.25, 1000)):
        _require_break_even(tokens_a_day, *case)
    return "and where it is None, no amount of work makes the endpoint the cheaper one"


def _require_break_even(
    tokens_a_day: Callable[..., Any], usd: float, hours: float, per_million: float, speed: float
) -> None:
    right = usd * hours / per_million * 1e6
    case = f"${usd:.2f} per hour, {hours} h a day, ${per_million:.2f} per million tokens"
    try:
        given = tokens_a_day(usd, hours, per_million, speed)
    except Exception as error:
        raise AssertionError(f"{case}: {type(error).__name__}: {error}") from None
    if right > speed * hours * 3600:
        require(
            given is None,
            f"{case}: {right:,.0f} tokens are more than {speed} per second can be in {hours} h, so "
            "it should be None",
        )
        return
    require(is_number(given), f"{case}: that should be a number, not {given!r:.40}")
    require(
        abs(given - right) <= LEAST_SHARE * right,
        f"{case}: {given:,.4g} tokens a day would cost ${given * per_million / 1e6:,.2f}, the "
        f"endpoint ${usd * hours:,.2f}",
    )
