"""How many accelerators a namespace may use of an instance type, whatever the region and size."""

from __future__ import annotations

from local_endpoints.control_plane.hardware import COMPUTES

QuotaKey = tuple[str, str]
"""Vendor and instance type: see ``Compute.quota_key``."""
QUOTAS: dict[QuotaKey, int] = {row.quota_key: row.max_accelerators for row in COMPUTES}


class Quotas:
    """Those of the hardware list, and others for namespaces that got them on demand."""

    def __init__(self) -> None:
        self._changed: dict[str, dict[QuotaKey, int]] = {}

    def of(self, namespace: str) -> dict[QuotaKey, int]:
        """The namespace's quota of every instance type."""
        return {**QUOTAS, **self._changed.get(namespace, {})}

    def change(self, namespace: str, key: QuotaKey, most: int | None) -> None:
        """Give the namespace another quota, until the service stops; ``None`` for the list's."""
        changed = self._changed.setdefault(namespace, {})
        changed.pop(key, None)
        if most is not None:
            changed[key] = most
