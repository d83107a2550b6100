"""Refusals. The toolkit answers whatever goes wrong with 400 and the exception's text."""

from __future__ import annotations

import json

from starlette.responses import Response

LOGGED_CHARACTERS = 300


class RefusalError(Exception):
    """A request that gets no picture.

    Args:
        text: what the client reads.
        logged: what the log says instead; to be given wherever the text repeats what the client
            sent, so that no prompt gets into the log.

    Attributes:
        logged: one line for the log.
    """

    def __init__(self, text: str, *, logged: str | None = None) -> None:
        super().__init__(text)
        self.logged = " ".join((logged or text).split())[:LOGGED_CHARACTERS]

    def response(self) -> Response:
        """The answer."""
        body = json.dumps({"error": str(self)}, ensure_ascii=False, separators=(",", ":"))
        # Half a surrogate pair has no UTF-8.
        encoded = body.encode(errors="replace")
        return Response(encoded, 400, media_type="application/json")
