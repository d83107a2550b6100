"""The hardware that endpoints can ask for, with prices and quotas.

The rows stand in ``hardware.json``, each group with where it was seen and when. The quota is a
property of the namespace: a number of accelerators per instance type, shared by all sizes of that
type.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

QuotaKey = tuple[str, ...]
"""Vendor and instance type; with a region behind them for what may be used there."""


@dataclass(frozen=True)
class Compute:
    """One row of the hardware list: what one replica runs on.

    Attributes:
        memory_gb: main memory in GB.
        gpu_memory_gb: accelerator memory in GB, ``None`` without accelerator.
        num_cpus: virtual CPUs, ``None`` where the service does not tell.
        price_per_hour: USD per hour and replica.
        status: ``available``, ``low_availability``, ``not_available``, ``reserved`` or
            ``deprecated``.
        max_accelerators: the namespace's quota for the instance type.
    """

    vendor: str
    region: str
    accelerator: str
    instance_type: str
    instance_size: str
    architecture: str
    num_accelerators: int
    memory_gb: float
    gpu_memory_gb: int | None
    num_cpus: int | None
    price_per_hour: float
    status: str
    max_accelerators: int

    @property
    def id(self) -> str:
        """The service's identifier: vendor, region, type and size joined by hyphens."""
        return f"{self.vendor}-{self.region}-{self.instance_type}-{self.instance_size}"

    @property
    def gpus(self) -> int:
        """GPUs that a replica's container finds; 0 on any other hardware."""
        return self.num_accelerators if self.accelerator == "gpu" else 0

    @property
    def quota_key(self) -> QuotaKey:
        """What shares one quota: vendor and instance type, whatever the size."""
        return self.vendor, self.instance_type

    @property
    def region_key(self) -> QuotaKey:
        """The part of ``quota_key`` in its region."""
        return *self.quota_key, self.region


def _rows(group: dict[str, Any]) -> Iterator[Compute]:
    for region in group["regions"]:
        for size, (accelerators, memory, gpu_memory, cpus, price) in group["sizes"].items():
            yield Compute(
                vendor=group["vendor"],
                region=region,
                accelerator=group["accelerator"],
                instance_type=group["instanceType"],
                instance_size=size,
                architecture=group["architecture"],
                num_accelerators=accelerators,
                memory_gb=memory,
                gpu_memory_gb=gpu_memory,
                num_cpus=cpus,
                price_per_hour=price,
                status=group.get("status", "available"),
                max_accelerators=group["quota"],
            )


_DATA: dict[str, Any] = json.loads(
    Path(__file__).with_name("hardware.json").read_text(encoding="utf-8")
)
COMPUTES: tuple[Compute, ...] = tuple(row for group in _DATA["groups"] for row in _rows(group))


def find_compute(
    *, vendor: str, region: str, accelerator: str, instance_type: str, instance_size: str
) -> Compute | None:
    """The row that matches all five names, or ``None`` if the service does not offer it."""
    wanted = (vendor, region, accelerator, instance_type, instance_size)
    for row in COMPUTES:
        names = (row.vendor, row.region, row.accelerator, row.instance_type, row.instance_size)
        if names == wanted:
            return row
    return None


def hardware_tree(
    used: Mapping[QuotaKey, int], *, quotas: Mapping[QuotaKey, int]
) -> dict[str, Any]:
    """The answer of ``GET /v2/provider/{namespace}``: vendors, regions, computes.

    Args:
        used: accelerators in use, by ``Compute.quota_key`` and ``region_key``.
        quotas: how many may be used; what is missing reads 0, as every quota does where no
            namespace that pays is asking (observed 2026-10-10). Of a type's quota and its
            region's, the row shows the one that leaves less.
    """
    vendors: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in COMPUTES:
        regions = vendors.setdefault(row.vendor, {})
        regions.setdefault(row.region, []).append(_compute_object(row, used, quotas))
    return {
        "vendors": [
            {
                "name": vendor,
                "status": "available",
                "regions": [
                    {
                        "name": region,
                        "label": _DATA["regions"][region],
                        "status": "available",
                        "computes": computes,
                    }
                    for region, computes in regions.items()
                ],
            }
            for vendor, regions in vendors.items()
        ]
    }


def _compute_object(
    row: Compute, used: Mapping[QuotaKey, int], quotas: Mapping[QuotaKey, int]
) -> dict[str, Any]:
    keys = [key for key in (row.quota_key, row.region_key) if key in quotas]
    key = min(keys, key=lambda key: quotas[key] - used.get(key, 0), default=row.quota_key)
    return {
        "id": row.id,
        "accelerator": row.accelerator,
        "instanceType": row.instance_type,
        "instanceSize": row.instance_size,
        "architecture": row.architecture,
        "numAccelerators": row.num_accelerators,
        "numCpus": row.num_cpus,
        "memoryGb": row.memory_gb,
        "gpuMemoryGb": row.gpu_memory_gb,
        "pricePerHour": row.price_per_hour,
        "status": row.status,
        "quota": {
            "maxAccelerators": quotas.get(key, 0),
            "usedAccelerators": used.get(key, 0),
        },
    }
