"""Commands for what stands beside the pocket models:
``python -m local_endpoints pull | add | add-upstream | models | remove``."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local_endpoints.errors import ServiceError
from local_endpoints.gguf_file import read_header, sha256
from local_endpoints.pulling import look, megabytes, pull
from local_endpoints.repositories import REPOSITORIES, Repository
from local_endpoints.shelf import ModelFile, Shelf, Upstream
from local_endpoints.state_dir import make_state_dir

Command = Callable[[argparse.Namespace, Path], int]
VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
IMAGE = '{"llamacpp": {"url": "ghcr.io/ggml-org/llama.cpp:server"}}'


def add_commands(commands: Any, *, common: argparse.ArgumentParser) -> None:
    """Tell a parser of them.

    Args:
        commands: what ``add_subparsers`` has returned.
        common: the options of every command.
    """
    puller = commands.add_parser(
        "pull", parents=[common], help="download a GGUF model from the Hugging Face Hub"
    )
    puller.add_argument("repository", metavar="REPO", help="for example owner/model-GGUF")
    puller.add_argument("--file", metavar="NAME", help="which one, where there are several")
    puller.add_argument("--yes", action="store_true", help="do not ask before the download")
    adder = commands.add_parser(
        "add", parents=[common], help="serve a GGUF file of this computer; it stays where it is"
    )
    adder.add_argument("file", type=Path, metavar="FILE")
    adder.add_argument("--as", dest="repository", metavar="REPO", required=True, help="its name")
    other = commands.add_parser(
        "add-upstream", parents=[common], help="put endpoints in front of somebody else's server"
    )
    other.add_argument("repository", metavar="REPO", help="the name that endpoints ask for")
    other.add_argument("--url", required=True, help="for example http://gpu-box:8000")
    other.add_argument(
        "--key-env", metavar="NAME", default="", help="variable with its key, read by the service"
    )
    other.add_argument(
        "--health-route", metavar="PATH", default="/health", help="default: %(default)s"
    )
    commands.add_parser("models", parents=[common], help="list what can be served")
    remover = commands.add_parser(
        "remove", parents=[common], help="take a model or an upstream off, and free its space"
    )
    remover.add_argument("repository", metavar="REPO")


def _pull(options: argparse.Namespace, state_dir: Path) -> int:
    shelf = _shelf(state_dir, options.repository)
    _require_own_name(options.repository)
    offer = look(options.repository, options.file)
    print(offer, flush=True)
    asks = sys.stdin.isatty() and not options.yes
    if asks and input("Download it? [y/N] ").strip().lower() not in ("y", "yes"):
        return 1
    shelf.put(offer.repository, pull(offer, shelf.folder))
    print(f"{offer.repository} can be served, by custom_image={IMAGE}")
    return 0


def _add(options: argparse.Namespace, state_dir: Path) -> int:
    shelf = _shelf(state_dir, options.repository)
    _require_own_name(options.repository)
    path = options.file.absolute()
    header = read_header(path)
    shelf.put(
        options.repository,
        ModelFile(
            path=str(path),
            size=path.stat().st_size,
            sha256=sha256(path),
            license=header.license,
            architecture=header.architecture,
        ),
    )
    print(f"{options.repository} can be served, by custom_image={IMAGE}")
    return 0


def _add_upstream(options: argparse.Namespace, state_dir: Path) -> int:
    shelf = _shelf(state_dir, options.repository)
    url = _checked_url(options.url)
    if options.key_env and not VARIABLE.fullmatch(options.key_env):
        # Perhaps it is the key itself: it must not be repeated.
        raise ServiceError("--key-env takes the name of a variable, not the key: GPU_BOX_KEY")
    if not options.health_route.startswith("/"):
        raise ServiceError("--health-route is a path and begins with a slash: /health")
    shelf.put(options.repository, Upstream(url, options.key_env, options.health_route))
    print(f"Endpoints of {options.repository} are answered by {url}")
    if options.key_env and url.startswith("http://"):
        print("Its key travels there unencrypted: use https outside your own network")
    return 0


def _models(options: argparse.Namespace, state_dir: Path) -> int:
    REPOSITORIES.shelf = Shelf(state_dir)
    for name, repository in REPOSITORIES.items():
        print(f"{name}  {_described(repository)}")
    return 0


def _remove(options: argparse.Namespace, state_dir: Path) -> int:
    shelf = Shelf(state_dir)
    entry = shelf.take(options.repository)
    freed = 0
    if isinstance(entry, ModelFile) and shelf.folder in Path(entry.path).parents:
        freed = entry.size if entry.is_there else 0
        shutil.rmtree(shelf.folder / options.repository, ignore_errors=True)
    print(f"{options.repository} is gone. {megabytes(freed) if freed else 'Nothing'} was freed")
    return 0


COMMANDS: dict[str, Command] = {
    "pull": _pull,
    "add": _add,
    "add-upstream": _add_upstream,
    "models": _models,
    "remove": _remove,
}


def _shelf(state_dir: Path, name: str) -> Shelf:
    """The shelf, with a place for that name. Raises: ServiceError when it is taken."""
    make_state_dir(state_dir)
    shelf = Shelf(state_dir)
    if name in shelf.entries():
        raise ServiceError(f"{name} is on the shelf already: `remove` it first")
    return shelf


def _require_own_name(name: str) -> None:
    """A file answers under a name of its own: who sees a pocket model's must not be misled."""
    if name in REPOSITORIES.data:
        raise ServiceError(
            f"{name} is the name that a pocket model answers under: give the file another"
        )


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ServiceError("--url is an address like http://gpu-box:8000")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ServiceError(
            "--url has neither a key nor a query in it: name a variable by --key-env"
        )
    url = url.rstrip("/")
    if url.endswith("/v1"):
        raise ServiceError(f"--url is the server's root: {url.removesuffix('/v1')}")
    return url


def _described(repository: Repository) -> str:
    entry = repository.entry
    if entry is None:
        return "pocket model"
    if isinstance(entry, Upstream):
        return f"upstream {entry.url}"
    state = megabytes(entry.size) if entry.is_there else "its file is gone or has changed"
    return f"{entry.architecture}, {state}, licence {entry.license or 'unknown'}, {entry.path}"
