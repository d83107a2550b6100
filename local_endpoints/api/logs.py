"""What replicas have said: as text, and as records that can be searched; both also as they come.

Paths and parameters are those of the service's OpenAPI document (2.0.0, 2026). That a line of the
text is ``- <time> <line>``, the fields of a record and the ``Link`` to its next page third parties'
clients have written down (March to October 2026). How the real service finds a line's level was
not: here it is the first word that names one. The form of an event is inferred.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from local_endpoints.access import READ
from local_endpoints.api.context import Context
from local_endpoints.api.management import Readable, permit
from local_endpoints.api.pages import page
from local_endpoints.api.requests import Caller, moment, whole_number
from local_endpoints.control_plane.deployment import Deployment
from local_endpoints.control_plane.endpoint import Endpoint, iso
from local_endpoints.errors import bad_request, not_found
from local_endpoints.replicas.log import Log

router = APIRouter()
TEXT = "/v2/endpoint/{namespace}/{name}/logs"
RECORDS = "/v3/endpoint/{namespace}/{name}/logs"

DEFAULT_TAIL = 100
MOST_TAIL = 1_000_000
DEFAULT_LIMIT = 1000
MOST_RECORDS = 5000
LONGEST_LINE = 1_000_000
FOLLOW_SECONDS = 0.2
"""Real time between two looks for what is new."""

_LEVEL = re.compile(r"\b(TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b|^(Error|Warning)\b")
_LEVEL_WITHIN = 80


@dataclass(frozen=True)
class Record:
    """A line and where it comes from.

    Attributes:
        at: when it came, in seconds since the epoch.
        replica: full name of the replica that said it.
    """

    at: float
    replica: str
    line: str

    @property
    def level(self) -> str | None:
        """In lower case; None where the line names none."""
        found = _LEVEL.search(self.line[:_LEVEL_WITHIN])
        return found[0].lower() if found else None

    def to_text(self) -> str:
        """As a line of text."""
        return f"- {iso(self.at).removesuffix('Z')}+00:00 {self.line}"

    def to_object(self) -> dict[str, Any]:
        """As the structured log has it. Both streams of a container come as one here."""
        return {
            "timestamp": iso(self.at),
            "line": self.line,
            "stream": "stdout",
            "replica_id": self.replica,
            "level": self.level,
        }


@dataclass(frozen=True)
class Wanted:
    """Which records are asked for.

    Attributes:
        all_kept: also those of replicas that are gone, not only where none is left.
        replica: full name of one; empty for all.
        level, search: what they must have; empty for any. ``search`` ignores case.
        since, until: in seconds since the epoch, both inclusive.
        tail: so many of the newest.
        width: longer lines are cut.
    """

    all_kept: bool
    replica: str
    tail: int
    width: int
    level: str = ""
    search: str = ""
    since: float = -math.inf
    until: float = math.inf

    def logs(self, deployment: Deployment) -> dict[str, Log]:
        """Where to look. Raises: ApiError 404 for a replica whose log is not kept."""
        found = deployment.logs()
        if self.replica:
            if self.replica not in found:
                known = ", ".join(found) or "none yet"
                raise not_found(f"no log of replica {self.replica}. There are: {known}")
            return {self.replica: found[self.replica]}
        if self.all_kept:
            return found
        return {name: found[name] for name in deployment.ids() or list(found)[-1:]}

    def records(self, logs: dict[str, Log], seen: dict[str, int]) -> list[Record]:
        """What fits, oldest first, without the first ``seen`` lines of each log."""
        found = [
            Record(line.at, name, line.text[: self.width])
            for name, log in logs.items()
            for line in log.since(seen.get(name, 0))
            if self.since <= line.at <= self.until and self.search.lower() in line.text.lower()
        ]
        if self.level:
            found = [record for record in found if record.level == self.level.lower()]
        found.sort(key=lambda record: record.at)
        return found[-self.tail :] if not seen else found


async def _text(
    context: Context,
    caller: Caller,
    namespace: str,
    replica: str = "",
    tail: str = str(DEFAULT_TAIL),
    line_max_length: str = str(LONGEST_LINE),
) -> Wanted:
    permit(context, caller, namespace, READ)
    return Wanted(
        all_kept=False,
        replica=replica,
        tail=whole_number(tail, "tail", most=MOST_TAIL),
        width=whole_number(line_max_length, "line_max_length", most=LONGEST_LINE),
    )


async def _records(
    context: Context,
    caller: Caller,
    namespace: str,
    replica: str = "",
    level: str = "",
    search: str = "",
    since: str = "",
    until: str = "",
    tail: str = str(MOST_TAIL),
    line_max_length: str = str(LONGEST_LINE),
) -> Wanted:
    permit(context, caller, namespace, READ)
    return Wanted(
        all_kept=True,
        replica=replica,
        tail=whole_number(tail, "tail", most=MOST_TAIL),
        width=whole_number(line_max_length, "line_max_length", most=LONGEST_LINE),
        level=level,
        search=search,
        since=moment(since, "since") if since else -math.inf,
        until=moment(until, "until") if until else math.inf,
    )


OfText = Annotated[Wanted, Depends(_text)]
OfRecords = Annotated[Wanted, Depends(_records)]


@router.get(TEXT)
async def read_text(
    request: Request, context: Context, wanted: OfText, endpoint: Readable, follow: str = "false"
) -> Response:
    """The newest lines as text, and with ``follow`` those that come."""
    if follow not in ("true", "false"):
        raise bad_request("follow must be true or false")
    deployment = context.lifecycle.deployment(endpoint)
    logs = wanted.logs(deployment)
    if follow == "true":
        lines = _following(request, endpoint, deployment, wanted, _as_line)
        return StreamingResponse(lines, media_type="text/plain")
    return PlainTextResponse("".join(map(_as_line, wanted.records(logs, {}))))


@router.get(f"{TEXT}/sse")
async def stream_text(
    request: Request, context: Context, wanted: OfText, endpoint: Readable
) -> StreamingResponse:
    """The newest lines and those that come, each an event."""
    return _events(request, context, wanted, endpoint, Record.to_text)


@router.get(RECORDS)
async def read_records(
    request: Request,
    response: Response,
    context: Context,
    wanted: OfRecords,
    endpoint: Readable,
    limit: str = str(DEFAULT_LIMIT),
    order: str = "asc",
    cursor: str = "",
) -> list[dict[str, Any]]:
    """What was said, also by replicas that are gone; a header leads to the next page."""
    size = whole_number(limit, "limit", most=MOST_RECORDS)
    if order not in ("asc", "desc"):
        raise bad_request("order must be asc or desc")
    found = wanted.records(wanted.logs(context.lifecycle.deployment(endpoint)), {})
    shown, following = page(found if order == "asc" else found[::-1], cursor=cursor, size=size)
    if following is not None:
        query = request.url.include_query_params(cursor=following).query
        # Behind a proxy the request's own address is not the public one.
        address = f"{context.base_url}{request.url.path}?{query}"
        response.headers["Link"] = f'<{address}>; rel="next"'
    return [record.to_object() for record in shown]


@router.get(f"{RECORDS}/sse")
async def stream_records(
    request: Request, context: Context, wanted: OfRecords, endpoint: Readable
) -> StreamingResponse:
    """What was said and what is being said, each record an event."""
    return _events(request, context, wanted, endpoint, lambda each: json.dumps(each.to_object()))


def _as_line(record: Record) -> str:
    return f"{record.to_text()}\n"


def _events(
    request: Request,
    context: Context,
    wanted: Wanted,
    endpoint: Endpoint,
    write: Callable[[Record], str],
) -> StreamingResponse:
    deployment = context.lifecycle.deployment(endpoint)
    wanted.logs(deployment)

    def event(record: Record) -> str:
        parts = re.split(r"\r\n|\r|\n", write(record))
        return "".join(f"data: {part}\n" for part in parts) + "\n"

    events = _following(request, endpoint, deployment, wanted, event)
    return StreamingResponse(events, media_type="text/event-stream")


async def _following(
    request: Request,
    endpoint: Endpoint,
    deployment: Deployment,
    wanted: Wanted,
    write: Callable[[Record], str],
) -> AsyncIterator[str]:
    """What there is and what comes, until the client goes, or the endpoint, or the one replica."""
    seen: dict[str, int] = {}
    while endpoint.deleted_at is None and not await request.is_disconnected():
        if wanted.replica and wanted.replica not in deployment.logs():
            return
        logs = wanted.logs(deployment)
        new = wanted.records(logs, seen)
        seen.update({name: log.taken for name, log in logs.items()})
        for record in new:
            yield write(record)
        await asyncio.sleep(FOLLOW_SECONDS)
