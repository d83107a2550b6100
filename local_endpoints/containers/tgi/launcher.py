"""What stops the real container before it serves, apart from its limits.

Source: TGI 3.3.7, launcher/src/main.rs for the arguments; server/text_generation_server for what a
shard and the download of the weights run into. Of the many ways in which a GPU's server can fail,
those are imitated that follow from the environment alone.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from local_endpoints.containers.tgi.arguments import Arguments, invalid_argument
from local_endpoints.replicas.wire import ConfigurationError, ContainerSettings

logger = logging.getLogger(__name__)

MODEL_FOLDER = "/repository"
"""Where an endpoint mounts its model, and so the name that TGI gives it there."""

DTYPES = ("float16", "bfloat16")
KV_CACHE_DTYPES = ("fp8_e4m3fn", "fp8_e5m2")
ROPE_SCALINGS = ("linear", "dynamic")
USAGE_STATS = ("on", "no-stack", "off")
QUANTIZATIONS = (
    *("awq", "compressed-tensors", "eetq", "exl2", "gptq", "marlin"),
    *("bitsandbytes", "bitsandbytes-nf4", "bitsandbytes-fp4", "fp8"),
)
_UNQUANTIZED = {
    "awq": "RuntimeError: Cannot load `awq` weight, make sure the model is already quantized",
    "gptq": "RuntimeError: Cannot load `gptq` weight, make sure the model is already quantized, "
    "or quantize it with `text-generation-server quantize ORIGINAL_MODEL_ID NEW_MODEL_ID`",
    "marlin": "RuntimeError: Cannot load `marlin` weight, make sure the model is already quantized",
    "exl2": "RuntimeError: Cannot load `exl2`-quantized weight, make sure the model is already "
    "quantized.",
    "compressed-tensors": "ValueError: Checkpoint does not have compressed-tensors configuration",
}
"""What a shard says when it shall read weights that nobody has quantized."""


@dataclass(frozen=True)
class Launch:
    """The part of the launcher's arguments that decides whether the model is loaded.

    Attributes:
        model_id: ``MODEL_ID``, by default where the endpoint mounts its model.
        quantize, dtype: as given.
        shards: processes that share the model.
    """

    model_id: str
    quantize: str | None
    dtype: str | None
    shards: int

    @classmethod
    def from_settings(cls, settings: ContainerSettings) -> Launch:
        """Read and check the environment.

        Raises:
            ConfigurationError: with what the launcher ends with. Why a shard or the download
                ended stands in the log before it, as there.
        """
        arguments = Arguments(settings.env)
        _check_unused(arguments)
        launch = cls(
            model_id=settings.env.get("MODEL_ID", MODEL_FOLDER),
            quantize=arguments.choice("QUANTIZE", QUANTIZATIONS),
            dtype=arguments.choice("DTYPE", DTYPES),
            shards=_shards(arguments, settings),
        )
        if launch.shards > 1 and launch.quantize == "exl2":
            raise invalid_argument("Sharding is currently not supported with `exl2` quantization")
        launch._download(settings)
        launch._load(settings)
        return launch

    def _download(self, settings: ContainerSettings) -> None:
        if self.model_id not in (MODEL_FOLDER, settings.repository):
            logger.error(
                "Download encountered an error: MODEL_ID is %r. This container has the model of "
                "its endpoint only, as %r (or %r): leave MODEL_ID out",
                *(self.model_id, MODEL_FOLDER, settings.repository),
            )
            raise ConfigurationError("DownloadError")

    def _load(self, settings: ContainerSettings) -> None:
        reason = None
        if settings.accelerators and self.shards > settings.accelerators:
            reason = "AssertionError: Each process is one gpu"
        elif self.dtype and self.quantize and not self.quantize.startswith("bitsandbytes"):
            reason = (
                "RuntimeError: Only 1 can be set between `dtype` and `quantize`, as they both "
                "decide how goes the final model."
            )
        elif self.quantize in _UNQUANTIZED:
            reason = _UNQUANTIZED[self.quantize]
        if reason:
            logger.error("Shard complete standard error output:\n\n%s", reason)
            logger.error("Shard 0 failed to start")
            raise ConfigurationError("ShardCannotStart")
        if self.quantize or self.dtype:
            logger.warning(
                "QUANTIZE and DTYPE change nothing here: the pocket model is as small as it gets"
            )


def _check_unused(arguments: Arguments) -> None:
    """Arguments that mean nothing to a pocket model, but must be readable all the same."""
    for name in ("SPECULATE", "MAX_WAITING_TOKENS", "MASTER_PORT", "GRACEFUL_TERMINATION_TIMEOUT"):
        arguments.optional_integer(name)
    for name in ("PORT", "PROMETHEUS_PORT"):
        arguments.optional_integer(name, most=2**16 - 1)
    for name in ("WAITING_SERVED_RATIO", "CUDA_MEMORY_FRACTION", "ROPE_FACTOR"):
        arguments.optional_float(name)
    for name in ("WATERMARK_GAMMA", "WATERMARK_DELTA"):
        arguments.optional_float(name)
    arguments.choice("KV_CACHE_DTYPE", KV_CACHE_DTYPES)
    arguments.choice("ROPE_SCALING", ROPE_SCALINGS)
    arguments.choice("USAGE_STATS", USAGE_STATS)


def _shards(arguments: Arguments, settings: ContainerSettings) -> int:
    """``find_num_shards`` of the launcher; without either variable every accelerator is used."""
    sharded = arguments.choice("SHARDED", ("true", "false"))
    wanted = arguments.optional_integer("NUM_SHARD")
    found = max(1, settings.accelerators)
    if sharded == "true" and wanted is None and found <= 1:
        raise ConfigurationError(
            f'NotEnoughCUDADevices("`sharded` is true but only found {found} CUDA devices")'
        )
    if sharded == "true" and wanted is not None and wanted <= 1:
        raise invalid_argument("`sharded` is true but `num_shard` <= 1")
    if wanted == 0:
        raise invalid_argument("`num_shard` cannot be < 1")
    if wanted is None:
        return 1 if sharded == "false" else found
    return wanted
