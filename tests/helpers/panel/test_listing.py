"""All endpoints in a table."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import connect
from helpers.panel import ListPanel, panel
from tests.fakes import Service
from tests.helpers.conftest import Trouble
from tests.helpers.panel.conftest import Container
from tests.patience import WAIT_SECONDS


def settled(listing: ListPanel) -> ListPanel:
    assert listing.jobs.settle(WAIT_SECONDS)
    return listing


def names(listing: ListPanel) -> list[str]:
    return [row["id"] for row in listing.table.data["rows"]]


@pytest.fixture
def two(connected: Service, container: Container) -> Service:
    connected.create_running("a-poet")
    paused = connected.create_running("b-painter", compute={"instanceType": "nvidia-t4"})
    connected.server.call(lambda: connected.lifecycle.pause(paused))
    return connected


def test_it_lists_state_hardware_and_what_bills(two: Service) -> None:
    cells = {row["id"]: row["cells"] for row in settled(panel()).table.data["rows"]}
    assert cells["a-poet"] == [
        "a-poet", "● Running", "text-generation", "tgi", "nvidia-l4 x1, us-east-1",
        "$0.80 per hour",
    ]  # fmt: skip
    assert cells["b-painter"][1] == "‖ Paused" and cells["b-painter"][-1] == "nothing"


def test_more_than_one_page_is_listed(connected: Service, container: Container) -> None:
    for number in range(25):
        endpoint = connected.create(f"number-{number:02}", scaling={"maxReplica": 1})
        connected.server.call(lambda it=endpoint: connected.lifecycle.pause(it))
    assert len(names(settled(panel()))) == 25


def test_it_is_filtered_by_name_model_and_state(two: Service) -> None:
    listing = settled(panel())
    for words, found in (("POET", ["a-poet"]), ("paused", ["b-painter"]), ("gemma", 2)):
        listing.filter.value = words
        assert names(listing) == found or len(names(listing)) == found
    assert "of local-user: 2 of 2" in listing.table.data["caption"]


def test_of_another_namespace(two: Service) -> None:
    listing = settled(panel())
    listing.namespace.value = "local-class"
    settled(listing)
    assert names(listing) == []
    assert listing.table.data["empty"] == "No endpoint. create_panel() makes one."


def test_one_is_opened_below(two: Service) -> None:
    listing = settled(panel())
    listing.open("a-poet")
    settled(listing)
    assert listing.opened is not None and listing.opened.endpoint.name == "a-poet"


def test_one_that_is_gone_is_said(two: Service) -> None:
    listing = settled(panel())
    listing.open("gone-since")
    settled(listing)
    assert "opening gone-since was refused (404)" in listing.notice.text


def test_a_service_in_trouble_is_said(two: Service, trouble: Trouble) -> None:
    listing = settled(panel())
    trouble.answers = [500] * 10
    before = listing.table.beat
    listing.look()
    settled(listing)
    assert "listing the endpoints of local-user was refused (500)" in listing.notice.text
    assert listing.table.beat == before + 1  # the browser may ask again


def test_prices_are_computed_where_the_service_names_none(real: Service) -> None:
    connect("hf")
    real.create_running("a-poet")
    (row,) = settled(panel()).table.data["rows"]
    assert row["cells"][-1] == "$0.80 per hour"


def test_where_no_widget_can_be_shown_it_is_a_table(two: Service) -> None:
    bundle: dict[str, Any] = panel()._repr_mimebundle_()
    assert "a-poet" in bundle["text/html"] and "● Running" in bundle["text/html"]
    assert bundle["text/plain"] == "A table of 2 endpoints"
