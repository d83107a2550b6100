from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from local_endpoints.control_plane import hardware
from local_endpoints.control_plane.hardware import COMPUTES, find_compute, hardware_tree
from local_endpoints.control_plane.quotas import QUOTAS

STATUSES = {"available", "low_availability", "not_available", "reserved", "deprecated"}
# The keys that huggingface_hub 2.4 reads without a default.
NEEDED = {
    *("id", "accelerator", "instanceType", "instanceSize", "architecture", "numAccelerators"),
    *("memoryGb", "pricePerHour", "status", "quota"),
}


def computes(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        compute
        for vendor in tree["vendors"]
        for region in vendor["regions"]
        for compute in region["computes"]
    ]


def test_ids_are_unique_and_name_what_they_are() -> None:
    assert len({row.id for row in COMPUTES}) == len(COMPUTES)
    row = find_compute(
        vendor="aws",
        region="us-east-1",
        accelerator="gpu",
        instance_type="nvidia-l4",
        instance_size="x1",
    )
    assert row is not None
    assert row.id == "aws-us-east-1-nvidia-l4-x1"
    assert row.price_per_hour == 0.8


@pytest.mark.parametrize(
    ("vendor", "kind", "size", "price"),
    [
        ("aws", "nvidia-t4", "x1", 0.5),
        ("aws", "nvidia-a10g", "x4", 5.0),
        ("aws", "nvidia-a100", "x1", 2.5),
        ("aws", "nvidia-l40s", "x8", 23.5),
        ("aws", "intel-spr", "x16", 0.536),
        ("aws", "inf2", "x12", 12.0),
        ("gcp", "nvidia-l4", "x1", 0.7),
        ("azure", "intel-xeon", "x8", 0.48),
    ],
)
def test_prices_are_the_documented_ones(vendor: str, kind: str, size: str, price: float) -> None:
    prices = {
        row.price_per_hour
        for row in COMPUTES
        if (row.vendor, row.instance_type, row.instance_size) == (vendor, kind, size)
    }
    assert prices == {price}


@pytest.mark.parametrize("wrong", ["vendor", "region", "accelerator", "instance_type"])
def test_all_five_names_must_match(wrong: str) -> None:
    names = {
        "vendor": "aws",
        "region": "us-east-1",
        "accelerator": "gpu",
        "instance_type": "nvidia-l4",
        "instance_size": "x1",
    }
    assert find_compute(**names) is not None
    assert find_compute(**{**names, wrong: "x1"}) is None


def test_tree_has_what_the_client_reads() -> None:
    rows = computes(hardware_tree({}, quotas=QUOTAS))
    assert len(rows) == len(COMPUTES)
    for row in rows:
        assert set(row) >= NEEDED
        assert row["status"] in STATUSES
        assert row["quota"]["usedAccelerators"] == 0
        assert row["pricePerHour"] > 0


def test_quota_is_shared_by_all_sizes_and_regions_of_a_type() -> None:
    rows = computes(
        hardware_tree({("aws", "nvidia-l4"): 3, ("aws", "nvidia-a10g"): 2}, quotas=QUOTAS)
    )
    used = {row["id"]: row["quota"]["usedAccelerators"] for row in rows}
    assert used["aws-us-east-1-nvidia-l4-x1"] == used["aws-us-east-1-nvidia-l4-x4"] == 3
    assert used["aws-us-east-1-nvidia-a10g-x4"] == used["aws-eu-west-1-nvidia-a10g-x1"] == 2
    assert used["gcp-us-east4-nvidia-l4-x1"] == used["aws-us-east-1-nvidia-t4-x1"] == 0


def test_a_row_shows_the_quota_that_leaves_less() -> None:
    kind, ireland = ("aws", "nvidia-a10g"), ("aws", "nvidia-a10g", "eu-west-1")
    used = {kind: 3, ireland: 1}
    rows = {
        most: {row["id"]: row["quota"] for row in computes(hardware_tree(used, quotas=quotas))}
        for most, quotas in ((2, {**QUOTAS, ireland: 2}), (9, {**QUOTAS, ireland: 9}))
    }
    assert QUOTAS[kind] == 8
    of_the_type = {"maxAccelerators": 8, "usedAccelerators": 3}
    assert rows[2]["aws-eu-west-1-nvidia-a10g-x1"] == {"maxAccelerators": 2, "usedAccelerators": 1}
    assert rows[2]["aws-us-east-1-nvidia-a10g-x1"] == of_the_type
    assert rows[9]["aws-eu-west-1-nvidia-a10g-x1"] == of_the_type


def test_without_a_namespace_that_pays_there_is_no_quota() -> None:
    rows = computes(hardware_tree({}, quotas={}))
    assert {row["quota"]["maxAccelerators"] for row in rows} == {0}
    rows = computes(hardware_tree({}, quotas=QUOTAS))
    assert all(
        row["quota"]["maxAccelerators"] >= row["numAccelerators"]
        for row in rows
        if row["id"] in {"aws-us-east-1-nvidia-l4-x1", "aws-us-east-1-nvidia-a100-x8"}
    )


# Seen on 2026-10-10 in the list of the real service.


def test_the_offer_in_ireland_is_small() -> None:
    ireland = {
        (row.instance_type, row.instance_size)
        for row in COMPUTES
        if row.region == "eu-west-1" and row.accelerator != "cpu"
    }
    assert ireland == {("nvidia-t4", "x1"), ("nvidia-a10g", "x1")}


@pytest.mark.parametrize(
    ("identity", "price"),
    [
        ("aws-eu-west-1-nvidia-t4-x1", 0.5),
        ("aws-eu-west-1-nvidia-a10g-x1", 1.0),
        ("aws-us-east-1-nvidia-l4-x1", 0.8),
        ("gcp-us-east4-nvidia-l4-x1", 0.7),
        ("aws-us-east-1-nvidia-l40s-x1", 1.8),
        ("aws-us-east-1-nvidia-a100-x1", 2.5),
        ("gcp-us-east4-nvidia-a100-x1", 3.6),
        ("gcp-us-east4-nvidia-h100-x1", 10.0),
        ("aws-us-east-2-nvidia-rtx-pro-6000-x1", 2.75),
        ("aws-us-west-2-nvidia-h200-x1", 5.0),
    ],
)
def test_regions_and_prices(identity: str, price: float) -> None:
    (row,) = [row for row in COMPUTES if row.id == identity]
    assert (row.price_per_hour, row.status) == (price, "available")


def test_every_group_of_rows_has_a_source_and_a_date() -> None:
    data = json.loads(Path(hardware.__file__).with_name("hardware.json").read_text())
    for group in data["groups"]:
        assert group["source"] in data["sources"]
        assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", group["date"])
        assert set(group["regions"]) <= set(data["regions"])
