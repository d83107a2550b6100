"""The routes that describe the server: health, version, models, documentation."""

from __future__ import annotations

import html
import time
from dataclasses import dataclass

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from local_endpoints.containers.text.intake import Intake
from local_endpoints.containers.vllm.answers import random_id
from local_endpoints.containers.vllm.served import MODEL_FOLDER, VERSION, Served


@dataclass(frozen=True)
class InfoRoutes:
    """Health, description and documentation.

    Attributes:
        intake: asked for its health.
        served: the model.
    """

    intake: Intake
    served: Served

    async def health(self, request: Request) -> Response:
        """``GET /health``, ``GET`` and ``POST /ping``: 200 with an empty body."""
        return Response(status_code=200 if await self.intake.healthy() else 503)

    async def version(self, request: Request) -> Response:
        """``GET /version``."""
        return JSONResponse({"version": VERSION})

    async def load(self, request: Request) -> Response:
        """``GET /load``: without ``--enable-server-load-tracking`` nobody counts."""
        return JSONResponse({"server_load": 0})

    async def models(self, request: Request) -> Response:
        """``GET /v1/models``: one card per served name."""
        now = int(time.time())
        return JSONResponse(
            {
                "object": "list",
                "data": [self._card(name, now) for name in self.served.names],
            }
        )

    def _card(self, name: str, now: int) -> dict[str, object]:
        permission = {
            "id": f"modelperm-{random_id()}",
            "object": "model_permission",
            "created": now,
            "allow_create_engine": False,
            "allow_sampling": True,
            "allow_logprobs": True,
            "allow_search_indices": False,
            "allow_view": True,
            "allow_fine_tuning": False,
            "organization": "*",
            "group": None,
            "is_blocking": False,
        }
        return {
            "id": name,
            "object": "model",
            "created": now,
            "owned_by": "vllm",
            "root": MODEL_FOLDER,
            "parent": None,
            "max_model_len": self.served.context,
            "permission": [permission],
        }


async def docs(request: Request) -> Response:
    """``GET /docs``: the routes on a page that needs no scripts and nothing from outside, unlike
    vLLM's Swagger UI."""
    app: FastAPI = request.app
    rows = "\n".join(
        f"<li><code>{method.upper()} {html.escape(path)}</code>: "
        f"{html.escape(operation.get('summary', ''))}</li>"
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    )
    title = html.escape(f"vLLM {VERSION}")
    return HTMLResponse(
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n"
        "<p>Dialect spoken by a local container in which a pocket model answers. "
        f"Its bodies: <code>/openapi.json</code>.</p>\n<ul>\n{rows}\n</ul>\n</body>\n</html>\n"
    )
