"""What the operator has put beside the pocket models: files of models, and addresses of servers.

It is one file of the state directory, ``shelf.json``, written by commands only (``pull``, ``add``,
``add-upstream``, ``remove``) and read whenever somebody asks, so that a running service knows at
once. No request can change it: a file may be gigabytes, and an address is a way out of this
computer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from local_endpoints.errors import ServiceError
from local_endpoints.state_dir import write_private

SHELF_FILE = "shelf.json"
MODELS_FOLDER = "models"
NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*", re.ASCII)


@dataclass(frozen=True)
class ModelFile:
    """A model as one GGUF file.

    Attributes:
        path: where it lies.
        size: in bytes, when it was put here.
        sha256: of its content.
        license: as its model card names it; empty if nobody knows.
        architecture: as the file names it, for example ``llama``.
        revision: commit of the repository that it was pulled from; empty for a local file.
    """

    path: str
    size: int
    sha256: str
    license: str = ""
    architecture: str = ""
    revision: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the file is where it was, and as long as it was."""
        try:
            return Path(self.path).stat().st_size == self.size
        except OSError:
            return False


@dataclass(frozen=True)
class Upstream:
    """Somebody else's server.

    Attributes:
        url: without a slash at the end; the paths of requests are put behind it.
        key_env: name of the service's environment variable with the key that it wants; empty if
            it wants none. The key itself is nowhere on the disk.
        health_route: path that answers 200 while it is well.
    """

    url: str
    key_env: str = ""
    health_route: str = "/health"


Entry = ModelFile | Upstream
_KINDS: dict[str, type[ModelFile] | type[Upstream]] = {"file": ModelFile, "upstream": Upstream}


class Shelf:
    """The entries by the names of their repositories.

    Args:
        state_dir: the service's folder; it need not exist to be read.
    """

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / SHELF_FILE
        self.folder = state_dir / MODELS_FOLDER

    def entries(self) -> dict[str, Entry]:
        """All of them. Raises: ServiceError when the file is none of ours."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return {name: _KINDS[kind](**fields) for name, (kind, fields) in kept.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ServiceError(
                f"{self._path} cannot be read ({type(error).__name__}). Move it away and put on "
                "the shelf again what was there"
            ) from None

    def put(self, name: str, entry: Entry) -> None:
        """Add an entry, in place of one of that name.

        Raises:
            ServiceError: the name is none of a repository.
            OSError: the disk does not take it.
        """
        if not NAME.fullmatch(name):
            raise ServiceError(f"{name!r} is no name of a repository: write OWNER/MODEL")
        self._change(lambda entries: entries.update({name: entry}))

    def take(self, name: str) -> Entry:
        """Remove an entry, with its file if it was pulled, and return it.

        Raises:
            ServiceError: there is none of that name.
            OSError: the disk does not take it.
        """
        found = self.entries()
        if name not in found:
            raise ServiceError(
                f"{name} is not on the shelf. There is: {', '.join(found) or 'nothing'}"
            )
        self._change(lambda entries: entries.pop(name, None))
        return found[name]

    def _change(self, change: Callable[[dict[str, Entry]], object]) -> None:
        with FileLock(self._path.with_suffix(".lock"), mode=0o600):
            entries = self.entries()
            change(entries)
            kinds = {kind: name for name, kind in _KINDS.items()}
            kept = {name: (kinds[type(entry)], asdict(entry)) for name, entry in entries.items()}
            write_private(self._path, json.dumps(kept, indent=1))
