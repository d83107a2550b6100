"""What passes between a client and a replica: which headers, and where they lead."""

from __future__ import annotations

import re
from urllib.parse import unquote

import aiohttp
from starlette.types import Message, Scope
from yarl import URL

from local_endpoints.errors import bad_request
from local_endpoints.replicas.replica import Replica

# Hop-by-hop headers (RFC 9110, section 7.6.1), and the one that belongs to the gateway.
DROPPED = frozenset(
    {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade",
     b"proxy-authorization", b"proxy-authenticate", b"host"}
)  # fmt: skip
# The service sets these two itself.
_DROPPED_FROM_ANSWERS = DROPPED | {b"date", b"x-request-id"}
_SLASH = re.compile(r"/|\\|%2f|%5c", re.IGNORECASE)


def names_of(replica: Replica) -> set[bytes]:
    """Headers that pass between gateway and replica at most: no client sends or sees them."""
    names = (*replica.headers, *replica.withheld, replica.signature)
    return {name.lower().encode("latin-1") for name in names}


def target_of(scope: Scope, replica: Replica) -> URL:
    """The same path and query, byte by byte: what is percent-encoded stays so.

    Raises:
        ApiError: 400, the path could lead out of the one that the replica's address has.
    """
    rest = scope["raw_path"][1:].partition(b"/")[2].decode("latin-1")
    is_below = URL(replica.url).path not in ("", "/")
    # A proxy in front of it may resolve dots, and would put the operator's key to another use.
    if is_below and ".." in map(unquote, _SLASH.split(rest)):
        raise bad_request("the path leads out of the endpoint")
    query = scope["query_string"].decode("latin-1")
    return URL(f"{replica.url}/{rest}" + (f"?{query}" if query else ""), encoded=True)


def head_of(response: aiohttp.ClientResponse, replica: Replica, url: str) -> Message:
    """The answer's head. Where it leads elsewhere in the container, it leads there by the
    endpoint's address: that of the replica is nobody's business."""
    dropped, inside = _DROPPED_FROM_ANSWERS | names_of(replica), f"{replica.url}/".encode()

    def told(name: bytes, value: bytes) -> bytes:
        is_inside = name == b"location" and value.startswith(inside)
        return f"{url}/".encode() + value.removeprefix(inside) if is_inside else value

    return {
        "type": "http.response.start",
        "status": response.status,
        "headers": [
            (name.lower(), told(name.lower(), value))
            for name, value in response.raw_headers
            if name.lower() not in dropped
        ],
    }
