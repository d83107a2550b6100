"""The hub side as the unmodified client sees it."""

from __future__ import annotations

import hashlib
import http.client
from pathlib import Path
from typing import Any

import pytest
import requests
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from local_endpoints.access import INFER, WRITE
from local_endpoints.access.token import Grant
from local_endpoints.repositories import REPOSITORIES, Repository
from local_endpoints.shelf import ModelFile, Shelf
from tests.fakes import MODEL_ID, Service
from tests.local_endpoints.api.conftest import create

OPEN_ID = "open-models/tiny"


def test_who_am_i(client: HfApi, service: Service) -> None:
    me = client.whoami()
    assert (me["type"], me["name"]) == ("user", "local-user")
    assert [organization["name"] for organization in me["orgs"]] == ["local-class"]
    assert me["auth"]["accessToken"]["role"] == "fineGrained"
    assert service.token not in str(me)


def as_anna(service: Service, monkeypatch: pytest.MonkeyPatch, grant: Grant, **more: Any) -> None:
    """Log in with a token that was made by hand."""
    (text,) = service.accounts.add({"anna": grant}, **more).values()
    monkeypatch.setenv("HF_TOKEN", text)


def test_who_another_user_is(
    client: HfApi, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_at = "2026-11-26T08:00:00.000Z"
    roles = {"acme": "contributor", "local-class": "read"}
    service.access.set_payment("acme", can_pay=False)
    grant = Grant("laptop", "read", created_at=made_at)
    as_anna(service, monkeypatch, grant, organizations=roles)
    me = client.whoami()
    assert (me["name"], me["canPay"]) == ("anna", True)
    assert {each["name"]: (each["roleInOrg"], each["canPay"]) for each in me["orgs"]} == {
        "acme": ("contributor", False),
        "local-class": ("read", True),
    }
    token = {"displayName": "laptop", "role": "read", "createdAt": made_at}
    assert me["auth"] == {"type": "access_token", "accessToken": token}


def test_what_a_fine_grained_token_is_for(
    client: HfApi, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    permissions = {"anna": frozenset({WRITE, INFER}), "acme": frozenset({INFER})}
    grant = Grant("laptop", "fineGrained", permissions, gated=True)
    as_anna(service, monkeypatch, grant, organizations={"acme": "admin"})
    token = client.whoami()["auth"]["accessToken"]
    assert token["role"] == "fineGrained"
    assert token["fineGrained"] == {
        "canReadGatedRepos": True,
        "global": [],
        "scoped": [
            {
                "entity": {"type": kind, "name": name, "_id": name},
                "permissions": sorted(permissions[name]),
            }
            for kind, name in (("user", "anna"), ("org", "acme"))
        ],
    }


def test_no_namespace_is_the_owner_of_the_token(
    client: HfApi, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_anna(service, monkeypatch, Grant("a"), organizations={"acme": "write"})
    made = create(client, namespace=None)
    create(client, "of-acme", namespace="acme")
    assert made.namespace == made.raw["status"]["createdBy"]["name"] == "anna"
    assert [each.name for each in client.list_inference_endpoints()] == ["an-endpoint"]
    assert {each.namespace for each in client.list_inference_endpoints("*")} == {"anna", "acme"}


def test_model_info(client: HfApi, repositories: dict[str, Repository]) -> None:
    info = client.model_info(MODEL_ID)
    assert info.id == MODEL_ID
    assert info.sha == repositories[MODEL_ID].revision
    assert info.pipeline_tag == "text-generation"
    assert info.gated == "manual"
    assert info.siblings is not None
    assert "config.json" in {sibling.rfilename for sibling in info.siblings}
    assert client.model_info(MODEL_ID, revision=info.sha).sha == info.sha
    assert client.model_info(OPEN_ID).gated is False


def test_lists_of_files(client: HfApi, repositories: dict[str, Repository]) -> None:
    expected = set(repositories[MODEL_ID].files)
    assert set(client.list_repo_files(MODEL_ID)) == expected
    tree = client.list_repo_tree(MODEL_ID, recursive=True)
    assert {entry.path for entry in tree} == expected
    folder = client.list_repo_tree(MODEL_ID, "extra")
    assert [entry.path for entry in folder] == ["extra/notes.txt"]
    with pytest.raises(RemoteEntryNotFoundError):
        list(client.list_repo_tree(MODEL_ID, "no-such-folder"))


def test_download(client: HfApi, repositories: dict[str, Repository]) -> None:
    repository = repositories[MODEL_ID]
    for file in ("config.json", "extra/notes.txt"):
        local = Path(hf_hub_download(MODEL_ID, file))
        assert local.read_bytes() == repository.files[file].read_bytes()
        assert repository.revision in str(local)
    pinned = hf_hub_download(MODEL_ID, "config.json", revision=repository.revision)
    assert Path(pinned).read_bytes() == repository.files["config.json"].read_bytes()
    assert client.file_exists(MODEL_ID, "config.json")
    assert not client.file_exists(MODEL_ID, "missing.json")
    assert client.repo_exists(MODEL_ID)
    assert not client.repo_exists("acme/unknown")


def test_a_whole_snapshot(client: HfApi, repositories: dict[str, Repository]) -> None:
    folder = Path(client.snapshot_download(MODEL_ID))
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == set(repositories[MODEL_ID].files)


def test_etag_is_gits_id_of_the_content(service: Service) -> None:
    answer = requests.head(
        f"{service.url}/{MODEL_ID}/resolve/main/extra/notes.txt",
        headers=service.headers,
        timeout=20,
    )
    expected = hashlib.sha1(b"blob 6\0notes\n", usedforsecurity=False).hexdigest()
    assert answer.headers["etag"] == f'"{expected}"'
    assert answer.headers["content-length"] == "6"
    assert answer.content == b""


def test_ranges(service: Service) -> None:
    answer = requests.get(
        f"{service.url}/{MODEL_ID}/resolve/main/model.onnx",
        headers={**service.headers, "Range": "bytes=2-4"},
        timeout=20,
    )
    assert (answer.status_code, answer.content) == (206, b"igh")


def test_unknown_repository(client: HfApi) -> None:
    for name in ("acme/unknown", "gpt2"):
        with pytest.raises(RepositoryNotFoundError, match=MODEL_ID):
            client.model_info(name)
        with pytest.raises(RepositoryNotFoundError):
            hf_hub_download(name, "config.json")


@pytest.mark.parametrize("revision", ["v2", "refs/pr/1", "0" * 40])
def test_unknown_revision(client: HfApi, revision: str) -> None:
    with pytest.raises(RevisionNotFoundError):
        client.model_info(MODEL_ID, revision=revision)
    with pytest.raises(RevisionNotFoundError):
        hf_hub_download(MODEL_ID, "config.json", revision=revision)
    with pytest.raises(RevisionNotFoundError):
        list(client.list_repo_tree(MODEL_ID, revision=revision))


def test_unknown_file(client: HfApi) -> None:
    with pytest.raises(EntryNotFoundError):
        hf_hub_download(MODEL_ID, "missing.json")


def test_files_of_a_gated_repository_need_a_token(
    client: HfApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(GatedRepoError, match="restricted"):
        hf_hub_download(MODEL_ID, "config.json")
    assert client.model_info(MODEL_ID).gated == "manual", "anybody may read about it"
    assert Path(hf_hub_download(OPEN_ID, "config.json")).is_file()


def test_without_the_terms_or_the_box_there_are_no_gated_files(
    client: HfApi, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_anna(service, monkeypatch, Grant("a"), terms=False)
    for refused in (lambda: hf_hub_download(MODEL_ID, "config.json"), lambda: check(client)):
        with pytest.raises(GatedRepoError, match="not in the authorized list") as caught:
            refused()
        assert caught.value.response.status_code == 403
    assert client.model_info(MODEL_ID).gated == "manual", "anybody may read about it"
    assert client.list_repo_files(MODEL_ID)
    as_anna(service, monkeypatch, Grant("b", "fineGrained"), terms=True)
    with pytest.raises(HfHubHTTPError, match="403 Forbidden: Please enable access") as other:
        check(client)
    assert not isinstance(other.value, GatedRepoError), "as on the real hub: it has no code"
    assert Path(hf_hub_download(OPEN_ID, "config.json")).is_file()
    as_anna(service, monkeypatch, Grant("c", "fineGrained", gated=True))
    check(client)
    assert Path(hf_hub_download(MODEL_ID, "config.json")).is_file()


def check(client: HfApi) -> None:
    client.auth_check(MODEL_ID)
    client.auth_check(OPEN_ID)


OF_A_REPOSITORY = (
    *("/api/models/{0}", "/api/models/{0}/revision/main", "/api/models/{0}/tree/main"),
    *("/api/models/{0}/auth-check", "/{0}/resolve/main/config.json"),
)


def ask(service: Service, path: str, **headers: str) -> requests.Response:
    return requests.get(service.url + path, headers=headers, timeout=20)


@pytest.mark.parametrize("path", OF_A_REPOSITORY)
def test_what_is_public_needs_no_token(service: Service, path: str) -> None:
    assert ask(service, path.format(OPEN_ID)).status_code == 200
    gated = ask(service, path.format(MODEL_ID))
    if "resolve" in path or "auth-check" in path:
        assert (gated.status_code, gated.headers["x-error-code"]) == (401, "GatedRepo")
    else:
        assert gated.status_code == 200


@pytest.mark.parametrize("path", OF_A_REPOSITORY)
@pytest.mark.parametrize("model", [OPEN_ID, MODEL_ID, "acme/unknown", "gpt2"])
@pytest.mark.parametrize("header", ["Bearer hf_unknown", "Basic eA==", "Bearer", ""])
def test_a_wrong_token_is_refused_also_where_none_is_needed(
    service: Service, path: str, model: str, header: str
) -> None:
    if model == "gpt2" and ("tree" in path or "auth-check" in path):
        pytest.skip("no route")
    answer = ask(service, path.format(model), authorization=header)
    assert answer.status_code == 401
    assert answer.headers["x-error-message"] == "Invalid credentials in Authorization header"
    assert "x-error-code" not in answer.headers


def test_the_client_tells_a_wrong_token_from_a_missing_repository(client: HfApi) -> None:
    with pytest.raises(HfHubHTTPError, match="Invalid credentials") as caught:
        client.model_info(OPEN_ID, token="hf_unknown")
    assert not isinstance(caught.value, RepositoryNotFoundError)


@pytest.mark.parametrize("path", OF_A_REPOSITORY)
def test_nobody_learns_without_a_token_which_repositories_there_are_not(
    service: Service, client: HfApi, path: str
) -> None:
    answer = ask(service, path.format("acme/unknown"))
    assert (answer.status_code, answer.headers["x-error-message"]) == (
        401,
        "Invalid username or password.",
    )
    with pytest.raises(RepositoryNotFoundError):
        client.model_info("acme/unknown", token=False)


@pytest.mark.parametrize(
    "path",
    [
        "../config.json",
        "../../../../etc/passwd",
        "%2e%2e/config.json",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "extra/../config.json",
        "./config.json",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "..\\config.json",
        ".hidden",
        "config.json/",
        "config.json%00",
        "%0d%0aX-Injected:%20yes",
        "caf%C3%A9-%E2%82%AC",
        "",
    ],
)
def test_nothing_outside_the_list_of_files_is_given_out(service: Service, path: str) -> None:
    # http.client sends the path as it is, where most clients tidy it up.
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=20)
    target = f"/{OPEN_ID}/resolve/main/{path}".encode()
    connection.putrequest("GET", target.decode("latin-1"))
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 404
    assert answer.getheader("x-injected") is None
    assert b"root:" not in body
    assert answer.getheader("x-error-code") in {"EntryNotFound", None}


@pytest.mark.parametrize("revision", ["5" * 40, ""], ids=["pulled", "added"])
def test_a_file_of_the_shelf_that_was_moved_away_is_not_there(
    client: HfApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    monkeypatch.setattr(REPOSITORIES, "shelf", shelf := Shelf(tmp_path))
    name, file = "course/tiny-GGUF", tmp_path / "tiny.gguf"
    file.write_bytes(b"weights")
    shelf.put(name, ModelFile(str(file), 7, "5" * 64, revision=revision))
    info = client.model_info(name, files_metadata=True)
    assert [(each.rfilename, each.size) for each in info.siblings or ()] == [("tiny.gguf", 7)]
    assert client.list_repo_files(name) == ["tiny.gguf"]
    assert client.file_exists(name, "tiny.gguf")
    file.rename(tmp_path / "elsewhere.gguf")
    for blobs in (False, True):
        left = client.model_info(name, revision=info.sha, files_metadata=blobs)
        assert left.siblings == []
    assert client.list_repo_files(name) == list(client.list_repo_tree(name)) == []
    with pytest.raises(RemoteEntryNotFoundError):
        hf_hub_download(name, "tiny.gguf")
    assert not client.file_exists(name, "tiny.gguf")
    answer = requests.get(f"{client.endpoint}/{name}/resolve/main/tiny.gguf", timeout=20)
    assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound")


def test_tokenizer_through_transformers(client: HfApi, monkeypatch: pytest.MonkeyPatch) -> None:
    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(MODEL_ID)
    assert tokenizer("a small red fox")["input_ids"] == [1, 2, 3, 4]


def test_other_hub_routes_are_404_in_the_hubs_form(service: Service) -> None:
    answer = requests.get(f"{service.url}/api/agent-harnesses", timeout=20)
    assert answer.status_code == 404
    assert answer.json()["error"] == "Not Found: GET /api/agent-harnesses"
