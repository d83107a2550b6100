"""The hardware that endpoints can ask for, with prices and quotas.

Prices in USD per hour and replica are those that the service's documentation printed in May 2026.
The quota is a property of the namespace: a number of accelerators per instance type, shared by all
sizes of that type. The main memory of GPU and Neuron rows is approximate: the price list does not
print it, but the client insists on a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


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
    def quota_key(self) -> tuple[str, str]:
        """What shares one quota: vendor and instance type, whatever the size."""
        return self.vendor, self.instance_type


@dataclass(frozen=True)
class _Family:
    vendor: str
    regions: tuple[str, ...]
    accelerator: str
    instance_type: str
    architecture: str
    # size -> (accelerators, memory GB, accelerator memory GB, vCPUs, USD per hour)
    sizes: dict[str, tuple[int, float, int | None, int | None, float]]
    max_accelerators: int
    status: str = "available"


_FAMILIES = (
    _Family(
        "aws", ("us-east-1", "eu-west-1"), "cpu", "intel-spr", "Intel Sapphire Rapids",
        {"x1": (1, 2.0, None, 1, 0.033), "x2": (2, 4.0, None, 2, 0.067),
         "x4": (4, 8.0, None, 4, 0.134), "x8": (8, 16.0, None, 8, 0.268),
         "x16": (16, 32.0, None, 16, 0.536)},
        64,
    ),
    _Family(
        "aws", ("us-east-1", "eu-west-1"), "cpu", "intel-icl", "Intel Ice Lake",
        {f"x{n}": (n, 2.0 * n, None, n, 0.032 * n) for n in (1, 2, 4, 8)},
        64, status="deprecated",
    ),
    _Family(
        "aws", ("us-east-1", "us-west-2"), "gpu", "nvidia-t4", "NVIDIA T4",
        {"x1": (1, 14.0, 16, None, 0.5)}, 8,
    ),
    _Family(
        "aws", ("us-east-1", "us-west-2", "eu-west-1"), "gpu", "nvidia-l4", "NVIDIA L4",
        {"x1": (1, 28.0, 24, None, 0.8), "x4": (4, 176.0, 96, None, 3.8)}, 8,
    ),
    _Family(
        "aws", ("us-east-1", "us-west-2", "eu-west-1"), "gpu", "nvidia-a10g", "NVIDIA A10G",
        {"x1": (1, 28.0, 24, None, 1.0), "x4": (4, 176.0, 96, None, 5.0)}, 8,
    ),
    _Family(
        "aws", ("us-east-1",), "gpu", "nvidia-l40s", "NVIDIA L40S",
        {"x1": (1, 60.0, 48, None, 1.8), "x4": (4, 350.0, 192, None, 8.3),
         "x8": (8, 1400.0, 384, None, 23.5)},
        8,
    ),
    _Family(
        "aws", ("us-east-1",), "gpu", "nvidia-a100", "NVIDIA A100",
        {"x1": (1, 145.0, 80, None, 2.5), "x2": (2, 290.0, 160, None, 5.0),
         "x4": (4, 580.0, 320, None, 10.0), "x8": (8, 1160.0, 640, None, 20.0)},
        8,
    ),
    _Family(
        "aws", ("us-east-1",), "gpu", "nvidia-h200", "NVIDIA H200",
        {f"x{n}": (n, 256.0 * n, 141 * n, None, 5.0 * n) for n in (1, 2, 4, 8)},
        0,
    ),
    _Family(
        "aws", ("us-east-1", "us-west-2"), "neuron", "inf2", "AWS Inferentia2",
        {"x1": (1, 14.5, 32, None, 0.75), "x12": (12, 760.0, 384, None, 12.0)}, 12,
    ),
    _Family(
        "azure", ("eastus",), "cpu", "intel-xeon", "Intel Xeon",
        {f"x{n}": (n, 2.0 * n, None, n, 0.06 * n) for n in (1, 2, 4, 8)}, 64,
    ),
    _Family(
        "gcp", ("us-east4",), "gpu", "nvidia-l4", "NVIDIA L4",
        {"x1": (1, 28.0, 24, None, 0.7)}, 8,
    ),
    _Family(
        "gcp", ("us-east4",), "gpu", "nvidia-a100", "NVIDIA A100",
        {"x1": (1, 145.0, 80, None, 3.6)}, 8,
    ),
)  # fmt: skip

_REGION_LABELS = {
    "us-east-1": "N. Virginia",
    "us-west-2": "Oregon",
    "eu-west-1": "Ireland",
    "eastus": "East US",
    "us-east4": "Ashburn",
}


def _rows() -> Iterator[Compute]:
    for family in _FAMILIES:
        for region in family.regions:
            for size, (accelerators, memory, gpu_memory, cpus, price) in family.sizes.items():
                yield Compute(
                    vendor=family.vendor,
                    region=region,
                    accelerator=family.accelerator,
                    instance_type=family.instance_type,
                    instance_size=size,
                    architecture=family.architecture,
                    num_accelerators=accelerators,
                    memory_gb=memory,
                    gpu_memory_gb=gpu_memory,
                    num_cpus=cpus,
                    price_per_hour=round(price, 3),
                    status=family.status,
                    max_accelerators=family.max_accelerators,
                )


COMPUTES: tuple[Compute, ...] = tuple(_rows())


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


def hardware_tree(used: dict[tuple[str, str], int]) -> dict[str, Any]:
    """The answer of ``GET /v2/provider/{namespace}``: vendors, regions, computes.

    Args:
        used: accelerators in use, by ``Compute.quota_key``.
    """
    vendors: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in COMPUTES:
        regions = vendors.setdefault(row.vendor, {})
        regions.setdefault(row.region, []).append(_compute_object(row, used))
    return {
        "vendors": [
            {
                "name": vendor,
                "status": "available",
                "regions": [
                    {
                        "name": region,
                        "label": _REGION_LABELS[region],
                        "status": "available",
                        "computes": computes,
                    }
                    for region, computes in regions.items()
                ],
            }
            for vendor, regions in vendors.items()
        ]
    }


def _compute_object(row: Compute, used: dict[tuple[str, str], int]) -> dict[str, Any]:
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
            "maxAccelerators": row.max_accelerators,
            "usedAccelerators": used.get(row.quota_key, 0),
        },
    }
