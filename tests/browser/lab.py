"""A JupyterLab of a test's own, and a notebook that is open in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from local_endpoints.state_dir import STATE_DIR_VARIABLE
from tests.browser.chromium import NARROW, SCHEMES, WIDE, Scheme, prefer, resize
from tests.patience import WAIT_SECONDS, eventually

SETTINGS: dict[str, dict[str, Any]] = {
    # The theme follows what the browser says that the person likes.
    "apputils-extension/themes": {"adaptive-theme": True},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Cells out of sight are in the page as well.
    "notebook-extension/tracker": {"windowingMode": "none"},
}
OUTPUT = ".jp-OutputArea"
CONTROLS = "button, input, select, textarea, summary, a[href], [role]"


@dataclass(frozen=True)
class Lab:
    """A running server.

    Args:
        url: where it listens.
        token: what lets a browser in.
        folder: where its notebooks are.
        state_dir: of the service that its kernels start.
        log: what it says in the terminal.
    """

    url: str
    token: str
    folder: Path
    state_dir: Path
    log: Path


@contextmanager
def jupyter_lab(
    home: Path, *, folder: Path | None = None, options: Sequence[str] = ()
) -> Iterator[Lab]:
    """A server on a free port that knows nothing of the person's settings.

    Args:
        home: an empty folder for everything that it and its kernels write.
        folder: where its notebooks are; default one in ``home``.
        options: more for its command line.
    """
    folders = {name: home / name.lower() for name in ("CONFIG", "RUNTIME", "DATA")}
    environment = os.environ | {f"JUPYTER_{name}_DIR": str(at) for name, at in folders.items()}
    settings, log = home / "settings", home / "jupyterlab.log"
    work = folder or home / "work"
    for name, values in SETTINGS.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    work.mkdir(exist_ok=True)
    environment |= {
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "HF_HOME": str(home / "hf"),
        STATE_DIR_VARIABLE: str(home / "state"),
    }
    own_options = {
        "ServerApp.port": 0,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.root_dir": work,
        "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
    }
    command = [sys.executable, "-m", "jupyterlab", *options]
    command += [f"--{name}={value}" for name, value in own_options.items()]
    with log.open("w") as said:
        server = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    try:
        found = _wait_for(server, folders["RUNTIME"], log)
        yield Lab(found["url"], found["token"], work, home / "state", log)
    finally:
        _end(server)


def _wait_for(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> dict[str, Any]:
    path = runtime / f"jpserver-{server.pid}.json"
    found: dict[str, Any] = {}

    def is_described() -> bool:
        # It is there before all of it is.
        with suppress(OSError, json.JSONDecodeError):
            found.update(json.loads(path.read_text()))
        return bool(found)

    assert eventually(lambda: is_described() or server.poll() is not None)
    assert found, log.read_text()
    return found


def _end(server: subprocess.Popen[bytes]) -> None:
    """End it with its kernels; a kernel's own service ends by itself soon after."""
    kernels = psutil.Process(server.pid).children(recursive=True) if server.poll() is None else []
    server.terminate()
    try:
        server.wait(WAIT_SECONDS)
    finally:
        for process in kernels:
            if process.is_running():
                process.kill()
        server.kill()


class OpenNotebook:
    """A notebook of some cells, open in a browser.

    Args:
        driver: the browser.
        lab: the server.
        name: the notebook's file name without its ending.
        cells: their code, or cells of any kind.
    """

    def __init__(
        self, driver: webdriver.Chrome, lab: Lab, name: str, *cells: str | NotebookNode
    ) -> None:
        self.driver = driver
        self.lab = lab
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        made = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        notebook = new_notebook(cells=made, metadata={"kernelspec": kernel})
        nbformat.write(notebook, lab.folder / f"{name}.ipynb")
        resize(driver, WIDE)
        prefer(driver, "light")
        driver.get(f"{lab.url}lab/tree/{name}.ipynb?reset&token={lab.token}")
        assert eventually(lambda: self._script(THEME) and self._script(KERNEL_STATUS) == "idle")
        self._script("jupyterapp.shell.collapseLeft()")

    def run_all(self) -> None:
        """Run the cells and wait for the last one."""
        error = self.driver.execute_async_script(RUN_ALL)
        assert error is None, error

    def shown(self) -> str:
        """All that a person sees of the page: the folded is not in it."""
        return str(self._script("return document.querySelector('.jp-Notebook').innerText"))

    def text(self) -> str:
        """All that the cells show, what is entered in fields left out."""
        return str(self._script(TEXT))

    def wait_for(self, *texts: str) -> None:
        """Wait until all of it is shown."""
        assert eventually(lambda: all(text in self.text() for text in texts)), (texts, self.text())

    def element(self, selector: str) -> WebElement:
        """The one element in the cells' outputs, when it is there."""
        places = f"{OUTPUT} {selector}"
        assert eventually(lambda: len(self.driver.find_elements("css selector", places)) == 1)
        return self.driver.find_element("css selector", places)

    def press(self, name: str) -> None:
        """Click on the one control that a screen reader calls by the name, when it is there and
        not switched off."""
        self._use(name, lambda place: place.click())

    def enter(self, name: str, text: str) -> None:
        """Type a text in place of what stands in the field of that name."""
        self._use(name, lambda place: place.send_keys(Keys.CONTROL, "a", Keys.NULL, text))

    def _use(self, name: str, act: Callable[[WebElement], None]) -> None:
        def attempt() -> bool:
            try:
                places = self.driver.find_elements("css selector", f"{OUTPUT} :is({CONTROLS})")
                shown = [place for place in places if place.is_displayed()]
                (found,) = [place for place in shown if place.accessible_name == name]
                if not found.is_enabled():
                    return False
                act(found)
            except (ValueError, StaleElementReferenceException):
                return False  # the page is being drawn anew
            return True

        assert eventually(attempt), (name, self.text())

    def watch(self, selector: str) -> None:
        """Begin to write down each text that the last element of the selector has."""
        self._script(WATCH, selector)

    def watched(self) -> list[str]:
        """The texts since ``watch``, one after the other."""
        return [str(text) for text in self._script("return window.watched")]

    def prefer(self, scheme: Scheme) -> None:
        """Let the person like it light or dark, and wait until JupyterLab follows."""
        prefer(self.driver, scheme)
        assert eventually(lambda: scheme in self._script(THEME).lower())

    def shoot(self, folder: Path | None, name: str) -> None:
        """Take the page's picture, light and dark, wide and narrow.

        Args:
            folder: where to; no picture is taken without one.
            name: beginning of the files' names.
        """
        if folder is None:
            return
        folder.mkdir(parents=True, exist_ok=True)
        for width in (WIDE, NARROW):
            for scheme in SCHEMES:
                resize(self.driver, width, 1600)
                self.prefer(scheme)
                self.driver.save_screenshot(str(folder / f"{name}-{scheme}-{width}.png"))
        resize(self.driver, WIDE)
        self.prefer("light")

    def _script(self, source: str, *arguments: str) -> Any:
        return self.driver.execute_script(source, *arguments)


TEXT = f"""
return [...document.querySelectorAll("{OUTPUT}")].map(each => each.innerText).join("\\n");
"""
WATCH = f"""
const [selector] = arguments;
window.watched = [];
new MutationObserver(() => {{
    const text = [...document.querySelectorAll(`{OUTPUT} ${{selector}}`)].pop()?.textContent;
    if (text && text !== window.watched.at(-1)) window.watched.push(text);
}}).observe(document.body, {{subtree: true, childList: true, characterData: true}});
"""
KERNEL_STATUS = """
for (const widget of window.jupyterapp?.shell.widgets("main") ?? []) {
    const status = widget.sessionContext?.session?.kernel?.status;
    if (status === "idle") {
        jupyterapp.shell.activateById(widget.id);
        return status;
    }
}
"""
RUN_ALL = """
const done = arguments[arguments.length - 1];
jupyterapp.commands.execute("notebook:run-all-cells").then(
    () => done(null), error => done(String(error)));
"""
THEME = """
const isCovered = document.getElementById("jupyterlab-splash");
return isCovered ? "" : document.body.dataset.jpThemeName || "";
"""
