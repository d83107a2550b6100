"""What of an endpoint can be updated. (That it is: in ``test_endpoints``.)"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from helpers import container_for
from helpers.settings import can_be_updated


@pytest.mark.parametrize(
    ("old", "new", "possible"),
    [
        ("vLLM", container_for("tgi", max_length=700), False),
        ("tgi", container_for("vLLM", max_length=700), False),
        ("tgi", container_for("vLLM", max_length=700) | {"env": {}}, True),
        ("llamacpp", container_for("tgi", max_length=700), True),
        ("vLLM", {"custom_image": {"vLLM": {"url": "vllm/vllm-openai:latest"}}}, True),
    ],
)
def test_a_new_server_does_not_get_the_old_ones_arguments(
    old: str, new: dict[str, Any], possible: bool
) -> None:
    present = container_for(old, max_length=700)
    endpoint: Any = SimpleNamespace(
        raw={
            "model": {
                "image": present["custom_image"],
                "args": present.get("container_args"),
                "env": present.get("env", {}),
            }
        }
    )
    assert can_be_updated("custom_image", endpoint, new) is possible
