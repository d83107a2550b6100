"""What one container serves: the model's facts and the settings that its routes look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from local_endpoints.containers.text.images import PromptImages
from local_endpoints.containers.text.template import ChatTemplate
from local_endpoints.containers.vllm.arguments import ServeArguments
from local_endpoints.containers.vllm.errors import Refused
from local_endpoints.engine.text.config import ModelConfig, read_json
from local_endpoints.engine.text.tokens import TextCodec
from local_endpoints.replicas.wire import ConfigurationError

VERSION = "0.30.0"
"""The vLLM release whose dialect this is: the newest that somebody saw on the real service."""

MODEL_FOLDER = "/repository"
"""Where an endpoint mounts its model, and so the ``root`` of the served model."""

_DEFAULTED = ("repetition_penalty", "temperature", "top_k", "top_p", "min_p", "max_new_tokens")


@dataclass(frozen=True)
class Served:
    """A model, as requests see it.

    Attributes:
        names: under which it is served; the first one stands in answers.
        arguments: of the command line.
        config: the model's shapes.
        context: tokens of prompt and answer together (``max_model_len``).
        codec: its tokenizer.
        template: its chat template.
        images: puts images into prompts; None for a model that sees none.
        eos: the tokenizer's own end, whose ``stop_reason`` is null; None where there is none.
        defaults: of sampling parameters, from ``generation_config.json`` or the command line.
        fingerprint: ``system_fingerprint``.
    """

    names: tuple[str, ...]
    arguments: ServeArguments
    config: ModelConfig
    context: int
    codec: TextCodec
    template: ChatTemplate
    images: PromptImages | None
    eos: int | None
    defaults: Mapping[str, Any]
    fingerprint: str | None

    @cached_property
    def longest_token(self) -> int:
        """Characters of the longest token: so many fit into each place of a prompt."""
        return self.codec.longest_token

    @property
    def ends(self) -> frozenset[int]:
        """All tokens that end an answer."""
        return self.config.eos_ids if self.eos is None else self.config.eos_ids | {self.eos}

    def check_model(self, name: str | None) -> None:
        """Raises: Refused 404 for a name that is not served."""
        if name and name not in self.names:
            raise unknown_model(name)


def unknown_model(name: str) -> Refused:
    """404."""
    return Refused(
        f"The model `{name}` does not exist.",
        "model",
        status=HTTPStatus.NOT_FOUND,
        kind="NotFoundError",
        bare=True,
    )


def sampling_defaults(model_dir: Path, arguments: ServeArguments) -> dict[str, Any]:
    """What a request that names no value gets (config/model.py, ``get_diff_sampling_param``).

    Raises:
        ConfigurationError: one of the values is no number.
    """
    path = model_dir / "generation_config.json"
    found = read_json(path) if arguments.generation_config != "vllm" and path.exists() else {}
    found |= arguments.override_generation_config
    defaults = {name: found[name] for name in _DEFAULTED if found.get(name) is not None}
    for name, value in defaults.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            # vLLM starts, and fails at every request.
            raise ConfigurationError(f"generation config: {name} is no number: {value!r}")
    return defaults


def primary_eos(model_dir: Path, codec: TextCodec) -> int | None:
    """The token that ``tokenizer_config.json`` names as the end."""
    config = read_json(model_dir / "tokenizer_config.json")
    token = config.get("eos_token")
    text = token.get("content") if isinstance(token, dict) else token
    return None if text is None else codec.id_of(text)
