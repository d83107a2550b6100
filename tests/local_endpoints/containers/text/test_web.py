"""Whether images may come from the web: one variable, read in one way by all dialects."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_endpoints.containers.__main__ import make_container
from local_endpoints.containers.text.web import fetches_images
from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("1", True), ("true", True), ("TRUE", True), ("0", False), ("false", False), ("False", False)],
)
def test_choices(given: str, wanted: bool) -> None:
    assert fetches_images({"POCKET_FETCH_IMAGES": given}) is wanted


def test_nothing_is_fetched_unless_asked_for() -> None:
    assert fetches_images({}) is False


@pytest.mark.parametrize("dialect", ["tgi", "vllm"])
@pytest.mark.parametrize("given", ["yes", "on", "", " 1"])
def test_no_container_starts_with_anything_else(dialect: str, given: str, vision_dir: Path) -> None:
    env = {"POCKET_FETCH_IMAGES": given}
    with pytest.raises(ConfigurationError) as refused:
        make_container(ContainerSettings(dialect, "a/b", vision_dir, env, "key"))
    assert str(refused.value) == (
        f"POCKET_FETCH_IMAGES={given}: expected 1 or true, to fetch pictures from http addresses, "
        "or 0 or false, to refuse them"
    )
