"""Where the service answers in another way than vLLM, and why."""

from __future__ import annotations

_ONE_WAY = (
    "llguidance lets a text that only one text can continue be written in one way only; xgrammar "
    "takes every token that fits, so that other numbers and token counts come out"
)
_NO_TAGS = "structural tags are refused by name"
_NO_BEAMS = "beam search is refused by name"

DIFFERENT: dict[tuple[str, str], str] = {
    ("routes", "docs"): "the page has the service's own title",
    ("bodies", "null"): "a body that is null counts as one of the wrong type, not as missing",
    ("sampling", "beam search"): _NO_BEAMS,
    ("completions", "beam search"): _NO_BEAMS,
    ("sampling", "repetition detection"): "repetition detection is refused by name",
    ("structured", "format schema, unsupported"): (
        "xgrammar writes white space where llguidance writes what the model prefers"
    ),
    ("structured", "format structural tag"): _NO_TAGS,
    ("structured", "format structural tag, malformed"): _NO_TAGS,
    ("structured", "structural tag"): _NO_TAGS,
    ("structured", "choice with logprobs"): _ONE_WAY,
    ("structured", "format schema"): _ONE_WAY,
    ("structured", "format schema, strict"): _ONE_WAY,
    ("structured", "format schema in a stream"): _ONE_WAY,
    ("structured", "json"): _ONE_WAY,
    ("structured", "no white space"): _ONE_WAY,
    ("structured", "white space pattern"): _ONE_WAY,
    ("structured", "choice with quotes"): "vLLM fails at a line break in a choice",
}
"""By file and case. A test fails when one of these is not different any more."""

NOT_TAKEN = {
    "unusual": "--enable-request-id-headers",
    "thinking": "--reasoning-parser",
}
"""Files whose server has an argument that the local service refuses by name."""

STARTED = {
    "unknown quantization": "ignored, whatever its value",
}
"""Starts that vLLM refuses and the service does not."""
