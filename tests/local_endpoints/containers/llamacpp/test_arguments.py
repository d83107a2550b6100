from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from local_endpoints.containers.llamacpp import arguments
from local_endpoints.containers.llamacpp.arguments import apply
from local_endpoints.replicas.wire import ConfigurationError


def applied(**env: str) -> Any:
    threads = SimpleNamespace(n_threads=-1), SimpleNamespace(n_threads=-1)
    params = SimpleNamespace(n_threads_http=-1, cpuparams=threads[0], cpuparams_batch=threads[1])
    apply({f"LLAMA_ARG_{name}": text for name, text in env.items()}, params)
    return params


def test_without_variables_it_fits_a_laptop() -> None:
    params = applied()
    assert (params.n_parallel, params.n_ctx, params.n_threads_http) == (4, 16384, 8)
    assert (params.cache_ram_mib, applied(CACHE_RAM="64").cache_ram_mib) == (512, 64)


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 3)])
def test_it_leaves_a_core_to_those_who_read_the_answer(
    monkeypatch: pytest.MonkeyPatch, cores: int, threads: int
) -> None:
    monkeypatch.setattr(arguments, "cores", lambda: cores)
    params = applied()
    assert params.cpuparams.n_threads == params.cpuparams_batch.n_threads == threads


def test_what_is_given_holds() -> None:
    params = applied(CTX_SIZE="3072", N_PARALLEL="2", HTTP_THREADS="3", CONTEXT_SHIFT="on")
    assert (params.n_ctx, params.n_parallel, params.n_threads_http) == (3072, 2, 3)
    assert params.ctx_shift is True
    assert applied(N_PARALLEL="2").n_ctx == 2 * arguments.CONTEXT


def test_never_more_threads_than_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arguments, "cores", lambda: 4)
    assert applied(THREADS="64").cpuparams.n_threads == 4
    assert applied(THREADS="2").cpuparams.n_threads == 2
    assert applied(THREADS_BATCH="64").cpuparams_batch.n_threads == 4


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("CTX_SIZE", "many", "a whole number"),
        ("JINJA", "perhaps", "on or off"),
        ("THREADS", "x", "a whole number"),
        ("EMBEDDINGS", "1", "not imitated"),
        ("MMPROJ", "x.gguf", "not imitated"),
    ],
)
def test_what_it_cannot_be_is_refused(name: str, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=f"LLAMA_ARG_{name}.*{said}"):
        applied(**{name: text})


def test_variables_of_others_are_left_alone() -> None:
    apply({"MAX_INPUT_TOKENS": "x"}, applied())
