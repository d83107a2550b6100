"""How many accelerators a namespace may use of an instance type, whatever the size.

The real service's quotas know no region (``GET /v2/provider/quotas/{namespace}``), but its hardware
list says at each region's row how many may be used there: a quota of one region makes that smaller.
"""

from __future__ import annotations

from local_endpoints.control_plane.hardware import COMPUTES, QuotaKey

QUOTAS: dict[QuotaKey, int] = {row.quota_key: row.max_accelerators for row in COMPUTES}
REGIONS: frozenset[QuotaKey] = frozenset(row.region_key for row in COMPUTES)


class Quotas:
    """Those of the hardware list, and others for namespaces that got them on demand."""

    def __init__(self) -> None:
        self._changed: dict[str, dict[QuotaKey, int]] = {}

    def of(self, namespace: str) -> dict[QuotaKey, int]:
        """The namespace's quota of every instance type, and those of a region that it was given
        besides."""
        return {**QUOTAS, **self._changed.get(namespace, {})}

    def change(self, namespace: str, key: QuotaKey, most: int | None) -> None:
        """Give the namespace another quota, until the service stops.

        Args:
            key: vendor and instance type; with a region behind them for what may be used there.
            most: accelerators; ``None`` for what the hardware list says, which for a region is
                nothing.
        """
        changed = self._changed.setdefault(namespace, {})
        changed.pop(key, None)
        if most is not None:
            changed[key] = most
