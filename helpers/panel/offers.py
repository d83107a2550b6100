"""The hardware list as the choices of a form: each list depends on what was chosen before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huggingface_hub import (
    InferenceEndpoint,
    InferenceEndpointHardware,
    list_inference_endpoints_hardware,
)

from helpers.answers import persistently, plain_words
from helpers.hardware import USABLE
from helpers.panel.words import price

AVAILABILITY = {
    "available": "",
    "low_availability": "few left",
    "not_available": "sold out",
    "reserved": "reserved",
    "deprecated": "no longer offered",
}
ACCELERATORS = {"cpu": "CPU", "gpu": "GPU", "neuron": "AWS Inferentia"}

Row = InferenceEndpointHardware


def read_offers(namespace: str | None) -> Offers:
    """The service's list, with the namespace's quota.

    Raises:
        RefusedError, UnreachableError: it cannot be read.
    """
    with plain_words("reading the hardware list"):
        rows = persistently(lambda: list_inference_endpoints_hardware(namespace=namespace))
    return Offers(tuple(rows))


@dataclass(frozen=True)
class Offers:
    """What can be rented.

    Attributes:
        rows: the service's list.
    """

    rows: tuple[Row, ...] = ()

    def vendors(self) -> list[str]:
        """Clouds, in the order of the alphabet."""
        return sorted({row.vendor for row in self.rows})

    def regions(self, vendor: str) -> list[str]:
        """Data centers of a cloud."""
        return sorted({row.region for row in self.rows if row.vendor == vendor})

    def accelerators(self, vendor: str, region: str) -> list[str]:
        """Kinds of hardware there: ``cpu``, ``gpu``, ``neuron``."""
        return sorted({row.accelerator for row in self._in(vendor, region)})

    def instances(self, vendor: str, region: str, accelerator: str) -> list[Row]:
        """What can be rented there, the cheapest first, without what is no longer offered."""
        here = [
            row
            for row in self._in(vendor, region)
            if row.accelerator == accelerator and row.status != "deprecated"
        ]
        return sorted(here, key=lambda row: (row.price_per_hour, row.id))

    def find(self, vendor: str, region: str, type_: str, size: str) -> Row | None:
        """The row of these names, if there is one."""
        wanted = (vendor, region, type_, size)
        for row in self.rows:
            if (row.vendor, row.region, row.instance_type, row.instance_size) == wanted:
                return row
        return None

    def _in(self, vendor: str, region: str) -> Iterable[Row]:
        return (row for row in self.rows if (row.vendor, row.region) == (vendor, region))


def row_of(endpoint: InferenceEndpoint, offers: Offers) -> Row | None:
    """What an endpoint runs on; ``None`` if it is not in the list."""
    provider, compute = endpoint.raw["provider"], endpoint.raw["compute"]
    return offers.find(
        provider["vendor"], provider["region"], compute["instanceType"], compute["instanceSize"]
    )


def memory_of(row: Row) -> float:
    """GB that a model can use there: the accelerator's, or the computer's."""
    return float(row.gpu_memory_gb or row.memory_gb)


def label_of(row: Row) -> str:
    """``nvidia-l4 x1 · 24 GB GPU memory · $0.80 per hour``, and what speaks against it."""
    kind = "GPU memory" if row.gpu_memory_gb else "memory"
    parts = [
        f"{row.instance_type} {row.instance_size}",
        f"{memory_of(row):,.0f} GB {kind}",
        f"{price(row.price_per_hour)} per hour",
    ]
    if against := AVAILABILITY.get(row.status, row.status.replace("_", " ")):
        parts.append(against)
    elif shortage(row):
        parts.append("not enough quota")
    return " · ".join(parts)


def quota_words(row: Row) -> str:
    """How much of the quota is used."""
    if not row.max_accelerators:
        return "Your quota here is 0: ask the service for more, or add a payment method."
    return (
        f"{row.used_accelerators} of {row.max_accelerators} of your quota in use; one replica "
        f"takes {row.num_accelerators}."
    )


def shortage(row: Row, *, replicas: int = 1) -> str:
    """Why that many replicas cannot be had; empty if they can."""
    if row.status not in USABLE:
        return (
            f"{row.instance_type} {row.instance_size} is {AVAILABILITY.get(row.status, row.status)}"
        )
    needed = row.num_accelerators * max(1, replicas)
    free = row.max_accelerators - row.used_accelerators
    if needed > free:
        return (
            f"{needed} of the quota would be needed, {max(0, free)} of {row.max_accelerators} are "
            "free: pause something (an endpoint that sleeps keeps its quota), take fewer replicas, "
            "or ask the service for more"
        )
    return ""
