"""How an existing endpoint differs from the one that was asked for."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from typing import Any

from huggingface_hub import (
    InferenceEndpoint,
    create_inference_endpoint,
    update_inference_endpoint,
)

from helpers.errors import ParameterError

# What ``create_inference_endpoint`` takes, and where the service's description has it.
PLACES: dict[str, tuple[str, ...]] = {
    "framework": ("model", "framework"),
    "revision": ("model", "revision"),
    "task": ("model", "task"),
    "vendor": ("provider", "vendor"),
    "region": ("provider", "region"),
    "accelerator": ("compute", "accelerator"),
    "instance_type": ("compute", "instanceType"),
    "instance_size": ("compute", "instanceSize"),
    "min_replica": ("compute", "scaling", "minReplica"),
    "max_replica": ("compute", "scaling", "maxReplica"),
    "scale_to_zero_timeout": ("compute", "scaling", "scaleToZeroTimeout"),
    "type": ("type",),
    "tags": ("tags",),
    "cache_http_responses": ("cacheHttpResponses",),
    "container_command": ("model", "command"),
    "container_args": ("model", "args"),
    "custom_image": ("model", "image"),
    "env": ("model", "env"),
    "secrets": ("model", "secrets"),
}
MAY_HOLD_A_TOKEN = (
    "secrets",
    "env",
    "container_args",
    "container_command",
    "custom_image",
    "token",
)
"""Their values are not shown in messages, which stay in a saved notebook."""
OF_THE_SERVER = ("container_command", "container_args", "env")
"""What is meant for the server in the container: another one would not understand it."""


def check_settings(wanted: dict[str, Any]) -> None:
    """Find what ``create_inference_endpoint`` would trip over, before anything happens.

    Raises:
        ParameterError: a setting that it does not take, or a value of the wrong form.
    """
    known = set(inspect.signature(create_inference_endpoint).parameters)
    for setting, value in wanted.items():
        if setting not in known:
            near = difflib.get_close_matches(setting, known, n=1)
            hint = f": did you mean {near[0]}?" if near else ""
            raise ParameterError(f"there is no setting {setting!r}{hint}")
        if value is not None and (problem := _FORMS.get(setting, _any_form)(value)):
            shown = "" if setting in MAY_HOLD_A_TOKEN else f"={value!r:.80}"
            raise ParameterError(f"{setting}{shown}: {problem}")


def _any_form(value: Any) -> str:
    return ""


def _type_form(value: Any) -> str:
    if value == "protected":
        return 'this old name means "private": write that'
    return ""


def _texts_form(value: Any) -> str:
    if isinstance(value, dict) and all(isinstance(each, str) for each in value.values()):
        return ""
    return 'give a dictionary of texts, for example {"MAX_INPUT_TOKENS": "1024"}'


def _image_form(value: Any) -> str:
    if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), dict):
        return ""
    # The client takes the fields of a custom image without its key, too.
    if isinstance(value, dict) and "url" in value:
        return ""
    return 'give a dictionary with one key, the kind of image: {"tgi": {"url": "…"}}'


_FORMS: dict[str, Callable[[Any], str]] = {
    "type": _type_form,
    "env": _texts_form,
    "secrets": _texts_form,
    "custom_image": _image_form,
}


def differences(endpoint: InferenceEndpoint, wanted: dict[str, Any]) -> dict[str, str]:
    """What is not as asked for: a sentence part by setting.

    Args:
        endpoint: as the service describes it.
        wanted: what ``create_inference_endpoint`` takes; ``None`` asks for nothing. Of secrets
            only the names are compared: the service does not show their values.
    """
    found = {}
    for setting, value in wanted.items():
        if setting not in PLACES or value is None:
            continue
        present = _at(endpoint.raw, PLACES[setting])
        sentence = _COMPARE.get(setting, _compare_values)(setting, present, value)
        if sentence:
            found[setting] = sentence
    return found


def can_be_updated(setting: str, endpoint: InferenceEndpoint, wanted: dict[str, Any]) -> bool:
    """Whether an endpoint that exists can change it as far as is wanted.

    The client's ``update`` has no vendor, region or type. It changes what it is given and leaves
    the rest, so a new server in the container would find the old one's arguments.
    """
    present = _at(endpoint.raw, PLACES["custom_image"]) or {}
    if setting == "custom_image" and _variant(wanted[setting])[0] not in present:
        kept = [each for each in OF_THE_SERVER if wanted.get(each) is None]
        return not any(_at(endpoint.raw, PLACES[each]) for each in kept)
    return setting in inspect.signature(update_inference_endpoint).parameters


def _at(raw: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = raw
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _compare_values(setting: str, present: Any, wanted: Any) -> str:
    return "" if present == wanted else f"{setting} is {_shown(present)}, not {_shown(wanted)}"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) and value else repr(value)


def _compare_revision(setting: str, present: Any, wanted: Any) -> str:
    # The service shows the commit that a branch's name stood for.
    return "" if wanted == "main" else _compare_values(setting, present, wanted)


def _compare_unseen(setting: str, present: Any, wanted: Any) -> str:
    """Values are not shown: an argument may hold a token."""
    return "" if present == wanted else f"{setting} differs"


def _compare_names(setting: str, present: Any, wanted: dict[str, Any]) -> str:
    """Values are not shown: somebody may keep a token in them."""
    present = present or {}
    differing = sorted(set(present) ^ set(wanted))
    if setting != "secrets":
        common = set(present) & set(wanted)
        differing = sorted(
            {*differing, *(name for name in common if present[name] != wanted[name])}
        )
    return f"{setting} differs in {', '.join(differing)}" if differing else ""


def _variant(image: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The key of a custom image, and its fields."""
    ((variant, fields),) = (image if "url" not in image else {"custom": image}).items()
    return variant, fields or {}


def _compare_image(setting: str, present: Any, wanted: dict[str, Any]) -> str:
    """An image whose every asked-for field is there is the same; the service adds defaults, drops
    names that are not camelCase, and blanks credentials."""
    variant, fields = _variant(wanted)
    kind = next(iter(present or {}), "none")
    if variant != kind:
        return f"{setting} is {kind}, not {variant}"
    differing = [
        name
        for name, value in fields.items()
        if name not in ("credentials", "env") and "_" not in name
        if (present[kind] or {}).get(name) != value
    ]
    return f"{setting} differs in {', '.join(differing)}" if differing else ""


_COMPARE: dict[str, Callable[[str, Any, Any], str]] = {
    "revision": _compare_revision,
    "custom_image": _compare_image,
    "container_args": _compare_unseen,
    "container_command": _compare_unseen,
    "env": _compare_names,
    "secrets": _compare_names,
}
