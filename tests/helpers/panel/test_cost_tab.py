"""What an endpoint has cost, on both backends."""

from __future__ import annotations

from huggingface_hub import InferenceEndpoint, get_inference_endpoint

from helpers import connect
from helpers.panel import EndpointPanel, endpoint_panel
from helpers.panel.facts import costs_of
from tests.fakes import Service
from tests.helpers.panel.conftest import REAL_ANSWER, found
from tests.patience import WAIT_SECONDS


def cost_of(page: EndpointPanel) -> dict[str, str]:
    assert page.jobs.settle(WAIT_SECONDS)
    page.cost.look()
    assert page.cost.jobs.settle(WAIT_SECONDS)
    assert page.cost.notice.text == ""
    return {row["term"]: row["text"] for row in page.cost.bill.data["rows"]}


def test_here_it_comes_from_the_ledger_and_stands_still_when_paused(
    endpoint: InferenceEndpoint, connected: Service
) -> None:
    page = endpoint_panel(endpoint)
    connected.clock.advance(minutes=10)
    said = cost_of(page)
    assert said["This run"] == "$0.1333 for 10 started minutes"
    assert (said["Now"], said["Spend limit"]) == (
        "$0.80 per hour", "none is needed on this computer",
    )  # fmt: skip
    assert page.cost.bill.data["note"].startswith("From the local service's ledger")
    page.pause.click()
    assert page.jobs.settle(WAIT_SECONDS)
    paused = cost_of(page)
    connected.clock.advance(minutes=60)
    assert cost_of(page) == paused and paused["Now"] == "it does not bill"


def test_on_the_real_service_it_is_an_estimate_with_the_limit(real: Service) -> None:
    connect("hf", max_spend_usd=2.0)
    real.create_running("a-poet")
    page = endpoint_panel(get_inference_endpoint("a-poet"))
    said = cost_of(page)
    assert said["This run"].startswith("$0.0") and said["Now"] == "$0.80 per hour"
    assert said["Spend limit"] == "$2.00 per hour, everything together: more is refused"
    assert page.cost.bill.data["note"].startswith("An estimate")


def test_a_night_costs_what_the_price_list_says() -> None:
    (why,) = [line for line in costs_of(found(REAL_ANSWER), None) if line["term"] == "Why unknown"]
    assert why["text"] == "its hardware is not in the service's price list"
