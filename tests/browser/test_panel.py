"""The control panel in the hands of a person: an endpoint's whole life in JupyterLab, by task."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

from PIL import Image
from selenium import webdriver

from local_endpoints import ServiceInfo, find_running
from tests.browser.axe import serious
from tests.browser.chromium import SCHEMES
from tests.browser.lab import OUTPUT, Lab, OpenNotebook
from tests.judge import judge
from tests.patience import eventually

FORM = """
from helpers import connect
from helpers.panel import create_panel

connect("local")
create_panel({repository!r}, {name!r})
"""
PAUSED_MINUTES = 600


def open_form(driver: webdriver.Chrome, lab: Lab, repository: str, name: str) -> OpenNotebook:
    """The form that creates an endpoint, filled in and with the service's lists read."""
    notebook = OpenNotebook(driver, lab, name, FORM.format(repository=repository, name=name))
    notebook.run_all()
    notebook.wait_for("of your quota in use", "Task: ")
    return notebook


def create(notebook: OpenNotebook) -> None:
    """Press the button and see the endpoint run."""
    notebook.press("Create endpoint")
    notebook.wait_for("● Running")


def delete(notebook: OpenNotebook, name: str) -> None:
    """Press the button, say yes, and see the endpoint gone."""
    notebook.press("Delete")
    notebook.wait_for(f"Delete {name} for good?")
    notebook.press("Yes, delete it for good")
    notebook.wait_for("∅ Deleted")
    names = [each["name"] for each in service_of(notebook.lab).status()["endpoints"]]
    assert name not in names


def service_of(lab: Lab) -> ServiceInfo:
    """The service that the notebooks have started."""
    found = find_running(lab.state_dir)
    assert found is not None
    return found


def require_accessible(notebook: OpenNotebook) -> None:
    """Axe finds nothing serious in what a cell shows, light and dark."""
    for scheme in SCHEMES:
        notebook.prefer(scheme)
        found = serious(notebook.driver, within=OUTPUT)
        assert not found, "\n".join(found)
    notebook.prefer("light")


def test_a_language_model_from_the_form_to_its_end(
    browser: webdriver.Chrome, lab: Lab, screenshots: Path | None
) -> None:
    notebook = open_form(browser, lab, "google/gemma-1.1-2b-it", "chat-by-hand")
    require_accessible(notebook)
    notebook.shoot(screenshots, "create")
    notebook.enter("Name", "No!")
    notebook.wait_for("⚠ The name ")
    notebook.enter("Name", "poet-by-hand")
    notebook.wait_for('"poet-by-hand",', "hf endpoints deploy poet-by-hand")
    create(notebook)
    notebook.shoot(screenshots, "overview")
    require_accessible(notebook)

    notebook.press("Playground")
    notebook.watch(".ie-theirs .ie-text")
    notebook.press("Send")
    notebook.wait_for(" pieces in ")
    *pieces, poem = notebook.watched()
    # A quick computer needs no more than one frame for a whole poem.
    assert poem and all(poem.startswith(piece) for piece in pieces), "it streams"
    assert len(pieces[0]) < len(poem)
    assert "sea" in poem.lower()
    notebook.shoot(screenshots, "chat")
    require_accessible(notebook)

    notebook.press("Logs")
    notebook.wait_for("A pocket model speaks here", "generated_tokens")
    notebook.enter("Only lines with", "pocket MODEL speaks")
    notebook.wait_for("1 of ")
    notebook.shoot(screenshots, "logs")
    require_accessible(notebook)

    for tab in ("Analytics", "Settings"):
        notebook.press(tab)
        notebook.shoot(screenshots, tab.lower())
        require_accessible(notebook)

    notebook.press("Usage & Cost")
    notebook.wait_for("$0.80 per hour")
    notebook.press("Pause")
    notebook.wait_for("‖ Paused", "it does not bill")
    notebook.shoot(screenshots, "cost")
    require_accessible(notebook)
    before = minutes_billed(notebook)
    minute = service_of(lab).status()["minute"]
    service_of(lab).call("POST", "/_local/clock", {"advance": PAUSED_MINUTES * minute})
    notebook.press("Resume")
    notebook.wait_for("● Running")
    assert eventually(lambda: minutes_billed(notebook) > before)
    assert minutes_billed(notebook) < before + PAUSED_MINUTES, "while it paused it cost nothing"
    delete(notebook, "poet-by-hand")


def minutes_billed(notebook: OpenNotebook) -> int:
    """As the tab says."""
    found = re.search(r"for ([\d,]+) started minute", notebook.text())
    assert found, notebook.text()
    return int(found[1].replace(",", ""))


def test_a_picture_is_drawn(browser: webdriver.Chrome, lab: Lab, screenshots: Path | None) -> None:
    notebook = open_form(browser, lab, "stabilityai/stable-diffusion-xl-base-1.0", "draw-by-hand")
    create(notebook)
    notebook.press("Playground")
    notebook.enter("Seed", "1")
    notebook.press("Draw")
    notebook.wait_for("drawn by a pocket model")
    image = notebook.element("img[alt^='drawn from the prompt: a fox']")
    address = str(image.get_attribute("src"))
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
        assert judge(picture.convert("RGB"))["animal"] == "fox"
    notebook.shoot(screenshots, "draw")
    require_accessible(notebook)
    delete(notebook, "draw-by-hand")


def test_a_question_about_a_picture_is_answered(
    browser: webdriver.Chrome, lab: Lab, screenshots: Path | None
) -> None:
    notebook = open_form(browser, lab, "HuggingFaceM4/idefics2-8b-chatty", "look-by-hand")
    create(notebook)
    notebook.press("Playground")
    notebook.watch(".ie-theirs .ie-text")
    notebook.press("Send")
    notebook.wait_for(" pieces in ")
    assert "llama" in notebook.watched()[-1].lower()
    notebook.shoot(screenshots, "picture")
    require_accessible(notebook)
    delete(notebook, "look-by-hand")
