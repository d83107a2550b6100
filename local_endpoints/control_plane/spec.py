"""What a client asks for when it creates or updates an endpoint.

The fields are those of the service's OpenAPI document as ``huggingface_hub`` 2.4 sends them. As on
the real service, unknown fields are dropped; ``notices`` says which.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from local_endpoints.control_plane.hardware import Compute, find_compute
from local_endpoints.control_plane.images import check_image, without_unknown_fields
from local_endpoints.dialects import Dialect, dialect_of
from local_endpoints.errors import ApiError, bad_request

NAME_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{2,30})[a-z0-9]")
DEFAULT_SCALE_TO_ZERO_MINUTES = 15
# Observed 2026-10-10; inclusive.
SCALE_TO_ZERO_MINUTES = (15, 2880)
MAX_REPLICAS = 8
NOT_IMITATED = (
    "privateService", "route", "network", "notifications", "experimentalFeatures", "customRouter",
)  # fmt: skip
"""Top-level fields that the real service acts on."""

PROTECTED = "protected"
"""What older clients send for ``private``, ``huggingface_hub`` 0.29 to 1.33 by default."""

EnvValue = Annotated[str, Field(max_length=32_768)]


def _not_protected(value: object) -> object:
    return "private" if value == PROTECTED else value


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, strict=True)


class Scaling(_Part):
    """How many replicas, and when none.

    Attributes:
        scale_to_zero_timeout: idle local minutes before scaling to zero, 15 to 2880; only with
            ``min_replica`` 0, where the default is 15.
        measure: ``{"hardwareUsage": threshold}`` or ``{"pendingRequests": threshold}``.
    """

    min_replica: int = 0
    max_replica: int = 1
    scale_to_zero_timeout: int | None = None
    measure: dict[str, float | None] | None = None


class ComputeSpec(_Part):
    """The hardware of one replica, by its names in the hardware list."""

    accelerator: str
    instance_size: str
    instance_type: str
    scaling: Scaling = Scaling()


class Model(_Part):
    """What runs: repository, container image and the container's settings.

    ``task`` may be left out but not be null; ``image`` is a dictionary with one key, the variant.
    """

    repository: str
    framework: str
    image: Annotated[dict[str, dict[str, Any]], AfterValidator(without_unknown_fields)]
    revision: str | None = None
    task: str = ""
    command: list[str] | None = None
    args: list[str] | None = None
    env: dict[str, EnvValue] = {}
    secrets: dict[str, EnvValue] = {}


class Provider(_Part):
    """Cloud vendor and region."""

    region: str
    vendor: str


class EndpointSpec(_Part):
    """The whole wish. Build it with ``parse_spec`` or ``merge_spec``, which check it."""

    name: str
    compute: ComputeSpec
    model: Model
    provider: Provider
    type: Annotated[Literal["public", "authenticated", "private"], BeforeValidator(_not_protected)]
    tags: list[str] = []
    cache_http_responses: bool = False

    @property
    def image_variant(self) -> str:
        """The key of ``model.image``."""
        return next(iter(self.model.image))

    @property
    def image(self) -> dict[str, Any]:
        """The fields of the image."""
        return self.model.image[self.image_variant]

    @property
    def image_url(self) -> str:
        """The image's address; empty for the variants that have none."""
        return str(self.image.get("url", ""))

    @property
    def dialect(self) -> Dialect | None:
        """What the local service runs for the image; ``None`` if it is not imitated."""
        return dialect_of(self.image_variant, self.image_url)

    @property
    def hardware(self) -> Compute | None:
        """The row of the hardware list, ``None`` if there is no such hardware."""
        return find_compute(
            vendor=self.provider.vendor,
            region=self.provider.region,
            accelerator=self.compute.accelerator,
            instance_type=self.compute.instance_type,
            instance_size=self.compute.instance_size,
        )

    @property
    def health_route(self) -> str:
        """Path below the endpoint's URL that answers 200 when the container is ready."""
        default = "/health" if self.image_variant != "custom" else "/"
        return str(self.image.get("healthRoute") or default)

    @property
    def idle_minutes(self) -> int | None:
        """Idle local minutes before scaling to zero, ``None`` when it never does."""
        scaling = self.compute.scaling
        if scaling.min_replica > 0:
            return None
        return scaling.scale_to_zero_timeout or DEFAULT_SCALE_TO_ZERO_MINUTES


def parse_spec(body: dict[str, Any]) -> EndpointSpec:
    """Check the body of a create request.

    Raises:
        ApiError: 400 with the service's text for a missing or mistyped field, a bad name, image
            or replica bounds, and for wishes that only the real service fulfils.
    """
    try:
        spec = EndpointSpec.model_validate(body)
    except ValidationError as error:
        raise _refusal(error) from None
    _check_name(spec.name)
    check_image(spec.model.image)
    _check_scaling(spec.compute.scaling)
    _check_imitated(spec, body)
    return spec


def merge_spec(spec: EndpointSpec, body: dict[str, Any]) -> EndpointSpec:
    """Apply the body of an update: nested objects are merged, ``model.image`` is replaced whole.

    Raises:
        ApiError: as ``parse_spec``, and 400 for an attempt to rename.
    """
    if body.get("name", spec.name) != spec.name:
        raise bad_request("VALIDATION_FAILED: name: an endpoint cannot be renamed")
    merged = _merge(spec.model_dump(by_alias=True), body)
    wanted = _part(_part(body, "compute"), "scaling")
    if wanted.get("minReplica", 0) and "scaleToZeroTimeout" not in wanted:
        # Replicas that always run have no idle time-out: the old one goes with the old bounds.
        merged["compute"]["scaling"].pop("scaleToZeroTimeout", None)
    return parse_spec(merged)


def _part(body: dict[str, Any], key: str) -> dict[str, Any]:
    """The nested object of that name; an empty one where ``parse_spec`` will find another type."""
    part = body.get(key)
    return part if isinstance(part, dict) else {}


def _merge(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, value in new.items():
        whole = key in {"image", "env", "secrets", "measure"}
        if isinstance(value, dict) and isinstance(old.get(key), dict) and not whole:
            merged[key] = _merge(old[key], value)
        else:
            merged[key] = value
    return merged


def _refusal(error: ValidationError) -> ApiError:
    """The first problem, worded as the service words it (observed in 2026)."""
    problem = error.errors(include_url=False)[0]
    *parents, last = [str(part) for part in problem["loc"]]
    if problem["type"] == "missing":
        where = ".".join(parents) or "body"
        return bad_request(f"VALIDATION_FAILED: {where}: missing field `{last}`")
    where = ".".join([*parents, last])
    if problem["type"] == "literal_error":
        return bad_request(f"VALIDATION_FAILED: {where}: {problem['msg'].lower()}")
    detail = "expected value" if problem["input"] is None else problem["msg"].lower()
    return bad_request(f"Failed to parse the request body as JSON: {where}: {detail}")


def _check_name(name: str) -> None:
    if not NAME_PATTERN.fullmatch(name):
        raise bad_request(
            "VALIDATION_FAILED: name: must have 4 to 32 characters, only lower-case letters, "
            "digits and hyphens, and neither start nor end with a hyphen"
        )


def _check_imitated(spec: EndpointSpec, body: dict[str, Any]) -> None:
    """Refuse what the real service acts on and this one does not: to accept it silently would
    hide the difference."""
    takes_args = spec.dialect is not None and spec.dialect.options
    wishes = {
        "model.command": spec.model.command,
        "model.args": None if takes_args else spec.model.args,
        "cacheHttpResponses": spec.cache_http_responses,
        **{
            f"model.image.{spec.image_variant}.{field}": spec.image.get(field)
            for field in (spec.dialect.not_imitated if spec.dialect else ())
        },
        **{name: body.get(name) for name in NOT_IMITATED},
    }
    refused = ", ".join(name for name, wish in wishes.items() if _asks_for_something(wish))
    if refused:
        raise bad_request(
            f"{refused}: not imitated by the local service. Leave it out; settings of the "
            "container go into env"
        )


def _asks_for_something(wish: object) -> bool:
    """Not so ``{}`` and ``{"cacheHttpResponses": {"enabled": false}}``: answers contain these."""
    parts = wish.values() if isinstance(wish, dict) else wish if isinstance(wish, list) else None
    return bool(wish) if parts is None else any(map(_asks_for_something, parts))


def _check_scaling(scaling: Scaling) -> None:
    problem = None
    idle, (least, most) = scaling.scale_to_zero_timeout, SCALE_TO_ZERO_MINUTES
    if not 0 <= scaling.min_replica <= scaling.max_replica:
        problem = "minReplica must be between 0 and maxReplica"
    elif not 1 <= scaling.max_replica <= MAX_REPLICAS:
        problem = f"maxReplica must be between 1 and {MAX_REPLICAS}"
    elif idle is not None and not least <= idle <= most:
        problem = f"scaleToZeroTimeout must be between {least} and {most} minutes"
    elif idle is not None and scaling.min_replica > 0:
        problem = "scaleToZeroTimeout requires minReplica 0"
    elif set(scaling.measure or {}) - {"hardwareUsage", "pendingRequests"}:
        problem = "measure must be `hardwareUsage` or `pendingRequests`"
    if problem:
        raise bad_request(f"VALIDATION_FAILED: compute.scaling: {problem}")
