"""JupyterHub as the one who knows whose token it is.

It is asked as its own ``HubAuth`` asks (jupyterhub 6.1, ``services/auth.py``): the caller's token
is shown at ``GET /user``, and the answer says whose it is and what it may do. So the service needs
no key of the Hub, reads none, and can do nothing there.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Collection
from typing import Any

import aiohttp

from local_endpoints.access.token import TOKEN_PREFIX
from local_endpoints.door.quiet import AtMost
from local_endpoints.environment import TOKEN
from local_endpoints.errors import ApiError, ServiceError
from local_endpoints.proof import digest_of

logger = logging.getLogger(__name__)
logger.addFilter(AtMost())

KEPT_SECONDS = 60.0
"""How long an answer holds; so long a token that the Hub has revoked may go on."""
MOST_KEPT = 4096
AT_ONCE = 4
ASK_SECONDS = 30.0
"""Long, because a class keeps Hub and service busy: late is better than refused."""
URL_VARIABLE, NAME_VARIABLE = "JUPYTERHUB_API_URL", "JUPYTERHUB_SERVICE_NAME"


class JupyterHub:
    """Tells the users of a Hub by their tokens.

    Args:
        api_url: of the Hub, such as ``http://127.0.0.1:8081/hub/api``.
        service: the name that the Hub's configuration gives this service. A token must have the
            scope ``access:services!service=NAME``, or ``access:services``.
        seconds: a clock that does not go back; default the computer's.
    """

    def __init__(
        self, api_url: str, *, service: str, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = f"{api_url.rstrip('/')}/user"
        self._scope = f"access:services!service={service}"
        self._seconds = seconds
        self._kept: dict[str, tuple[float, str | ApiError]] = {}
        self._asking = asyncio.Semaphore(AT_ONCE)

    @classmethod
    def of_environment(cls) -> JupyterHub:
        """The one whose service this process is, by the variables that a Hub gives its services.

        Raises:
            ServiceError: it is no service of a Hub.
        """
        api_url, service = os.environ.get(URL_VARIABLE), os.environ.get(NAME_VARIABLE)
        if not api_url or not service:
            raise ServiceError(
                f"--jupyterhub takes {URL_VARIABLE} and {NAME_VARIABLE} in the environment. A Hub "
                "sets them for a service that it starts; set them by hand for one that it does not"
            )
        return cls(api_url, service=service)

    async def user_of(self, token: str) -> str:
        """The name of the token's user. What looks like a token of somebody else, the real Hub or
        this service, is not shown to the Hub.

        Raises:
            ApiError: 401, the Hub does not know it; 403, it is not for this service; 503, the Hub
                does not answer within half a minute. Nobody is let in meanwhile.
        """
        if not token or token.startswith(TOKEN_PREFIX) or TOKEN.search(token):
            raise ApiError(401)
        try:
            answer = await asyncio.wait_for(self._answer(token), ASK_SECONDS)
        except (asyncio.TimeoutError, aiohttp.ClientError, ValueError) as error:
            # Not its repr, which for some has the request's headers.
            reason = str(error) or type(error).__name__
            logger.warning("%s does not say whose a token is: %s", self._url, reason)
            raise ApiError(503, "JupyterHub, which knows the users, does not answer") from None
        if isinstance(answer, ApiError):
            raise answer
        return answer

    async def _answer(self, token: str) -> str | ApiError:
        key = digest_of(token)
        if (known := self._remembered(key)) is None:
            async with self._asking:
                # Others with the same token were in front.
                if (known := self._remembered(key)) is None:
                    known = await self._ask(token)
                    self._remember(key, known)
        return known

    def _remembered(self, key: str) -> str | ApiError | None:
        until, answer = self._kept.get(key, (0.0, None))
        return answer if self._seconds() < until else None

    def _remember(self, key: str, answer: str | ApiError) -> None:
        self._kept.pop(key, None)
        while len(self._kept) >= MOST_KEPT:
            # Anybody can invent tokens: refusals go first.
            refused = (each for each, (_, kept) in self._kept.items() if isinstance(kept, ApiError))
            del self._kept[next(refused, next(iter(self._kept)))]
        self._kept[key] = (self._seconds() + KEPT_SECONDS, answer)

    async def _ask(self, token: str) -> str | ApiError:
        headers = {"Authorization": f"token {token}"}
        async with (
            aiohttp.ClientSession() as session,
            session.get(self._url, headers=headers, allow_redirects=False) as response,
        ):
            if response.status == 403:
                return ApiError(401)
            if response.status != 200:
                raise ValueError(f"status {response.status}")
            return self._read(await response.json())

    def _read(self, model: Any) -> str | ApiError:
        """Raises: ValueError, it is not how a Hub describes whose token it is."""
        try:
            kind, name, scopes = model["kind"], model["name"], model["scopes"]
        except (KeyError, TypeError):
            raise ValueError("no kind, name and scopes") from None
        if not isinstance(name, str) or not isinstance(scopes, Collection):
            raise ValueError("name or scopes of another form")
        if kind != "user":
            return ApiError(403, f"a {kind} of JupyterHub has no namespace: take a user's token")
        if not {self._scope, "access:services"} & set(scopes):
            return ApiError(403, f"this token of JupyterHub lacks the scope {self._scope}")
        return name
