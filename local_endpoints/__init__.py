"""A local Hugging Face Inference Endpoints service with tiny real models.

``ensure_running`` finds or starts the service of a state directory; ``python -m local_endpoints``
does the same from a shell.
"""

from local_endpoints.client import ServiceInfo, ensure_running, find_running, stop_running
from local_endpoints.errors import ServiceError

__all__ = ["ServiceError", "ServiceInfo", "ensure_running", "find_running", "stop_running"]
