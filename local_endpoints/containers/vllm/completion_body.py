"""The body of ``/v1/completions`` (entrypoints/openai/completion/protocol.py)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from local_endpoints.containers.vllm.errors import Refused
from local_endpoints.containers.vllm.fields import GenerationBody, check_counts

MAX_PROMPTS = 1024
DEFAULT_TOKENS = 16

TokenId = Annotated[int, Field(ge=0)]
Prompt = list[TokenId] | list[list[TokenId]] | str | list[str] | None


class CompletionBody(GenerationBody):
    """The body of ``/v1/completions``."""

    prompt: Prompt = None
    echo: bool | None = False
    max_tokens: int | None = DEFAULT_TOKENS
    n: int = 1
    suffix: str | None = None
    prompt_embeds: str | list[str] | None = None
    add_special_tokens: bool = True

    @property
    def limit(self) -> tuple[str, int | None]:
        """Name and value of the field that limits the answer."""
        return "max_tokens", self.max_tokens

    @property
    def echo_only(self) -> bool:
        """Whether only the prompt is wanted."""
        return bool(self.echo) and self.max_tokens == 0

    @model_validator(mode="before")
    @classmethod
    def _check_completion(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if data.get("max_tokens") is None:
            data = {**data, "max_tokens": DEFAULT_TOKENS}
        if data.get("logprob_token_ids") and data.get("logprobs") is None:
            raise Refused(
                "when using `logprob_token_ids`, `logprobs` must be set.", "logprob_token_ids"
            )
        check_counts(data, ("prompt_logprobs", "logprobs"))
        prompt = data.get("prompt")
        if prompt in (None, "") and data.get("prompt_embeds") in (None, []):
            raise Refused(
                "Either prompt or prompt_embeds must be provided and non-empty.", "prompt"
            )
        several = isinstance(prompt, list) and not all(isinstance(each, int) for each in prompt)
        if several and len(prompt) > MAX_PROMPTS:
            raise Refused(
                f"prompt list length {len(prompt)} exceeds the maximum allowed count of "
                f"{MAX_PROMPTS}. To increase this limit, set the VLLM_MAX_COMPLETION_PROMPTS "
                "environment variable.",
                "prompt",
            )
        return data
