"""Faults on demand: which request, or which start of a replica, shall go wrong, and how.

A fault is deterministic first: the next ``times`` requests that fit it fail, and those after them
succeed. With a ``rate`` each one is drawn by a generator with the fault's own seed, so that the
same requests in the same order fail in every run. What happens to them is done in ``faulty``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fnmatch import fnmatchcase
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from local_endpoints.errors import bad_request, not_found

Kind = Literal["status", "delay", "reset", "empty", "cut", "crash", "deployment"]
OF_REQUESTS: tuple[Kind, ...] = ("status", "delay", "reset", "empty")
"""What can happen to a request for the management API, the catalog and the hub side."""
OF_ENDPOINTS: tuple[Kind, ...] = (*OF_REQUESTS, "cut", "crash")
"""What can happen to a request for an endpoint."""
MOST_FAULTS = 100


def _known(status: int) -> int:
    HTTPStatus(status)
    return status


class Rule(BaseModel):
    """What a fault says of itself.

    Attributes:
        kind: ``status``: refused with that status, in the service's form; ``delay``: late, and
            nothing else; ``reset``: the connection is reset without an answer; ``empty``: 200 and
            no body; ``cut``: the answer's stream breaks off; ``crash``: the replica that answers
            is killed; ``deployment``: a replica dies as soon as it is started.
        endpoint: name of the endpoint; default any, and requests that name none.
        method: of the request; default any.
        path: of the request, below the endpoint's address for a request to one; ``*`` stands for
            any text. Default any, health routes included.
        times: how many there will be; default without end.
        rate: the share of fitting requests that it strikes; default all.
        seed: of the draw; default 0.
        delay: seconds before it strikes, for every kind; default 0.
        status, detail, retry_after: of ``status``: the status from 400 on, the text (default the
            generic one), seconds for a header ``Retry-After`` (default none).
        events: of ``cut`` and ``crash``: how many events of a stream arrive before; default 0. Of a
            cut answer that is no stream only the head arrives. Without events, a replica crashes
            before it has answered: 503.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    kind: Kind
    endpoint: str | None = None
    method: str | None = None
    path: str = Field("*", max_length=200)
    times: int | None = Field(None, ge=1)
    rate: float = Field(1.0, ge=0.0, le=1.0)
    seed: int = 0
    delay: float = Field(0.0, ge=0.0, le=600.0)
    status: Annotated[int, Field(ge=400, le=599), AfterValidator(_known)] = 500
    detail: str = Field("", max_length=1000)
    retry_after: int | None = Field(None, ge=0, le=86_400)
    events: int = Field(0, ge=0, le=100_000)


class Fault:
    """A rule and how often it has struck.

    Attributes:
        id: its name in lists.
        rule: as given.
        met: requests, or starts of replicas, that fitted it.
        struck: those of them that it struck.
    """

    def __init__(self, fault_id: str, rule: Rule) -> None:
        self.id = fault_id
        self.rule = rule
        self.met = 0
        self.struck = 0
        self._random = random.Random(rule.seed)

    def strikes(self) -> bool:
        """Whether it strikes this time; counts."""
        if self.struck == self.rule.times:
            return False
        self.met += 1
        if self._random.random() >= self.rule.rate:
            return False
        self.struck += 1
        return True

    def to_object(self) -> dict[str, Any]:
        """Its JSON object: the rule, ``id``, ``met`` and ``struck``."""
        return {"id": self.id, **self.rule.model_dump(), "met": self.met, "struck": self.struck}


class Faults:
    """The faults of one service, oldest first. They end with it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._made = 0

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def add(self, body: dict[str, Any]) -> Fault:
        """A new one. Raises: ApiError 400 for a rule that cannot be, or when there are 100."""
        try:
            rule = Rule.model_validate(body)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            where = ".".join(map(str, problem["loc"]))
            raise bad_request(f"{where}: {problem['msg'].lower()}") from None
        if len(self._faults) >= MOST_FAULTS:
            raise bad_request(f"there are {MOST_FAULTS} faults already: remove some")
        self._made += 1
        fault = Fault(f"f{self._made}", rule)
        self._faults.append(fault)
        return fault

    def remove(self, fault_id: str | None = None) -> None:
        """Remove one, or all. Raises: ApiError 404 if there is none of that name."""
        kept = [fault for fault in self._faults if fault_id not in (None, fault.id)]
        if fault_id is not None and len(kept) == len(self._faults):
            raise not_found(f"there is no fault {fault_id}")
        self._faults = kept

    def meet(
        self, kinds: tuple[Kind, ...], *, endpoint: str | None, method: str = "", path: str = ""
    ) -> Fault | None:
        """The first fault of these kinds that strikes a request; ``None`` if it is spared."""
        for fault in self._faults:
            rule = fault.rule
            if (
                rule.kind in kinds
                and rule.endpoint in (None, endpoint)
                and (rule.method or method).upper() == method
                and fnmatchcase(path, rule.path)
                and fault.strikes()
            ):
                return fault
        return None
