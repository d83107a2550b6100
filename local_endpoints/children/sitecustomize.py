"""Local mode in the Python programs that a notebook or shell starts, and in those that they start.

While a process is connected to the local service, this folder stands in front of ``PYTHONPATH``,
so that every Python it starts (``!hf``, ``!python``, ``!pip``, ``subprocess``) runs this file
first; ``python -m local_endpoints env`` does the same for a shell. It gives ``huggingface_hub`` the
two addresses that no environment variable sets, puts up the wall, and then lets the
``sitecustomize`` that would have run without it have its turn.

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
LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
LONGEST_LINE = 2048


class OutOfReachError(Exception):
    """A program that a local notebook started asked for a real host."""


class Wall:
    """Refuses whatever asks for one of the real hosts by name, before anything is sent to it: to
    look the name up, to connect to it, to reach it through a proxy (``http.client``, and so
    ``urllib`` and ``requests``), or to speak TLS with it, wherever the connection leads.

    Python tells its audit hooks of all but two: TLS, and sockets that are given a name, of which
    it tells when the name has been looked up. There, a check stands in front of the methods.
    Nothing of it can be taken away again, so it has a switch.

    Args:
        refusal: makes the exception from the host's name.
    """

    def __init__(self, refusal: Callable[[str], Exception]) -> None:
        self.up = False
        self._refusal = refusal
        sys.addaudithook(self._hook)
        _as_soon_as_there("ssl", self._guard_tls)
        _as_soon_as_there("socket", self._guard_sockets)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.up:
            return
        if event in LOOKUPS:
            self._check(arguments[0])
        elif event == "http.client.send":
            self._check(_asked_of_proxy(arguments[1]))

    def _check(self, host: Any) -> None:
        name = _plain(host)
        if self.up and any(name == real or name.endswith("." + real) for real in REAL_HOSTS):
            raise self._refusal(name)

    def _guard_tls(self, ssl: Any) -> None:
        # The host's name is the only text among their arguments.
        for method in ("wrap_socket", "wrap_bio"):
            self._guard(ssl.SSLContext, method, lambda each: each if _is_text(each) else "")

    def _guard_sockets(self, socket: Any) -> None:
        # An address is a tuple that begins with the name.
        for method in ("connect", "connect_ex", "sendto", "sendmsg"):
            if hasattr(socket.socket, method):
                self._guard(
                    socket.socket, method, lambda each: each[0] if isinstance(each, tuple) else ""
                )

    def _guard(self, owner: Any, method: str, name_in: Callable[[Any], Any]) -> None:
        guarded = getattr(owner, method)

        def checked(*arguments: Any, **options: Any) -> Any:
            for each in (*arguments, *options.values()):
                self._check(name_in(each))
            return guarded(*arguments, **options)

        checked.__name__, checked.__doc__ = method, guarded.__doc__
        setattr(owner, method, checked)


def _asked_of_proxy(data: Any) -> bytes:
    """The host in the first line of what ``http.client`` sends, if it speaks to a proxy."""
    words = data[:LONGEST_LINE].split(b"\r\n", 1)[0].split(b" ") if _is_bytes(data) else []
    if len(words) != 3:
        return b""
    scheme, colon, address = words[1].partition(b"://")
    if words[0] == b"CONNECT":
        address = words[1]
    elif not colon or not scheme.isalpha():
        return b""
    return bytes(address.partition(b"/")[0].rpartition(b"@")[2].partition(b":")[0])


def _plain(host: Any) -> str:
    """A host's name as the system reads it: up to a zero byte, in small letters, without the last
    dot, and what Unicode has for letters, dots and nothing made ASCII."""
    if _is_bytes(host):
        host = host.decode("utf-8", "replace")
    name = str(host).partition("\0")[0]
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            return name  # Python does not look this up, either
    return name.lower().rstrip(".")


def _is_bytes(value: Any) -> bool:
    return isinstance(value, (bytes, bytearray))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or _is_bytes(value)


def addresses(service: str) -> dict[str, str]:
    """Names of ``huggingface_hub.constants`` without an environment variable, and their values
    for the local service at that address."""
    return {
        "INFERENCE_ENDPOINTS_ENDPOINT": f"{service}/v2",
        "INFERENCE_CATALOG_ENDPOINT": f"{service}/api/v1/catalog",
    }


def _as_soon_as_there(name: str, action: Callable[[Any], None]) -> None:
    """Do something to a module, at once or when it has been imported."""
    if name in sys.modules:
        action(sys.modules[name])
    else:
        sys.meta_path.insert(0, _AfterImport(name, action))


class _AfterImport:
    """An import hook: does something to a module as soon as it has run."""

    def __init__(self, name: str, action: Callable[[Any], None]) -> None:
        self._name = name
        self._action = action

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self._name:
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
            self._action(module)

        loader.exec_module = exec_module


def _refusal(name: str) -> Exception:
    return OutOfReachError(
        f"{name} is out of reach: this program was started from a notebook or shell that is "
        "connected to the local service. Start it from another terminal, or after connect('hf')"
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
        _as_soon_as_there(
            "huggingface_hub.constants", lambda module: vars(module).update(addresses(service))
        )
        Wall(_refusal).up = True
    _run_the_next_one()


if __name__ == "sitecustomize":
    _install()
