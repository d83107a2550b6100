"""Refusals in the real service's form, for the management API and the gateway alike; and
``ServiceError``, for those who look after the service itself.

The form was observed on the real service on 2026-10-10: ``error`` is ``<status> <phrase>`` where a
refusal is generic, ``<phrase>: <detail>`` where it is specific; ``code`` is the phrase in upper
snake case. That every refusal follows the pattern is an inference from the six that were seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

# As RFC 7231 names them. Python renamed these two in 3.13, after RFC 9110.
_PHRASES = {413: "Payload Too Large", 422: "Unprocessable Entity"}


class ServiceError(RuntimeError):
    """The local service could not be started, reached or stopped. The message says what to do."""


@dataclass
class ApiError(Exception):
    """A request that the service refuses.

    Args:
        status: HTTP status of the answer.
        detail: what was wrong; empty for a generic refusal.
        hub_code: value of the header ``X-Error-Code``, which the client maps to an exception
            class; only the hub side sends it. Empty: only ``X-Error-Message`` is sent.
    """

    status: int
    detail: str = ""
    hub_code: str | None = None

    def __str__(self) -> str:
        phrase = phrase_of(self.status)
        return f"{phrase}: {self.detail}" if self.detail else f"{self.status} {phrase}"

    def body(self) -> dict[str, str]:
        """The JSON object of the answer."""
        code = re.sub(r"\W+", "_", phrase_of(self.status)).upper()
        return {"error": str(self), "code": code}


def phrase_of(status: int) -> str:
    """The reason phrase of a status, the same under every version of Python."""
    return _PHRASES.get(status) or HTTPStatus(status).phrase


def header_text(text: str) -> str:
    """The text as a header's value: printable ASCII in one line. It may repeat what a request
    said."""
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text)


def bad_request(detail: str) -> ApiError:
    """400."""
    return ApiError(400, detail)


def not_found(detail: str) -> ApiError:
    """404."""
    return ApiError(404, detail)


def conflict(detail: str) -> ApiError:
    """409: name taken, or quota exceeded."""
    return ApiError(409, detail)
