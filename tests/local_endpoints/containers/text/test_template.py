"""Chat templates: what is rendered, and how refusals read in TGI's words."""

from __future__ import annotations

import json
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
    assert gemma.render([said("user", "Hi"), said("assistant", text)], continue_last=True) == (
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
    messages = [said("user", "Hi"), said("assistant", "Once \n")]
    assert template.render(messages, continue_last=True) == "Once"
    assert template.render(messages) == "Once \n<end>"


def test_a_template_with_a_place_for_tools_gets_them() -> None:
    template = ChatTemplate("{% for tool in tools or [] %}{{ tool | tojson }}{% endfor %}")
    assert template.takes_tools
    assert template.render([], tools=[{"name": "é", "of": ["<b>"]}]) == (
        '{"name":"é","of":["\\u003cb\\u003e"]}'
    )
    assert template.render([]) == ""


@pytest.mark.parametrize("source", [None, "{{ messages }}", "{% set tools = [] %}{{ tools }}"])
def test_a_template_that_reads_no_tools_has_no_place_for_them(source: str | None) -> None:
    assert not ChatTemplate(source).takes_tools


def test_json_can_be_indented() -> None:
    template = ChatTemplate("{{ tools | tojson(indent=2) }}")
    assert template.render([], tools=[{"a": 1}]) == '[\n  {\n    "a": 1\n  }\n]'


def test_a_dialect_passes_on_what_its_messages_hold() -> None:
    template = ChatTemplate(
        "{% for message in messages %}{% if message.tool_calls %}"
        "{{ message.tool_calls[0].function.name }}{% else %}{{ message.role }}{% endif %} "
        "{% endfor %}{{ add_generation_prompt }} {{ mood }}"
    )
    calls = [{"function": {"name": "look"}}]
    messages = [{"role": "assistant", "tool_calls": calls}, said("tool", "rain")]
    assert template.render(messages) == "look tool True "
    assert template.render(
        messages, variables={"add_generation_prompt": False, "mood": "calm"}
    ) == ("look tool False calm")


def test_what_other_template_engines_know_is_no_error() -> None:
    source = (
        "{% for message in messages %}{% if loop.index > 1 %}{% break %}{% endif %}"
        "{% generation %}{{ message['content'] }}{% endgeneration %}{% endfor %}"
    )
    assert ChatTemplate(source).render([said("user", "a"), said("user", "b")]) == "a"


def test_line_breaks_after_blocks_stay_unless_they_are_trimmed() -> None:
    source = "  {% if true %}\nx\n{% endif %}\n"
    assert ChatTemplate(source).render([]) == "  \nx\n"
    assert ChatTemplate(source, trim_blocks=True).render([]) == "x\n"


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
    talk = [said("user", f"y{spaces * 2}y"), said("assistant", f"  x{spaces}")]
    prompt = gemma.render(talk, continue_last=True)
    assert prompt.endswith("<start_of_turn>model\nx")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            "{% for m in messages %}{% for p in m.content %}x{% endfor %}{% endfor %}",
            True,
        ),
        ("{% for m in messages %}{% for part in m['content'] %}x{% endfor %}{% endfor %}", True),
        ("{% for m in messages %}{{ m.content }}{% endfor %}", False),
        ("{% for m in messages %}{% for call in m.tool_calls %}x{% endfor %}{% endfor %}", False),
    ],
)
def test_templates_that_go_through_the_parts_are_known(template: str, expected: bool) -> None:
    assert ChatTemplate(template, bos_token="", eos_token="").reads_parts is expected
