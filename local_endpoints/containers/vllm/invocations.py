"""``/invocations``, SageMaker's name for chats and completions alike
(entrypoints/serve/sagemaker/api_router.py)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import ValidationError
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from local_endpoints.containers.vllm.chat import ChatRoute
from local_endpoints.containers.vllm.chat_body import ChatBody
from local_endpoints.containers.vllm.completion_body import CompletionBody
from local_endpoints.containers.vllm.completions import CompletionRoute
from local_endpoints.containers.vllm.errors import Refused


@dataclass(frozen=True)
class Invocations:
    """Takes what either of two routes takes.

    Attributes:
        chat: is asked first.
        completions: is asked then.
    """

    chat: ChatRoute
    completions: CompletionRoute

    async def create(self, request: HttpRequest) -> Response:
        """``POST /invocations``: as the route answers whose body it is."""
        try:
            document = json.loads(await request.body())
        except ValueError as error:
            kind = HTTPStatus.BAD_REQUEST.phrase
            raise Refused(f"JSON decode error: {error}", kind=kind) from None
        try:
            return await self.chat.create(ChatBody.model_validate(document), request)
        except ValidationError:
            pass
        try:
            body = CompletionBody.model_validate(document)
        except ValidationError:
            raise Refused(
                "Cannot find suitable handler for request. Expected one of: "
                "['ChatCompletionRequest', 'CompletionRequest']"
            ) from None
        return await self.completions.create(body, request)
