"""Everything that a create form asks for, and the call that it amounts to."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from huggingface_hub import get_token

from helpers.errors import ParameterError
from helpers.panel.containers import CONTAINERS, DEFAULT, image_of
from helpers.panel.literals import Source, call
from helpers.panel.names import name_problem
from helpers.panel.words import is_secret
from helpers.parameters import check_parameters

TOKEN_NAME = "HF_TOKEN"
SECURITY = {
    "private": "Only you, or the members of the organization, with a token.",
    "authenticated": "Everybody with a Hugging Face account and a token: they spend your money.",
    "public": "Everybody, without a token: they spend your money.",
}
IDLE_MINUTES = (15, 30, 60, 120, 480, 1440, 2880)
"""What the form offers of the 15 to 2880 that the service accepts."""
ENGINES = {"vLLM": "vllm", "tgi": "tgi", "llamacpp": "llamacpp"}
"""Keys of images as ``hf endpoints deploy --engine`` spells them."""
SHELL_FIELDS = ("url", "port", "healthRoute")
"""The fields of an image that the ``hf`` command can set."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Order:
    """A wish for an endpoint.

    Attributes:
        idle_minutes: billed minutes until it sleeps; ``None`` for never.
        container: a key of ``CONTAINERS``.
        image: changes to the container's image.
        args: words of the container's command line.
        env: environment variables, in the open.
        secrets: names of secret ones. Their values are taken from this kernel's environment when
            the endpoint is created, and shown nowhere; ``HF_TOKEN`` is the token in use.
    """

    name: str
    repository: str
    vendor: str
    region: str
    accelerator: str
    instance_type: str
    instance_size: str
    task: str | None = None
    framework: str = "pytorch"
    min_replica: int = 0
    max_replica: int = 1
    idle_minutes: int | None = 60
    security: str = "private"
    container: str = DEFAULT
    image: Mapping[str, Any] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    namespace: str | None = None

    def problems(self, environment: Mapping[str, str] | None = None) -> list[str]:
        """What cannot work, found out before anything is asked for.

        Args:
            environment: where secrets come from; default this process's.
        """
        found = []
        if problem := name_problem(self.name):
            found.append(f"The name {problem}.")
        try:
            check_parameters(MODEL_ID=self.repository)
        except ParameterError as error:
            found.append(f"The repository {str(error).removeprefix('MODEL_ID ')}.")
        if not self.instance_type:
            found.append("No hardware is chosen.")
        if not 0 <= self.min_replica <= self.max_replica or self.max_replica < 1:
            found.append("Replicas: the least must not be above the most, and the most at least 1.")
        if self.idle_minutes is not None and self.min_replica:
            found.append("An endpoint that keeps a replica never sleeps: take 0 as the least.")
        container = CONTAINERS[self.container]
        if self.accelerator not in container.accelerators:
            runs_on = " or ".join(container.accelerators)
            found.append(
                f"{container.label} does not run on {self.accelerator}, only on {runs_on}."
            )
        if self.container == "llamacpp" and not self.image.get("modelPath"):
            found.append("llama.cpp needs the GGUF file's name in the repository.")
        for name, value in self.env.items():
            if is_secret(name, value):
                found.append(f"{name} looks like a secret: put its name among the secrets.")
        found += [f"The secret {name} is not set in this kernel's environment." for name in
                  self.secrets if not _secret(name, environment)]  # fmt: skip
        return found

    def settings(self) -> dict[str, Any]:
        """Arguments of ``create_inference_endpoint``, without the values of secrets."""
        given: dict[str, Any] = {
            "repository": self.repository,
            "framework": self.framework,
            "task": self.task or None,
            "vendor": self.vendor,
            "region": self.region,
            "accelerator": self.accelerator,
            "instance_type": self.instance_type,
            "instance_size": self.instance_size,
            "min_replica": self.min_replica,
            "max_replica": self.max_replica,
            "scale_to_zero_timeout": self.idle_minutes,
            "type": self.security,
            "custom_image": image_of(self.container, **self.image),
            "container_args": list(self.args) or None,
            "env": {**CONTAINERS[self.container].env, **self.env} or None,
            "namespace": self.namespace,
        }
        return {name: value for name, value in given.items() if value is not None}

    def secret_values(self, environment: Mapping[str, str] | None = None) -> dict[str, str]:
        """Values of the secrets, for the request and for nothing else."""
        return {name: _secret(name, environment) for name in self.secrets}

    def python(self) -> str:
        """The call, to copy; what is secret is read where it runs."""
        settings = self.settings()
        imports = ["create_inference_endpoint"]
        start = ""
        if self.secrets:
            values = ", ".join(f'"{name}": {_python_of(name)}' for name in self.secrets)
            settings["secrets"] = Source(f"{{{values}}}")
            imports += ["get_token"] if TOKEN_NAME in self.secrets else []
            start = "import os\n\n" if set(self.secrets) - {TOKEN_NAME} else ""
        start += f"from huggingface_hub import {', '.join(imports)}\n\n"
        return start + call("endpoint = create_inference_endpoint", self.name, **settings)

    def shell(self) -> str:
        """The same as one ``hf`` command, over several lines; a comment where it cannot say all."""
        settings = self.settings()
        words: list[tuple[str, ...]] = [("hf", "endpoints", "deploy", self.name)]
        options: dict[str, Any] = {"repo": self.repository} | {
            name.replace("_", "-"): value
            for name, value in settings.items()
            if name not in ("repository", "custom_image", "container_args", "env")
        }
        words += [(f"--{name}", str(value)) for name, value in options.items()]
        ((key, image),) = (settings.get("custom_image") or {"": {}}).items()
        if key:
            words += [("--custom-image", image["url"]), ("--engine", ENGINES[key])]
            words += [("--port", str(image["port"])), ("--health-route", image["healthRoute"])]
        if self.args:
            words.append(("--container-args", shlex.join(self.args)))
        words += [("--env", f"{name}={value}") for name, value in settings.get("env", {}).items()]
        words += [("--secrets", name) for name in self.secrets]
        lines = [" ".join(shlex.quote(word) for word in each) for each in words]
        command = " \\\n    ".join(lines) + "\n"
        lost = [name for name in image if name not in SHELL_FIELDS]
        if lost:
            command = f"# This command has no words for {', '.join(lost)}: use Python.\n" + command
        return command


def read_variables(text: str) -> dict[str, str]:
    """Environment variables from lines ``NAME=value``.

    Raises:
        ParameterError: a line is none, or a name occurs twice.
    """
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, value = line.partition("=")
        if not equals or not _VARIABLE.fullmatch(name.strip()):
            raise ParameterError(f"environment: {line!r:.60} is not of the form NAME=value")
        if name.strip() in found:
            raise ParameterError(f"environment: {name.strip()} occurs twice")
        found[name.strip()] = value.strip()
    return found


def read_names(text: str) -> tuple[str, ...]:
    """Names of secrets, one in a line or separated by commas.

    Raises:
        ParameterError: something else stands there, perhaps a secret itself, which is not repeated.
    """
    names = [each for each in re.split(r"[\s,]+", text) if each]
    if not all(_VARIABLE.fullmatch(each) and not is_secret("", each) for each in names):
        raise ParameterError(
            "secrets: give only names of environment variables, for example HF_TOKEN. Their values "
            "are read from this kernel's environment"
        )
    return tuple(dict.fromkeys(names))


def read_words(text: str) -> tuple[str, ...]:
    """A command line as its words.

    Raises:
        ParameterError: a quotation mark stands alone.
    """
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise ParameterError(f"arguments: {error}") from None


def place_order(order: Order, create: Callable[..., Any]) -> Any:
    """Create the endpoint.

    Args:
        create: ``create_inference_endpoint``.

    Raises:
        ParameterError: something cannot work.
        Exception: what ``create`` raises.
    """
    if problems := order.problems():
        raise ParameterError(" ".join(problems))
    secrets = order.secret_values()
    return create(order.name, **order.settings(), **({"secrets": secrets} if secrets else {}))


def _secret(name: str, environment: Mapping[str, str] | None) -> str:
    if name == TOKEN_NAME:
        return get_token() or ""
    return (os.environ if environment is None else environment).get(name, "")


def _python_of(name: str) -> str:
    return "get_token()" if name == TOKEN_NAME else f'os.environ["{name}"]'
