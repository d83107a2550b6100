"""What chat and completion bodies share: their fields, and the checks that look at raw values
(entrypoints/generate/base/protocol.py, entrypoints/serve/engine/protocol.py)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from local_endpoints.containers.http.logged import few
from local_endpoints.containers.vllm.errors import Refused, not_imitated

logger = logging.getLogger(__name__)

INT64 = 2**63
MAX_STOP_STRINGS = 4
_SALT_CHARACTERS = 128
_CONSTRAINTS = ("json", "regex", "choice", "grammar", "json_object", "structural_tag")
_REMOVED = {
    *("guided_json", "guided_regex", "guided_choice", "guided_grammar"),
    *("guided_decoding_backend", "guided_whitespace_pattern"),
}
"""Names of older versions: vLLM 0.30 ignores them, and warns."""


class OpenAIModel(BaseModel):
    """An object of a body. Fields that vLLM does not know are allowed and change nothing."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="wrap")
    @classmethod
    def _log_unknown(cls, data: Any, handler: Callable[[Any], Any]) -> Any:
        result = handler(data)
        if isinstance(data, dict):
            aliases = {field.alias for field in cls.model_fields.values()}
            unknown = sorted(map(str, data.keys() - cls.model_fields.keys() - aliases))
            if unknown:
                shown = ", ".join(map(repr, few(unknown)))
                logger.info("ignored %d unknown field(s): %s", len(unknown), shown)
            if removed := _REMOVED.intersection(unknown):
                logger.warning(
                    "%s: removed from vLLM, the answer is NOT constrained; use structured_outputs "
                    "or response_format",
                    ", ".join(sorted(removed)),
                )
        return result


@dataclass
class StructuredOutputs:
    """``structured_outputs``: exactly one constraint, and options for JSON."""

    json: str | dict[str, Any] | None = None
    regex: str | None = None
    choice: list[str] | None = None
    grammar: str | None = None
    json_object: bool | None = None
    disable_any_whitespace: bool = False
    disable_additional_properties: bool = False
    whitespace_pattern: str | None = None
    structural_tag: str | None = None

    def __post_init__(self) -> None:
        given = {name: getattr(self, name) for name in _FIELDS_OF_STRUCTURED_OUTPUTS}
        count = sum(given[name] is not None for name in _CONSTRAINTS)
        inner = {"_backend": None, "_backend_was_auto": False}
        if count > 1:
            raise Refused(
                "You can only use one kind of structured outputs constraint but multiple are "
                f"specified: {given | inner}"
            )
        if count < 1:
            raise Refused(
                "You must use one kind of structured outputs constraint but none are specified: "
                f"{given | inner}"
            )


_FIELDS_OF_STRUCTURED_OUTPUTS = (
    *("json", "regex", "choice", "grammar", "json_object", "disable_any_whitespace"),
    *("disable_additional_properties", "whitespace_pattern", "structural_tag"),
)


class JsonSchemaFormat(OpenAIModel):
    """``json_schema`` of a response format."""

    name: str
    description: str | None = None
    json_schema: dict[str, Any] | None = Field(default=None, alias="schema")
    strict: bool | None = None


class ResponseFormat(OpenAIModel):
    """``response_format``."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchemaFormat | None = None


class StructuralTagFormat(OpenAIModel):
    """Another kind of response format, which vLLM has and this service refuses."""

    type: Literal["structural_tag"]
    format: Any


class LegacyStructuralTagFormat(OpenAIModel):
    """Its older form."""

    type: Literal["structural_tag"]
    structures: list[Any]
    triggers: list[str]


class StreamOptions(OpenAIModel):
    """``stream_options``."""

    include_usage: bool | None = False
    continuous_usage_stats: bool | None = False


def _budget(value: Any) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value is not None and (not whole or value < -1):
        raise Refused(
            "`thinking_token_budget` must be a non-negative integer or -1 for unlimited.",
            "thinking_token_budget",
            value,
        )
    return None if value == -1 else value


StopStrings = str | Annotated[list[str], Field(max_length=MAX_STOP_STRINGS)] | None


class GenerationBody(OpenAIModel):
    """The fields of both bodies. ``generation.FIELDS`` says what becomes of each."""

    model: str | None = None
    frequency_penalty: float | None = 0.0
    logit_bias: dict[str, float] | None = None
    logprobs: int | None = None
    max_tokens: int | None = None
    n: int | None = 1
    presence_penalty: float | None = 0.0
    seed: int | None = Field(None, ge=-INT64, le=INT64 - 1)
    stop: StopStrings = []
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    temperature: float | None = None
    top_p: float | None = None
    user: str | None = None
    use_beam_search: bool = False
    top_k: int | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None
    watermarking: bool = True
    length_penalty: float = 1.0
    stop_token_ids: list[int] | None = []
    include_stop_str_in_output: bool = False
    ignore_eos: bool = False
    min_tokens: int = 0
    skip_special_tokens: bool = True
    spaces_between_special_tokens: bool = True
    truncate_prompt_tokens: Annotated[int, Field(ge=-1, le=INT64 - 1)] | None = None
    truncation_side: Literal["left", "right"] | None = None
    prompt_logprobs: int | None = None
    logprob_token_ids: list[int] | None = None
    allowed_token_ids: list[int] | None = None
    bad_words: list[str] = []
    response_format: ResponseFormat | StructuralTagFormat | LegacyStructuralTagFormat | None = None
    structured_outputs: StructuredOutputs | None = None
    priority: int = Field(0, ge=-INT64, le=INT64 - 1)
    request_id: str | None = None
    session_id: str | None = None
    return_tokens_as_token_ids: bool | None = None
    return_token_ids: bool | None = None
    routed_experts_prompt_start: int = Field(0, ge=0)
    return_token_offsets: bool | None = False
    cache_salt: str | None = Field(None, min_length=1, max_length=1024)
    kv_transfer_params: dict[str, Any] | None = None
    ec_transfer_params: dict[str, Any] | None = None
    vllm_xargs: dict[str, str | int | float | list[str | int | float]] | None = None
    repetition_detection: dict[str, Any] | None = None
    stream_interval: Annotated[int, Field(ge=1)] | None = None
    thinking_token_budget: Annotated[int | None, BeforeValidator(_budget)] = None

    @model_validator(mode="before")
    @classmethod
    def _check_shared(cls, data: Any) -> Any:
        if isinstance(data, dict):
            _check_salt(data.get("cache_salt"))
            _check_response_format(data.get("response_format"))
            if data.get("stream_options") and not data.get("stream"):
                raise Refused(
                    "Stream options can only be defined when `stream=True`.", "stream_options"
                )
            check_structured_outputs(data.get("structured_outputs"))
        return data


def _check_salt(salt: Any) -> None:
    if salt is None:
        return
    if not isinstance(salt, str) or not salt:
        raise Refused(
            "Parameter 'cache_salt' must be a non-empty string if provided.", "cache_salt"
        )
    if len(salt) > _SALT_CHARACTERS or set(salt) & set("@/\\\x00"):
        raise Refused(
            "Parameter 'cache_salt' must be at most 128 characters and must not contain '@', "
            "'/', '\\\\', or NUL.",
            "cache_salt",
        )


def _check_response_format(given: Any) -> None:
    if not isinstance(given, dict):
        return
    if given.get("type") == "json_schema" and given.get("json_schema") is None:
        raise Refused(
            "When response_format type is 'json_schema', the 'json_schema' field must be provided.",
            "response_format",
        )
    if given.get("type") == "structural_tag":
        raise not_imitated("response_format.structural_tag")


def check_structured_outputs(given: Any) -> int:
    """How many of the main constraints are given. Raises: Refused for more than one."""
    if given is None:
        return 0
    if not isinstance(given, dict):
        raise Refused(
            f"{type(given).__name__!r} object has no attribute 'get'",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            kind="InternalServerError",
        )
    count = sum(given.get(name) is not None for name in ("json", "regex", "choice"))
    if count > 1:
        raise Refused(
            "You can only use one kind of constraints for structured outputs ('json', 'regex' or "
            "'choice')."
        )
    if given.get("structural_tag") is not None:
        raise not_imitated("structured_outputs.structural_tag")
    return count


def check_counts(data: dict[str, Any], names: tuple[str, str]) -> None:
    """Refuse prompt log probabilities, and those of the answer under their own name, that are no
    number or negative.

    Raises:
        Refused: with the first problem.
    """
    for name in names:
        value = data.get(name)
        if value is not None and not isinstance(value, (int, float)):
            raise Refused(f"`{name}` must be an integer.", name, value)
    prompt = data.get("prompt_logprobs")
    if prompt is not None and data.get("stream") and (prompt > 0 or prompt == -1):
        raise Refused("`prompt_logprobs` are not available when `stream=True`.", "prompt_logprobs")
    for name in names:
        value = data.get(name)
        if value is not None and value < 0 and value != -1:
            raise Refused(f"`{name}` must be a positive value or -1.", name, value)
