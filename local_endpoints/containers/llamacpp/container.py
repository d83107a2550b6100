"""A container in which llama.cpp itself answers: its own server, on a port of its own."""

from __future__ import annotations

import logging
import os
import secrets
from typing import Any

from local_endpoints.containers.llamacpp.arguments import PREFIX, apply
from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings

logger = logging.getLogger(__name__)

ROOT = "/replica"
"""Where its routes are. llama.cpp asks nobody for a key at ``/health`` and ``/v1/models``, by
their whole paths (``server-http.cpp``, 2026): below another root it asks everybody everywhere."""

_RUNNING: list[Any] = []
"""Servers, kept until the process ends: one that is forgotten waits for threads that, told to end
just after the start, never hear of it."""

MISSING = (
    'llama.cpp is not installed. Install the extra that brings it: pip install -e ".[llamacpp]"'
)


class LlamaCppContainer:
    """One container.

    Args:
        settings: the order; ``model_dir`` is the GGUF file.

    Raises:
        ConfigurationError: llama.cpp is not installed, the file is not there, or a variable is
            refused.
    """

    def __init__(self, settings: ContainerSettings) -> None:
        self._settings = settings
        file, named = settings.model_dir, settings.env.get(f"{PREFIX}MODEL", "")
        if named and named.rpartition("/")[2] != file.name:
            raise ConfigurationError(
                f"{settings.repository} has no file {named}: its modelPath is {file.name}"
            )
        if not file.is_file():
            raise ConfigurationError(f"{file} is gone: pull or add the model again")
        self._params = self._make_params()

    def listen(self) -> str:
        """Load the model and open the port. Returns: the address.

        Raises:
            ConfigurationError: llama.cpp does not take the file; its log says why.
        """
        from xllamacpp import Server

        settings = self._settings
        logger.info(
            "%s speaks here itself: llama.cpp (xllamacpp) with the file %s",
            settings.repository,
            settings.model_dir.name,
        )
        try:
            server = Server(self._params)
        except RuntimeError:
            raise ConfigurationError(
                f"llama.cpp cannot load {settings.model_dir.name}: the lines above say why. It may "
                "be broken, no language model, or larger than the memory that is free"
            ) from None
        _RUNNING.append(server)
        return f"{server.listening_address}{ROOT}"

    def stop(self) -> None:
        """The end of the process ends it: nothing of it has to be written down."""

    def _make_params(self) -> Any:
        # It moves the port where it believes itself on Google's cloud.
        os.environ.pop("AIP_MODE", None)
        # Its threads wait for each other by spinning, for those whom they keep from the core. On
        # two cores with a load of 11 the pocket Gemma made 15 to 692 tokens/s so, and 360 to 1,304
        # in this way; its quickest answer took 0.11 s, and 0.15 s in this way. Read at import.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            from xllamacpp import CommonParams
        except ImportError:
            raise ConfigurationError(MISSING) from None
        settings, params = self._settings, CommonParams()
        params.model.path = str(settings.model_dir)
        params.model_alias = {settings.repository}
        params.hostnames = ["127.0.0.1"]
        params.port = 0
        params.api_prefix = ROOT
        # Of a single key, its log would show the end.
        params.api_keys = [settings.replica_key, secrets.token_urlsafe(24)]
        params.cors_origins = ""
        params.ui = False
        params.offline = True
        params.endpoint_metrics = True
        apply(settings.env, params)
        return params
