"""``/invocations``: Amazon SageMaker's one route for everything (router/src/sagemaker.rs)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request as HttpRequest

from local_endpoints.containers.http.body import read_json
from local_endpoints.containers.tgi.chat import ChatRoute
from local_endpoints.containers.tgi.completions import CompletionRoute
from local_endpoints.containers.tgi.generate import GenerateRoutes
from local_endpoints.containers.tgi.schemas import ChatRequest, GenerateRequest, invocation


@dataclass(frozen=True)
class InvocationRoute:
    """A body for ``/``, for a chat or for a completion, told apart by its shape."""

    generate: GenerateRoutes
    chat: ChatRoute
    completion: CompletionRoute

    async def invoke(self, request: HttpRequest) -> Any:
        """``POST /invocations``: as the route answers that the body is meant for."""
        body = await read_json(request, invocation, limit=self.generate.limits.payload_limit)
        if isinstance(body, GenerateRequest):
            return await self.generate.compat_reply(request, body)
        if isinstance(body, ChatRequest):
            return await self.chat.reply(request, body)
        return await self.completion.reply(request, body)
