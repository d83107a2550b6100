"""The command line of ``vllm serve`` (entrypoints/launchers/cli_args.py, engine/arg_utils.py).

An endpoint's ``args`` come behind what the service puts there itself, ``--model /repository`` and
the served name.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings

logger = logging.getLogger(__name__)

_SUFFIXES = {
    **{"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12},
    **{"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40},
}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)([kKmMgGtT])")


def human_readable_int(value: str) -> int:
    """``4096``, ``4k`` (4,000), ``4K`` (4,096). Raises: ValueError, ArgumentTypeError."""
    match = _NUMBER.fullmatch(value.strip())
    if match is None:
        return int(value)
    number, suffix = match.groups()
    if suffix.isupper() and "." in number:
        raise argparse.ArgumentTypeError(
            f"Decimals are not allowed with binary suffixes like {suffix}. Did you mean to use "
            f"{number}{suffix.lower()} instead?"
        )
    return int(float(number) * _SUFFIXES[suffix])


def human_readable_int_or_auto(value: str) -> int:
    """The same; -1 for ``auto``."""
    return -1 if value.strip().lower() in ("-1", "auto") else human_readable_int(value)


def _json(value: str) -> dict[str, Any]:
    try:
        document = json.loads(value)
    except ValueError as error:
        problem = f"Value {value} cannot be parsed as JSON: {error}"
        raise argparse.ArgumentTypeError(problem) from None
    if not isinstance(document, dict):
        raise argparse.ArgumentTypeError(f"Value {value} is no JSON object")
    return document


Treatment = Literal["same", "ignored"]


@dataclass(frozen=True)
class Row:
    """An argument that the local service takes.

    Attributes:
        flag: its name.
        kind: reads its value; None for a switch, which has a form with ``--no-`` as well.
        treatment: whether it does what it does in vLLM, or nothing: a pocket model on a processor
            has no use for it.
        options: more for argparse.
    """

    flag: str
    kind: Callable[[str], Any] | None = str
    treatment: Treatment = "ignored"
    options: Mapping[str, Any] = field(default_factory=dict)


_DTYPES = ("auto", "bfloat16", "float", "float16", "float32", "half")

ROWS = (
    Row("--model", treatment="same"),
    Row("--served-model-name", treatment="same", options={"nargs": "+"}),
    Row("--max-model-len", human_readable_int_or_auto, "same"),
    Row("--max-num-seqs", human_readable_int, "same"),
    Row("--max-num-batched-tokens", human_readable_int, "same"),
    Row("--max-logprobs", int, "same", {"default": 20}),
    Row("--enable-auto-tool-choice", None, "same"),
    Row("--tool-call-parser", treatment="same"),
    Row("--exclude-tools-when-tool-choice-none", None, "same"),
    Row("--limit-mm-per-prompt", _json, "same", {"default": {}}),
    Row("--generation-config", treatment="same", options={"default": "auto"}),
    Row("--override-generation-config", _json, "same", {"default": {}}),
    Row("--default-chat-template-kwargs", _json, "same", {"default": {}}),
    Row("--response-role", treatment="same", options={"default": "assistant"}),
    Row("--return-tokens-as-token-ids", None, "same"),
    Row("--enable-force-include-usage", None, "same"),
    Row("--api-key", treatment="same", options={"nargs": "+"}),
    Row(
        "--fingerprint-mode",
        treatment="same",
        options={"default": "full", "choices": ("full", "hash", "custom", "none")},
    ),
    Row("--fingerprint-value", treatment="same"),
    Row("--tensor-parallel-size", int, "same", {"default": 1}),
    Row("--pipeline-parallel-size", int, "same", {"default": 1}),
    Row("--data-parallel-size", int, "same", {"default": 1}),
    Row("--host"),
    Row("--port", int),
    Row("--dtype", options={"choices": _DTYPES}),
    Row("--gpu-memory-utilization", float),
    Row("--kv-cache-dtype"),
    Row("--block-size", int),
    Row("--seed", int),
    Row("--load-format"),
    Row("--download-dir"),
    Row("--quantization"),
    Row("--swap-space", float),
    Row("--cpu-offload-gb", float),
    Row("--distributed-executor-backend"),
    Row("--max-parallel-loading-workers", int),
    Row("--enforce-eager", None),
    Row("--trust-remote-code", None),
    Row("--enable-prefix-caching", None),
    Row("--enable-chunked-prefill", None),
    Row("--async-scheduling", None),
    Row("--enable-log-requests", None),
    Row("--disable-log-stats", None),
    Row("--disable-uvicorn-access-log", None),
    Row("--uvicorn-log-level"),
)
"""Every argument that is taken. All others are refused by name."""

_SHORT = {"-tp": "--tensor-parallel-size", "-pp": "--pipeline-parallel-size"}
_SHORT |= {"-dp": "--data-parallel-size", "-q": "--quantization"}


@dataclass(frozen=True)
class ServeArguments:
    """The arguments that change what is served; see ``ROWS``."""

    served_names: tuple[str, ...]
    max_model_len: int | None
    max_num_seqs: int | None
    max_num_batched_tokens: int | None
    max_logprobs: int
    tool_parser: str | None
    exclude_tools: bool
    images_per_prompt: int
    generation_config: str
    override_generation_config: Mapping[str, Any]
    default_chat_template_kwargs: Mapping[str, Any]
    response_role: str
    return_tokens_as_token_ids: bool
    force_include_usage: bool
    api_keys: tuple[str, ...]
    fingerprint_mode: str
    fingerprint_value: str | None

    @classmethod
    def from_settings(cls, settings: ContainerSettings) -> ServeArguments:
        """Read and check the arguments of an order.

        Raises:
            ConfigurationError: in the words of argparse, or of vLLM.
        """
        given = _parser().parse_args(_normalized(settings.args))
        _log_ignored(given)
        _check_ranges(given)
        _check_tools(given)
        _check_devices(given, settings)
        if given.model not in (None, "/repository", settings.repository):
            raise ConfigurationError(
                f"--model {given.model}: this container has the model of its endpoint only, at "
                "/repository: leave --model out"
            )
        return cls(
            served_names=tuple(given.served_model_name or [settings.repository]),
            max_model_len=given.max_model_len,
            max_num_seqs=given.max_num_seqs,
            max_num_batched_tokens=given.max_num_batched_tokens,
            max_logprobs=given.max_logprobs,
            tool_parser=given.tool_call_parser if given.enable_auto_tool_choice else None,
            exclude_tools=bool(given.exclude_tools_when_tool_choice_none),
            images_per_prompt=_images(given.limit_mm_per_prompt),
            generation_config=given.generation_config,
            override_generation_config=given.override_generation_config,
            default_chat_template_kwargs=given.default_chat_template_kwargs,
            response_role=given.response_role,
            return_tokens_as_token_ids=bool(given.return_tokens_as_token_ids),
            force_include_usage=bool(given.enable_force_include_usage),
            api_keys=tuple(given.api_key or filter(None, [settings.env.get("VLLM_API_KEY")])),
            fingerprint_mode=given.fingerprint_mode,
            fingerprint_value=given.fingerprint_value,
        )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized arguments"):
            known = ", ".join(row.flag for row in ROWS)
            message = f"{message} (the local service takes: {known})"
        raise ConfigurationError(f"{self.prog}: error: {message}")


def _parser() -> _Parser:
    parser = _Parser(prog="vllm serve", add_help=False)
    for row in ROWS:
        if row.kind is None:
            parser.add_argument(
                row.flag, action=argparse.BooleanOptionalAction, default=None, **row.options
            )
        else:
            parser.add_argument(row.flag, type=row.kind, **row.options)
    return parser


def _normalized(given: Sequence[str]) -> list[str]:
    """Underscores in names become dashes, and ``--a.b value`` becomes ``--a {"b": value}``."""
    words: list[str] = []
    nested: dict[str, dict[str, Any]] = {}
    rest = iter(given)
    for word in rest:
        name, equals, value = word.partition("=")
        name = _SHORT.get(name, name)
        if name.startswith("--"):
            name = name.replace("_", "-")
            outer, dot, inner = name.partition(".")
            if dot:
                text = value if equals else next(rest, "")
                nested.setdefault(outer, {})[inner] = _value(text)
                continue
        words.append(f"{name}{equals}{value}")
    for outer, document in nested.items():
        words += [outer, json.dumps(document)]
    return words


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _log_ignored(given: argparse.Namespace) -> None:
    for row in ROWS:
        value = getattr(given, row.flag.lstrip("-").replace("-", "_"))
        if row.treatment == "ignored" and value is not None:
            logger.info("%s is accepted and changes nothing for a pocket model", row.flag)


def _check_ranges(given: argparse.Namespace) -> None:
    """Bounds that pydantic checks in vLLM (config/scheduler.py, config/cache.py)."""
    for name in ("max_num_seqs", "max_num_batched_tokens"):
        value = getattr(given, name)
        if value is not None and value < 1:
            _out_of_range("SchedulerConfig", name, "greater than or equal to 1", value)
    share = given.gpu_memory_utilization
    if share is not None and not share > 0:
        _out_of_range("CacheConfig", "gpu_memory_utilization", "greater than 0", share)
    if share is not None and share > 1:
        _out_of_range("CacheConfig", "gpu_memory_utilization", "less than or equal to 1", share)


_KINDS = {"greater than or equal to": "greater_than_equal", "greater than": "greater_than"}
_KINDS |= {"less than or equal to": "less_than_equal"}


def _out_of_range(config: str, name: str, bound: str, value: float) -> NoReturn:
    kind = _KINDS[bound.rpartition(" ")[0]]
    raise ConfigurationError(
        f"pydantic_core._pydantic_core.ValidationError: 1 validation error for {config}\n{name}\n"
        f"  Input should be {bound} [type={kind}, input_value={value}, "
        f"input_type={type(value).__name__}]"
    )


def _check_tools(given: argparse.Namespace) -> None:
    if not given.enable_auto_tool_choice:
        return
    if not given.tool_call_parser:
        raise ConfigurationError(
            "TypeError: Error: --enable-auto-tool-choice requires --tool-call-parser"
        )
    if given.tool_call_parser not in TOOL_PARSERS:
        known = ",".join(TOOL_PARSERS)
        raise ConfigurationError(
            f"KeyError: 'invalid tool call parser: {given.tool_call_parser} (chose from "
            f"{{ {known} }})' (the local service has these of vLLM's parsers)"
        )


TOOL_PARSERS = ("hermes",)


def _check_devices(given: argparse.Namespace, settings: ContainerSettings) -> None:
    if not settings.accelerators:
        raise ConfigurationError(
            "RuntimeError: Failed to infer device type, please set the environment variable "
            "`VLLM_LOGGING_LEVEL=DEBUG` to turn on verbose logging to help debug the issue."
        )
    size = given.tensor_parallel_size * given.pipeline_parallel_size * given.data_parallel_size
    if size > settings.accelerators:
        raise ConfigurationError(
            f"ValueError: World size ({size}) is larger than the number of available GPUs "
            f"({settings.accelerators}) in this node. If this is intentional and you are using:\n"
            "- ray, set '--distributed-executor-backend ray'.\n"
            "- multiprocessing, set '--nnodes' appropriately."
        )


def _images(limits: Mapping[str, Any]) -> int:
    wanted = limits.get("image", 999)
    count = wanted.get("count", 999) if isinstance(wanted, dict) else wanted
    if not isinstance(count, int) or count < 0:
        raise ConfigurationError(
            f"vllm serve: error: argument --limit-mm-per-prompt: invalid limit {wanted!r} for image"
        )
    return count
