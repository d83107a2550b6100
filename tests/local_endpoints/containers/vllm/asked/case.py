"""One request, and how the tables write it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MODEL = "Qwen/Qwen3-1.7B"
"""The name that the servers give the model."""
QUESTION = "Hello, who are you?"
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Case:
    """A request, word for word.

    Attributes:
        content: the body as it goes over the wire.
    """

    method: str
    path: str
    content: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Tells that a recorded answer belongs to this very request."""
        whole = [self.method, self.path, self.content, dict(self.headers)]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:8]

    @property
    def drawn(self) -> bool:
        """Whether the answer depends on a generator."""
        try:
            body = json.loads(self.content)
        except ValueError:
            return False
        return isinstance(body, dict) and body.get("temperature", 0) not in (0, "0")


class Missing:
    """Stands for a field that is left out."""


LEFT_OUT = Missing()


def get(path: str, method: str = "GET") -> Case:
    """A request without a body."""
    return Case(method, path)


def post(path: str, body: Any) -> Case:
    """A JSON body."""
    return Case("POST", path, json.dumps(body), JSON)


def raw(path: str, content: str, content_type: str = "application/json") -> Case:
    """A body that is none, or of another type."""
    return Case("POST", path, content, {"content-type": content_type} if content_type else {})


def chat(content: Any = QUESTION, **changes: Any) -> Case:
    """A greedy chat of one message and eight tokens, but for the changes."""
    return post("/v1/chat/completions", chat_body(content, **changes))


def chat_body(content: Any = QUESTION, **changes: Any) -> dict[str, Any]:
    """What `chat` sends."""
    messages = [{"role": "user", "content": content}]
    plain = {"model": MODEL, "messages": messages, "max_tokens": 8, "temperature": 0}
    return _without_missing({**plain, **changes})


def completion(prompt: Any = "Hello", **changes: Any) -> Case:
    """A greedy completion of six tokens, but for the changes."""
    plain = {"model": MODEL, "prompt": prompt, "max_tokens": 6, "temperature": 0}
    return post("/v1/completions", _without_missing({**plain, **changes}))


def _without_missing(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not LEFT_OUT}
