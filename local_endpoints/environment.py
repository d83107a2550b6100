"""What of the learner's environment reaches neither the service and its replicas nor, in local
mode, a notebook and the programs it starts: real tokens, and where real tokens are kept. And what
stands there instead, so that such programs talk to the local service."""

from __future__ import annotations

import os
import re
import sysconfig
from pathlib import Path
from urllib.parse import urlsplit

from local_endpoints.children.sitecustomize import REAL_HOSTS, SERVICE_VARIABLE

TOKEN_VARIABLE = "LOCAL_ENDPOINTS_TOKEN"
"""The user's token of a shared service, whose address `SERVICE_VARIABLE` has."""

PRIVATE_VARIABLES = (
    *("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_OIDC_RESOURCE", "HF_OIDC_ID_TOKEN"),
    *("HF_TOKEN_PATH", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_ASSETS_CACHE"),
    *("HUGGINGFACE_ASSETS_CACHE", "HF_XET_CACHE", "HF_HUB_DISABLE_IMPLICIT_TOKEN"),
    *("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HUGGINGFACE_CO_STAGING", TOKEN_VARIABLE),
)
OF_A_HUB = ("JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN")
"""JupyterHub's tokens for its services and for a user's server: a kernel needs them, we do not."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CHILDREN = Path(__file__).parent / "children"
TOKEN = re.compile(r"\b(hf|api_org)_(oauth_)?[A-Za-z0-9]{30,}")


def private_variables() -> list[str]:
    """Names of this process's variables, and others, that are to be taken out: those above, and
    whatever has a real token in its text."""
    return [*PRIVATE_VARIABLES, *(name for name, text in os.environ.items() if TOKEN.search(text))]


def without_tokens(state_dir: Path) -> dict[str, str]:
    """The environment of this process for a service of the state directory. Libraries look for a
    stored token below ``HF_HOME``, or at home if that is missing: there they find none."""
    private = {*private_variables(), *OF_A_HUB}
    kept = {name: text for name, text in os.environ.items() if name not in private}
    return {**kept, "HF_HOME": str(hub_home(state_dir))}


def hub_home(state_dir: Path) -> Path:
    """What stands in for ``~/.cache/huggingface`` in local mode."""
    return state_dir / "hf-home"


def local_variables(
    *, url: str, token: str, state_dir: Path, shared: bool = False
) -> dict[str, str | None]:
    """What has to differ from this process's environment where an unmodified ``huggingface_hub``
    shall talk to the service of that address, token and folder; ``None`` for what has to go. With
    ``shared``, ``helpers.connect`` finds that service there, too, and starts none."""
    return {
        **dict.fromkeys(private_variables()),
        "HF_ENDPOINT": url,
        "HF_HOME": str(hub_home(state_dir)),
        "HF_TOKEN": token,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "NO_PROXY": _no_proxy(url),
        "no_proxy": _no_proxy(url),
        # For programs: what `children` reads, and the `hf` and `python` of this environment, which
        # a kernel or a shell need not have in its path.
        SERVICE_VARIABLE: url,
        TOKEN_VARIABLE: token if shared else None,
        "PYTHONPATH": _joined(str(CHILDREN), os.environ.get("PYTHONPATH")),
        "PATH": _joined(sysconfig.get_path("scripts"), os.environ.get("PATH")),
    }


def is_local() -> bool:
    """Whether this process was started by one that is connected to the local service. That a hub
    names one in the environment does not connect anybody yet."""
    url = os.environ.get(SERVICE_VARIABLE)
    is_named_only = TOKEN_VARIABLE in os.environ and os.environ.get("HF_ENDPOINT") != url
    return url is not None and not is_named_only


def is_shared_named() -> bool:
    """Whether the environment names a shared service, which ``helpers.connect`` uses then."""
    return TOKEN_VARIABLE in os.environ


def _no_proxy(url: str) -> str:
    """Proxies are told to leave these hosts alone; otherwise they would look up the real hosts'
    names for us, on the other side of the wall."""
    present = [os.environ.get(name, "") for name in ("NO_PROXY", "no_proxy")]
    if "*" in (text.strip() for text in present):
        return "*"  # only alone it means every host
    own = str(urlsplit(url).hostname)
    hosts = [*LOOPBACK, own, *REAL_HOSTS, *(f".{host}" for host in REAL_HOSTS)]
    return ",".join(dict.fromkeys([*filter(None, present), *hosts]))


def _joined(first: str, present: str | None) -> str:
    """A search path. An empty entry would mean the present folder."""
    others = present.split(os.pathsep) if present else []
    return os.pathsep.join([first, *(others[1:] if others[:1] == [first] else others)])
