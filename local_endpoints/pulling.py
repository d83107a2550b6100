"""Models from the Hugging Face Hub for the shelf: look, say what it is, download.

It is the only thing here that asks the real Hub, with the user's own token if there is one, and it
does so for an explicit command only. A download that was interrupted goes on where it ended.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local_endpoints.environment import is_local
from local_endpoints.errors import ServiceError
from local_endpoints.gguf_file import read_header, require_packages, sha256
from local_endpoints.shelf import ModelFile


@dataclass(frozen=True)
class Offer:
    """A file that can be pulled.

    Attributes:
        repository: its name.
        revision: the commit.
        file: its name in there.
        size: in bytes; 0 if the Hub does not say.
        sha256: as the Hub has it; empty if it does not say.
        license: as the model card names it; empty if it does not say.
        gate: what has to be accepted on the model's page before; empty for an open model.
    """

    repository: str
    revision: str
    file: str
    size: int
    sha256: str
    license: str
    gate: str

    def __str__(self) -> str:
        gate = f"you must have accepted its conditions at {self.gate}" if self.gate else "none"
        return (
            f"{self.repository} (commit {self.revision[:8]})\n"
            f"  file     {self.file}\n"
            f"  size     {megabytes(self.size)}\n"
            f"  licence  {self.license or 'not stated: read the model card'}\n"
            f"  gate     {gate}"
        )


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1e6:,.1f} MB" if size else "unknown"


def look(repository: str, file: str | None = None) -> Offer:
    """What the Hub has; nothing is downloaded.

    Args:
        file: which one, where the repository has several.

    Raises:
        ServiceError: there is nothing to pull, or no way to the Hub; the text says what to do.
    """
    from huggingface_hub import HfApi

    if is_local():
        raise ServiceError(
            "this terminal is connected to the local service, which keeps the real Hub out of "
            "reach. Pull in another terminal"
        )
    require_packages()
    with _plain_words(repository):
        info = HfApi().model_info(repository, files_metadata=True)
    found = {each.rfilename: each for each in info.siblings or [] if _is_model(each.rfilename)}
    if file is None and len(found) == 1:
        (file,) = found
    if file not in found:
        listed = "".join(
            f"\n  {name}  {megabytes(each.size or 0)}" for name, each in sorted(found.items())
        )
        what = f"has no file {file}" if file else "has several files"
        raise ServiceError(
            f"{repository} {what}: choose one with --file{listed}"
            if found
            else f"{repository} has no GGUF file: look for a repository whose name ends with -GGUF"
        )
    sibling = found[file]
    licenses = [tag.partition(":")[2] for tag in info.tags or [] if tag.startswith("license:")]
    return Offer(
        repository=repository,
        revision=info.sha or "main",
        file=file,
        size=sibling.size or 0,
        sha256=sibling.lfs.sha256 if sibling.lfs else "",
        license=", ".join(licenses),
        gate=f"https://huggingface.co/{repository}" if info.gated else "",
    )


def pull(offer: Offer, folder: Path) -> ModelFile:
    """Download it, or the rest of it, with a progress bar.

    Args:
        folder: of the models that were pulled.

    Raises:
        ServiceError: it cannot be downloaded, or what came cannot be served; then it is removed.
        OSError: the disk does not take it.
    """
    from huggingface_hub import hf_hub_download

    place = folder / offer.repository
    folder.mkdir(exist_ok=True, mode=0o700)
    place.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(place).free
    if offer.size > free:
        raise ServiceError(
            f"{offer.file} has {megabytes(offer.size)}, and {place} room for {megabytes(free)}"
        )
    with _plain_words(offer.repository):
        path = Path(
            hf_hub_download(offer.repository, offer.file, revision=offer.revision, local_dir=place)
        )
    try:
        header, digest = read_header(path), sha256(path)
        if offer.sha256 and digest != offer.sha256:
            raise ServiceError(f"{offer.file} is not what the Hub has: pull it again")
    except ServiceError:
        path.unlink()
        raise
    return ModelFile(
        path=str(path),
        size=path.stat().st_size,
        sha256=digest,
        license=offer.license or header.license,
        architecture=header.architecture,
        revision=offer.revision,
    )


def _is_model(name: str) -> bool:
    """A projector goes with a model and is none."""
    return name.endswith(".gguf") and "mmproj" not in name.lower()


@contextmanager
def _plain_words(repository: str) -> Iterator[None]:
    """What goes wrong between here and the Hub, in one sentence."""
    import httpx2
    from huggingface_hub import constants, errors

    try:
        yield
    except errors.GatedRepoError:
        raise ServiceError(
            f"{repository} is gated: accept its conditions at https://huggingface.co/{repository}, "
            "and log in with `hf auth login`"
        ) from None
    except (errors.RepositoryNotFoundError, errors.HFValidationError):
        raise ServiceError(
            f"the Hub has no repository {repository}, or your token may not see it"
        ) from None
    except (errors.HfHubHTTPError, httpx2.HTTPError, errors.LocalEntryNotFoundError) as error:
        raise ServiceError(
            f"{repository} cannot be read from {constants.ENDPOINT} ({_reason(error)}). When it "
            "can, the same command goes on where it ended"
        ) from None


def _reason(error: Exception) -> str:
    """What the Hub has said, or the first line of the error."""
    # A download's error only has the Hub's as its cause.
    said = getattr(error.__cause__ or error, "server_message", None)
    lines = str(said or error).splitlines() or [type(error).__name__]
    return lines[0].rstrip(".")
