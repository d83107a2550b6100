"""Refusals in the real service's form: a status and ``{"error": "<reason phrase>: <detail>"}``."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus


@dataclass
class ApiError(Exception):
    """A request that the service refuses.

    Args:
        status: HTTP status of the answer.
        detail: what was wrong; the body is ``{"error": "<reason phrase>: <detail>"}``.
        code: value of the header ``X-Error-Code``, which the client maps to an exception class.
    """

    status: int
    detail: str
    code: str | None = None

    def __str__(self) -> str:
        if self.status == 401:
            return self.detail  # observed bare, as ``UNAUTHORIZED``
        return f"{HTTPStatus(self.status).phrase}: {self.detail}"


def bad_request(detail: str) -> ApiError:
    """400."""
    return ApiError(400, detail)


def not_found(detail: str) -> ApiError:
    """404."""
    return ApiError(404, detail)


def conflict(detail: str) -> ApiError:
    """409: name taken, or quota exceeded."""
    return ApiError(409, detail)
