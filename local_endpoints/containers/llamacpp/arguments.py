"""The settings of llama.cpp's server, from environment variables as its own image reads them.

Names and meanings are those of ``llama-server --help``. The platform sets some of them itself, from
fields of the image; the others are the user's (Hugging Face's documentation of the engine, 2026).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local_endpoints.replicas.wire import ConfigurationError

PREFIX = "LLAMA_ARG_"
PARALLEL = 4
"""What llama-server takes when nobody says how many requests it computes together."""
CONTEXT = 4096
"""Tokens of a request and its answer, unless somebody says so: the memory of a laptop is small,
and contexts of today's models are not. llama-server takes the model's own."""
CACHE_MIB = 512
"""Memory for prompts that were read already; llama-server takes up to 8 GiB, as servers have."""


def _number(text: str) -> int:
    return int(text)


def _switch(text: str) -> bool:
    """As ``common/arg.cpp`` reads it."""
    if text.lower() in ("1", "on", "true", "enabled"):
        return True
    if text.lower() in ("0", "off", "false", "disabled"):
        return False
    raise ValueError("expected on or off")


_FIELDS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "CTX_SIZE": (_number, "n_ctx"),
    "N_PARALLEL": (_number, "n_parallel"),
    "HTTP_THREADS": (_number, "n_threads_http"),
    "N_GPU_LAYERS": (_number, "n_gpu_layers"),
    "BATCH": (_number, "n_batch"),
    "UBATCH": (_number, "n_ubatch"),
    "N_PREDICT": (_number, "n_predict"),
    "CACHE_RAM": (_number, "cache_ram_mib"),
    "CHAT_TEMPLATE": (str, "chat_template"),
    "CONTEXT_SHIFT": (_switch, "ctx_shift"),
    "JINJA": (_switch, "use_jinja"),
    "ENDPOINT_PROPS": (_switch, "endpoint_props"),
    "ENDPOINT_SLOTS": (_switch, "endpoint_slots"),
}
"""Variables without their prefix: how each is read, and which field of ``CommonParams`` it is."""
_OTHERS = ("MODEL", "THREADS", "THREADS_BATCH")


def apply(env: Mapping[str, str], params: Any) -> None:
    """Write the variables into the parameters, and what holds without them.

    Args:
        env: the container's environment; other variables than llama.cpp's are left alone.
        params: an ``xllamacpp.CommonParams``.

    Raises:
        ConfigurationError: a variable that is not imitated, or a value that it cannot have.
    """
    given = {
        name.removeprefix(PREFIX): text for name, text in env.items() if name.startswith(PREFIX)
    }
    for name in given:
        if name not in _FIELDS and name not in _OTHERS:
            known = ", ".join(PREFIX + each for each in (*_FIELDS, *_OTHERS))
            raise ConfigurationError(
                f"{PREFIX}{name} is not imitated by the local service. There are: {known}"
            )
    params.n_parallel, params.cache_ram_mib = PARALLEL, CACHE_MIB
    for name, (read, field) in _FIELDS.items():
        if name in given:
            setattr(params, field, _read(read, name, given[name]))
    if "CTX_SIZE" not in given:
        params.n_ctx = CONTEXT * params.n_parallel
    if params.n_threads_http < 1:
        # As llama-server counts, without one for each of a large machine's cores.
        params.n_threads_http = params.n_parallel + 4
    threads = _read(_number, "THREADS", given.get("THREADS", "0"))
    params.cpuparams.n_threads = min(threads, cores()) if threads > 0 else spare_cores()
    batch = _read(_number, "THREADS_BATCH", given.get("THREADS_BATCH", "0"))
    params.cpuparams_batch.n_threads = min(batch, cores()) if batch > 0 else spare_cores()


def _read(read: Callable[[str], Any], name: str, text: str) -> Any:
    try:
        return read(text)
    except ValueError:
        kind = "a whole number" if read is _number else "on or off"
        raise ConfigurationError(f"{PREFIX}{name}={text!r:.80}: expected {kind}") from None


def cores() -> int:
    """How many processor cores this process may use at the same time: llama.cpp's threads wait
    for each other by spinning, so that one too many costs more than it gives."""
    present = getattr(os, "sched_getaffinity", None)
    count = len(present(0)) if present else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return max(1, min(count, int(quota) // int(period)))
    except (OSError, ValueError):
        return count  # nothing is limited


def spare_cores() -> int:
    """One core less, where there are several: the gateway and whoever reads the answer run on the
    same computer, and a step lasts as long as its slowest thread.

    SmolLM2-135M on two cores, read through the gateway: 145 tokens/s with one thread, 52 with two.
    """
    return max(1, cores() - 1)
