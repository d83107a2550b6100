"""JSON as serde_json writes it: no spaces, and no escapes beyond the necessary ones."""

from __future__ import annotations

import json

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A document as text."""
