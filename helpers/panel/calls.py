"""A request of the playground: what is sent, and the same as Python and as cURL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.panel.literals import Source, call

WAKE_SECONDS = 300
"""How long the gateway may hold a request while a sleeping endpoint wakes."""
PICTURE_FILE = "picture.jpg"
"""What the shown code calls the picture: its real content would fill pages."""

_START = "data:image/jpeg;base64,"
_IN_PYTHON = Source(f'f"{_START}{{picture}}"')
_IN_SHELL = f"{_START}\0"
_HEADERS = f'headers={{"X-Scale-Up-Timeout": "{WAKE_SECONDS}"}}'
_READ_PICTURE = (
    f"from base64 import b64encode\nfrom pathlib import Path\n\n%s\n"
    f'picture = b64encode(Path("{PICTURE_FILE}").read_bytes()).decode()\n'
)
_PRINT = (
    "for piece in pieces:\n"
    "    if piece.choices:\n"
    '        print(piece.choices[0].delta.content or "", end="")\n'
)


@dataclass(frozen=True)
class Chat:
    """A question to a language or vision model.

    Attributes:
        messages: as the chat route takes them; pictures as ``data:`` URLs.
        model: the name under which the server knows its model.
        options: ``max_tokens``, ``temperature``, ``top_p``, ``seed``.
    """

    messages: list[dict[str, Any]]
    model: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The JSON that is sent to ``/v1/chat/completions``."""
        return {"messages": self.messages, "model": self.model, "stream": True, **self.options}

    def python(self, url: str) -> str:
        """With ``InferenceClient``, to copy."""
        messages = _with_pictures(self.messages, _IN_PYTHON)
        start = "from huggingface_hub import InferenceClient\n"
        if messages != self.messages:
            start = _READ_PICTURE % start
        asking = call(
            "pieces = client.chat_completion",
            messages=messages, model=self.model, **self.options, stream=True,
        )  # fmt: skip
        return f'{start}\nclient = InferenceClient(base_url="{url}", {_HEADERS})\n{asking}{_PRINT}'

    def curl(self, url: str) -> str:
        """With curl; the token stands in ``$HF_TOKEN``."""
        body = self.body() | {"messages": _with_pictures(self.messages, _IN_SHELL)}
        return _curl(f"{url}/v1/chat/completions", body, "--no-buffer")


@dataclass(frozen=True)
class Drawing:
    """A request for a picture.

    Attributes:
        options: ``negative_prompt``, ``num_inference_steps``, ``guidance_scale``, ``seed``,
            ``width``, ``height``.
    """

    prompt: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The JSON that is sent to the endpoint's address."""
        return {"inputs": self.prompt, "parameters": dict(self.options)}

    def python(self, url: str) -> str:
        """With ``InferenceClient``, to copy."""
        asking = call("picture = client.text_to_image", self.prompt, **self.options)
        return (
            "from huggingface_hub import InferenceClient\n\n"
            f'client = InferenceClient(model="{url}", {_HEADERS})\n'
            f'{asking}picture.save("picture.png")\n'
        )

    def curl(self, url: str) -> str:
        """With curl; the token stands in ``$HF_TOKEN``."""
        return _curl(url, self.body(), '--header "Accept: image/png"', "--output picture.png")


def _with_pictures(messages: list[dict[str, Any]], place: str) -> list[dict[str, Any]]:
    """The messages with something that stands for each picture."""
    shown = []
    for message in messages:
        content = message["content"]
        if not isinstance(content, str):
            picture = {"type": "image_url", "image_url": {"url": place}}
            content = [picture if part["type"] == "image_url" else part for part in content]
        shown.append({**message, "content": content})
    return shown


def _curl(url: str, body: dict[str, Any], *options: str) -> str:
    text = json.dumps(body, indent=2, ensure_ascii=False).replace("'", "'\\''")
    place = json.dumps(_IN_SHELL)[1:-1]
    # JSON has no bare NUL, whatever the question holds.
    between = text.replace(place, _IN_SHELL).split("\0")
    with_picture = len(between) > 1
    lines = [
        f"curl {url}",
        '--header "Authorization: Bearer $HF_TOKEN"',
        '--header "Content-Type: application/json"',
        f'--header "X-Scale-Up-Timeout: {WAKE_SECONDS}"',
        *options,
        "--data-binary @-" if with_picture else f"--data '{text}'",
    ]
    command = " \\\n  ".join(lines) + "\n"
    return _piped(between, into=command) if with_picture else command


def _piped(between: list[str], *, into: str) -> str:
    """A command that reads some pieces of text, with the picture between them.

    By standard input, because Linux lets no argument of a command have more than 131,072 bytes,
    which a photograph has in base64.
    """
    texts = [f"  printf '%s' '{piece}'\n" for piece in between]
    picture = f"  base64 < {PICTURE_FILE} | tr -d '\\n'\n"
    return f"{{\n{picture.join(texts)}}} | {into}"
