"""Fetches an image from a web address, for endpoints whose environment allows it.

The real servers fetch whatever address they are given. This service runs on a learner's own
computer, where a prompt must not become a way to the computer's own network. So only public
addresses are visited, and a name is resolved once: what was checked is what the connection uses.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from local_endpoints.containers.text.errors import ImageFault, ImageRefused

Address = IPv4Address | IPv6Address

WEB_PORTS = frozenset({80, 443})

MAX_BYTES = 64 * 1024**2
"""Of one image, whatever the endpoint's environment says: TGI's own default is a gigabyte."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

_HEADERS = {
    "accept": "*/*",
    # The byte cap counts what is received, so nothing may expand afterwards.
    "accept-encoding": "identity",
    "user-agent": "local-inference-endpoints",
}


def is_public(address: Address) -> bool:
    """Whether an address belongs to a single machine of the public internet.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) is judged by itself.
    """
    if isinstance(address, IPv6Address):
        address = _embedded(address) or address
    return address.is_global and not address.is_multicast and not address.is_reserved


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class Fetcher:
    """Fetches images.

    Redirects are not followed, proxies of the environment are not used, cookies are not kept. An
    answer other than 200 is refused; TGI's router would try to read its body as an image.

    Args:
        max_bytes: the largest image, counted in bytes as they are received; at most
            `MAX_BYTES`.
        timeout: seconds for the whole of one image.
        is_allowed: which addresses may be visited.
        ports: which ports may be; None allows all.
    """

    def __init__(
        self,
        *,
        max_bytes: int,
        timeout: float = 10.0,
        is_allowed: Callable[[Address], bool] = is_public,
        ports: frozenset[int] | None = WEB_PORTS,
    ) -> None:
        self._max_bytes = min(max_bytes, MAX_BYTES)
        self._timeout = timeout
        self._is_allowed = is_allowed
        self._ports = ports

    async def fetch(self, url: str) -> bytes:
        """The body behind an ``http`` or ``https`` URL.

        Raises:
            ImageRefused: it cannot be had, or is larger than allowed.
        """
        try:
            return await asyncio.wait_for(self._fetch(self._parse(url)), self._timeout)
        except asyncio.TimeoutError:
            raise _not_fetched(f"no complete answer within {self._timeout:g} seconds") from None
        except (aiohttp.ClientError, OSError) as error:
            # The text of these may hold the whole URL, or addresses.
            raise _not_fetched(f"the connection failed ({type(error).__name__})") from None
        except ValueError:
            # Names are encoded late, some only to be resolved.
            raise _not_fetched("the URL is not valid") from None

    def _parse(self, url: str) -> URL:
        target = URL(url)
        if target.scheme not in {"http", "https"} or not target.host:
            raise _not_fetched("the URL is not valid")
        if target.raw_user is not None or target.raw_password is not None:
            raise _not_fetched("leave user name and password out of the URL")
        if self._ports is not None and target.port not in self._ports:
            allowed = " and ".join(str(port) for port in sorted(self._ports))
            raise _not_fetched(f"port {target.port} is not allowed here, only {allowed}")
        return target

    async def _fetch(self, url: URL) -> bytes:
        assert url.host is not None and url.port is not None
        literal = _literal(url.host)
        found = [literal] if literal else await _resolve(url.host, url.port)
        addresses = [address for address in found if self._is_allowed(address)]
        if not addresses:
            raise _not_fetched("the host has no public address: send the picture as a data: URL")
        if isinstance(literal, IPv4Address):
            # The client takes only the usual spelling.
            url = url.with_host(str(literal))
        connector = aiohttp.TCPConnector(
            resolver=_Pinned(addresses), use_dns_cache=False, force_close=True
        )
        async with (
            aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=_HEADERS,
                trust_env=False,
                auto_decompress=False,
            ) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            return await self._read(response)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        if 300 <= response.status < 400:
            raise _not_fetched(
                f"the server answered {response.status}; redirects are not followed, use the "
                "address of the picture itself"
            )
        if response.status != 200:
            raise _not_fetched(f"the server answered {response.status}")
        content = bytearray()
        async for piece in response.content.iter_any():
            content += piece
            if len(content) > self._max_bytes:
                raise ImageRefused(
                    ImageFault.BYTES,
                    f"Image size {len(content)} bytes exceeds maximum allowed size of "
                    f"{self._max_bytes} bytes",
                )
        return bytes(content)


class _Pinned(AbstractResolver):
    """Answers every question with the addresses that were checked."""

    def __init__(self, addresses: Sequence[Address]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            {
                "hostname": host,
                "host": str(address),
                "port": port,
                "family": socket.AF_INET if address.version == 4 else socket.AF_INET6,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


def _literal(host: str) -> Address | None:
    """The address that a host is, in any spelling that sockets understand; None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


async def _resolve(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # The same address may come once per protocol.
        return list(dict.fromkeys(ipaddress.ip_address(info[4][0]) for info in found))
    except (OSError, ValueError):
        raise _not_fetched("the host's name cannot be resolved") from None


def _not_fetched(reason: str) -> ImageRefused:
    return ImageRefused(ImageFault.NOT_FETCHED, reason)
