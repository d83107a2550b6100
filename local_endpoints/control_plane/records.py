"""What is kept of a service: an endpoint as a record, which is plain JSON, and all of them."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError

from local_endpoints.control_plane.billing import Meter
from local_endpoints.control_plane.endpoint import Endpoint
from local_endpoints.control_plane.served import resolve
from local_endpoints.control_plane.spec import EndpointSpec

logger = logging.getLogger(__name__)

Record = dict[str, Any]
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading raises when what is there was not written by ``record_of``."""

# 10,000 years after Christ: what ``datetime`` cannot write.
END_OF_TIME = 253_402_300_800


@dataclass(frozen=True)
class Saved:
    """What was found of an earlier service.

    Attributes:
        port: the one that it was served on.
        saved_at: when it was written, in seconds since the epoch.
        records: of its endpoints, in their order.

    Raises:
        ValueError: for values of the wrong type or size.
    """

    port: int
    saved_at: float
    records: list[Record]

    def __post_init__(self) -> None:
        types = {"port": int, "saved_at": int | float, "records": list}
        wrong = [name for name, kind in types.items() if not isinstance(getattr(self, name), kind)]
        if wrong or not 0 <= self.saved_at < END_OF_TIME:
            raise ValueError(f"what it says of {', '.join(wrong) or 'saved_at'}")


def record_of(endpoint: Endpoint) -> Record:
    """The endpoint as JSON: whatever of it does not follow from something else."""
    data = {
        name: value
        for name, value in vars(endpoint).items()
        if name not in {"spec", "served", "meter", "deleted_at"}
    }
    spec = endpoint.spec.model_dump(by_alias=True)
    return {**data, "spec": spec, "meter": asdict(endpoint.meter)}


def endpoint_of(record: Record) -> Endpoint | None:
    """The endpoint that the record was made of; ``None`` when what it served is gone.

    Raises:
        one of ``UNREADABLE``: it was made of none.
    """
    data = dict(record)
    try:
        spec = EndpointSpec.model_validate(data.pop("spec"))
    except ValidationError as error:
        # Its own text would repeat what is there, secrets as well.
        (fault, *_) = error.errors(include_input=False)
        raise ValueError(f"an endpoint's {'.'.join(map(str, fault['loc']))}") from None
    meter = Meter.from_json(data.pop("meter"))
    served = resolve(spec)
    if served is None:
        logger.warning("endpoint %s is left out: its model, image or hardware is gone", spec.name)
        return None
    return Endpoint(spec=spec, served=served, meter=meter, **data)
