"""The service's web pages as panels in the notebook, for both backends.

A panel stands on ``huggingface_hub`` and the management API alone. What it computes, checks and
says is plain functions; the controls are a thin view of them. No lesson depends on a click: where
there is no browser, a panel is a table.
"""

from __future__ import annotations

from huggingface_hub import InferenceEndpoint

from helpers.panel.create import CreatePanel
from helpers.panel.endpoint import EndpointPanel
from helpers.panel.listing import ListPanel
from helpers.panel.machine_form import DEFAULT_WISH
from helpers.safety import require_endpoint

__all__ = ["CreatePanel", "EndpointPanel", "ListPanel", "create_panel", "endpoint_panel", "panel"]

DEFAULT_REPOSITORY = "google/gemma-1.1-2b-it"


def create_panel(
    repository: str = DEFAULT_REPOSITORY,
    name: str | None = None,
    *,
    vendor: str = DEFAULT_WISH[0],
    region: str = DEFAULT_WISH[1],
    accelerator: str = DEFAULT_WISH[2],
    instance_type: str = DEFAULT_WISH[3],
    instance_size: str = DEFAULT_WISH[4],
    namespace: str | None = None,
) -> CreatePanel:
    """The form that creates an endpoint. The arguments fill it in; everything can be changed.

    Args:
        repository: the model on the Hub.
        name: the endpoint's; default one made from the repository's.
        vendor, region, accelerator, instance_type, instance_size: the hardware, where it is
            offered; else the cheapest that is.
        namespace: user or organization; default the token's user.
    """
    wish = (vendor, region, accelerator, instance_type, instance_size)
    return CreatePanel(repository=repository, name=name, wish=wish, namespace=namespace)


def endpoint_panel(endpoint: InferenceEndpoint) -> EndpointPanel:
    """An endpoint's page: state, playground, analytics, cost, logs, settings.

    Raises:
        ParameterError: it is no endpoint.
    """
    require_endpoint(endpoint)
    return EndpointPanel(endpoint)


def panel() -> ListPanel:
    """All endpoints in a table; each can be opened below it."""
    return ListPanel()
