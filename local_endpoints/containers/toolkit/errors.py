"""Refusals. The toolkit answers whatever goes wrong with 400 and the exception's text."""

from __future__ import annotations

from starlette.responses import Response

from local_endpoints.containers.http.json_text import encode
from local_endpoints.containers.http.logged import TEXT_CHARACTERS


class RefusalError(Exception):
    """A request that gets no image.

    Args:
        text: what the client reads.
        logged: what the log says instead; to be given wherever the text repeats what the client
            sent, so that no prompt gets into the log.

    Attributes:
        logged: one line for the log.
    """

    def __init__(self, text: str, *, logged: str | None = None) -> None:
        super().__init__(text)
        self.logged = " ".join((logged or text).split())[:TEXT_CHARACTERS]

    def response(self) -> Response:
        """The answer."""
        # Half a surrogate pair has no UTF-8.
        body = encode({"error": str(self)}).encode(errors="replace")
        return Response(body, 400, media_type="application/json")
