"""A vLLM container: the model, the engine and the routes, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI, HTTPException
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp

from local_endpoints.containers.http.logged import log_missing, shortened
from local_endpoints.containers.http.sse import ClientGoneError, nobody_listens
from local_endpoints.containers.text.errors import RequestError
from local_endpoints.containers.text.images import ImageLoader, PromptImages
from local_endpoints.containers.text.intake import Intake
from local_endpoints.containers.text.stream import TOKENS_EVERY
from local_endpoints.containers.text.template import ChatTemplate
from local_endpoints.containers.text.web import fetches_images
from local_endpoints.containers.vllm.arguments import ServeArguments
from local_endpoints.containers.vllm.chat import ChatRoute
from local_endpoints.containers.vllm.completions import CompletionRoute
from local_endpoints.containers.vllm.doors import LimitBody, RequireApiKey
from local_endpoints.containers.vllm.errors import Refused, invalid_body, worded
from local_endpoints.containers.vllm.generation import Generator
from local_endpoints.containers.vllm.info import InfoRoutes, docs
from local_endpoints.containers.vllm.invocations import Invocations
from local_endpoints.containers.vllm.media import MEDIA
from local_endpoints.containers.vllm.metrics import Metrics
from local_endpoints.containers.vllm.prompts import Prompts, transformers_json
from local_endpoints.containers.vllm.served import (
    VERSION,
    Served,
    primary_eos,
    sampling_defaults,
)
from local_endpoints.containers.vllm.tokenization import TokenRoutes
from local_endpoints.engine.part import Engines
from local_endpoints.engine.text.config import ModelConfig
from local_endpoints.engine.text.delivery import LoopDelivery
from local_endpoints.engine.text.part import TextEngine, TextPart, TextSettings
from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings

if TYPE_CHECKING:
    from local_endpoints.containers.text.fetch import Fetcher

logger = logging.getLogger(__name__)

MAX_FETCH_BYTES = 64 * 1024 * 1024
"""Of an image from the web."""

MAX_REQUESTS = 4096
"""Answers that wait or grow at once; the real server's queue has no end."""

KV_CACHE_BYTES = 256 * 1024 * 1024
"""Memory for keys and values that stands in for the GPU's; only used pages become resident."""

MAX_SLOTS = 32
"""Sequences in one batch; more gain nothing on a laptop's cores."""

NOT_SERVED = frozenset(
    {
        *("/v1/responses", "/v1/messages", "/v1/messages/count_tokens"),
        *("/v1/chat/completions/batch", "/generative_scoring", "/inference/v1/generate"),
        *("/tokenizer_info", "/redoc", "/docs/oauth2-redirect", "/scale_elastic_ep"),
    }
)
"""Routes of vLLM 0.30.0 that are not imitated."""


class VllmContainer:
    """One container.

    Args:
        settings: the order.
        engines: those of the process; none by default.

    Attributes:
        engine: set by `start`.

    Raises:
        ConfigurationError: the arguments or the environment are refused.
    """

    def __init__(self, settings: ContainerSettings, engines: Engines | None = None) -> None:
        self._settings = settings
        self._engines = engines or Engines()
        self._arguments = ServeArguments.from_settings(settings)
        self._config = ModelConfig.load(settings.model_dir)
        self._context = _context(self._arguments, self._config)
        self._defaults = sampling_defaults(settings.model_dir, self._arguments)
        self._fetches_images = fetches_images(settings.env)
        self.engine: TextPart | None = None

    async def start(self) -> ASGIApp:
        """Load and warm the model; returns the application."""
        settings = self._settings
        logger.info("vLLM %s dialect, local service", VERSION)
        logger.info(
            "A pocket model speaks here, not the real %s: small, local, trained for this course",
            settings.repository,
        )
        self.engine = self._make_engine()
        served = self._served(self.engine)
        intake = Intake(
            self.engine,
            max_concurrent_requests=MAX_REQUESTS,
            words=lambda error: worded(error).text,
        )
        await intake.probe()
        logger.info("Ready: max_model_len %d, served as %s", self._context, served.names)
        return application(served, intake, self.engine)

    def stop(self) -> None:
        """End the engine's thread."""
        if self.engine is not None:
            self.engine.stop()

    def _make_engine(self) -> TextPart:
        fitting = KV_CACHE_BYTES // (self._context * self._config.bytes_per_token)
        if not fitting:
            raise ConfigurationError(
                f"ValueError: To serve at least one request with the model's max seq len "
                f"({self._context}), more KV cache is needed than there is: decrease max_model_len"
            )
        slots = min(self._arguments.max_num_seqs or MAX_SLOTS, MAX_SLOTS, fitting)
        return TextPart(
            self._engines,
            TextSettings(
                self._settings.model_dir,
                slots=slots,
                max_total_tokens=self._context,
                max_prefill_tokens=self._arguments.max_num_batched_tokens or 8192,
                tokens_every=TOKENS_EVERY,
            ),
            # Intake bounds what is in flight; a cancelled request leaves the engine a step later.
            max_requests=2 * MAX_REQUESTS,
            deliver=LoopDelivery(asyncio.get_running_loop()),
        )

    def _served(self, engine: TextPart) -> Served:
        folder, arguments = self._settings.model_dir, self._arguments
        codec, vision, images = engine.codec, engine.vision, None
        if vision is not None and self._config.image_token is not None:
            loader = ImageLoader(self._fetcher(), MEDIA)
            images = PromptImages(vision, image_token=self._config.image_token, loader=loader)
        return Served(
            names=arguments.served_names,
            arguments=arguments,
            config=self._config,
            context=self._context,
            codec=codec,
            template=ChatTemplate.load(folder, tojson=transformers_json, trim_blocks=True),
            images=images,
            eos=primary_eos(folder, codec),
            defaults=self._defaults,
            fingerprint=_fingerprint(arguments, self._settings),
        )

    def _fetcher(self) -> Fetcher | None:
        """What gets images from the web, if that is allowed; vLLM always fetches them."""
        if not self._fetches_images:
            return None
        from local_endpoints.containers.text.fetch import Fetcher

        return Fetcher(max_bytes=MAX_FETCH_BYTES)


def application(served: Served, intake: Intake, engine: TextEngine) -> ASGIApp:
    """The routes of one model."""
    prompts = Prompts(served)
    generator = Generator(served, engine, prompts)
    metrics = Metrics(engine, model=served.names[0], context=served.context)
    chat = ChatRoute(served, intake, prompts, generator, metrics)
    completions = CompletionRoute(served, intake, prompts, generator, metrics)
    tokens = TokenRoutes(served, prompts)
    info = InfoRoutes(intake, served)
    app = FastAPI(docs_url=None, redoc_url=None)

    def get(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        app.add_api_route(path, endpoint, methods=["GET"], response_class=Response)

    def post(
        path: str, endpoint: Callable[..., Awaitable[Response]], *, only_json: bool = True
    ) -> None:
        checks = [Depends(_only_json)] if only_json else []
        app.add_api_route(path, endpoint, methods=["POST"], dependencies=checks)

    get("/health", info.health)
    get("/load", info.load)
    get("/version", info.version)
    get("/metrics", metrics.route)
    app.add_api_route("/docs", docs, include_in_schema=False)
    post("/tokenize", tokens.tokenize)
    post("/detokenize", tokens.detokenize)
    get("/v1/models", info.models)
    get("/ping", info.health)
    post("/ping", info.health, only_json=False)
    post("/invocations", Invocations(chat, completions).create)
    post("/v1/chat/completions", chat.create)
    post("/v1/completions", completions.create)
    app.add_middleware(LimitBody)
    app.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]
    )
    app.add_middleware(RequireApiKey, keys=served.arguments.api_keys)
    app.add_exception_handler(StarletteHTTPException, _no_route)
    app.add_exception_handler(HTTPException, _http_refusal)
    app.add_exception_handler(RequestValidationError, _body_refusal)
    app.add_exception_handler(RequestError, _worded_refusal)
    app.add_exception_handler(RecursionError, _too_deep)
    app.add_exception_handler(UnicodeEncodeError, _no_text)
    app.add_exception_handler(ClientGoneError, nobody_listens)
    app.add_exception_handler(ClientDisconnect, nobody_listens)
    return app


async def _only_json(request: Request) -> None:
    kind = request.headers.get("content-type", "").lower().partition(";")[0]
    if kind != "application/json":
        raise RequestValidationError(["Unsupported Media Type: Only 'application/json' is allowed"])


async def _no_route(request: Request, error: Exception) -> Response:
    """Unknown paths and wrong methods: vLLM leaves them to the framework."""
    assert isinstance(error, StarletteHTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND:
        log_missing(request, engine="vLLM", known=NOT_SERVED)
    return await http_exception_handler(request, error)


async def _http_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    return Refused(error.detail, status=status, kind=status.phrase).response()


async def _body_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid_body(error.errors()).response()


async def _too_deep(request: Request, error: Exception) -> Response:
    """Schemas and arguments of calls are gone through in Python."""
    return Refused("Lists and objects stand too deep in each other: nest them less.").response()


async def _no_text(request: Request, error: Exception) -> Response:
    """JSON can name halves of surrogate pairs: nothing can read them, and no answer repeat them."""
    return Refused("A text has half of a surrogate pair: send whole characters.").response()


async def _worded_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    refusal = worded(error)
    logger.warning("refused with %d: %r", refusal.status, shortened(refusal.text))
    return refusal.response()


def _context(arguments: ServeArguments, config: ModelConfig) -> int:
    """``max_model_len`` (config/model.py, ``_get_and_verify_max_len``)."""
    given = arguments.max_model_len
    if given is None or given == -1:
        return config.context
    if given < 1:
        raise ConfigurationError(f"ValueError: max_model_len must be positive, got {given}")
    if given > config.context:
        # The real server can be told to allow it; the pocket model's tables end there.
        raise ConfigurationError(
            f"ValueError: User-specified max_model_len ({given}) is greater than the derived "
            f"max_model_len (max_position_embeddings={config.context} or model_max_length=None "
            "in model's config.json). To allow overriding this maximum, set the env var "
            "VLLM_ALLOW_LONG_MAX_MODEL_LEN=1. VLLM_ALLOW_LONG_MAX_MODEL_LEN must be used with "
            "extreme caution."
        )
    return given


def _fingerprint(arguments: ServeArguments, settings: ContainerSettings) -> str | None:
    """``system_fingerprint``; where vLLM has a digest of its settings, the label that says that a
    pocket model speaks."""
    if arguments.fingerprint_mode == "none":
        return None
    if arguments.fingerprint_mode == "custom":
        return arguments.fingerprint_value
    return f"vllm-{VERSION}-{settings.docker_label}"
