"""The container's environment variables: the launcher's arguments and its refusals.

Source: TGI 3.3, launcher/src/main.rs and backends/v3/src/main.rs.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from local_endpoints.containers.text.web import fetches_images
from local_endpoints.containers.tgi.arguments import Arguments, invalid_argument
from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.replicas.wire import ConfigurationError

logger = logging.getLogger(__name__)

KV_CACHE_BYTES = 256 * 1024 * 1024
"""Memory for keys and values that stands in for the GPU's; only used pages become resident."""

MAX_SLOTS = 32
"""Sequences in one batch; more gain nothing on a laptop's cores."""


@dataclass(frozen=True)
class Limits:
    """What one container accepts. Names and defaults are those of TGI's launcher.

    Attributes:
        slots: sequences that can be generated at once (``MAX_BATCH_SIZE``).
        max_image_fetch_size: bytes of an image that is fetched.
        fetch_images: whether images are fetched from public addresses; TGI always fetches them.
    """

    max_input_tokens: int
    max_total_tokens: int
    max_concurrent_requests: int
    max_best_of: int
    max_stop_sequences: int
    max_top_n_tokens: int
    max_client_batch_size: int
    max_batch_prefill_tokens: int
    max_batch_total_tokens: int
    validation_workers: int
    payload_limit: int
    enable_prefill_logprobs: bool
    disable_grammar_support: bool
    max_image_fetch_size: int
    fetch_images: bool
    slots: int
    api_key: str | None
    compute_type: str

    @classmethod
    def from_env(cls, env: Mapping[str, str], config: ModelConfig) -> Limits:
        """Read the environment; the model's context bounds what is not set.

        Raises:
            ConfigurationError: with the launcher's text, or this service's own.
        """
        values = Arguments(env)
        total = values.integer("MAX_TOTAL_TOKENS", config.context)
        max_input = _max_input(values, total)
        if max_input >= total:
            raise invalid_argument(
                f"`max_input_tokens`({max_input}) must be < `max_total_tokens`({total})"
            )
        fitting = KV_CACHE_BYTES // (total * config.bytes_per_token)
        if not fitting:
            raise ConfigurationError(f"Not enough memory to handle `max_total_tokens={total}`")
        batch_size = values.integer("MAX_BATCH_SIZE", MAX_SLOTS)
        slots = min(max(1, batch_size), MAX_SLOTS, fitting)
        batch_total = values.integer("MAX_BATCH_TOTAL_TOKENS", slots * total, most=2**32 - 1)
        if total > batch_total:
            raise invalid_argument(
                "`max_total_tokens` must be <= `max_batch_total_tokens`. "
                f"Given: {total} and {batch_total}"
            )
        prefill = values.integer("MAX_BATCH_PREFILL_TOKENS", 4096, most=2**32 - 1)
        if config.image_token is not None and max_input > prefill:
            # Only for models with images, whose prompts the backend does not read in pieces.
            raise invalid_argument(
                "`max_batch_prefill_tokens` must be >= `max_input_tokens`. "
                f"Given: {prefill} and {max_input}"
            )
        workers = values.integer("VALIDATION_WORKERS", 2)
        if workers == 0:
            raise invalid_argument("`validation_workers` must be > 0")
        if batch_size == 0:
            # Not the launcher looks at this one, but the router that it starts.
            logger.error('Error: ArgumentValidation("`max_batch_size` must be > 0")')
            logger.error("Webserver Crashed")
            raise ConfigurationError("WebserverFailed")
        return cls(
            max_input_tokens=max_input,
            max_total_tokens=total,
            max_concurrent_requests=values.integer("MAX_CONCURRENT_REQUESTS", 128),
            max_best_of=values.integer("MAX_BEST_OF", 2),
            max_stop_sequences=values.integer("MAX_STOP_SEQUENCES", 4),
            max_top_n_tokens=values.integer("MAX_TOP_N_TOKENS", 5, most=2**32 - 1),
            max_client_batch_size=values.integer("MAX_CLIENT_BATCH_SIZE", 4),
            max_batch_prefill_tokens=prefill,
            max_batch_total_tokens=batch_total,
            validation_workers=workers,
            payload_limit=values.integer("PAYLOAD_LIMIT", 2_000_000),
            enable_prefill_logprobs=values.flag("ENABLE_PREFILL_LOGPROBS"),
            disable_grammar_support=values.flag("DISABLE_GRAMMAR_SUPPORT"),
            max_image_fetch_size=values.integer("MAX_IMAGE_FETCH_SIZE", 1024**3),
            fetch_images=fetches_images(env),
            slots=slots,
            api_key=env.get("API_KEY"),
            compute_type=env.get("COMPUTE_TYPE", "gpu+optimized"),
        )


def _max_input(values: Arguments, total: int) -> int:
    tokens = values.optional_integer("MAX_INPUT_TOKENS")
    legacy = values.optional_integer("MAX_INPUT_LENGTH")
    if tokens is not None and legacy is not None:
        raise invalid_argument(
            f"Both `max_input_tokens` ({tokens}) and `max_input_length` ({legacy}) are set. "
            "Please define only `max_input_tokens` as `max_input_length is deprecated for "
            "naming consistency."
        )
    given = tokens if tokens is not None else legacy
    # With a total of 0 TGI breaks off in its warm-up, in words that nobody has written down. Here
    # it is the launcher's sentence for what the two limits come to.
    return max(0, total - 1) if given is None else given
