"""Controls for the container: which one, its image, its settings, its environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.panel import fields
from helpers.panel.containers import CONTAINERS, DEFAULT, suggested
from helpers.panel.order import read_names, read_variables, read_words
from helpers.panel.repository import RepositoryFacts

MOST_SHARDS = 16
"""Most GPUs of one replica that a model can be spread over here."""


class ContainerForm:
    """Container, image, arguments, environment and secrets.

    Args:
        on_change: called when something is changed.

    Attributes:
        kind, image, args, env, secrets, shards, gguf: the controls.
        widget: all of them.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._chosen_by_hand = False
        self._suggesting = False
        options = [(each.label, each.key) for each in CONTAINERS.values()]
        self.kind = fields.choice("Container", options, "vLLM")
        self.about = fields.hint()
        self.image = fields.text("Image")
        self.gguf = fields.text("GGUF file", hint="its name in the repository")
        self.shards = fields.whole("Tensor parallel", 1, least=1, most=MOST_SHARDS)
        self.args = fields.text("Arguments", hint="--max-model-len 4096")
        self.env = fields.area("Environment", hint="MAX_INPUT_TOKENS=1024, one in a line")
        self.secrets = fields.text("Secrets", hint="HF_TOKEN")
        self.secrets_hint = fields.hint(
            "Only their names: the values are read from this kernel's environment when the "
            "endpoint is created, and shown nowhere. HF_TOKEN is the token in use."
        )
        self.widget = fields.column(
            self.kind, self.about, self.image, self.gguf, self.shards, self.args, self.env,
            self.secrets, self.secrets_hint,
        )  # fmt: skip
        self._show()
        self.kind.observe(self._take_by_hand, names="value")
        for control in (self.image, self.gguf, self.shards, self.args, self.env, self.secrets):
            control.observe(lambda _: self._on_change(), names="value")

    def suggest(self, facts: RepositoryFacts, accelerator: str) -> None:
        """Take the container that suits, unless somebody has chosen one, and its file."""
        if facts.gguf:
            self.gguf.value = facts.gguf
        if self._chosen_by_hand:
            return
        self._suggesting = True
        self.kind.value = suggested(facts, accelerator)
        self._suggesting = False

    def spread(self, gpus: int) -> None:
        """Let one copy of the model take all GPUs of a replica: the service insists on a number
        where there are several."""
        self.shards.value = gpus

    def settings(self) -> dict[str, Any]:
        """Its part of an ``Order``.

        Raises:
            ParameterError: a line cannot be read.
        """
        kind = self.kind.value
        image: dict[str, Any] = {"url": self.image.value.strip()} if kind != DEFAULT else {}
        if kind == "llamacpp":
            image["modelPath"] = self.gguf.value.strip()
        if kind == "vLLM" and self.shards.value > 1:
            image["tensorParallelSize"] = self.shards.value
        return {
            "container": kind,
            "image": image,
            "args": read_words(self.args.value) if CONTAINERS[kind].args else (),
            "env": read_variables(self.env.value),
            "secrets": read_names(self.secrets.value),
        }

    def _take_by_hand(self, _: object) -> None:
        self._chosen_by_hand = self._chosen_by_hand or not self._suggesting
        self._show()
        self._on_change()

    def _show(self) -> None:
        container = CONTAINERS[self.kind.value]
        self.about.value = fields.hint_html(container.about)
        self.image.value = str(container.image.get("url", ""))
        fields.shown(self.image, bool(container.image))
        fields.shown(self.gguf, container.key == "llamacpp")
        fields.shown(self.shards, container.key == "vLLM")
        fields.shown(self.args, container.args)
