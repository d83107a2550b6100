"""What the routes need of the service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from local_endpoints.access import Access
from local_endpoints.address import Address
from local_endpoints.control_plane.lifecycle import Lifecycle
from local_endpoints.faults import Faults
from local_endpoints.journal import Journal
from local_endpoints.owners import Owners


@dataclass(frozen=True)
class ServiceContext:
    """The service as its routes see it.

    Attributes:
        access: its tokens.
        lifecycle: its endpoints.
        owners: the processes that use it.
        address: where it is reached.
        stop: ends it; returns at once.
        faults: what shall go wrong.
        journal: what it was asked.
        shared: whether others than the operator, whom nobody may know, reach it.
    """

    access: Access
    lifecycle: Lifecycle
    owners: Owners
    address: Address
    stop: Callable[[], None]
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal)
    shared: bool = False

    @property
    def base_url(self) -> str:
        """What the addresses that it tells its clients begin with."""
        return self.address.url


# Not a plain function: FastAPI would run that in another thread, also every other dependency here.
async def _installed(request: Request) -> ServiceContext:
    context: ServiceContext = request.app.state.context
    return context


Context = Annotated[ServiceContext, Depends(_installed)]
