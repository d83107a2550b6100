"""Environment variables: defaults, and the launcher's refusals."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from local_endpoints.containers.tgi.container import TgiContainer
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.replicas.wire import ConfigurationError
from tests.local_endpoints.containers.conftest import settings_for
from tests.local_endpoints.engine.tiny_model import CONTEXT


def limits(model_dir: Path, **env: str) -> Limits:
    return Limits.from_env(env, ModelConfig.load(model_dir))


def test_the_models_context_bounds_the_defaults(model_dir: Path) -> None:
    default = limits(model_dir)
    assert (default.max_total_tokens, default.max_input_tokens) == (CONTEXT, CONTEXT - 1)
    assert default.max_concurrent_requests == 128
    assert (default.max_best_of, default.max_stop_sequences, default.max_top_n_tokens) == (2, 4, 5)
    assert default.payload_limit == 2_000_000
    assert default.compute_type == "gpu+optimized"
    assert not default.enable_prefill_logprobs
    assert default.api_key is None


@pytest.mark.parametrize("name", ["MAX_INPUT_TOKENS", "MAX_INPUT_LENGTH"])
def test_both_names_of_the_input_limit_work(model_dir: Path, name: str) -> None:
    assert limits(model_dir, **{name: "50", "MAX_TOTAL_TOKENS": "80"}).max_input_tokens == 50


def test_limits_beyond_the_context_are_taken_over(model_dir: Path) -> None:
    assert limits(model_dir, MAX_TOTAL_TOKENS="1536").max_total_tokens == 1536


def test_everything_else_is_accepted(model_dir: Path) -> None:
    limits(model_dir, HOSTNAME="h", PORT="80", QUANTIZE="eetq", NUM_SHARD="1", ANYTHING="x")


@pytest.mark.parametrize(
    ("env", "refusal"),
    [
        (
            {"MAX_INPUT_TOKENS": "9", "MAX_INPUT_LENGTH": "8"},
            'ArgumentValidation("Both `max_input_tokens` (9) and `max_input_length` (8) are set. '
            "Please define only `max_input_tokens` as `max_input_length is deprecated for naming "
            'consistency.")',
        ),
        (
            {"MAX_INPUT_LENGTH": "90", "MAX_TOTAL_TOKENS": "80"},
            'ArgumentValidation("`max_input_tokens`(90) must be < `max_total_tokens`(80)")',
        ),
        (
            {"MAX_TOTAL_TOKENS": "80", "MAX_BATCH_TOTAL_TOKENS": "79"},
            'ArgumentValidation("`max_total_tokens` must be <= `max_batch_total_tokens`. '
            'Given: 80 and 79")',
        ),
        (
            {"VALIDATION_WORKERS": "0"},
            'ArgumentValidation("`validation_workers` must be > 0")',
        ),
        (
            {"MAX_TOTAL_TOKENS": "0"},
            'ArgumentValidation("`max_input_tokens`(0) must be < `max_total_tokens`(0)")',
        ),
        (
            {"MAX_INPUT_TOKENS": "5", "MAX_TOTAL_TOKENS": "0"},
            'ArgumentValidation("`max_input_tokens`(5) must be < `max_total_tokens`(0)")',
        ),
        ({"MAX_BATCH_SIZE": "0"}, "WebserverFailed"),
        (
            {"MAX_BATCH_PREFILL_TOKENS": "4294967296"},
            "invalid value '4294967296' for '--max-batch-prefill-tokens "
            "<MAX_BATCH_PREFILL_TOKENS>': number too large to fit in target type",
        ),
        (
            {"MAX_TOTAL_TOKENS": "9999999"},
            "Not enough memory to handle `max_total_tokens=9999999`",
        ),
        (
            {"MAX_BEST_OF": "two"},
            "invalid value 'two' for '--max-best-of <MAX_BEST_OF>': invalid digit found in string",
        ),
        (
            {"MAX_STOP_SEQUENCES": "-1"},
            "invalid value '-1' for '--max-stop-sequences <MAX_STOP_SEQUENCES>': "
            "invalid digit found in string",
        ),
        (
            {"PAYLOAD_LIMIT": ""},
            "invalid value '' for '--payload-limit <PAYLOAD_LIMIT>': "
            "cannot parse integer from empty string",
        ),
        (
            {"ENABLE_PREFILL_LOGPROBS": "maybe"},
            "invalid value 'maybe' for '--enable-prefill-logprobs' [possible values: true, false]",
        ),
    ],
)
def test_refusals(model_dir: Path, env: dict[str, str], refusal: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        limits(model_dir, **env)
    assert str(caught.value) == refusal


def test_the_router_says_what_it_does_not_like(
    model_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ConfigurationError):
        limits(model_dir, MAX_BATCH_SIZE="0")
    assert 'Error: ArgumentValidation("`max_batch_size` must be > 0")' in caplog.text


NUMBERS = (
    *("MAX_INPUT_TOKENS", "MAX_INPUT_LENGTH", "MAX_TOTAL_TOKENS", "MAX_BATCH_PREFILL_TOKENS"),
    *("MAX_BATCH_TOTAL_TOKENS", "MAX_BATCH_SIZE", "MAX_CONCURRENT_REQUESTS", "PAYLOAD_LIMIT"),
    *("VALIDATION_WORKERS", "NUM_SHARD", "PORT", "WAITING_SERVED_RATIO"),
)


@pytest.mark.parametrize("name", NUMBERS)
def test_any_value_of_any_argument_starts_a_container_or_is_refused(
    model_dir: Path, name: str
) -> None:
    values = ("0", "1", "2", "-1", "", "two", "1.5", "\u00b2", "1e3", str(2**64), "9" * 5000)
    for value in values:
        try:
            container = TgiContainer(settings_for(model_dir, {name: value}))
        except ConfigurationError:
            continue
        try:
            asyncio.run(container.start())
        finally:
            container.stop()
