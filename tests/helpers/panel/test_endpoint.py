"""The page of an endpoint: state, buttons, tabs; against the service, without a browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from huggingface_hub import InferenceEndpoint

import helpers.panel.endpoint as endpoint_module
from helpers import ParameterError, connect
from helpers.panel import EndpointPanel, endpoint_panel
from tests.fakes import Service
from tests.helpers.conftest import Trouble
from tests.helpers.panel.conftest import LEAN_ANSWER, REAL_ANSWER, Container, found
from tests.patience import WAIT_SECONDS, eventually


def settled(panel: EndpointPanel) -> EndpointPanel:
    for jobs in (panel.jobs, panel.analytics.jobs, panel.cost.jobs, panel.logs.jobs,
                 panel.settings.jobs):  # fmt: skip
        assert jobs.settle(WAIT_SECONDS)
    return panel


@pytest.fixture
def page(endpoint: InferenceEndpoint) -> EndpointPanel:
    return settled(endpoint_panel(endpoint))


def go_to(page: EndpointPanel, title: str) -> None:
    page.tabs.selected_index = page.tabs.titles.index(title)
    settled(page)


def facts(page: EndpointPanel) -> dict[str, str]:
    return {row["term"]: row["text"] for row in page.facts.data["rows"]}


def enabled(page: EndpointPanel) -> set[str]:
    buttons = (page.pause, page.resume, page.wake, page.delete)
    return {button.description for button in buttons if not button.disabled}


def look_until(page: EndpointPanel, service: Service, word: str) -> None:
    """Let the browser ask for news until the badge says that word."""

    def says() -> bool:
        service.clock.advance(seconds=1)
        page.look()
        settled(page)
        return bool(page.badge.data["word"] == word)

    assert eventually(says)


def test_it_shows_state_settings_and_price(
    page: EndpointPanel, endpoint: InferenceEndpoint
) -> None:
    assert page.badge.data["word"] == "Running" and enabled(page) == {"Pause", "Delete"}
    said = facts(page)
    assert said["Address"] == endpoint.url
    assert said["Price"] == "$0.80 per hour and replica, while it is up"
    assert page.tabs.titles == (
        "Overview", "Playground", "Analytics", "Usage & Cost", "Logs", "Settings",
    )  # fmt: skip


def test_pause_and_resume(page: EndpointPanel, connected: Service) -> None:
    page.pause.click()
    settled(page)
    assert page.badge.data["word"] == "Paused" and enabled(page) == {"Resume", "Delete"}
    page.resume.click()
    look_until(page, connected, "Running")


def test_wake_up(page: EndpointPanel, connected: Service) -> None:
    sleeper = connected.lifecycle.get("local-user", "an-endpoint")
    connected.server.call(lambda: connected.lifecycle.scale_to_zero(sleeper))
    look_until(page, connected, "Scaled to zero")
    assert enabled(page) == {"Pause", "Wake up", "Delete"}
    connected.clock.advance(minutes=1)  # its replicas are gone
    page.wake.click()
    settled(page)
    look_until(page, connected, "Running")


def test_delete_asks_again(page: EndpointPanel, connected: Service) -> None:
    page.delete.click()
    assert page.confirm.is_open and "Delete an-endpoint for good?" in page.confirm.question.text
    page.confirm.no.click()
    settled(page)
    assert len(connected.store.list()) == 1
    page.delete.click()
    page.confirm.yes.click()
    look_until(page, connected, "Deleted")
    assert enabled(page) == set() and not connected.store.list()
    assert page.badge.every == 0  # the browser has nothing to ask for any more


def test_a_service_that_takes_its_time_keeps_nobody_waiting(
    page: EndpointPanel, connected: Service
) -> None:
    with connected.held_up():
        page.pause.click()
        page.pause.click()  # whoever presses twice means once
        page.settings.most.value = 3
        assert "up to $2.40 per hour" in page.settings.says.value
        assert page.jobs.is_running("do") and page.badge.data["word"] == "Running"
    settled(page)
    assert page.badge.data["word"] == "Paused" and page.notice.text == ""


def test_what_the_service_refuses_is_said(page: EndpointPanel, trouble: Trouble) -> None:
    trouble.method, trouble.path, trouble.answers = "POST", "/pause", [403]
    page.pause.click()
    settled(page)
    assert "pausing endpoint an-endpoint was refused (403)" in page.notice.text


def test_a_service_that_comes_back_takes_its_complaint_away(
    page: EndpointPanel, trouble: Trouble
) -> None:
    trouble.answers = [403]
    page.look()
    settled(page)
    assert "looking at endpoint an-endpoint" in page.notice.text and page.badge.beat == 1
    page.look()
    settled(page)
    assert page.notice.text == "" and page.badge.beat == 2


def test_nobody_is_asked_while_no_browser_looks(
    endpoint: InferenceEndpoint, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    often = 0.01
    monkeypatch.setattr(endpoint_module, "NEWS_SECONDS", often)
    page = settled(endpoint_panel(endpoint))
    trouble.path, trouble.answers = "/v2/", [500]
    page.jobs.start("time passes", lambda: asyncio.sleep(10 * often))
    settled(page)
    assert page.badge.every == often and trouble.answers == [500], "nobody met it"


def test_logs_are_read_followed_and_filtered(page: EndpointPanel, connected: Service) -> None:
    connected.launcher.last.say("loading", "WARN slow disk", "ready")
    go_to(page, "Logs")
    lines = page.logs.lines.data["lines"]
    assert [line.split()[-1] for line in lines[-3:]] == ["loading", "disk", "ready"]
    page.logs.filter.value = "warn"
    assert len(page.logs.lines.data["lines"]) == 1
    assert page.logs.lines.data["note"].startswith("1 of ")
    page.logs.filter.value = ""
    connected.launcher.last.say("one more")
    page.look()
    settled(page)
    assert "one more" in page.logs.lines.data["lines"][-1]
    page.logs.follow.value = False
    connected.launcher.last.say("not followed")
    page.look()
    settled(page)
    assert "one more" in page.logs.lines.data["lines"][-1]
    page.logs.refresh.click()
    settled(page)
    assert "not followed" in page.logs.lines.data["lines"][-1]


def test_what_was_asked_is_seen_also_on_a_clock_that_was_put_forward(
    page: EndpointPanel, connected: Service, container: Container
) -> None:
    connected.clock.advance(minutes=60 * 24 * 365 * 9)
    page.pause.click()
    settled(page)
    connected.clock.advance(minutes=1)
    page.resume.click()
    look_until(page, connected, "Running")
    play = page.playground
    assert play is not None
    play.send.click()
    assert play.jobs.settle(WAIT_SECONDS)
    connected.clock.advance(seconds=20)
    page.look()
    settled(page)
    page.analytics.period.value = 3600
    go_to(page, "Analytics")
    plots = {plot["title"]: plot["series"] for plot in page.analytics.plots.data["plots"]}
    requests = {each["name"]: each["points"] for each in plots["Requests by status"]}
    assert sum(value for _, value in requests["200"]) >= 1
    assert {each["name"] for each in plots["Latency"]} >= {"p50", "p95"}
    assert max(value for _, value in plots["Running replicas"][0]["points"]) == 1


@pytest.mark.parametrize("tab", ["Logs", "Analytics"])
def test_a_route_that_is_missing_is_said_in_words(
    page: EndpointPanel, trouble: Trouble, tab: str
) -> None:
    trouble.method = "GET" if tab == "Logs" else "POST"
    trouble.path, trouble.answers = "/logs" if tab == "Logs" else "/metrics", [501]
    go_to(page, tab)
    notice = {"Logs": page.logs, "Analytics": page.analytics}[tab].notice
    assert "this service does not show its" in notice.text and "(501)" in notice.text
    assert page.notice.text == ""


def test_settings_send_only_what_is_changed(page: EndpointPanel, connected: Service) -> None:
    settings = page.settings
    assert settings.changes() == {}
    settings.apply.click()
    assert settings.notice.text == "Nothing is changed."
    settings.most.value = 2
    assert settings.changes() == {"max_replica": 2}
    assert "up to $1.60 per hour" in settings.says.value
    settings.apply.click()
    settled(page)
    assert settings.notice.text == "The service has the new settings."
    spec = connected.lifecycle.get("local-user", "an-endpoint").spec
    assert spec.compute.scaling.max_replica == 2


def test_settings_change_the_instance(page: EndpointPanel, connected: Service) -> None:
    wanted = next(each for label, each in page.settings.instance.options if "nvidia-t4" in label)
    page.settings.instance.value = wanted
    assert page.settings.changes() == {"instance_type": "nvidia-t4", "instance_size": "x1"}
    page.settings.apply.click()
    settled(page)
    look_until(page, connected, "Running")
    assert facts(page)["Hardware"].startswith("aws us-east-1, nvidia-t4 x1")


def test_settings_that_cannot_work_are_said(page: EndpointPanel) -> None:
    page.settings.most.value, page.settings.least.value = 1, 2
    page.settings.apply.click()
    assert "the least number of replicas is above the most" in page.settings.notice.text


def test_an_idle_time_out_is_taken_away_only_by_a_replica_that_is_kept(
    page: EndpointPanel, connected: Service
) -> None:
    settings = page.settings
    settings.idle.value = 60
    settings.apply.click()
    settled(page)
    settings.idle.value = 0
    settings.apply.click()
    assert "an idle time-out cannot be taken away from here" in settings.notice.text
    settings.least.value = 1
    assert settings.changes() == {"min_replica": 1}
    settings.apply.click()
    settled(page)
    scaling = connected.lifecycle.get("local-user", "an-endpoint").spec.compute.scaling
    assert (scaling.min_replica, settings.notice.data["tone"]) == (1, "good")


def test_what_is_being_typed_is_not_overwritten_by_news(page: EndpointPanel) -> None:
    page.settings.most.value = 4
    page.look()
    settled(page)
    assert page.settings.most.value == 4


def test_on_the_real_service_an_update_asks_again(real: Service) -> None:
    connect("hf", max_spend_usd=5.0)
    real.create_running("a-poet")
    from huggingface_hub import get_inference_endpoint

    page = settled(endpoint_panel(get_inference_endpoint("a-poet")))
    page.settings.most.value = 2
    page.settings.apply.click()
    assert page.settings.confirm.is_open
    assert real.lifecycle.get("local-user", "a-poet").spec.compute.scaling.max_replica == 1
    page.settings.confirm.yes.click()
    settled(page)
    assert real.lifecycle.get("local-user", "a-poet").spec.compute.scaling.max_replica == 2


@pytest.mark.parametrize("answer", [REAL_ANSWER, LEAN_ANSWER], ids=["full", "lean"])
def test_with_answers_of_the_real_service(connected: Service, answer: dict[str, Any]) -> None:
    page = settled(endpoint_panel(found(answer)))
    said = facts(page)
    assert said["Price"] == "$0.80 per hour and replica, while it is up"
    assert "" not in said.values()
    prices = {row["term"]: row["text"] for row in page.cost.prices.data["rows"]}
    assert prices["Forgotten over a weekend (63 h)"] != "unknown"


def test_where_no_widget_can_be_shown_it_is_a_table(page: EndpointPanel) -> None:
    bundle: dict[str, Any] = page._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    html = bundle["text/html"]
    assert "Running" in html and "$0.80 per hour" in html
    assert "http://127.0.0.1" not in html  # an address differs from run to run
    assert bundle["text/plain"] == "The page of endpoint an-endpoint, which is running"


def test_only_endpoints_have_a_page() -> None:
    wrong: Any = "an-endpoint"
    with pytest.raises(ParameterError, match="is no endpoint: give what"):
        endpoint_panel(wrong)
