"""The computer: what is installed, and how much room there is."""

from __future__ import annotations

import platform
import shutil
import socket
import tempfile
from importlib.metadata import PackageNotFoundError, requires, version

import psutil
from packaging.requirements import Requirement

from helpers.doctor.report import Check, NotWellError

COURSE = "inference-endpoints-course"
SHOWN = ("huggingface_hub", "jupyterlab", "ipykernel", "onnxruntime", "numpy", "pillow")
INSTALL = "install what the course needs: pip install -r requirements.txt, in the course's folder"
GIGABYTE = 1e9
# Judged, not measured: JupyterLab, a kernel, the service and three replicas, with room to spare.
LEAST_MEMORY, LEAST_DISK = 1.0 * GIGABYTE, 0.2 * GIGABYTE


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


COMPUTER = (
    Check("Python", check_python),
    Check("packages", check_packages),
    Check("memory", check_memory),
    Check("disk", check_disk),
    Check("network", check_loopback),
)
