"""Where the service answers in another way than vLLM, and why: by file and case."""

from __future__ import annotations

DIFFERENT: dict[tuple[str, str], str] = {}
