"""Configuration of a JupyterHub whose users share one local Inference Endpoints service.

The Littlest JupyterHub reads it from ``/opt/tljh/config/jupyterhub_config.d/``; in the
``jupyterhub_config.py`` of any other one write ``load_subconfig("…/local_endpoints_service.py")``.

The Hub does not start the service, so that neither stops with the other;
``local-endpoints.service`` does. The Hub only gives its users what ``helpers.connect("local")``
looks for.
"""

# mypy: disable-error-code="name-defined"
# ruff: noqa: F821

import os
from typing import Any

NAME = "local-endpoints"
"""As in the service's ``$JUPYTERHUB_SERVICE_NAME``."""
URL = os.environ.get("LOCAL_ENDPOINTS_URL", "http://127.0.0.1:980")
"""Of the service. Only root can give a port below 1024 away: while the service is not there, no
user of this computer can listen in its place and collect the others' tokens."""
ACCESS = f"access:services!service={NAME}"
TOKEN_SECONDS = 7 * 24 * 3600
"""A user's server that runs for longer has to be started again."""


def new_token(spawner: Any) -> str:
    """A token that opens the service and nothing else. ``JUPYTERHUB_API_TOKEN``, which each server
    has anyway, opens the user's server as well, and so is none of the service's business."""
    token: str = spawner.user.new_api_token(
        note=f"{NAME}, for the kernels", scopes=[ACCESS], expires_in=TOKEN_SECONDS
    )
    return token


c.JupyterHub.services.append({"name": NAME})
c.JupyterHub.load_roles.append({"name": "user", "scopes": ["self", ACCESS]})
# Both, because Zero to JupyterHub sets KubeSpawner's environment, which hides what Spawner's says.
# A Hub with another spawner does not look at that section.
for spawner in (c.Spawner, c.KubeSpawner):
    spawner.environment.update(
        {
            "LOCAL_ENDPOINTS_URL": URL,
            "LOCAL_ENDPOINTS_TOKEN": new_token,
            # Nobody but the operator can listen there: see URL.
            "LOCAL_ENDPOINTS_TRUSTED_NETWORK": "1",
        }
    )
