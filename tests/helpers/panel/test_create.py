"""The form: filled, followed, checked, priced, pressed."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import connect
from helpers.panel import CreatePanel, create_panel
from tests.fakes import MODEL_ID, Service
from tests.helpers.panel.conftest import Container
from tests.patience import WAIT_SECONDS


def settled(panel: CreatePanel) -> CreatePanel:
    assert panel.jobs.settle(WAIT_SECONDS)
    return panel


@pytest.fixture
def form(connected: Service, container: Container) -> CreatePanel:
    return settled(create_panel(MODEL_ID, "a-poet"))


def code(form: CreatePanel) -> str:
    return "".join(block["text"] for block in form.code.data["blocks"])


def costs(form: CreatePanel) -> dict[str, str]:
    return {row["term"]: row["text"] for row in form.costs.data["rows"]}


def test_it_is_filled_from_the_service_and_the_hub(form: CreatePanel) -> None:
    assert "nvidia-l4 x1" in form.machine.instance.label and "$0.80" in form.machine.instance.label
    assert form.namespace.value == "local-user"
    assert form.container.kind.value == "vLLM"
    assert "Task: text-generation" in form.about.value and "pocket model" in form.about.value
    assert "By its name the model has about 4.0 GB" in form.machine.fits.value
    assert "of your quota in use" in form.machine.quota.value
    assert costs(form)["forgotten over a weekend (63 h)"] == "$50.40"


def test_each_list_follows_the_one_above(form: CreatePanel) -> None:
    form.machine.vendor.value = "gcp"
    assert form.machine.region.value == "us-east4"
    assert all("gcp" in value for _, value in form.machine.instance.options)
    form.machine.vendor.value = "aws"
    form.machine.accelerator.value = "cpu"
    assert "intel-spr" in form.machine.instance.label
    assert form.container.kind.value == "tgi"  # vLLM's image is made for GPUs
    assert 'accelerator="cpu"' in code(form)


def test_a_container_that_was_chosen_by_hand_stays(form: CreatePanel) -> None:
    form.container.kind.value = "default"
    form.machine.accelerator.value = "cpu"
    form.machine.accelerator.value = "gpu"
    assert form.container.kind.value == "default"


def test_the_name_is_checked_while_it_is_typed(form: CreatePanel) -> None:
    form.name.value = "A"
    assert "4 to 32 characters" in form.name_says.text
    form.name.value = "another-poet"
    assert form.name_says.text == ""


def test_a_name_that_is_taken_gets_a_free_one(form: CreatePanel, connected: Service) -> None:
    connected.create_running("taken-one")
    form.name.value = "taken-one"
    settled(form)
    assert form.name_says.text == "There is an endpoint called taken-one already."
    form.take_free.click()
    settled(form)
    assert (form.name.value, form.name_says.text) == ("taken-one-2", "")


def test_a_name_that_nobody_typed_follows_the_repository(connected: Service) -> None:
    form = settled(create_panel(MODEL_ID))
    assert form.name.value.startswith("gemma-1-1-2b-it-")
    form.repository.value = "open-models/tiny"
    assert form.name.value.startswith("tiny-")
    form.name.value = "my-own"
    form.repository.value = MODEL_ID
    assert form.name.value == "my-own"
    settled(form)


def test_a_repository_that_is_not_there_is_said(form: CreatePanel) -> None:
    form.repository.value = "nobody/nothing"
    settled(form)
    assert "there is no repository nobody/nothing" in form.about.value


def test_replicas_make_the_price_and_end_the_sleep(form: CreatePanel) -> None:
    form.most.value = 3
    assert costs(form)["per hour"] == "$2.40, 3 replicas at most"
    form.least.value = 1
    assert "scale_to_zero_timeout" not in code(form) and "min_replica=1" in code(form)


def test_each_level_of_access_is_explained(form: CreatePanel) -> None:
    for level, words in (("public", "Everybody, without a token"), ("authenticated", "account")):
        form.security.value = level
        assert words in form.security_says.value and f'type="{level}"' in code(form)


def test_a_line_that_cannot_be_read_is_said_instead_of_the_code(form: CreatePanel) -> None:
    form.container.env.value = "no equals sign"
    assert "is not of the form NAME=value" in code(form)
    form.create.click()
    assert "is not of the form NAME=value" in form.notice.text


def test_on_this_computer_one_press_creates_it(form: CreatePanel, connected: Service) -> None:
    form.container.kind.value = "tgi"
    form.create.click()
    settled(form)
    assert form.notice.text == "a-poet is created. Its page stands below."
    assert form.created is not None and form.created.endpoint.name == "a-poet"
    spec = connected.lifecycle.get("local-user", "a-poet").spec
    assert spec.model.repository == MODEL_ID
    assert not form.create.disabled


def test_what_the_service_refuses_is_said(form: CreatePanel, connected: Service) -> None:
    connected.create_running("a-poet")
    form.container.kind.value = "tgi"
    form.create.click()
    settled(form)
    assert "creating endpoint a-poet was refused (409)" in form.notice.text
    assert form.created is None and not form.create.disabled


def test_what_cannot_work_is_not_sent(form: CreatePanel, connected: Service) -> None:
    form.name.value = "A"
    form.create.click()
    settled(form)
    assert "4 to 32 characters" in form.notice.text and not connected.store.list()


# On the real service, which a local one plays.


@pytest.fixture
def dear_form(real: Service) -> CreatePanel:
    connect("hf", max_spend_usd=1.0)
    form = settled(create_panel(MODEL_ID, "a-poet"))
    form.container.kind.value = "tgi"
    return form


def test_on_the_real_service_it_asks_again(dear_form: CreatePanel, real: Service) -> None:
    dear_form.create.click()
    settled(dear_form)
    assert dear_form.confirm.is_open and not real.store.list()
    assert "up to $0.80 per hour on the real service" in dear_form.confirm.question.text
    dear_form.confirm.no.click()
    settled(dear_form)
    assert not dear_form.confirm.is_open and not real.store.list()
    dear_form.create.click()
    dear_form.confirm.yes.click()
    settled(dear_form)
    assert [each.name for each in real.store.list()] == ["a-poet"]


def test_what_was_confirmed_is_what_is_created(dear_form: CreatePanel, real: Service) -> None:
    connect("hf", max_spend_usd=2.0)
    dear_form.create.click()
    assert dear_form.confirm.is_open
    dear_form.most.value = 2
    assert not dear_form.confirm.is_open, "another price has to be asked again"
    dear_form.confirm.yes.click()
    settled(dear_form)
    assert not real.store.list()
    dear_form.create.click()
    assert "up to $1.60 per hour on the real service" in dear_form.confirm.question.text
    dear_form.confirm.yes.click()
    settled(dear_form)
    (created,) = real.store.list()
    assert created.spec.compute.scaling.max_replica == 2


def test_the_spend_limit_is_obeyed(dear_form: CreatePanel, real: Service) -> None:
    dear_form.most.value = 2
    dear_form.create.click()
    dear_form.confirm.yes.click()
    settled(dear_form)
    assert "one hour would cost up to $1.60" in dear_form.notice.text
    assert not real.store.list()


# Without a browser.


def test_where_no_widget_can_be_shown_it_is_a_table(form: CreatePanel) -> None:
    bundle: dict[str, Any] = form._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    page = bundle["text/html"]
    assert "the endpoint&#x27;s, free in the namespace" in page and "<script" not in page
    assert "nvidia-l4 x1" in page and "$50.40" in page
    assert bundle["text/plain"] == f"The form that creates an endpoint, filled in for {MODEL_ID}"


def test_without_the_list_the_form_says_so(connected: Service, trouble: Any) -> None:
    trouble.path, trouble.answers = "/v2/provider", [500] * 100
    form = settled(create_panel(MODEL_ID, "a-poet"))
    assert "reading the hardware list was refused (500)" in form.notice.text
    form.create.click()
    assert "No hardware is chosen." in form.notice.text
