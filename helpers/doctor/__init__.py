"""Does the course run on this computer? To be tried the day before.

    python -m helpers.doctor

It looks at Python, packages, disk, memory and loopback network, starts a local service of its own
in a temporary folder (one that runs already is left alone), and asks each of the lessons' models
one question. Where a hub or a teacher named a service for all (``LOCAL_ENDPOINTS_URL``), it asks
that one whose the token is, and starts nothing: a whole class may be trying at once. Every line
says what was found, and what to do where something is wrong. Status 0 when all is well, 1
otherwise.
"""

from __future__ import annotations

from helpers.doctor.computer import COMPUTER
from helpers.doctor.models import MODELS
from helpers.doctor.report import Check, NotWellError, examine
from helpers.doctor.service import check_shared_service, own_service

__all__ = [
    "COMPUTER",
    "MODELS",
    "Check",
    "NotWellError",
    "check_shared_service",
    "examine",
    "own_service",
]
