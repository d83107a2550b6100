"""The hub side: who am I, and the files of the models under the repositories' names.

As on the real hub anybody may read what is public: descriptions and lists of files, of gated
models, too, and the files of all others; for those of gated ones see ``Token.gate``. A token that
nobody knows is refused everywhere, and whoever shows none is not told which repositories there are
not. The texts are those that users of the real hub have quoted, the latest in 2026.

What looks at files is no coroutine: FastAPI runs it in a thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, PlainTextResponse

from local_endpoints.access import Token
from local_endpoints.api.context import Context
from local_endpoints.api.requests import Caller, authenticate
from local_endpoints.errors import ApiError
from local_endpoints.repositories import (
    REPOSITORIES,
    Repository,
    list_of_repositories,
)

router = APIRouter()

JOINED = "2026-01-01T00:00:00.000Z"


async def _visitor(request: Request, context: Context) -> Token | None:
    """The caller's token, None for a caller without one. Raises: ApiError 401."""
    if request.headers.get("authorization") is None:
        return None
    try:
        return await authenticate(request, context)
    except ApiError as error:
        if error.status != 401:
            raise
        raise ApiError(401, "Invalid credentials in Authorization header", hub_code="") from None


Visitor = Annotated[Token | None, Depends(_visitor)]


@router.get("/api/whoami-v2")
async def whoami(context: Context, caller: Caller) -> dict[str, Any]:
    """The owner of the token, with the fields that ``huggingface_hub`` 2.4 reads."""
    user = caller.user
    organizations = [
        {
            "type": "org",
            **_identity(name),
            "canPay": context.access.can_pay(name),
            "roleInOrg": role,
        }
        for name, role in user.organizations.items()
    ]
    return {
        "type": "user",
        **_identity(user.name),
        "isPro": False,
        "canPay": context.access.can_pay(user.name),
        "billingMode": "prepaid",
        "orgs": organizations,
        "auth": {"type": "access_token", "accessToken": _described(caller)},
    }


def _identity(name: str) -> dict[str, str]:
    return {"id": name, "name": name, "fullname": name.replace("-", " ").capitalize()}


def _described(token: Token) -> dict[str, Any]:
    """What the token was made for; only fine-grained ones have more than a role."""
    grant = token.grant
    described = {
        "displayName": grant.name,
        "role": grant.role,
        "createdAt": grant.created_at or JOINED,
    }
    if grant.role != "fineGrained":
        return described
    scoped = [
        {
            "entity": {
                "type": "user" if namespace == token.user.name else "org",
                "name": namespace,
                "_id": namespace,
            },
            "permissions": sorted(permissions),
        }
        for namespace, permissions in grant.permissions.items()
    ]
    rights = {"canReadGatedRepos": grant.gated, "global": [], "scoped": scoped}
    return {**described, "fineGrained": rights}


@router.get("/api/models/{owner}/{name}")
@router.get("/api/models/{owner}/{name}/revision/{revision:path}")
def model_info(
    context: Context,
    visitor: Visitor,
    owner: str,
    name: str,
    revision: str = "main",
    blobs: bool = False,
) -> dict[str, Any]:
    """A model's description, as ``model_info`` expects it; with ``blobs`` also of its files."""
    repository = _repository(context, visitor, owner, name, revision)
    return {
        "_id": repository.revision[:24],
        "id": repository.id,
        "modelId": repository.id,
        "author": owner,
        "sha": repository.revision,
        "lastModified": JOINED,
        "createdAt": JOINED,
        "private": False,
        "gated": "manual" if repository.gated else False,
        "disabled": False,
        "downloads": 0,
        "likes": 0,
        "tags": [repository.task, repository.origin, *_license(repository)],
        "pipeline_tag": repository.task,
        "library_name": repository.framework,
        "siblings": [
            {"rfilename": file, **(_blob(repository, path) if blobs else {})}
            for file, path in _files(repository).items()
        ],
    }


@router.get("/api/models/{owner}/{name}/auth-check", response_class=PlainTextResponse)
def check_access(context: Context, visitor: Visitor, owner: str, name: str) -> str:
    """Whether the caller may have the model's files; ``huggingface_hub.auth_check`` asks this."""
    _pass_gate(visitor, _repository(context, visitor, owner, name, "main"))
    return "OK"


@router.get("/api/models/{owner}/{name}/tree/{revision}")
@router.get("/api/models/{owner}/{name}/tree/{revision}/{folder:path}")
def list_files(
    context: Context, visitor: Visitor, owner: str, name: str, revision: str, folder: str = ""
) -> list[dict[str, Any]]:
    """The files of a folder."""
    repository = _repository(context, visitor, owner, name, revision)
    prefix = f"{folder.strip('/')}/" if folder else ""
    found = [
        {"type": "file", "oid": repository.file_id(path), "size": path.stat().st_size, "path": file}
        for file, path in _files(repository).items()
        if file.startswith(prefix)
    ]
    if folder and not found:
        raise ApiError(404, f"{folder} does not exist on {revision}", hub_code="EntryNotFound")
    return found


@router.api_route("/{owner}/{name}/resolve/{revision}/{file:path}", methods=["GET", "HEAD"])
def download(
    context: Context, visitor: Visitor, owner: str, name: str, revision: str, file: str
) -> FileResponse:
    """A file, with the headers from which the client builds its cache."""
    repository = _repository(context, visitor, owner, name, revision)
    _pass_gate(visitor, repository)
    path = _files(repository).get(file)
    if path is None:
        raise ApiError(404, f"Entry not found: {file}", hub_code="EntryNotFound")
    return FileResponse(
        path,
        media_type="application/octet-stream",
        headers={"ETag": f'"{repository.file_id(path)}"', "X-Repo-Commit": repository.revision},
    )


@router.get("/api/models/{name}")
@router.get("/api/models/{name}/revision/{revision:path}")
@router.api_route("/{name}/resolve/{revision}/{file:path}", methods=["GET", "HEAD"])
async def name_without_owner(visitor: Visitor, name: str) -> None:
    """The oldest models of the real hub have no owner; none of them is here."""
    raise _unknown_repository(visitor, name)


def _files(repository: Repository) -> dict[str, Path]:
    """Those that are there: the operator may have moved a file of the shelf away."""
    return {file: path for file, path in repository.files.items() if path.is_file()}


def _blob(repository: Repository, path: Path) -> dict[str, Any]:
    """Size and id; of a model's file on the shelf those that a large file has on the real hub."""
    size, identity = path.stat().st_size, repository.file_id(path)
    if repository.entry is None:
        return {"size": size, "blobId": identity}
    return {"size": size, "lfs": {"sha256": identity, "size": size, "pointerSize": 0}}


def _license(repository: Repository) -> list[str]:
    known = repository.entry is not None and repository.license
    return [f"license:{repository.license}"] if known else []


def _pass_gate(visitor: Token | None, repository: Repository) -> None:
    if not repository.gated:
        return
    if visitor is None:
        raise ApiError(
            401,
            f"Access to model {repository.id} is restricted. You must have access to it and be "
            "authenticated to access it. Please log in.",
            hub_code="GatedRepo",
        )
    gate = visitor.gate(repository.id)
    if gate is not None:
        raise gate


def is_hidden(context: Context, visitor: Token | None, repository: Repository) -> bool:
    """Whether the repository is, for this caller, as a private one of the real hub. What the
    operator has put on the shelf is for those who have a token, where anybody may come."""
    return context.shared and visitor is None and repository.entry is not None


def _unknown_repository(visitor: Token | None, name: str) -> ApiError:
    if visitor is None:
        # The client takes a 401 for this without the code, but only from https.
        return ApiError(401, "Invalid username or password.", hub_code="RepoNotFound")
    return ApiError(
        404,
        f"Repository {name} is not on this local hub. It has: {list_of_repositories()}",
        hub_code="RepoNotFound",
    )


def _repository(
    context: Context, visitor: Token | None, owner: str, name: str, revision: str
) -> Repository:
    repository = REPOSITORIES.get(f"{owner}/{name}")
    if repository is None or is_hidden(context, visitor, repository):
        raise _unknown_repository(visitor, f"{owner}/{name}")
    if revision not in ("main", repository.revision):
        raise ApiError(404, f"Invalid rev id: {revision}", hub_code="RevisionNotFound")
    return repository
