"""What every client asks."""

from __future__ import annotations

from typing import Any

GREETING: list[Any] = [{"role": "user", "content": "Hello, who are you?"}]
PERSON = "Ada is 36 years old. Write it as JSON."
WRITTEN_OUT = f"<|im_start|>user\n{PERSON}<|im_end|>\n<|im_start|>assistant\n"
"""As a chat stands in a prompt: a route that knows no chats writes no template."""
NAMED = 'Ada is 36 years old. Write it as JSON with the keys "who" and "years".'
WEATHER = "What is the weather in Paris?"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "who": {"type": "string", "maxLength": 20},
        "years": {"type": "integer", "minimum": 0, "maximum": 120},
    },
    "required": ["who", "years"],
    "additionalProperties": False,
}
"""Of names that nobody would choose who has not seen them."""
TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the current weather of a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "a city"}},
            "required": ["city"],
        },
    },
}
RESULT = "Sunny, 21 degrees"

ALL = {
    "greeting": GREETING,
    "person": PERSON,
    "weather": WEATHER,
    "schema": SCHEMA,
    "tool": TOOL,
}
"""For programs in another language."""
