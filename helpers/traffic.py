"""Hooks on the connections of ``huggingface_hub``: what sees, or stops, every request it makes.

The client's public ``set_client_factory`` decides how connections are made, but nothing public
tells how they are made at present: the factory of a program that has set its own, and the hooks
of the default one (offline mode, request ids, the download counter). Copying them from a client
that was made does not do: making one fails under a proxy it cannot use, and then a guard would
not be in place. So one private module is read, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
from huggingface_hub import set_async_client_factory, set_client_factory
from huggingface_hub.utils import _http

T = TypeVar("T")
OnRequest = Callable[[httpx2.Request], None]
OnResponse = Callable[[httpx2.Response], None]


def watch(
    *,
    on_request: OnRequest | None = None,
    on_response: OnResponse | None = None,
    direct: bool = False,
) -> None:
    """Let the hooks see all that this process's ``huggingface_hub`` sends and gets from now on,
    synchronously and asynchronously, in place of the hooks there were.

    Args:
        on_request: called before each request is sent; what it raises stops the request.
        on_response: called for every answer, whatever its status, before its body is read.
        direct: make connections as the client does by default, though the program has set a
            factory of its own: for a service on this computer, which no proxy of it can reach.
    """
    own, own_async = _own_factories()
    set_client_factory(
        _Factory(own, _http.default_client_factory if direct else own, on_request, on_response)
    )
    base = _http.default_async_client_factory if direct else own_async
    set_async_client_factory(_AsyncFactory(own_async, base, on_request, on_response))


def unwatch() -> None:
    """Make connections again as before the first ``watch``."""
    own, own_async = _own_factories()
    set_client_factory(own)
    set_async_client_factory(own_async)


@dataclass(frozen=True)
class _Factory:
    own: Callable[[], httpx2.Client]
    base: Callable[[], httpx2.Client]
    on_request: OnRequest | None
    on_response: OnResponse | None

    def __call__(self) -> httpx2.Client:
        client = self.base()
        _add_hooks(client, request=self.on_request, response=self.on_response)
        return client


@dataclass(frozen=True)
class _AsyncFactory:
    own: Callable[[], httpx2.AsyncClient]
    base: Callable[[], httpx2.AsyncClient]
    on_request: OnRequest | None
    on_response: OnResponse | None

    def __call__(self) -> httpx2.AsyncClient:
        client = self.base()
        _add_hooks(
            client,
            request=_asynchronous(self.on_request) if self.on_request else None,
            response=_asynchronous(self.on_response) if self.on_response else None,
        )
        return client


def _add_hooks(
    client: httpx2.Client | httpx2.AsyncClient, **hooks: Callable[[Any], Any] | None
) -> None:
    present = client.event_hooks
    client.event_hooks = {
        event: [*present.get(event, []), *([hook] if hook else [])] for event, hook in hooks.items()
    }


def _asynchronous(hook: Callable[[T], None]) -> Callable[[T], Awaitable[None]]:
    async def call(subject: T) -> None:
        hook(subject)

    return call


def _own_factories() -> tuple[Callable[[], httpx2.Client], Callable[[], httpx2.AsyncClient]]:
    """How connections are made when nobody watches."""
    present, present_async = _http._GLOBAL_CLIENT_FACTORY, _http._GLOBAL_ASYNC_CLIENT_FACTORY
    return (
        present.own if isinstance(present, _Factory) else present,
        present_async.own if isinstance(present_async, _AsyncFactory) else present_async,
    )
