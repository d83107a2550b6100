"""What becomes of a wish without the real service saying so, in sentences for the learner.

The real service drops fields that it does not know, and has taken the ``type`` ``protected`` for
``private`` (both observed in 2026), all without a word. This one does the same, and tells: the
sentences go into its log and into one header ``X-Local-Warning`` each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from local_endpoints.control_plane.images import IMAGE_FIELDS, unknown_fields
from local_endpoints.control_plane.spec import NOT_IMITATED, PROTECTED, EndpointSpec

MOST_NOTICES = 20
MOST_CHARACTERS = 300
_ELSEWHERE = {
    "env": "environment variables go into model.env (env=... in huggingface_hub)",
    "secrets": "secrets go into model.secrets (secrets=... in huggingface_hub)",
}


def notices(body: dict[str, Any]) -> list[str]:
    """One sentence for everything in the body of a create or update request that does not happen
    as it says there.

    Args:
        body: one that ``parse_spec`` or ``merge_spec`` has accepted.

    Returns:
        At most ``MOST_NOTICES`` sentences of at most ``MOST_CHARACTERS`` characters.
    """
    found = list(_notices(body))
    if len(found) > MOST_NOTICES:
        left = len(found) - MOST_NOTICES + 1
        found[MOST_NOTICES - 1 :] = [f"{left} more fields were dropped"]
    return [sentence[:MOST_CHARACTERS] for sentence in found]


def _notices(body: dict[str, Any]) -> Iterator[str]:
    if body.get("type") == PROTECTED:
        yield 'type "protected" does not exist any more: taken as "private"'
    for path, hint in sorted([*_unknown(body, EndpointSpec, ""), *_unknown_in_image(body)]):
        end = f"; {hint}" if hint else ""
        yield f"{path} was dropped: the service does not know this field{end}"


def _unknown(body: dict[str, Any], part: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    known = {field.alias or name: field for name, field in part.model_fields.items()}
    for key, value in body.items():
        if key not in known and key not in NOT_IMITATED:
            yield f"{prefix}{key}", _hint(key, tuple(known))
            continue
        annotation = known[key].annotation if key in known else None
        nested = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        if nested and isinstance(value, dict):
            yield from _unknown(value, annotation, f"{prefix}{key}.")  # type: ignore[arg-type]


def _unknown_in_image(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for variant, field in unknown_fields(body.get("model", {}).get("image", {})):
        hint = _ELSEWHERE.get(field) or _hint(field, IMAGE_FIELDS[variant])
        yield f"model.image.{variant}.{field}", hint


def _hint(field: str, known: tuple[str, ...]) -> str:
    """The schema's names are camelCase: the recipe's ``health_route`` cannot be one of them."""
    spelled = to_camel(field)
    return f"its name is {spelled}" if spelled != field and spelled in known else ""
