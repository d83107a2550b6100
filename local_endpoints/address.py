"""Where a service is reached: on this computer, and by clients that come through a proxy.

What a proxy says of its clients (``Forwarded``, ``X-Forwarded-…``) is not believed: anybody who
reaches the port can say it, too. The operator says once, with ``--url``, what clients write, and
what the service tells them of addresses begins with that.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
PUBLIC_URL = re.compile(r"https?://[\w.-]+(:[0-9]{1,5})?(/[\w~.-]+)*", re.ASCII)


@dataclass(frozen=True)
class Address:
    """The addresses of one service.

    Attributes:
        port: on the loopback interface, where the service always listens.
        public: what clients write, with whatever path the proxy keeps for it, without a slash at
            the end; ``None`` where they come by the loopback interface.
    """

    port: int
    public: str | None = None

    @property
    def local(self) -> str:
        """For programs of this computer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """For clients."""
        return self.public or self.local

    @property
    def all(self) -> tuple[str, ...]:
        """Each of them, once."""
        return tuple(dict.fromkeys((self.local, self.url)))

    @property
    def hosts(self) -> frozenset[str]:
        """What may stand in a ``Host`` header. Any other is that of a web page whose name was made
        to resolve to this computer."""
        known = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        parts = urlsplit(self.url)
        host, default = str(parts.hostname), DEFAULT_PORTS[parts.scheme]
        if parts.port in (None, default):
            known.add(host)
        return frozenset({*known, f"{host}:{parts.port or default}"})

    def without_prefix(self, scope: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """The scope of a request as if the service had a host to itself. Some proxies take the
        path of the public address off, others leave it on."""
        prefix = urlsplit(self.url).path
        # What is compared is what is cut: a prefix has nothing that could be encoded.
        if not prefix or not (scope["raw_path"] + b"/").startswith(f"{prefix}/".encode()):
            return scope
        path, raw_path = scope["path"][len(prefix) :], scope["raw_path"][len(prefix) :]
        return {**scope, "path": path or "/", "raw_path": raw_path or b"/"}


def public_url(text: str) -> str:
    """A public address as it is kept.

    Raises:
        ValueError: it is none.
    """
    url = text.rstrip("/")
    parts = urlsplit(url)
    if not PUBLIC_URL.fullmatch(url) or not parts.hostname:
        raise ValueError(
            f"{text!r} is no address: http or https, a name, and a port or a path where it needs "
            "them, for example https://class.example.org/endpoints"
        )
    _ = parts.port  # Raises: ValueError, of a number that is none.
    place = parts.netloc.lower()
    if parts.scheme == "http":
        # The name may lead to two places, and what is proved is proved of one.
        place = place.replace("localhost", "127.0.0.1") if parts.hostname == "localhost" else place
    return url.replace(parts.netloc, place, 1)
