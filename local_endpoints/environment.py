"""What of the learner's environment reaches neither the service and its replicas nor, in local
mode, a notebook and the programs it starts: real tokens, and where real tokens are kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

PRIVATE_VARIABLES = (
    *("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_OIDC_RESOURCE", "HF_OIDC_ID_TOKEN"),
    *("HF_TOKEN_PATH", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_ASSETS_CACHE"),
    *("HUGGINGFACE_ASSETS_CACHE", "HF_XET_CACHE", "HF_HUB_DISABLE_IMPLICIT_TOKEN"),
    *("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HUGGINGFACE_CO_STAGING"),
)
TOKEN = re.compile(r"\b(hf|api_org)_(oauth_)?[A-Za-z0-9]{30,}")


def private_variables() -> list[str]:
    """Names of this process's variables, and others, that are to be taken out: those above, and
    whatever has a real token in its text."""
    return [*PRIVATE_VARIABLES, *(name for name, text in os.environ.items() if TOKEN.search(text))]


def without_tokens(state_dir: Path) -> dict[str, str]:
    """The environment of this process for a service of the state directory. Libraries look for a
    stored token below ``HF_HOME``, or at home if that is missing: there they find none."""
    private = set(private_variables())
    kept = {name: text for name, text in os.environ.items() if name not in private}
    return {**kept, "HF_HOME": str(hub_home(state_dir))}


def hub_home(state_dir: Path) -> Path:
    """What stands in for ``~/.cache/huggingface`` in local mode."""
    return state_dir / "hf-home"
