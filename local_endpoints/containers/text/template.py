"""The chat template: from messages to one prompt.

What a message holds is the dialect's business: TGI hands over a role and one string, vLLM parts and
``tool_calls`` as well. Sources of what a template may use: TGI 3.3,
router/src/infer/chat_template.rs; transformers, utils/chat_template_utils.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from jinja2 import TemplateError, UndefinedError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.text.errors import TemplateFault, TemplateRefused

TEMPLATE_FILES = (
    "chat_template.json",
    "chat_template.jinja",
    "tokenizer_config.json",
    "processor_config.json",
)
"""Where the template may be, first one wins. TGI reads no ``.jinja`` file itself: transformers
writes one since version 4.43, and the export keeps it."""


_TRAINING_MARKS = ("{% generation %}", "{% endgeneration %}")
"""They say which tokens to learn from, and mean nothing to an engine."""


def minijinja_json(value: Any, indent: int | None = None) -> str:
    """``tojson`` as TGI's template engine has it: no spaces, and as safe in HTML as Jinja's own."""
    text = encode(value) if not indent else json.dumps(value, indent=indent, ensure_ascii=False)
    for mark in "<>&'":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


class _RaisedByTemplate(Exception):
    """``raise_exception`` was called in the template."""


class ChatTemplate:
    """A model's template in a sandbox.

    Args:
        source: Jinja text; None when the model has none.
        bos_token: text of the token that starts a prompt.
        eos_token: text of the token that ends an answer.
        tojson: the filter of that name.
        trim_blocks: whether the line break after a block and the spaces before it are dropped, as
            in transformers; TGI keeps them.

    Attributes:
        takes_tools: whether the template has a place for tools.
        reads_parts: whether it goes through the parts of a content itself, as templates of models
            with pictures do.
    """

    def __init__(
        self,
        source: str | None,
        *,
        bos_token: str | None = None,
        eos_token: str | None = None,
        tojson: Callable[..., str] = minijinja_json,
        trim_blocks: bool = False,
    ) -> None:
        self._tokens = {"bos_token": bos_token, "eos_token": eos_token}
        environment = ImmutableSandboxedEnvironment(
            extensions=["jinja2.ext.loopcontrols"],
            trim_blocks=trim_blocks,
            lstrip_blocks=trim_blocks,
        )
        environment.globals["raise_exception"] = _raise
        environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
        environment.filters["tojson"] = tojson
        self._template, self.takes_tools, self.reads_parts = None, False, False
        if source is not None:
            for mark in _TRAINING_MARKS:
                source = source.replace(mark, "")
            self._template = environment.from_string(source)
            tree = environment.parse(source)
            self.takes_tools = "tools" in meta.find_undeclared_variables(tree)
            self.reads_parts = any(_is_content(loop.iter) for loop in tree.find_all(nodes.For))

    @classmethod
    def load(cls, model_dir: Path, **options: Any) -> ChatTemplate:
        """The template of a model folder; ``options`` as for the class."""
        config = _read_json(model_dir / "tokenizer_config.json")
        return cls(
            _find_source(model_dir),
            bos_token=_token_text(config.get("bos_token")),
            eos_token=_token_text(config.get("eos_token")),
            **options,
        )

    def render(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Mapping[str, Any]] | None = None,
        continue_last: bool = False,
        variables: Mapping[str, Any] | None = None,
    ) -> str:
        """The prompt for some messages.

        Args:
            messages: each with ``role``, ``content`` and whatever else the dialect passes on.
            tools: described as the dialect passes them on.
            continue_last: end the prompt with the text of the last message, whose ``content`` is
                one string, so that the model goes on with it.
            variables: more for the template; ``add_generation_prompt`` is true unless it is here.

        Raises:
            TemplateRefused: there is no template, or it does not take the messages.
        """
        if self._template is None:
            raise TemplateRefused(TemplateFault.MISSING, "template not found")
        given = {"add_generation_prompt": True, **self._tokens, **(variables or {})}
        try:
            prompt = self._template.render(messages=messages, tools=tools, **given)
        except _RaisedByTemplate as error:
            raise _refusal(TemplateFault.RAISED, error) from None
        except UndefinedError as error:
            raise _refusal(TemplateFault.UNDEFINED, error) from None
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise _refusal(TemplateFault.BROKEN, error) from None
        return _cut_after(prompt, messages[-1]["content"]) if continue_last else prompt


def _is_content(expression: nodes.Node) -> bool:
    """Whether it is ``message.content`` or ``message["content"]``, whatever the message's name."""
    if isinstance(expression, nodes.Getattr):
        return expression.attr == "content"
    return (
        isinstance(expression, nodes.Getitem)
        and isinstance(expression.arg, nodes.Const)
        and expression.arg.value == "content"
    )


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
