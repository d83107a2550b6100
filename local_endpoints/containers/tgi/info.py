"""The routes that describe the container: health, ``/info``, models and documentation."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from local_endpoints.containers.text.intake import Intake
from local_endpoints.containers.tgi.answers import json_response
from local_endpoints.containers.tgi.docs import html_page, openapi
from local_endpoints.containers.tgi.errors import UNHEALTHY
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.replicas.wire import ContainerSettings

VERSION = "3.3.7"
"""The TGI release whose dialect this is."""


@dataclass(frozen=True)
class InfoRoutes:
    """Health, description and documentation.

    Attributes:
        intake: asked for its health.
        settings: the container's order.
        limits: what it accepts.
        model_id: the name it serves the model under.
    """

    intake: Intake
    settings: ContainerSettings
    limits: Limits
    model_id: str

    async def health(self, request: HttpRequest) -> Response:
        """``GET /health``, ``/ping`` and ``/``: 200 with an empty body."""
        return Response() if await self.intake.healthy() else UNHEALTHY.response()

    async def info(self, request: HttpRequest) -> Response:
        """``GET /info``."""
        limits = self.limits
        return json_response(
            {
                "model_id": self.model_id,
                "model_sha": None,
                "model_pipeline_tag": None,
                "max_concurrent_requests": limits.max_concurrent_requests,
                "max_best_of": limits.max_best_of,
                "max_stop_sequences": limits.max_stop_sequences,
                "max_input_tokens": limits.max_input_tokens,
                "max_total_tokens": limits.max_total_tokens,
                "validation_workers": limits.validation_workers,
                "max_client_batch_size": limits.max_client_batch_size,
                "router": "text-generation-router",
                "version": VERSION,
                "sha": None,
                "docker_label": self.settings.docker_label,
            },
            {},
        )

    async def models(self, request: HttpRequest) -> Response:
        """``GET /v1/models``."""
        model = {
            "id": self.model_id,
            "object": "model",
            "created": 0,
            "owned_by": self.model_id,
        }
        return json_response({"object": "list", "data": [model]}, {})

    async def openapi(self, request: HttpRequest) -> Response:
        """``GET /api-doc/openapi.json``."""
        return json_response(openapi(VERSION), {})

    async def docs(self, request: HttpRequest) -> Response:
        """``GET /docs``: a page without scripts or outside resources."""
        return HTMLResponse(html_page(openapi(VERSION)))
