"""Everything that can be checked for nothing, before money flows. It works with both backends.

What it cannot know: whether the hardware is really there at this moment, whether the container
starts with your settings, and how good the answers will be. Those you pay minutes for.
"""

from __future__ import annotations

from huggingface_hub import InferenceEndpointHardware, whoami

from helpers.answers import persistently, plain_words
from helpers.connection import PRESENT
from helpers.errors import ConnectError
from helpers.preflight.finding import Finding, Preflight
from helpers.preflight.questions import QUESTIONS, Plan, state_of
from helpers.preflight.rights import Rights, rights_of

__all__ = ["Finding", "Preflight", "Rights", "preflight", "rights_of"]


def preflight(
    name: str,
    *,
    repository: str,
    hardware: InferenceEndpointHardware,
    max_replica: int = 1,
    token: str | None = None,
) -> Preflight:
    """Look at everything that could stop an endpoint of this kind, or cost more than you want.

    Namespace and spend limit are those that ``connect`` was given.

    Args:
        name: of the endpoint.
        repository: what it shall serve.
        hardware: a row of the service's list, as ``choose_hardware`` returns it.
        max_replica: most replicas at a time; default 1.
        token: look with this one; default the one that is configured, with which the model's size
            and what bills already are looked up in any case.

    Raises:
        ConnectError: not connected.
        RefusedError, UnreachableError: the service cannot be asked.
    """
    connection = PRESENT.connection
    if connection is None:
        raise ConnectError('there is nobody to ask yet: connect first, for example connect("hf")')
    with plain_words("asking whose token this is"):
        user = persistently(lambda: whoami(token=token))
    plan = Plan(
        name=name,
        repository=repository,
        hardware=hardware,
        max_replica=max_replica,
        connection=connection,
        user=user,
        rights=rights_of(user),
        token=token,
        state=state_of(name, namespace=connection.namespace, token=token),
    )
    return Preflight(tuple(question(plan) for question in QUESTIONS))
