"""All that is asked."""

from __future__ import annotations

from collections.abc import Mapping

from tests.local_endpoints.containers.vllm.asked import (
    arguments,
    chats,
    completions,
    routes,
    structured,
    tools,
)
from tests.local_endpoints.containers.vllm.asked.case import Case

Table = Mapping[str, Case]
TABLES: dict[str, tuple[str, Table]] = {
    "routes": ("plain", routes.ROUTES),
    "bodies": ("plain", routes.BODIES),
    "tokens": ("plain", routes.TOKENS),
    "answers": ("plain", chats.ANSWERS),
    "stops": ("plain", chats.STOPS),
    "sampling": ("plain", chats.SAMPLING),
    "fields": ("plain", chats.FIELDS),
    "messages": ("plain", chats.MESSAGES),
    "completions": ("plain", completions.COMPLETIONS),
    "structured": ("plain", structured.STRUCTURED),
    "tools_without_flags": ("plain", tools.WITHOUT_FLAGS),
    "tools": ("tools", tools.TOOLS),
    "other": ("other", arguments.OTHER),
    "unusual": ("unusual", arguments.UNUSUAL),
    "thinking": ("thinking", arguments.THINKING),
}
"""Which server answers which questions; the name is that of the recorded file."""
