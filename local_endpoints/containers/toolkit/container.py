"""A toolkit container: the pipeline, the engine and the routes, put together.

Source: huggingface-inference-toolkit 0.5.6, ``webservice_starlette.py``. Where the toolkit works
on one request at a time, this one works on a few in one batch; a client sees only that it waits
less.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from PIL import Image
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from local_endpoints.containers.http.body import read_bytes
from local_endpoints.containers.http.logged import log_missing
from local_endpoints.containers.http.serde import BodyError
from local_endpoints.containers.http.sse import ClientGoneError, nobody_listens, unless_gone
from local_endpoints.containers.toolkit.arguments import read_call
from local_endpoints.containers.toolkit.content import read_body, write_image
from local_endpoints.containers.toolkit.docs import PATH, openapi
from local_endpoints.containers.toolkit.errors import RefusalError
from local_endpoints.containers.toolkit.sdxl import Picture, SdxlCall
from local_endpoints.containers.toolkit.settings import (
    MAX_BODY_BYTES,
    MAX_REQUESTS,
    ToolkitSettings,
)
from local_endpoints.engine.diffusion.config import DiffusionConfig
from local_endpoints.engine.diffusion.part import ImagePart, ImageSettings
from local_endpoints.engine.diffusion.request import ImageRequest
from local_endpoints.engine.errors import EngineStoppedError, QueueFullError
from local_endpoints.engine.part import Engines
from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings

logger = logging.getLogger(__name__)

VERSION = "0.5.6"

Loaded = TypeVar("Loaded")


class ToolkitContainer:
    """One container.

    Args:
        settings: the order.
        engines: those of the process; none by default.

    Attributes:
        engine: set by `start`.

    Raises:
        ConfigurationError: the environment is refused, or the folder holds no pipeline.
    """

    def __init__(self, settings: ContainerSettings, engines: Engines | None = None) -> None:
        self._settings = settings
        self._engines = engines or Engines()
        self._own = ToolkitSettings.from_env(settings.env)
        _or_refuse(DiffusionConfig.load, settings.model_dir)
        self.engine: ImagePart | None = None

    async def start(self) -> ASGIApp:
        """Load and warm the model; returns the application.

        Raises:
            ConfigurationError: the pipeline's files do not fit together.
        """
        settings = self._settings
        logger.info("Hugging Face Inference Toolkit %s dialect, local service", VERSION)
        logger.info(
            "A pocket model draws here, not the real %s: small, local, trained for this course",
            settings.repository,
        )
        drawing = partial(ImageSettings, threads=self._own.threads, max_batch=self._own.max_batch)
        self.engine = _or_refuse(
            lambda folder: ImagePart(self._engines, drawing(folder), max_requests=MAX_REQUESTS),
            settings.model_dir,
        )
        probe = ImageRequest("", num_inference_steps=1, seed=0)
        try:
            # Where others use the engine, a start shall not take as long as all their pictures.
            await asyncio.wrap_future(self.engine.submit(probe, first=True))
        except Exception as error:
            self.stop()
            raise _unusable(settings.model_dir, error) from None
        config = self.engine.config
        side = config.image_size
        logger.info("Ready: %d x %d pixels, %s scheduler", side, side, self._own.solver)
        sdxl = SdxlCall(config, self._own.solver, settings.repository)
        return _application(ToolkitRoutes(self.engine, sdxl), _vertex_routes(settings.env))

    def stop(self) -> None:
        """End the engine's thread."""
        if self.engine is not None:
            self.engine.stop()


class ToolkitRoutes:
    """The routes.

    Args:
        engine: makes the images.
        sdxl: reads what is asked for.
    """

    def __init__(self, engine: ImagePart, sdxl: SdxlCall) -> None:
        self._engine = engine
        self._sdxl = sdxl

    async def health(self, request: Request) -> Response:
        """``GET /`` and ``GET /health``."""
        return PlainTextResponse("Ok")

    async def metrics(self, request: Request) -> Response:
        """``GET /metrics``."""
        return PlainTextResponse(
            f"inf_batch_current_size {self._engine.active_count}\n"
            f"inf_queue_size {self._engine.waiting_count}\n"
        )

    async def openapi(self, request: Request) -> Response:
        """``GET /openapi.json``."""
        return JSONResponse(openapi(VERSION))

    async def predict(self, request: Request) -> Response:
        """``POST /`` and ``POST /predict``: one image."""
        started = time.perf_counter()
        try:
            wanted = await self._read(request)
            image = await unless_gone(request.receive, self._draw(wanted.request))
            accept = request.headers.get("accept")
            body, media_type = await asyncio.to_thread(_written, wanted, image, accept)
        except RefusalError as error:
            return _refused(request, error)
        except (ClientGoneError, ClientDisconnect):
            raise
        except Exception as error:
            # The toolkit answers whatever goes wrong this way; the engine has logged where.
            return _refused(request, RefusalError(str(error), logged=type(error).__name__))
        logger.info(
            "POST %s | Duration: %.2f ms, %d x %d, %d steps, guidance %g, seed %d%s",
            *(request.url.path, (time.perf_counter() - started) * 1000),
            *(image.width, image.height),
            *(wanted.request.num_inference_steps, wanted.request.guidance_scale),
            wanted.request.seed,
            f", enlarged to {wanted.width} x {wanted.height}" if wanted.is_enlarged else "",
        )
        return Response(body, media_type=media_type)

    async def _read(self, request: Request) -> Picture:
        try:
            body = await read_bytes(request, limit=MAX_BODY_BYTES)
        except BodyError:
            raise RefusalError(
                f"The local container takes bodies of up to {MAX_BODY_BYTES} bytes"
            ) from None
        document = read_body(body, request.headers.get("content-type"))
        return self._sdxl.read(read_call(document, request.query_params))

    async def _draw(self, wanted: ImageRequest) -> Image.Image:
        """The image; cancelling the task takes it out of the engine."""
        try:
            return await asyncio.wrap_future(self._engine.submit(wanted))
        except (QueueFullError, EngineStoppedError) as error:
            raise RefusalError(str(error)) from None


def _written(wanted: Picture, drawn: Image.Image, accept: str | None) -> tuple[bytes, str]:
    return write_image(wanted.finished(drawn), accept)


def _refused(request: Request, error: RefusalError) -> Response:
    logger.warning("POST %s refused: %s", request.url.path, error.logged)
    return error.response()


def _or_refuse(load: Callable[[Path], Loaded], folder: Path) -> Loaded:
    try:
        return load(folder)
    except Exception as error:
        # onnxruntime and tokenizers have exceptions of their own for damaged files.
        raise _unusable(folder, error) from None


def _unusable(folder: Path, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"{folder.name} holds no text-to-image model that the toolkit can serve: "
        f"{type(error).__name__}: {error}"
    )


def _vertex_routes(env: Mapping[str, str]) -> frozenset[str]:
    """Routes that the toolkit has on Vertex AI, where these variables name them."""
    if env.get("AIP_MODE") != "PREDICTION":
        return frozenset()
    names = ("AIP_HEALTH_ROUTE", "AIP_PREDICT_ROUTE")
    return frozenset(env[name] for name in names if name in env)


def _application(routes: ToolkitRoutes, not_served: frozenset[str]) -> ASGIApp:
    async def missing(request: Request, error: Exception) -> Response:
        log_missing(request, engine="the Inference Toolkit", known=not_served)
        return PlainTextResponse("Not Found", HTTPStatus.NOT_FOUND)

    return Starlette(
        routes=[
            Route("/", routes.health, methods=["GET"]),
            Route("/health", routes.health, methods=["GET"]),
            Route("/", routes.predict, methods=["POST"]),
            Route("/predict", routes.predict, methods=["POST"]),
            Route("/metrics", routes.metrics, methods=["GET"]),
            Route(PATH, routes.openapi, methods=["GET"]),
        ],
        exception_handlers={
            HTTPStatus.NOT_FOUND: missing,
            ClientGoneError: nobody_listens,
            ClientDisconnect: nobody_listens,
        },
    )
