"""The lessons' models: each is asked one question, as a notebook would."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable
from typing import Any

from huggingface_hub import InferenceClient, InferenceEndpoint

from helpers.containers import IMAGES
from helpers.doctor.report import Check, NotWellError
from helpers.endpoints import running_endpoint
from helpers.examples import example_pictures
from helpers.images import image_to_data_url

HARDWARE: dict[str, Any] = {
    "framework": "pytorch",
    "accelerator": "gpu",
    "vendor": "aws",
    "region": "us-east-1",
    "instance_type": "nvidia-l4",
    "instance_size": "x1",
    "type": "private",
}
VLLM, TGI = ({engine: IMAGES[engine]} for engine in ("vLLM", "tgi"))


def ask_language_model(repository: str, image: dict[str, Any]) -> Callable[[], str]:
    """A check that asks it for a poem."""

    def ask(client: InferenceClient) -> str:
        answer = client.chat_completion(
            [{"role": "user", "content": "Please write a short poem about the sea for me."}],
            model=repository,
            max_tokens=40,
            seed=7,
        )
        return str(answer.choices[0].message.content).strip().splitlines()[0]

    return lambda: _ask(repository, ask, task="text-generation", custom_image=image)


def ask_image_model(repository: str) -> Callable[[], str]:
    """A check that asks it for a picture."""

    def ask(client: InferenceClient) -> str:
        picture = client.text_to_image("a fox in the snow", num_inference_steps=8)
        return f"a picture of {picture.width} x {picture.height} pixels"

    return lambda: _ask(repository, ask, task="text-to-image")


def ask_vision_model(repository: str) -> Callable[[], str]:
    """A check that asks it what it sees."""

    def ask(client: InferenceClient) -> str:
        url = image_to_data_url(next(iter(example_pictures().values())))
        content = [
            {"type": "image_url", "image_url": {"url": url}},
            {"type": "text", "text": "What animal is this?"},
        ]
        answer = client.chat_completion([{"role": "user", "content": content}], max_tokens=40)
        return str(answer.choices[0].message.content).strip()

    env = {"MODEL_ID": "/repository", "MAX_INPUT_TOKENS": "1024", "MAX_TOTAL_TOKENS": "1536"}
    return lambda: _ask(repository, ask, task="image-text-to-text", custom_image=TGI, env=env)


def _ask(repository: str, ask: Callable[[InferenceClient], str], **settings: Any) -> str:
    name = repository.split("/")[1].lower().replace(".", "-")[:32]
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        # Waiting shows its progress, which has no place in a report.
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            endpoint = stack.enter_context(
                running_endpoint(name, repository=repository, **HARDWARE, **settings)
            )
        started = time.monotonic() - began
        answer = _answer(endpoint, ask)
    seconds = time.monotonic() - began - started
    return f"{answer!r} (started in {started:.1f} s, answered in {seconds:.1f} s)"


def _answer(endpoint: InferenceEndpoint, ask: Callable[[InferenceClient], str]) -> str:
    try:
        return ask(InferenceClient(base_url=endpoint.url, timeout=60))
    except Exception as error:
        raise NotWellError(
            f"the model gave no answer ({type(error).__name__}: {error})",
            remedy="run it again when the computer is less busy; if that does not help, open an "
            "issue with this line",
        ) from None


MODELS = (
    Check("notebook 1", ask_language_model("google/gemma-1.1-2b-it", VLLM)),
    Check("functions", ask_language_model("Qwen/Qwen3-1.7B", VLLM)),
    Check("notebook 2", ask_image_model("stabilityai/stable-diffusion-xl-base-1.0")),
    Check("notebook 3", ask_vision_model("HuggingFaceM4/idefics2-8b-chatty")),
)
