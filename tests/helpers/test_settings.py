"""What of an endpoint can be updated (that it is: in ``test_endpoints``), and what is not shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from helpers import ParameterError, container_for
from helpers.settings import can_be_updated, check_settings, differences


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


SECRET = "hf_" + "secret" * 6


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("secrets", SECRET),
        ("secrets", {"HF_TOKEN": SECRET, "PORT": 1}),
        ("env", [SECRET]),
        ("env", {"HF_TOKEN": SECRET, "PORT": 1}),
        ("custom_image", SECRET),
        ("custom_image", {"tgi": {"credentials": {"password": SECRET}}, "custom": {}}),
    ],
)
def test_a_wrong_form_is_said_without_the_value(setting: str, value: Any) -> None:
    with pytest.raises(ParameterError, match=f"^{setting}: give a dictionary") as caught:
        check_settings({setting: value})
    assert SECRET not in str(caught.value)


def test_a_value_that_is_no_secret_is_shown() -> None:
    with pytest.raises(ParameterError, match=r"^type='protected': "):
        check_settings({"type": "protected"})


@pytest.mark.parametrize(
    ("setting", "key", "present", "other", "said"),
    [
        ("secrets", "secrets", {"A": None}, {"B": SECRET}, "secrets differs in A, B"),
        ("env", "env", {"A": f"{SECRET}-old"}, {"A": SECRET}, "env differs in A"),
        (
            "container_args",
            "args",
            ["--api-key", f"{SECRET}-old"],
            ["--api-key", SECRET],
            "container_args differs",
        ),
        (
            "container_command",
            "command",
            ["serve", f"--key={SECRET}-old"],
            ["serve", f"--key={SECRET}"],
            "container_command differs",
        ),
        (
            "custom_image",
            "image",
            {"custom": {"url": f"registry/{SECRET}-old"}},
            {"custom": {"url": f"registry/{SECRET}", "credentials": {"password": SECRET}}},
            "custom_image differs in url",
        ),
    ],
)
def test_a_difference_is_said_without_the_values(
    setting: str, key: str, present: Any, other: Any, said: str
) -> None:
    endpoint: Any = SimpleNamespace(raw={"model": {key: present}})
    assert differences(endpoint, {setting: other}) == {setting: said}
    assert differences(endpoint, {setting: present}) == {}, "nothing differs"
