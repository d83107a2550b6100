from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from huggingface_hub import HfApi, constants
from huggingface_hub.errors import HfHubHTTPError

from local_endpoints.access import READ
from local_endpoints.control_plane.catalog import Recipe
from local_endpoints.repositories import REPOSITORIES, Repository
from local_endpoints.shelf import ModelFile, Shelf, Upstream
from tests.fakes import MODEL_ID, Service
from tests.local_endpoints.api.conftest import Api, error_text, refused

pytestmark = pytest.mark.filterwarnings("ignore:.*is experimental:UserWarning")
GEMMA = "gemma-1-1-2b-it-tgi"


@pytest.fixture
def catalog(client: HfApi, service: Service, monkeypatch: pytest.MonkeyPatch) -> HfApi:
    address = f"{service.url}/api/v1/catalog"
    monkeypatch.setattr(constants, "INFERENCE_CATALOG_ENDPOINT", address)
    return client


def test_every_served_model_is_listed_with_its_recipe(catalog: HfApi) -> None:
    models = {model.repo_id: model for model in catalog.list_inference_catalog()}
    assert set(models) == {MODEL_ID, "open-models/tiny"}
    (recipe,) = models[MODEL_ID].recipes
    assert (recipe.id, recipe.accelerator, recipe.engine) == (GEMMA, "gpu", "tgi")
    assert recipe.gguf_file is None
    assert (models[MODEL_ID].author, models[MODEL_ID].name) == ("google", "gemma-1.1-2b-it")


@pytest.mark.parametrize(
    ("wish", "count"),
    [
        ({"search": "GEMMA"}, 1),
        ({"engine": "tgi", "accelerator": "gpu", "task": "text-generation"}, 2),
        ({"engine": "llamacpp"}, 0),
        ({"license": "MIT"}, 0),
        ({"limit": 1}, 1),
    ],
)
def test_the_list_can_be_narrowed(catalog: HfApi, wish: dict[str, Any], count: int) -> None:
    assert len(catalog.list_inference_catalog(**wish)) == count


def test_reading_needs_no_token(service: Service) -> None:
    assert requests.get(f"{service.url}/api/v1/catalog/list", timeout=20).status_code == 200
    answer = requests.post(f"{service.url}/api/v1/catalog/recipe/{GEMMA}/deploy", timeout=20)
    error_text(answer, 401)


@pytest.mark.parametrize("wish", [{"repo_id": MODEL_ID}, {"recipe_id": GEMMA}])
def test_a_recipe_becomes_an_endpoint(
    catalog: HfApi, service: Service, wish: dict[str, Any]
) -> None:
    endpoint = catalog.create_inference_endpoint_from_catalog(**wish, name="from-catalog")
    service.tick(3)
    endpoint.fetch()
    assert (endpoint.name, endpoint.repository, endpoint.status) == (
        *("from-catalog", MODEL_ID),
        "running",
    )


def test_a_model_of_the_shelf_is_deployed_by_its_file_and_an_upstream_is_not_offered(
    catalog: HfApi, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(REPOSITORIES, "shelf", shelf := Shelf(tmp_path))
    (file := tmp_path / "model-Q4.gguf").write_bytes(b"weights")
    shelf.put("course/model-GGUF", ModelFile(str(file), 7, "0" * 64, license="mit"))
    shelf.put("gpu-box/model", Upstream("http://gpu-box"))
    (model,) = catalog.list_inference_catalog(license="MIT")
    assert (model.repo_id, model.recipes[0].engine) == ("course/model-GGUF", "llamacpp")
    assert model.recipes[0].gguf_file == "model-Q4.gguf"
    assert "gpu-box/model" not in {each.repo_id for each in catalog.list_inference_catalog()}
    with pytest.raises(HfHubHTTPError) as caught:
        catalog.create_inference_endpoint_from_catalog(model.repo_id, gguf_file="model-Q8.gguf")
    refused(caught, 404)
    endpoint = catalog.create_inference_endpoint_from_catalog(
        model.repo_id, gguf_file="model-Q4.gguf"
    )
    assert "llamacpp" in endpoint.raw["model"]["image"]


def test_models_of_one_name_on_the_shelf_have_recipes_of_their_own(
    catalog: HfApi, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(REPOSITORIES, "shelf", shelf := Shelf(tmp_path))
    (file := tmp_path / "model-Q4.gguf").write_bytes(b"weights")
    owners = {"first": "first/model-GGUF", "second": "second/model-GGUF"}
    for name in owners.values():
        shelf.put(name, ModelFile(str(file), 7, "0" * 64))
    models = {model.repo_id: model for model in catalog.list_inference_catalog(engine="llamacpp")}
    recipes = {owner: models[name].recipes[0].id for owner, name in owners.items()}
    assert all(each.startswith("model-gguf-llamacpp-") for each in recipes.values())
    for owner, name in owners.items():
        endpoint = catalog.create_inference_endpoint_from_catalog(
            recipe_id=recipes[owner], name=f"of-the-{owner}"
        )
        assert endpoint.repository == name


def test_a_pocket_models_recipe_has_the_name_of_the_model_and_the_engine() -> None:
    common: dict[str, Any] = {"task": "text-generation", "framework": "", "dialects": ("vllm",)}
    qwen = Repository(id="Qwen/Qwen3-1.7B", folder="qwen3", **common)
    assert Recipe(qwen, "vllm").id == "qwen3-1-7b-vllm"


def test_a_name_is_made_of_the_models(catalog: HfApi) -> None:
    endpoint = catalog.create_inference_endpoint_from_catalog(MODEL_ID)
    assert endpoint.name.startswith("gemma-1-1-2b-it-")


@pytest.mark.parametrize(
    "wish",
    [{"repo_id": "nobody/nothing"}, {"repo_id": MODEL_ID, "accelerator": "neuron"},
     {"repo_id": MODEL_ID, "gguf_file": "a.gguf"}, {"recipe_id": "no-such-recipe"}],
)  # fmt: skip
def test_what_the_catalog_does_not_have(catalog: HfApi, wish: dict[str, Any]) -> None:
    with pytest.raises(HfHubHTTPError) as caught:
        catalog.create_inference_endpoint_from_catalog(**wish)
    assert GEMMA in refused(caught, 404)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"namespace": "local-user", "config": {"name": 1}}, 400),
        ({"namespace": "local-user", "config": "a"}, 400),
        ({"namespace": "local-user", "config": {"name": "no"}}, 400),
        ({"namespace": "somebody-else"}, 403),
    ],
)
def test_bad_wishes(api: Api, body: dict[str, Any], status: int) -> None:
    url = f"{api.service.url}/api/v1/catalog/recipe/{GEMMA}/deploy"
    error_text(requests.post(url, json=body, headers=api.service.headers, timeout=20), status)


def test_reading_rights_do_not_deploy(service: Service) -> None:
    token = service.access.issue(frozenset({READ}))
    url = f"{service.url}/api/v1/catalog/model/{MODEL_ID}/deploy"
    headers = {"Authorization": f"Bearer {token}"}
    error_text(
        requests.post(url, json={"namespace": "local-user"}, headers=headers, timeout=20), 403
    )
