"""Does the course run on this computer? To be tried the day before.

    python -m helpers.doctor

It looks at Python, packages, disk, memory and loopback network, starts a local service of its own
in a temporary folder (one that runs already is left alone), and asks each of the lessons' models
one question. Every line says what was found, and what to do where something is wrong. Status 0 when
all is well, 1 otherwise.
"""

from __future__ import annotations

import contextlib
import io
import platform
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import psutil
from huggingface_hub import InferenceClient, InferenceEndpoint
from packaging.requirements import Requirement

from helpers.connect import connect, disconnect
from helpers.containers import IMAGES
from helpers.endpoints import running_endpoint
from helpers.errors import CourseError
from helpers.examples import example_pictures
from helpers.images import image_to_data_url
from local_endpoints import stop_running

COURSE = "inference-endpoints-course"
SHOWN = ("huggingface_hub", "jupyterlab", "ipykernel", "onnxruntime", "numpy", "pillow")
INSTALL = "install what the course needs: pip install -r requirements.txt, in the course's folder"
GIGABYTE = 1e9
# Judged, not measured: JupyterLab, a kernel, the service and three replicas, with room to spare.
LEAST_MEMORY, LEAST_DISK = 1.0 * GIGABYTE, 0.2 * GIGABYTE
HARDWARE: dict[str, Any] = {
    "framework": "pytorch",
    "accelerator": "gpu",
    "vendor": "aws",
    "region": "us-east-1",
    "instance_type": "nvidia-l4",
    "instance_size": "x1",
    "type": "private",
}
VLLM, TGI = ({engine: IMAGES[engine]} for engine in ("vLLM", "tgi"))


class NotWellError(Exception):
    """A check found something wrong.

    Args:
        found: what.
        remedy: what to do about it.
    """

    def __init__(self, found: str, *, remedy: str) -> None:
        super().__init__(found)
        self.remedy = remedy


@dataclass(frozen=True)
class Check:
    """One line of the report.

    Attributes:
        name: what is looked at.
        look: returns what was found; raises `NotWellError` or a `CourseError`.
    """

    name: str
    look: Callable[[], str]


def check_python() -> str:
    """Its version. An older one than 3.10 does not get as far as here."""
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def check_packages() -> str:
    """What the course needs is there, in versions that it takes."""
    try:
        wanted = [Requirement(each) for each in requires(COURSE) or ()]
    except PackageNotFoundError:
        raise NotWellError("the course is not installed", remedy=INSTALL) from None
    problems = [
        problem
        for each in wanted
        if each.marker is None or each.marker.evaluate({"extra": "course"})
        if (problem := _problem_of(each))
    ]
    if problems:
        raise NotWellError("; ".join(problems), remedy=INSTALL)
    return ", ".join(f"{name} {version(name)}" for name in SHOWN)


def _problem_of(requirement: Requirement) -> str | None:
    try:
        present = version(requirement.name)
    except PackageNotFoundError:
        return f"{requirement.name} is missing"
    if not requirement.specifier.contains(present, prereleases=True):
        return f"{requirement.name} {present} is there, {requirement.specifier} is wanted"
    return None


def check_memory() -> str:
    """Enough of it is free."""
    free = psutil.virtual_memory().available
    found = f"{free / GIGABYTE:.1f} GB free, {psutil.cpu_count()} processor cores"
    if free < LEAST_MEMORY:
        raise NotWellError(
            found, remedy=f"close other programs until {LEAST_MEMORY / GIGABYTE:g} GB are free"
        )
    return found


def check_disk() -> str:
    """The folder for temporary files, and so most likely that for the service, has room."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    found = f"{free / GIGABYTE:.1f} GB free"
    if free < LEAST_DISK:
        raise NotWellError(found, remedy=f"free {LEAST_DISK / GIGABYTE:g} GB of the disk")
    return found


def check_loopback() -> str:
    """Programs of this computer can talk to each other."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return f"port {port} of 127.0.0.1 could be opened and reached"
    except OSError as error:
        raise NotWellError(
            f"127.0.0.1 cannot be reached ({error})",
            remedy="let a firewall or a security program allow connections inside this computer",
        ) from None


def ask_language_model(repository: str, image: dict[str, Any]) -> Callable[[], str]:
    """A check that asks it for a poem."""

    def ask(client: InferenceClient) -> str:
        answer = client.chat_completion(
            [{"role": "user", "content": "Please write a short poem about the sea for me."}],
            model=repository,
            max_tokens=40,
            seed=7,
        )
        return str(answer.choices[0].message.content).strip().splitlines()[0]

    return lambda: _ask(repository, ask, task="text-generation", custom_image=image)


def ask_image_model(repository: str) -> Callable[[], str]:
    """A check that asks it for a picture."""

    def ask(client: InferenceClient) -> str:
        picture = client.text_to_image("a fox in the snow", num_inference_steps=8)
        return f"a picture of {picture.width} x {picture.height} pixels"

    return lambda: _ask(repository, ask, task="text-to-image")


def ask_vision_model(repository: str) -> Callable[[], str]:
    """A check that asks it what it sees."""

    def ask(client: InferenceClient) -> str:
        url = image_to_data_url(next(iter(example_pictures().values())))
        content = [
            {"type": "image_url", "image_url": {"url": url}},
            {"type": "text", "text": "What animal is this?"},
        ]
        answer = client.chat_completion([{"role": "user", "content": content}], max_tokens=40)
        return str(answer.choices[0].message.content).strip()

    env = {"MODEL_ID": "/repository", "MAX_INPUT_TOKENS": "1024", "MAX_TOTAL_TOKENS": "1536"}
    return lambda: _ask(repository, ask, task="image-text-to-text", custom_image=TGI, env=env)


def _ask(repository: str, ask: Callable[[InferenceClient], str], **settings: Any) -> str:
    name = repository.split("/")[1].lower().replace(".", "-")[:32]
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        # Waiting shows its progress, which has no place in a report.
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            endpoint = stack.enter_context(
                running_endpoint(name, repository=repository, **HARDWARE, **settings)
            )
        started = time.monotonic() - began
        answer = _answer(endpoint, ask)
    seconds = time.monotonic() - began - started
    return f"{answer!r} (started in {started:.1f} s, answered in {seconds:.1f} s)"


def _answer(endpoint: InferenceEndpoint, ask: Callable[[InferenceClient], str]) -> str:
    try:
        return ask(InferenceClient(base_url=endpoint.url, timeout=60))
    except Exception as error:
        raise NotWellError(
            f"the model gave no answer ({type(error).__name__}: {error})",
            remedy="run it again when the computer is less busy; if that does not help, open an "
            "issue with this line",
        ) from None


COMPUTER = (
    Check("Python", check_python),
    Check("packages", check_packages),
    Check("memory", check_memory),
    Check("disk", check_disk),
    Check("network", check_loopback),
)
MODELS = (
    Check("notebook 1", ask_language_model("google/gemma-1.1-2b-it", VLLM)),
    Check("functions", ask_language_model("Qwen/Qwen3-1.7B", VLLM)),
    Check("notebook 2", ask_image_model("stabilityai/stable-diffusion-xl-base-1.0")),
    Check("notebook 3", ask_vision_model("HuggingFaceM4/idefics2-8b-chatty")),
)


@contextmanager
def own_service() -> Iterator[str]:
    """A local service in a temporary folder, which ends with the block. Gives what it took."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        began = time.monotonic()
        try:
            address = connect("local", state_dir=folder).url.removesuffix("/v2")
            yield f"{address}, started in {time.monotonic() - began:.1f} s"
        finally:
            disconnect()
            stop_running(Path(folder))


def examine(checks: Sequence[Check]) -> bool:
    """Print a line for each; whether all is well."""
    well = True
    for check in checks:
        try:
            print(f"ok     {check.name:11} {check.look()}", flush=True)
        except (NotWellError, CourseError) as error:
            well = False
            print(f"WRONG  {check.name:11} {error}", flush=True)
            if isinstance(error, NotWellError):
                print(f"       {'':11} -> {error.remedy}", flush=True)
    return well


def main() -> int:
    """The command; returns the exit status."""
    well = examine(COMPUTER)
    try:
        with own_service() as found:
            well = examine([Check("service", lambda: found), *MODELS]) and well
    except CourseError as error:
        well = False
        print(f"WRONG  {'service':11} {error}")
    print("All is well: the course runs here." if well else "Something needs your attention.")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
