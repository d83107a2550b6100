"""Whether images come from the web.

The real servers fetch whatever they are told to. This service runs on a learner's own computer, and
fetches only where the endpoint's environment says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from local_endpoints.replicas.wire import ConfigurationError

_CHOICES = {"1": True, "true": True, "0": False, "false": False}


def fetches_images(env: Mapping[str, str]) -> bool:
    """What ``POCKET_FETCH_IMAGES`` says, which is this service's own variable; no by default.

    Raises:
        ConfigurationError: it says neither yes nor no.
    """
    given = env.get("POCKET_FETCH_IMAGES", "0")
    try:
        return _CHOICES[given.lower()]
    except KeyError:
        raise ConfigurationError(
            f"POCKET_FETCH_IMAGES={given}: expected 1 or true, to fetch pictures from http "
            "addresses, or 0 or false, to refuse them"
        ) from None
