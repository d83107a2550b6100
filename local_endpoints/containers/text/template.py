"""The chat template: from messages to one prompt.

Source of what a template is given and of how an answer is continued: TGI 3.3,
router/src/infer/chat_template.rs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from jinja2 import TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from local_endpoints.containers.text.errors import TemplateFault, TemplateRefused

TEMPLATE_FILES = (
    "chat_template.json",
    "chat_template.jinja",
    "tokenizer_config.json",
    "processor_config.json",
)
"""Where the template may be, first one wins. TGI reads no ``.jinja`` file itself: transformers
writes one since version 4.43, and the export keeps it."""


class _RaisedByTemplate(Exception):
    """``raise_exception`` was called in the template."""


class ChatTemplate:
    """A model's template in a sandbox.

    Args:
        source: Jinja text; None when the model has none.
        bos_token: text of the token that starts a prompt.
        eos_token: text of the token that ends an answer.
    """

    def __init__(
        self, source: str | None, *, bos_token: str | None = None, eos_token: str | None = None
    ) -> None:
        self._tokens = {"bos_token": bos_token, "eos_token": eos_token}
        environment = ImmutableSandboxedEnvironment()
        environment.globals["raise_exception"] = _raise
        environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
        self._template = None if source is None else environment.from_string(source)

    @classmethod
    def load(cls, model_dir: Path) -> ChatTemplate:
        """The template of a model folder."""
        config = _read_json(model_dir / "tokenizer_config.json")
        return cls(
            _find_source(model_dir),
            bos_token=_token_text(config.get("bos_token")),
            eos_token=_token_text(config.get("eos_token")),
        )

    def render(self, messages: Sequence[dict[str, str]]) -> str:
        """The prompt for ``messages``, each with ``role`` and ``content``.

        When the last message is the assistant's, the prompt ends with its text, so that the model
        goes on with it.

        Raises:
            TemplateRefused: there is no template, or it does not take the messages.
        """
        if self._template is None:
            raise TemplateRefused(TemplateFault.MISSING, "template not found")
        try:
            prompt = self._template.render(
                messages=messages, add_generation_prompt=True, tools=None, **self._tokens
            )
        except _RaisedByTemplate as error:
            raise _refusal(TemplateFault.RAISED, error) from None
        except UndefinedError as error:
            raise _refusal(TemplateFault.UNDEFINED, error) from None
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise _refusal(TemplateFault.BROKEN, error) from None
        if messages and messages[-1]["role"] == "assistant":
            return _cut_after(prompt, messages[-1]["content"])
        return prompt


def _raise(text: str) -> NoReturn:
    raise _RaisedByTemplate(text)


def _refusal(fault: TemplateFault, error: Exception) -> TemplateRefused:
    return TemplateRefused(fault, str(error), _template_line(error.__traceback__))


def _template_line(traceback: TracebackType | None) -> int:
    line = 1
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _cut_after(prompt: str, text: str) -> str:
    # Templates trim contents, so the text may stand there without its outer spaces.
    for wanted in (text, text.strip()):
        # The last place. Python's `rfind` may take quadratic time, its `find` does not.
        behind = prompt[::-1].find(wanted[::-1])
        if behind >= 0:
            return prompt[: len(prompt) - behind].rstrip()
    return prompt


def _find_source(model_dir: Path) -> str | None:
    for name in TEMPLATE_FILES:
        path = model_dir / name
        if not path.exists():
            continue
        if path.suffix == ".jinja":
            return path.read_text(encoding="utf-8")
        source = _choose(_read_json(path).get("chat_template"))
        if source is not None:
            return source
    return None


def _choose(source: Any) -> str | None:
    """A template, or the one called ``default`` where there are several."""
    if isinstance(source, list):
        return next((each["template"] for each in source if each["name"] == "default"), None)
    return source if isinstance(source, str) else None


def _token_text(token: Any) -> str | None:
    """A token's text; older configs wrap it in an object."""
    return token.get("content") if isinstance(token, dict) else token


def _read_json(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
