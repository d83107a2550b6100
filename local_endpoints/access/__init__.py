"""Who may do what: users, their organizations and their tokens.

What the rest of the service needs of it has its name here.
"""

from __future__ import annotations

from local_endpoints.access.access import Access
from local_endpoints.access.permissions import ALL_PERMISSIONS, INFER, READ, WRITE
from local_endpoints.access.register import REGISTER_FILE, Register
from local_endpoints.access.token import Token
from local_endpoints.access.user import NAMESPACES, ORGANIZATION, USER

__all__ = [
    "ALL_PERMISSIONS",
    "INFER",
    "NAMESPACES",
    "ORGANIZATION",
    "READ",
    "REGISTER_FILE",
    "USER",
    "WRITE",
    "Access",
    "Register",
    "Token",
]
