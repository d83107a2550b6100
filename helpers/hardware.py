"""Hardware by its five names: the row of the service's list, or what there is instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from huggingface_hub import InferenceEndpointHardware, list_inference_endpoints_hardware

from helpers.answers import persistently, plain_words
from helpers.errors import ParameterError

NAMES = ("vendor", "region", "accelerator", "instance_type", "instance_size")
USABLE = ("available", "low_availability")


def choose_hardware(
    *,
    vendor: str,
    region: str,
    accelerator: str,
    instance_type: str,
    instance_size: str,
    namespace: str | None = None,
) -> InferenceEndpointHardware:
    """The hardware of these five names, with its price.

    The names depend on each other. Where they do not fit together (another region, say, and still
    the instance type of the old one), vendor, region and accelerator stay as they are wanted as
    far as possible, and the cheapest instance that has at least as much memory for the model takes
    the place of the wanted one. It prints what it changed.

    Args:
        namespace: whose quota counts; default the token's user.

    Raises:
        ParameterError: a name exists nowhere, nothing fits, or there is no quota. The message
            says what there is.
        RefusedError, UnreachableError: the list cannot be read.
    """
    rows = _rows(namespace)
    wanted = {
        "vendor": vendor,
        "region": region,
        "accelerator": accelerator,
        "instance_type": instance_type,
        "instance_size": instance_size,
    }
    exact = [row for row in rows if all(getattr(row, name) == wanted[name] for name in wanted)]
    if exact:
        return _require_usable(exact[0], rows)
    _require_known(wanted, rows)
    _require_quota(rows)
    chosen = _nearest(wanted, rows)
    changes = [
        f"{name} {getattr(chosen, name)} instead of {wanted[name]}"
        for name in wanted
        if getattr(chosen, name) != wanted[name]
    ]
    print(f"this combination is not offered: taking {', '.join(changes)}, {_priced(chosen)}")
    return chosen


def require_offered(wanted: dict[str, Any], *, namespace: str | None) -> None:
    """Make sure that a new endpoint can get its hardware, before an old one is given up.

    Args:
        wanted: what ``create_inference_endpoint`` takes.

    Raises:
        ParameterError: it is not offered, or there is no quota; the message says what there is.
        RefusedError, UnreachableError: the list cannot be read.
    """
    rows = _rows(namespace)
    exact = [row for row in rows if all(getattr(row, name) == wanted.get(name) for name in NAMES)]
    if not exact:
        vendor, region = str(wanted.get("vendor")), str(wanted.get("region"))
        raise ParameterError(
            f"{' '.join(str(wanted.get(name)) for name in NAMES)} is not offered. "
            f"{_offers(rows, vendor, region)}"
        )
    _require_usable(exact[0], rows)


def _rows(namespace: str | None) -> list[InferenceEndpointHardware]:
    with plain_words("reading the hardware list"):
        return persistently(lambda: list_inference_endpoints_hardware(namespace=namespace))


def _require_usable(
    row: InferenceEndpointHardware, rows: list[InferenceEndpointHardware]
) -> InferenceEndpointHardware:
    if row.status not in USABLE:
        raise ParameterError(
            f"{row.instance_type} {row.instance_size} in {row.vendor} {row.region} is "
            f"{row.status.replace('_', ' ')}. {_offers(rows, row.vendor, row.region)}"
        )
    _require_quota(rows)
    if row.max_accelerators < row.num_accelerators:
        raise ParameterError(
            f"{row.instance_type} {row.instance_size} needs {row.num_accelerators} of your quota, "
            f"which is {row.max_accelerators}: ask the service for more. "
            f"{_offers(rows, row.vendor, row.region)}"
        )
    return row


def _require_quota(rows: list[InferenceEndpointHardware]) -> None:
    if not any(row.max_accelerators for row in rows):
        raise ParameterError(
            "all your quotas are 0, as they are where there is no payment method: add one at "
            "https://huggingface.co/settings/billing, or choose another NAMESPACE"
        )


def _require_known(wanted: dict[str, str], rows: list[InferenceEndpointHardware]) -> None:
    """A name that exists nowhere is a mistake and no wish."""
    for name, value in wanted.items():
        among = rows
        if name == "instance_size":
            among = [row for row in rows if row.instance_type == wanted["instance_type"]]
        known = {str(getattr(row, name)) for row in among}
        if value not in known:
            of_type = f" of {wanted['instance_type']}" if name == "instance_size" else ""
            if name == "region":
                known = {f"{row.region} ({row.vendor})" for row in rows}
            raise ParameterError(
                f"{name.upper()} {value!r} does not exist{of_type}: choose one of "
                f"{', '.join(sorted(known))}"
            )


def _nearest(
    wanted: dict[str, str], rows: list[InferenceEndpointHardware]
) -> InferenceEndpointHardware:
    vendor, region, accelerator = wanted["vendor"], wanted["region"], wanted["accelerator"]
    # The same instance elsewhere tells how much memory the model was meant to have.
    models = [
        row
        for row in rows
        if (row.instance_type, row.instance_size)
        == (wanted["instance_type"], wanted["instance_size"])
    ]
    here = [row for row in rows if row.vendor == vendor]
    if region in {row.region for row in here}:
        here = [row for row in here if row.region == region]
    fitting = [
        row
        for row in here
        if row.accelerator == accelerator
        and row.status in USABLE
        and row.max_accelerators >= row.num_accelerators
        and _memory(row) >= _memory(models[0])
        # A type of another kind was named on purpose, perhaps: nothing dearer takes its place.
        and (models[0].accelerator == accelerator or row.price_per_hour <= models[0].price_per_hour)
    ]
    if not fitting:
        raise ParameterError(
            f"nothing in {vendor} {region} with accelerator {accelerator} can take the place of "
            f"{wanted['instance_type']} {wanted['instance_size']} ({models[0].accelerator}, "
            f"{_memory(models[0]):.0f} GB). {_offers(rows, vendor, region)}"
        )
    return min(fitting, key=lambda row: row.price_per_hour)


def _memory(row: InferenceEndpointHardware) -> float:
    """GB that a model can use there."""
    return float(row.gpu_memory_gb or row.memory_gb)


def _offers(rows: Iterable[InferenceEndpointHardware], vendor: str, region: str) -> str:
    here = [row for row in rows if row.vendor == vendor]
    nearby = [row for row in here if row.region == region]
    place = f"{vendor} {region}" if nearby else vendor
    usable = [
        row
        for row in nearby or here
        if row.status in USABLE and row.max_accelerators >= row.num_accelerators
    ]
    usable.sort(key=lambda row: (row.accelerator, row.price_per_hour))
    listed = ", ".join(f"{row.accelerator}: {_priced(row)}" for row in usable)
    return f"{place} offers {listed or 'nothing that you may use'}"


def _priced(row: InferenceEndpointHardware) -> str:
    return f"{row.instance_type} {row.instance_size} at ${row.price_per_hour:.2f} per hour"
