"""The catalog's API, where ``huggingface_hub`` 2.4 looks for it: list models, deploy their recipes.

Paths, parameters and fields are those that the client sends and reads (2.4); like the real one, the
list needs no token. The texts of refusals are not recorded: they are ours.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from local_endpoints.api.context import Context
from local_endpoints.api.hub import is_hidden
from local_endpoints.api.management import create_endpoint
from local_endpoints.api.requests import Body, Caller, authenticated, whole_number
from local_endpoints.control_plane.catalog import Recipe, recipes
from local_endpoints.errors import bad_request, not_found

router = APIRouter(prefix="/api/v1/catalog")

MOST_MODELS = 1000
ADDED = "2026-01-01T00:00:00.000Z"


@router.get("/list")
async def list_models(
    request: Request,
    context: Context,
    accelerator: str = "",
    engine: str = "",
    license: str = "",
    task: str = "",
    search: str = "",
    limit: str = str(MOST_MODELS),
) -> dict[str, Any]:
    """The models of the catalog and their recipes, for anybody."""
    caller = await authenticated(request, context)
    most = whole_number(limit, "limit", most=MOST_MODELS)
    found = [
        recipe
        for recipe in recipes()
        if not is_hidden(context, caller, recipe.repository)
        and accelerator in ("", recipe.accelerator)
        and engine in ("", recipe.engine)
        and license in ("", recipe.license)
        and task in ("", recipe.repository.task)
        and search.lower() in recipe.repository.id.lower()
    ]
    return {"items": [_model(recipe) for recipe in found[:most]]}


@router.post("/model/{owner}/{model}/deploy")
async def deploy_model(
    response: Response, context: Context, caller: Caller, owner: str, model: str, body: Body
) -> dict[str, Any]:
    """Create an endpoint by the recipe of a model."""
    for recipe in recipes():
        fits = body.get("accelerator") in (None, recipe.accelerator)
        fits &= body.get("ggufFile") in (None, "", recipe.gguf_file)
        if recipe.repository.id == f"{owner}/{model}" and fits:
            return await _deploy(recipe, response, context, caller, body)
    raise not_found(f"the catalog has no such recipe for {owner}/{model}. It has: {_known()}")


@router.post("/recipe/{recipe_id}/deploy")
async def deploy_recipe(
    response: Response, context: Context, caller: Caller, recipe_id: str, body: Body
) -> dict[str, Any]:
    """Create an endpoint by a recipe."""
    for recipe in recipes():
        if recipe.id == recipe_id:
            return await _deploy(recipe, response, context, caller, body)
    raise not_found(f"the catalog has no recipe {recipe_id}. It has: {_known()}")


async def _deploy(
    recipe: Recipe, response: Response, context: Context, caller: Caller, body: dict[str, Any]
) -> dict[str, Any]:
    namespace, config = body.get("namespace"), body.get("config") or {}
    name = config.get("name") if isinstance(config, dict) else 0
    if not isinstance(namespace, str) or not isinstance(name, str | None):
        raise bad_request("namespace and config.name must be strings")
    wish = recipe.body(name)
    return {"endpoint": await create_endpoint(response, context, caller, namespace, wish)}


def _model(recipe: Recipe) -> dict[str, Any]:
    author, _, name = recipe.repository.id.partition("/")
    return {
        "repoId": recipe.repository.id,
        "modelName": name,
        "authorName": author,
        "license": recipe.license,
        "task": recipe.repository.task,
        "createdAt": ADDED,
        "recipes": [
            {
                "publicId": recipe.id,
                "accelerator": recipe.accelerator,
                "engineType": recipe.engine,
                **({"ggufFile": recipe.gguf_file} if recipe.gguf_file else {}),
            }
        ],
    }


def _known() -> str:
    return ", ".join(recipe.id for recipe in recipes()) or "none (no pocket model is installed)"
