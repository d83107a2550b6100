"""What the shipped models answer, recorded: to see that rebuilding the engine changes no bit.

``python -m tests.local_endpoints.models.recorded`` writes ``recorded.json`` anew. Do that only
when weights or samplers change on purpose.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import platform
from pathlib import Path
from typing import Any

from PIL import Image

from helpers import example_pictures
from local_endpoints.replicas.wire import ContainerSettings
from local_endpoints.repositories import REPOSITORIES
from tests.local_endpoints.containers.conftest import KEY, RunningContainer

FILE = Path(__file__).with_name("recorded.json")
GEMMA, SDXL, IDEFICS2 = (
    "google/gemma-1.1-2b-it",
    "stabilityai/stable-diffusion-xl-base-1.0",
    "HuggingFaceM4/idefics2-8b-chatty",
)
TOPICS = (
    *("open source", "rivers", "the moon", "bread", "winter", "a cat", "music", "gardens", "chess"),
    *("rain", "my grandmother", "the sea", "tea", "trains", "a lost key", "snow", "friends"),
)
PROMPTS = (
    *(f"Please write a short poem about {topic} for me." for topic in TOPICS),
    *("Hello!", "Who are you?", "What is the capital of Portugal?"),
)
SCENES = (
    "a fox in a green scarf with a red balloon on the beach",
    "an owl wearing a blue sweater and a top hat in a field",
    "a portrait of Mona Lisa",
)
QUESTIONS = (("llama", "Write a short limerick about this image."),
             ("fox", "What is it wearing?"), ("owl", "Describe this image as JSON."))  # fmt: skip


def answers() -> dict[str, Any]:
    """Texts with their log-probabilities as exact hexadecimal numbers, and digests of pixels."""
    return {
        "machine": machine(),
        "texts": _with(GEMMA, {}, _texts),
        "pictures": _with(SDXL, {}, _pictures),
        "questions": _with(
            IDEFICS2, {"MAX_INPUT_TOKENS": "1024", "MAX_TOTAL_TOKENS": "1536"}, _questions
        ),
    }


def machine() -> str:
    """The processor and a digest of what it can: others round differently."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    parts = (line.partition(":") for line in lines)
    found = {name.strip(): value.strip() for name, _, value in parts}
    abilities = " ".join(sorted(found.get("flags", found.get("Features", "")).split()))
    return f"{found.get('model name')} {hashlib.sha256(abilities.encode()).hexdigest()[:12]}"


def _with(repository: str, env: dict[str, str], ask: Any) -> Any:
    (dialect,) = {"tgi", "toolkit"} & set(REPOSITORIES[repository].dialects)
    folder = REPOSITORIES[repository].path
    container = RunningContainer(ContainerSettings(dialect, repository, folder, env, KEY)).start()
    try:
        return ask(container)
    finally:
        container.stop()


def _chat(container: RunningContainer, content: Any, seed: int) -> dict[str, Any]:
    body = {
        "messages": [{"role": "user", "content": content}],
        "max_tokens": 60, "temperature": 0.7, "seed": seed, "logprobs": True, "top_logprobs": 1,
    }  # fmt: skip
    (choice,) = container.post("/v1/chat/completions", body).json()["choices"]
    steps = choice["logprobs"]["content"]
    return {
        "text": choice["message"]["content"],
        "logprobs": [float(step["logprob"]).hex() for step in steps],
    }


def _texts(container: RunningContainer) -> list[dict[str, Any]]:
    return [_chat(container, prompt, seed) for seed, prompt in enumerate(PROMPTS)]


def _questions(container: RunningContainer) -> list[dict[str, Any]]:
    found = []
    for seed, (name, question) in enumerate(QUESTIONS):
        buffer = io.BytesIO()
        example_pictures()[name].save(buffer, "PNG")
        url = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
        picture = {"type": "image_url", "image_url": {"url": url}}
        found.append(_chat(container, [picture, {"type": "text", "text": question}], seed))
    return found


def _pictures(container: RunningContainer) -> list[dict[str, str]]:
    found = []
    for seed, scene in enumerate(SCENES):
        body = {"inputs": scene, "parameters": {"seed": seed, "num_inference_steps": 6}}
        data = base64.b64decode(container.post("/", body).json())
        with Image.open(io.BytesIO(data)) as image:
            small = image.convert("RGB").resize((8, 8), Image.Resampling.BOX)
            pixels = hashlib.sha256(image.tobytes()).hexdigest()
        found.append({"pixels": pixels, "small": small.tobytes().hex()})
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps(answers(), indent=1) + "\n", encoding="utf-8")
