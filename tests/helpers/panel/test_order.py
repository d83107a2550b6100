"""A form's content as a call: the same as Python, as a command, and as what is sent."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import HfApi
from huggingface_hub.cli.hf import app

from helpers import ParameterError
from helpers.panel.containers import CONTAINERS, image_of, suggested
from helpers.panel.order import Order, place_order, read_names, read_variables, read_words
from helpers.panel.repository import RepositoryFacts
from tests.fakes import MODEL_ID, Service

SECRET = "do-not-show-me"


def order(**changes: Any) -> Order:
    wanted: dict[str, Any] = dict(
        name="a-poet", repository=MODEL_ID, vendor="aws", region="us-east-1", accelerator="gpu",
        instance_type="nvidia-l4", instance_size="x1", task="text-generation", container="tgi",
    )  # fmt: skip
    return Order(**wanted | changes)


RICH = order(
    max_replica=3,
    idle_minutes=30,
    security="authenticated",
    container="vLLM",
    image={"url": "vllm/vllm-openai:latest"},
    args=("--max-model-len", "768", "--served-model-name", "it's me"),
    env={"GREETING": "hello $HOME, it's me", "EMPTY": "", "MAX_INPUT_TOKENS": "512"},
    secrets=("HF_TOKEN", "OTHER_KEY"),
    namespace="local-class",
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_KEY", SECRET)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What ``create_inference_endpoint`` was called with."""
    calls: list[tuple[Any, Any]] = []

    def create(*arguments: Any, **named: Any) -> str:
        calls.append((arguments, named))
        return "created"

    monkeypatch.setattr(huggingface_hub, "create_inference_endpoint", create)
    return calls


@pytest.mark.parametrize("wish", [RICH, order(), order(container="default", min_replica=1,
                                                       idle_minutes=None)])  # fmt: skip
def test_the_python_that_is_shown_is_the_call_that_is_made(
    wish: Order, sent: list[Any], environment: None, connected: Service
) -> None:
    assert place_order(wish, huggingface_hub.create_inference_endpoint) == "created"
    exec(wish.python(), {})
    assert sent[0] == sent[1]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("wish", [RICH, order(container="default", min_replica=1,
                                              idle_minutes=None)])  # fmt: skip
def test_the_command_that_is_shown_makes_the_same_request(
    wish: Order, connected: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[dict[str, Any]] = []

    def create(name: str, **named: Any) -> None:
        bodies.append({"name": name, **named})
        raise SystemExit  # what the command would print about the endpoint is not the question

    with pytest.raises(SystemExit):
        place_order(wish, create)
    monkeypatch.setattr(HfApi, "create_inference_endpoint", lambda _, **named: create(**named))
    monkeypatch.setattr(sys, "argv", shlex.split(wish.shell().replace("\\\n", "")))
    with pytest.raises(SystemExit):
        app()
    by_form, by_command = bodies
    assert {name: by_command[name] for name in by_form} == by_form
    assert not {by_command[name] for name in by_command.keys() - by_form} - {None}


@pytest.mark.usefixtures("environment")
def test_no_secret_is_shown(connected: Service) -> None:
    shown = RICH.python() + RICH.shell() + repr(RICH) + repr(RICH.settings())
    assert SECRET not in shown and connected.token not in shown
    assert RICH.secret_values() == {"HF_TOKEN": connected.token, "OTHER_KEY": SECRET}


def test_what_the_command_cannot_say_is_said() -> None:
    wish = order(container="llamacpp", accelerator="cpu", image={"modelPath": "a.gguf"})
    assert "no words for modelPath, ctxSize, nParallel, threadsHttp: use Python" in wish.shell()
    assert '"modelPath": "a.gguf"' in wish.python()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "a"}, "The name is 'a': a name has 4 to 32 characters"),
        ({"repository": "gpt2"}, "The repository is 'gpt2': a repository has the form owner/model"),
        ({"instance_type": ""}, "No hardware is chosen"),
        ({"min_replica": 2, "idle_minutes": None}, "the least must not be above the most"),
        ({"min_replica": 1}, "never sleeps: take 0"),
        ({"container": "vLLM", "accelerator": "cpu"}, "vLLM does not run on cpu, only on gpu"),
        ({"container": "llamacpp"}, "llama.cpp needs the GGUF file's name"),
        ({"env": {"MY_API_KEY": "x"}}, "MY_API_KEY looks like a secret: put its name among"),
        ({"env": {"X": "hf_" + "a" * 30}}, "X looks like a secret"),
        ({"secrets": ("NOWHERE_SET",)}, "The secret NOWHERE_SET is not set in this kernel's"),
    ],
)
def test_what_cannot_work_is_said_before_anything_is_asked_for(
    changes: dict[str, Any], words: str
) -> None:
    (problem,) = order(**changes).problems({})
    assert words in problem

    def create(*_: Any, **__: Any) -> None:
        raise AssertionError("it was asked for")

    with pytest.raises(ParameterError):
        place_order(order(**changes), create)


def test_counts_of_tokens_are_no_secrets() -> None:
    assert not order(env={"MAX_TOTAL_TOKENS": "768", "MAX_INPUT_TOKENS": "5"}).problems({})


def test_lines_of_variables() -> None:
    assert read_variables(" A=1 \n\nB_2 = x=y\n") == {"A": "1", "B_2": "x=y"}
    for text in ("A", "1A=2", "A=1\nA=2"):
        with pytest.raises(ParameterError, match="environment: "):
            read_variables(text)


def test_names_of_secrets() -> None:
    assert read_names("HF_TOKEN, OTHER_KEY\nHF_TOKEN") == ("HF_TOKEN", "OTHER_KEY")
    secret = "hf_" + "x" * 30
    for text in ("A=1", secret):
        with pytest.raises(ParameterError, match="give only names") as caught:
            read_names(text)
        assert text not in str(caught.value)


def test_words_of_a_command_line() -> None:
    assert read_words("--name 'it is' -x") == ("--name", "it is", "-x")
    with pytest.raises(ParameterError, match="arguments: No closing quotation"):
        read_words("--name 'it is")


@pytest.mark.parametrize(
    ("facts", "accelerator", "key"),
    [
        (RepositoryFacts("a/b", task="text-generation"), "gpu", "vLLM"),
        (RepositoryFacts("a/b", task="text-generation"), "cpu", "tgi"),
        (RepositoryFacts("a/b", task="image-text-to-text"), "gpu", "vLLM"),
        (RepositoryFacts("a/b", task="text-to-image"), "gpu", "default"),
        (RepositoryFacts("a/b", task="text-generation", gguf="a.gguf"), "cpu", "llamacpp"),
        (RepositoryFacts("a/b"), "gpu", "default"),
    ],
)
def test_a_container_follows_from_the_task(
    facts: RepositoryFacts, accelerator: str, key: str
) -> None:
    assert suggested(facts, accelerator) == key
    assert accelerator in CONTAINERS[key].accelerators


def test_an_image_is_whole_or_none() -> None:
    assert image_of("default", url="x") is None
    assert image_of("tgi", url="", port=None) == {"tgi": dict(CONTAINERS["tgi"].image)}
    assert image_of("vLLM", tensorParallelSize=4)["vLLM"]["tensorParallelSize"] == 4  # type: ignore[index]
