"""Environment variables that stop the real container, and those that only change nothing here."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_endpoints.containers.tgi.container import TgiContainer
from local_endpoints.containers.tgi.launcher import Launch
from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings
from tests.local_endpoints.containers.conftest import ENV, KEY, REPOSITORY


def launch(*, accelerators: int = 1, **env: str) -> Launch:
    settings = ContainerSettings("tgi", REPOSITORY, Path(), env, KEY, accelerators=accelerators)
    return Launch.from_settings(settings)


def refusal(*, accelerators: int = 1, **env: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        launch(accelerators=accelerators, **env)
    return str(caught.value)


def test_nothing_needs_to_be_set() -> None:
    assert launch() == Launch(model_id="/repository", quantize=None, dtype=None, shards=1)


@pytest.mark.parametrize("model_id", ["/repository", REPOSITORY])
def test_the_endpoints_model_has_two_names(model_id: str) -> None:
    assert launch(MODEL_ID=model_id).model_id == model_id


@pytest.mark.parametrize("model_id", ["/data", "", "bigscience/bloom-560m", "repository"])
def test_no_other_model_is_there(model_id: str, caplog: pytest.LogCaptureFixture) -> None:
    assert refusal(MODEL_ID=model_id) == "DownloadError"
    assert f"MODEL_ID is {model_id!r}" in caplog.text
    assert "'/repository'" in caplog.text


@pytest.mark.parametrize(
    ("env", "text"),
    [
        (
            {"DTYPE": "float32"},
            "invalid value 'float32' for '--dtype <DTYPE>' [possible values: float16, bfloat16]",
        ),
        (
            {"QUANTIZE": "int4"},
            "invalid value 'int4' for '--quantize <QUANTIZE>' [possible values: awq, "
            "compressed-tensors, eetq, exl2, gptq, marlin, bitsandbytes, bitsandbytes-nf4, "
            "bitsandbytes-fp4, fp8]",
        ),
        ({"QUANTIZE": ""}, "invalid value '' for '--quantize <QUANTIZE>' [possible"),
        ({"NUM_SHARD": "two"}, "invalid value 'two' for '--num-shard <NUM_SHARD>': invalid digit"),
        ({"NUM_SHARD": "9" * 5000}, "number too large to fit in target type"),
        ({"NUM_SHARD": "0"}, 'ArgumentValidation("`num_shard` cannot be < 1")'),
        (
            {"SHARDED": "true"},
            'NotEnoughCUDADevices("`sharded` is true but only found 1 CUDA devices")',
        ),
        (
            {"SHARDED": "true", "NUM_SHARD": "1"},
            'ArgumentValidation("`sharded` is true but `num_shard` <= 1")',
        ),
        ({"SHARDED": "yes"}, "for '--sharded <SHARDED>' [possible values: true, false]"),
        ({"KV_CACHE_DTYPE": "fp8"}, "[possible values: fp8_e4m3fn, fp8_e5m2]"),
        ({"ROPE_SCALING": "yarn"}, "[possible values: linear, dynamic]"),
        ({"USAGE_STATS": "no"}, "[possible values: on, no-stack, off]"),
        ({"PORT": "65536"}, "invalid value '65536' for '--port <PORT>': number too large"),
        (
            {"CUDA_MEMORY_FRACTION": "80%"},
            "--cuda-memory-fraction <CUDA_MEMORY_FRACTION>': invalid",
        ),
        ({"WAITING_SERVED_RATIO": ""}, "cannot parse float from empty string"),
        ({"MAX_WAITING_TOKENS": "1.5"}, "invalid digit found in string"),
    ],
)
def test_the_launcher_refuses_what_it_cannot_read(env: dict[str, str], text: str) -> None:
    assert text in refusal(**env)


def test_exl2_cannot_be_sharded() -> None:
    text = refusal(accelerators=4, QUANTIZE="exl2", NUM_SHARD="2")
    assert text.startswith('ArgumentValidation("Sharding is currently not supported with `exl2`')


@pytest.mark.parametrize(
    ("env", "reason"),
    [
        ({"NUM_SHARD": "2"}, "Each process is one gpu"),
        ({"QUANTIZE": "awq"}, "Cannot load `awq` weight, make sure the model is already quantized"),
        ({"QUANTIZE": "gptq"}, "Cannot load `gptq` weight"),
        ({"QUANTIZE": "exl2"}, "Cannot load `exl2`-quantized weight"),
        ({"QUANTIZE": "marlin"}, "Cannot load `marlin` weight"),
        ({"QUANTIZE": "compressed-tensors"}, "does not have compressed-tensors configuration"),
        ({"QUANTIZE": "fp8", "DTYPE": "float16"}, "Only 1 can be set between `dtype` and"),
    ],
)
def test_a_shard_fails_and_the_log_says_why(
    env: dict[str, str], reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert refusal(**env) == "ShardCannotStart"
    assert reason in caplog.text


@pytest.mark.parametrize(
    ("accelerators", "env", "shards"),
    [
        (4, {}, 4),
        (4, {"NUM_SHARD": "2"}, 2),
        (4, {"SHARDED": "true"}, 4),
        (4, {"SHARDED": "false"}, 1),
        (4, {"SHARDED": "false", "NUM_SHARD": "2"}, 2),
        (0, {}, 1),
        (0, {"NUM_SHARD": "2"}, 2),
    ],
)
def test_shards(accelerators: int, env: dict[str, str], shards: int) -> None:
    assert launch(accelerators=accelerators, **env).shards == shards


@pytest.mark.parametrize(
    "env",
    [
        {"DTYPE": "bfloat16"},
        {"QUANTIZE": "eetq"},
        {"QUANTIZE": "fp8"},
        {"QUANTIZE": "bitsandbytes-nf4", "DTYPE": "float16"},
    ],
)
def test_what_changes_nothing_here_is_said(
    env: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    launch(**env)
    assert "change nothing here" in caplog.text


@pytest.mark.parametrize(
    "env", [{"CUDA_MEMORY_FRACTION": "0.8"}, {"ROPE_FACTOR": "+1e1"}, {"PORT": "80"}]
)
def test_readable_values_are_accepted(env: dict[str, str]) -> None:
    launch(**env)


def test_the_container_asks_the_launcher_first(model_dir: Path) -> None:
    settings = ContainerSettings("tgi", REPOSITORY, model_dir, {**ENV, "NUM_SHARD": "2"}, KEY)
    with pytest.raises(ConfigurationError, match="ShardCannotStart"):
        TgiContainer(settings)
