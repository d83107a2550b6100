from __future__ import annotations

import subprocess
import sys
from ast import literal_eval

import pytest

from local_endpoints.control_plane.images import IMAGE_FIELDS
from local_endpoints.dialects import DIALECTS, Dialect, dialect_of
from tests.fakes import make_spec

every_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)


@every_dialect
def test_each_has_a_container(dialect: Dialect) -> None:
    container = dialect.load()
    assert any(callable(getattr(container, name, None)) for name in ("start", "listen"))
    assert callable(container.stop)  # type: ignore[attr-defined]


def test_the_table_imports_no_container() -> None:
    code = (
        "import sys, local_endpoints.dialects; "
        "print([m for m in sys.modules if m.startswith(('onnx', 'local_endpoints.containers'))])"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == "[]"


@every_dialect
def test_what_its_hint_says_gives_it_and_no_other(dialect: Dialect) -> None:
    _, is_image, text = dialect.hint.partition("custom_image=")
    spec = make_spec(model={"image": literal_eval(text) if is_image else {"huggingface": {}}})
    matching = [one for one in DIALECTS.values() if one.matches(spec.image_variant, spec.image_url)]
    assert matching == [dialect] == [spec.dialect]


@pytest.mark.parametrize(
    ("name", "task", "served"),
    [
        ("tgi", "", True),
        ("tgi", "text-generation", True),
        ("tgi", "anything", True),
        ("toolkit", "", True),
        ("toolkit", "text-generation", True),
        ("toolkit", "anything", False),
    ],
)
def test_tasks(name: str, task: str, served: bool) -> None:
    assert DIALECTS[name].serves_task(task, own="text-generation") is served


@every_dialect
def test_fields_of_an_image_are_variables(dialect: Dialect) -> None:
    image = dict.fromkeys(dialect.variables, True)
    assert dialect.environment(image) == dict.fromkeys(dialect.variables.values(), "true")
    assert dialect.environment(dict.fromkeys(dialect.variables, None)) == {}
    assert dialect.environment({"url": "x", "port": 80}) == {}


def test_variables_and_options_belong_to_fields_that_the_service_knows() -> None:
    assert set(DIALECTS["tgi"].variables) <= set(IMAGE_FIELDS["tgi"])
    assert set(DIALECTS["vllm"].options) <= set(IMAGE_FIELDS["vLLM"])
    llamacpp = DIALECTS["llamacpp"]
    fields = {*llamacpp.variables, *llamacpp.not_imitated, "url", "port", "healthRoute"}
    assert fields | {"credentials"} == set(IMAGE_FIELDS["llamacpp"])
    assert set(llamacpp.variables.values()) <= llamacpp.reserved


def test_fields_of_a_vllm_image_are_options_of_its_command_line() -> None:
    image = {"url": "x", "port": 8000, "tensorParallelSize": 2, "dataParallelSize": None}
    assert DIALECTS["vllm"].arguments(image) == ["--tensor-parallel-size=2"]
    assert DIALECTS["tgi"].arguments(image) == []


@pytest.mark.parametrize(
    ("image", "imitated"),
    [
        ({"vLLM": {"url": "vllm/vllm-openai"}}, True),
        ({"vLLM": {"url": "vllm/vllm-openai:latest"}}, True),
        ({"vLLM": {"url": "docker.io/vllm/vllm-openai:v0.30.0@sha256:abc"}}, True),
        ({"vLLM": {"url": "vllm/vllm-openai:v0.30.1-cu130"}}, True),
        ({"vLLM": {"url": "vllm/vllm-openai:v0.11.0"}}, False),
        ({"vLLM": {"url": "somebody/elses:latest"}}, False),
        ({"custom": {"url": "vllm/vllm-openai:latest"}}, False),
        ({"sGLang": {"url": "vllm/vllm-openai:latest"}}, False),
    ],
)
def test_images_of_vllm(image: dict[str, dict[str, str]], imitated: bool) -> None:
    ((variant, settings),) = image.items()
    found = dialect_of(variant, settings["url"])
    assert (found is DIALECTS["vllm"]) is imitated and (imitated or found is None)
