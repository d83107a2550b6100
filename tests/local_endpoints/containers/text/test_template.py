"""Chat templates: what is rendered, and how refusals read in TGI's words."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from local_endpoints.containers.text.errors import TemplateFault, TemplateRefused
from local_endpoints.containers.text.template import ChatTemplate
from tests.local_endpoints.containers.tgi.prompts import refused
from tests.local_endpoints.engine.tiny_model import TEMPLATE


@pytest.fixture
def gemma() -> ChatTemplate:
    return ChatTemplate(TEMPLATE, bos_token="<bos>", eos_token="<eos>")


def said(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def refusal(template: ChatTemplate, *messages: dict[str, str]) -> str:
    refusal = refused(lambda: template.render(messages))
    assert (refusal.status, refusal.error_type) == (422, "template_error")
    return refusal.text


def test_a_chat_is_rendered_up_to_the_models_turn(gemma: ChatTemplate) -> None:
    assert gemma.render(
        [said("user", " Hi "), said("assistant", "Hello"), said("user", "Bye")]
    ) == (
        "<bos><start_of_turn>user\nHi<end_of_turn>\n"
        "<start_of_turn>model\nHello<end_of_turn>\n"
        "<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n"
    )


@pytest.mark.parametrize("text", ["Once upon a", "Once upon a ", "  Once upon a"])
def test_a_last_message_of_the_assistant_is_continued(gemma: ChatTemplate, text: str) -> None:
    assert gemma.render([said("user", "Hi"), said("assistant", text)]) == (
        "<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nOnce upon a"
    )


def test_gemma_refuses_a_system_message(gemma: ChatTemplate) -> None:
    assert refusal(gemma, said("system", "Be nice"), said("user", "Hi")) == (
        "Template error: syntax error: System role not supported (in <string>:1)"
    )


def test_gemma_refuses_two_messages_of_one_role(gemma: ChatTemplate) -> None:
    assert refusal(gemma, said("user", "Hi"), said("user", "Hi")) == (
        "Template error: syntax error: Conversation roles must alternate "
        "user/assistant/user/assistant/... (in <string>:1)"
    )


def test_an_empty_chat_is_a_template_error(gemma: ChatTemplate) -> None:
    assert refusal(gemma) == "Template error: undefined value (in <string>:1)"


def test_the_line_of_the_template_is_named() -> None:
    template = ChatTemplate("{{ bos_token }}\n\n{{ raise_exception('no') }}")
    assert (
        refusal(template, said("user", "Hi")) == "Template error: syntax error: no (in <string>:3)"
    )


def test_without_a_template_there_is_no_chat() -> None:
    assert refusal(ChatTemplate(None), said("user", "Hi")) == "Template error: template not found"


def test_a_template_cannot_leave_its_sandbox() -> None:
    template = ChatTemplate("{{ ''.__class__.__mro__ }}")
    assert "Template error: " in refusal(template, said("user", "Hi"))


def test_dates_can_be_asked_for() -> None:
    assert ChatTemplate("{{ strftime_now('%Y') }}").render([]).isdigit()


def test_the_first_file_with_a_template_wins(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text(
        json.dumps({"bos_token": {"content": "<s>"}, "chat_template": "config"})
    )
    assert ChatTemplate.load(tmp_path).render([]) == "config"
    (tmp_path / "chat_template.jinja").write_text("{{ bos_token }} jinja")
    assert ChatTemplate.load(tmp_path).render([]) == "<s> jinja"


def test_of_several_templates_the_default_is_taken(tmp_path: Path) -> None:
    several = [{"name": "tools", "template": "t"}, {"name": "default", "template": "d"}]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": several}))
    assert ChatTemplate.load(tmp_path).render([]) == "d"


def test_a_folder_without_a_template_has_none(tmp_path: Path) -> None:
    with pytest.raises(TemplateRefused, match="template not found"):
        ChatTemplate.load(tmp_path).render([])


def test_a_continued_text_loses_its_last_spaces() -> None:
    template = ChatTemplate("{{ messages[-1]['content'] }}<end>")
    assert template.render([said("user", "Hi"), said("assistant", "Once \n")]) == "Once"


@pytest.mark.parametrize(
    ("source", "fault", "reason"),
    [
        ("\n{{ raise_exception('no') }}", TemplateFault.RAISED, "no"),
        ("\n{{ nothing.at.all }}", TemplateFault.UNDEFINED, "'nothing' is undefined"),
        ("\n{{ 1 / 'a' }}", TemplateFault.BROKEN, "unsupported operand type"),
    ],
)
def test_a_refusal_says_what_happened_where(source: str, fault: TemplateFault, reason: str) -> None:
    with pytest.raises(TemplateRefused) as raised:
        ChatTemplate(source).render([])
    assert (raised.value.fault, raised.value.line) == (fault, 2)
    assert reason in raised.value.reason


def test_an_answer_to_be_continued_is_found_in_linear_time(gemma: ChatTemplate) -> None:
    """Made to be compared with every place before it, which took minutes."""
    spaces = " " * 300_000
    started = time.perf_counter()
    prompt = gemma.render([said("user", f"y{spaces * 2}y"), said("assistant", f"  x{spaces}")])
    assert prompt.endswith("<start_of_turn>model\nx")
    assert time.perf_counter() - started < 10
