"""Hardware by its names: taken as it is, replaced in the open, or refused with what there is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import InferenceEndpointHardware

from helpers import CourseError, ParameterError, RefusedError, UnreachableError, choose_hardware
from tests.helpers.conftest import Trouble


def row(
    vendor: str, region: str, accelerator: str, type_: str, size: str, memory: int, price: float,
    **changes: Any,
) -> InferenceEndpointHardware:  # fmt: skip
    number = int(size[1:])
    values: dict[str, Any] = dict(
        id=f"{vendor}-{region}-{type_}-{size}", vendor=vendor, region=region,
        accelerator=accelerator, instance_type=type_, instance_size=size, architecture=type_,
        num_accelerators=number, num_cpus=number, memory_gb=float(memory),
        gpu_memory_gb=memory if accelerator == "gpu" else None, price_per_hour=price,
        status="available", max_accelerators=64 if accelerator == "cpu" else 8, used_accelerators=0,
    )  # fmt: skip
    return InferenceEndpointHardware(**values | changes)


ROWS = [
    row("aws", "us-east-1", "gpu", "nvidia-t4", "x1", 16, 0.5),
    row("aws", "us-east-1", "gpu", "nvidia-l4", "x1", 24, 0.8),
    row("aws", "us-east-1", "gpu", "nvidia-l4", "x4", 96, 3.8),
    row("aws", "us-east-1", "gpu", "nvidia-h200", "x1", 141, 5.0, max_accelerators=0),
    row("aws", "us-east-1", "cpu", "intel-spr", "x8", 16, 0.268),
    row("aws", "us-east-1", "cpu", "intel-spr", "x16", 32, 0.536),
    row("aws", "us-east-1", "cpu", "intel-icl", "x16", 32, 0.4, status="deprecated"),
    row("aws", "eu-west-1", "gpu", "nvidia-t4", "x1", 16, 0.5),
    row("aws", "eu-west-1", "gpu", "nvidia-a10g", "x1", 24, 1.0),
    row("gcp", "us-east4", "gpu", "nvidia-l4", "x1", 24, 0.7),
    row("azure", "eastus", "cpu", "intel-xeon", "x4", 8, 0.24),
]
L4 = {
    "vendor": "aws", "region": "us-east-1", "accelerator": "gpu", "instance_type": "nvidia-l4",
    "instance_size": "x1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "helpers.hardware.list_inference_endpoints_hardware", lambda namespace: ROWS
    )


def test_what_exists_is_taken_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert choose_hardware(**L4) == ROWS[1]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("changes", "chosen"),
    [
        ({"region": "eu-west-1"}, "aws-eu-west-1-nvidia-a10g-x1"),
        ({"vendor": "gcp"}, "gcp-us-east4-nvidia-l4-x1"),
        ({"accelerator": "cpu"}, "aws-us-east-1-intel-spr-x16"),
        ({"region": "us-east4"}, "aws-us-east-1-nvidia-l4-x1"),
    ],
)
def test_the_rest_follows_what_was_changed(
    changes: dict[str, str], chosen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = choose_hardware(**L4 | changes)
    assert found.id == chosen
    said = capsys.readouterr().out
    assert "this combination is not offered" in said and f"${found.price_per_hour:.2f}" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"instance_type": "nvidia-h100"}, "INSTANCE_TYPE 'nvidia-h100' does not exist"),
        ({"instance_type": "nvidia-h100"}, "choose one of intel-icl, .*nvidia-l4, nvidia-t4"),
        ({"region": "moon-1"}, "REGION 'moon-1' does not exist: .*eu-west-1"),
        ({"vendor": "ibm"}, "VENDOR 'ibm' does not exist: choose one of aws, azure, gcp"),
        ({"accelerator": "tpu"}, "ACCELERATOR 'tpu' does not exist: choose one of cpu, gpu"),
        ({"instance_size": "x3"}, "INSTANCE_SIZE 'x3' does not exist of nvidia-l4: .*x1, x4"),
        ({"vendor": "azure"}, r"azure offers cpu: intel-xeon x4 at \$0\.24"),
        ({"instance_type": "nvidia-h200"}, "your quota, which is 0.*aws us-east-1 offers cpu"),
        ({"instance_type": "intel-icl", "accelerator": "cpu", "instance_size": "x16"},
         "is deprecated. aws us-east-1 offers"),
        # One GPU that costs more must not take the place of a CPU that was named.
        ({"instance_type": "intel-spr", "instance_size": "x8"}, "intel-spr x8 \\(cpu, 16 GB\\)"),
        ({"region": "eu-west-1", "instance_size": "x4"}, "aws eu-west-1 offers gpu: nvidia-t4"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_refused_with_what_can(changes: dict[str, str], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        choose_hardware(**L4 | changes)


@pytest.mark.parametrize("changes", [{}, {"region": "eu-west-1"}], ids=["exact", "inexact"])
@pytest.mark.parametrize("first", ["available", "deprecated"])
def test_without_a_payment_method_it_says_where_to_add_one(
    changes: dict[str, str], first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else is wrong with the first row of the list, which nobody has asked for."""
    rows = [replace(row, max_accelerators=0) for row in ROWS]
    rows[0] = replace(rows[0], status=first)
    monkeypatch.setattr(
        "helpers.hardware.list_inference_endpoints_hardware", lambda namespace: rows
    )
    with pytest.raises(ParameterError, match=r"all your quotas are 0.*/settings/billing"):
        choose_hardware(**L4 | changes)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (403, RefusedError, r"reading the hardware list was refused \(403\)"),
        (None, UnreachableError, "reading the hardware list failed: no answer"),
    ],
)
def test_a_list_that_cannot_be_read(
    answer: int | None,
    error: type[CourseError],
    words: str,
    trouble: Trouble,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "helpers.hardware.list_inference_endpoints_hardware",
        huggingface_hub.list_inference_endpoints_hardware,
    )
    trouble.path, trouble.answers = "/v2/provider", [answer] * 100
    with pytest.raises(error, match=words):
        choose_hardware(**L4)
