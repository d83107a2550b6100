"""The hardware list as choices."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.panel.offers import Offers, label_of, quota_words, shortage
from tests.helpers.test_hardware import ROWS, row

OFFERS = Offers(tuple(ROWS))


def l4(**changes: Any) -> Any:
    return row("aws", "us-east-1", "gpu", "nvidia-l4", "x4", 96, 3.8, **changes)


def test_each_list_follows_from_the_one_above() -> None:
    assert OFFERS.vendors() == ["aws", "azure", "gcp"]
    assert OFFERS.regions("aws") == ["eu-west-1", "us-east-1"]
    assert OFFERS.accelerators("aws", "eu-west-1") == ["gpu"]
    types = [each.instance_type for each in OFFERS.instances("aws", "eu-west-1", "gpu")]
    assert types == ["nvidia-t4", "nvidia-a10g"]


def test_the_cheapest_comes_first_and_what_is_deprecated_not_at_all() -> None:
    rows = OFFERS.instances("aws", "us-east-1", "cpu")
    assert [each.price_per_hour for each in rows] == [0.268, 0.536]


def test_a_label_has_price_and_memory() -> None:
    assert label_of(l4()) == "nvidia-l4 x4 · 96 GB GPU memory · $3.80 per hour"
    cpu = OFFERS.instances("aws", "us-east-1", "cpu")[0]
    assert label_of(cpu) == "intel-spr x8 · 16 GB memory · $0.268 per hour"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "low_availability"}, "few left"),
        ({"status": "not_available"}, "sold out"),
        ({"status": "some_day"}, "some day"),
        ({"max_accelerators": 2}, "not enough quota"),
        ({"used_accelerators": 6}, "not enough quota"),
    ],
)
def test_a_label_says_what_speaks_against(changes: dict[str, Any], words: str) -> None:
    assert label_of(l4(**changes)).endswith(f" · {words}")


def test_the_quota_counts_all_replicas() -> None:
    assert shortage(l4()) == ""
    assert "12 of the quota would be needed, 8 of 8 are free" in shortage(l4(), replicas=3)
    assert "12 of the quota" not in shortage(l4(max_accelerators=12), replicas=3)


def test_quota_in_words() -> None:
    assert quota_words(l4(used_accelerators=4)).startswith("4 of 8 of your quota in use")
    assert "Your quota here is 0" in quota_words(l4(max_accelerators=0))
