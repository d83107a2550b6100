"""A few lines of JupyterHub: whose is this token? Its answers were seen of jupyterhub 6.1.1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SCOPE = "access:services!service=local-endpoints"


def user(name: str, *scopes: str, **more: Any) -> dict[str, Any]:
    """How the Hub describes a token of a user's server."""
    own = f"access:servers!server={name}/"
    return {
        "kind": "user",
        "name": name,
        "admin": False,
        "groups": [],
        "session_id": None,
        "scopes": sorted([own, *(scopes or [SCOPE])]),
        **more,
    }


@dataclass
class FakeHub:
    """It knows these tokens, and remembers which it was asked about.

    Attributes:
        tokens: what it says of whom, by the token.
        instead: what it answers, whatever it is asked.
        asked: the tokens that it was shown.
    """

    tokens: dict[str, Any] = field(default_factory=dict)
    instead: Response | None = None
    asked: list[str] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/hub/api/user", self._user)])

    async def _user(self, request: Request) -> Response:
        kind, _, token = request.headers["authorization"].partition(" ")
        assert kind == "token"
        self.asked.append(token)
        if self.instead is not None:
            return self.instead
        if token not in self.tokens:
            return JSONResponse({"status": 403, "message": "Forbidden"}, 403)
        return JSONResponse(self.tokens[token])
