"""A TGI container: the model, the engine and the routes, put together."""

from __future__ import annotations

import asyncio
import hmac
import logging
from http import HTTPStatus
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from local_endpoints.containers.http.logged import log_missing
from local_endpoints.containers.http.serde import BodyError
from local_endpoints.containers.http.sse import ClientGoneError, nobody_listens
from local_endpoints.containers.text.errors import RequestError, TemplateRefused
from local_endpoints.containers.text.images import ImageLoader, PromptImages
from local_endpoints.containers.text.intake import Intake
from local_endpoints.containers.text.stream import TOKENS_EVERY
from local_endpoints.containers.text.template import ChatTemplate
from local_endpoints.containers.tgi.chat import ChatRoute
from local_endpoints.containers.tgi.completions import CompletionRoute
from local_endpoints.containers.tgi.errors import CompletionRefused, worded
from local_endpoints.containers.tgi.generate import GenerateRoutes
from local_endpoints.containers.tgi.info import VERSION, InfoRoutes
from local_endpoints.containers.tgi.invocations import InvocationRoute
from local_endpoints.containers.tgi.launcher import Launch
from local_endpoints.containers.tgi.limits import Limits
from local_endpoints.containers.tgi.metrics import Metrics
from local_endpoints.containers.tgi.openai import Origin
from local_endpoints.containers.tgi.tokenize import TokenizeRoutes
from local_endpoints.containers.tgi.validation import Validator
from local_endpoints.engine.part import Engines
from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.engine.text.delivery import LoopDelivery
from local_endpoints.engine.text.part import TextEngine, TextPart, TextSettings
from local_endpoints.engine.text.vision import VisionEncoder
from local_endpoints.replicas.wire import ContainerSettings

logger = logging.getLogger(__name__)

NOT_SERVED = frozenset({"/vertex"})
"""Routes of TGI (router/src/server.rs) that are not imitated; this one is only in images that are
built for Google's platform."""


class TgiContainer:
    """One container.

    Args:
        settings: the order.
        engines: those of the process; none by default.

    Attributes:
        engine: set by `start`.

    Raises:
        ConfigurationError: the environment is refused.
    """

    def __init__(self, settings: ContainerSettings, engines: Engines | None = None) -> None:
        self._settings = settings
        self._engines = engines or Engines()
        self._launch = Launch.from_settings(settings)
        self._config = ModelConfig.load(settings.model_dir)
        self._limits = Limits.from_env(settings.env, self._config)
        self.engine: TextPart | None = None

    async def start(self) -> ASGIApp:
        """Load and warm the model; returns the application."""
        settings, limits = self._settings, self._limits
        logger.info("Text Generation Inference %s dialect, local service", VERSION)
        logger.info(
            "A pocket model speaks here, not the real %s: small, local, trained for this course",
            settings.repository,
        )
        computing = TextSettings(
            settings.model_dir,
            slots=limits.slots,
            # The probe needs two, also where the limits let no request through.
            max_total_tokens=max(2, limits.max_total_tokens),
            max_prefill_tokens=limits.max_batch_prefill_tokens,
            max_batch_tokens=limits.max_batch_total_tokens,
            tokens_every=TOKENS_EVERY,
        )
        self.engine = TextPart(
            self._engines,
            computing,
            # Permits bound what is in flight; a cancelled request leaves the engine a step later.
            max_requests=2 * limits.max_concurrent_requests + 1,
            deliver=LoopDelivery(asyncio.get_running_loop()),
        )
        metrics = _metrics(self.engine, limits)
        intake = Intake(
            self.engine,
            max_concurrent_requests=limits.max_concurrent_requests,
            words=lambda error: worded(error).text,
            observer=metrics,
        )
        await intake.probe()
        logger.info(
            "Ready: max_input_tokens %d, max_total_tokens %d, max_concurrent_requests %d",
            *(limits.max_input_tokens, limits.max_total_tokens, limits.max_concurrent_requests),
        )
        images = _images(self.engine.vision, self._config, limits)
        validator = Validator(limits, self.engine.codec, images)
        return self._application(intake, validator, metrics)

    def stop(self) -> None:
        """End the engine's thread."""
        if self.engine is not None:
            self.engine.stop()

    def _application(self, intake: Intake, validator: Validator, metrics: Metrics) -> ASGIApp:
        settings, limits, model_id = self._settings, self._limits, self._launch.model_id
        info = InfoRoutes(intake, settings, limits, model_id)
        generate = GenerateRoutes(intake, validator, limits, metrics)
        template = ChatTemplate.load(settings.model_dir)
        origin = Origin(model_id, f"{VERSION}-{settings.docker_label}")
        chat = ChatRoute(intake, validator, limits, metrics, template, origin)
        completion = CompletionRoute(intake, validator, limits, metrics, origin)
        tokenize = TokenizeRoutes(validator, limits, metrics, template)
        invocation = InvocationRoute(generate, chat, completion)
        guard = _Authorization(limits.api_key)

        async def root(request: HttpRequest) -> Any:
            if request.method == "POST":
                return await guard(generate.compat)(request)
            return await info.health(request)

        def get(path: str, endpoint: Any) -> Route:
            return Route(path, endpoint, methods=["GET"])

        def post(path: str, endpoint: Any) -> Route:
            return Route(path, guard(endpoint), methods=["POST"])

        async def refusal(request: HttpRequest, error: Exception) -> Response:
            assert isinstance(error, RequestError)
            if isinstance(error, (TemplateRefused, CompletionRefused)):
                # The intake counts what comes to it.
                metrics.failed(error)
            return worded(error).response()

        app = Starlette(
            routes=[
                Route("/", root, methods=["GET", "POST"]),
                get("/health", info.health),
                get("/ping", info.health),
                get("/info", info.info),
                get("/v1/models", info.models),
                get("/metrics", metrics.metrics),
                get("/docs", info.docs),
                get("/api-doc/openapi.json", info.openapi),
                post("/generate", generate.generate),
                post("/generate_stream", generate.generate_stream),
                post("/v1/chat/completions", chat.completions),
                post("/v1/completions", completion.completions),
                post("/invocations", invocation.invoke),
                post("/tokenize", tokenize.tokenize),
                # Not behind the API key, in TGI either.
                Route("/chat_tokenize", tokenize.chat_tokenize, methods=["POST"]),
            ],
            exception_handlers={
                HTTPException: _empty_refusal,
                BodyError: _body_refusal,
                RequestError: refusal,
                ClientGoneError: nobody_listens,
                ClientDisconnect: nobody_listens,
            },
        )
        app.router.redirect_slashes = False
        return app


def _metrics(engine: TextEngine, limits: Limits) -> Metrics:
    def now() -> dict[str, float]:
        batch = list(engine.active)
        return {
            "tgi_batch_current_size": len(batch),
            "tgi_batch_current_max_tokens": sum(
                len(request.prompt) + request.max_new_tokens for request in batch
            ),
            "tgi_batch_max_total_tokens": limits.max_batch_total_tokens,
            "tgi_queue_size": engine.waiting_count,
        }

    return Metrics(
        max_input_tokens=limits.max_input_tokens,
        max_total_tokens=limits.max_total_tokens,
        gauges=now,
    )


def _images(
    vision: VisionEncoder | None, config: ModelConfig, limits: Limits
) -> PromptImages | None:
    if vision is None or config.image_token is None:
        return None
    fetcher = None
    if limits.fetch_images:
        # Its HTTP client takes a tenth of a second to import, and hardly anybody wants it.
        from local_endpoints.containers.text.fetch import Fetcher

        fetcher = Fetcher(max_bytes=limits.max_image_fetch_size)
    return PromptImages(vision, image_token=config.image_token, loader=ImageLoader(fetcher))


class _Authorization:
    """TGI's own API key: 401 with an empty body unless ``Authorization: Bearer KEY`` matches.

    The router compares the whole header without regard to case; a real endpoint sets no key and
    leaves authorization to the proxy.
    """

    def __init__(self, api_key: str | None) -> None:
        self._expected = None if api_key is None else f"Bearer {api_key}".lower().encode()

    def __call__(self, endpoint: Any) -> Any:
        async def guarded(request: HttpRequest) -> Any:
            given = request.headers.get("authorization", "").lower().encode("latin-1", "replace")
            if self._expected is not None and not hmac.compare_digest(given, self._expected):
                return Response(status_code=401)
            return await endpoint(request)

        return guarded


async def _empty_refusal(request: HttpRequest, error: Exception) -> Response:
    """Unknown paths and wrong methods: axum answers them without a body."""
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        log_missing(request, engine="TGI", known=NOT_SERVED)
    return Response(status_code=error.status_code, headers=error.headers)


async def _body_refusal(request: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, BodyError)
    return PlainTextResponse(error.text, error.status)
