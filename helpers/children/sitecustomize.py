"""Local mode in the Python programs that a notebook starts, and in those that they start.

While a process is connected to the local service, this folder stands in front of ``PYTHONPATH``,
so that every Python it starts (``!hf``, ``!python``, ``!pip``, ``subprocess``) runs this file
first: it gives ``huggingface_hub`` the two addresses that no environment variable sets, puts up
the wall, and then lets the ``sitecustomize`` that would have run without it have its turn.

Every start pays for what stands here: standard library only, and only what is loaded anyway. It
runs on Python 3.8 and later, because other programs bring Pythons of their own. ``redirect``
imports the wall from here.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SERVICE_VARIABLE = "LOCAL_ENDPOINTS_URL"
REAL_HOSTS = ("huggingface.co", "huggingface.cloud", "hf.co", "hf.space")
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname")


class OutOfReachError(Exception):
    """A program that a local notebook started asked for a real host."""


class Wall:
    """Refuses to look up the real hosts' addresses, whatever library asks.

    An audit hook cannot be removed, so it has a switch.

    Args:
        refusal: makes the exception from the host's name.
    """

    def __init__(self, refusal: Callable[[str], Exception]) -> None:
        self.up = False
        self._refusal = refusal
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.up or event not in LOOKUPS:
            return
        host = arguments[0]
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        if _is_real_host(name):
            raise self._refusal(name)


def addresses(service: str) -> dict[str, str]:
    """Names of ``huggingface_hub.constants`` without an environment variable, and their values
    for the local service at that address."""
    return {
        "INFERENCE_ENDPOINTS_ENDPOINT": f"{service}/v2",
        "INFERENCE_CATALOG_ENDPOINT": f"{service}/api/v1/catalog",
    }


def _is_real_host(name: str) -> bool:
    name = name.lower().rstrip(".")
    return any(name == host or name.endswith(f".{host}") for host in REAL_HOSTS)


class _Addresses:
    """An import hook: sets the constants as soon as the client's module has run."""

    def __init__(self, service: str) -> None:
        self._service = service

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "huggingface_hub.constants":
            return None
        for finder in sys.meta_path:
            find_spec = getattr(finder, "find_spec", None)
            spec = find_spec(name, path, target) if find_spec and finder is not self else None
            if spec is not None and spec.loader is not None:
                self._extend(spec.loader)
                return spec
        return None

    def _extend(self, loader: Any) -> None:
        run = loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            vars(module).update(addresses(self._service))

        loader.exec_module = exec_module


def _refusal(name: str) -> Exception:
    return OutOfReachError(
        f"{name} is out of reach: this program was started from a notebook that is connected to "
        "the local service. Start it from a terminal, or after connect('hf')"
    )


def _run_the_next_one() -> None:
    """Run the ``sitecustomize`` that this one hides, if there is one."""
    folder = os.path.dirname(os.path.abspath(__file__))
    # Programs that are started from here find the folder in PYTHONPATH; nobody needs it any more.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != folder]
    this = sys.modules.pop("sitecustomize")
    try:
        __import__("sitecustomize")
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
    finally:
        # The import that is under way wants to find a module of this name.
        sys.modules.setdefault("sitecustomize", this)


def _install() -> None:
    service = os.environ.get(SERVICE_VARIABLE)
    if service:
        sys.meta_path.insert(0, _Addresses(service))
        Wall(_refusal).up = True
    _run_the_next_one()


if __name__ == "sitecustomize":
    _install()
