"""Who may do what: users, their organizations and their tokens.

What the rest of the service needs of it has its name here.
"""

from __future__ import annotations

from local_endpoints.access.access import Access, Directory
from local_endpoints.access.accounts import ACCOUNTS_FILE, Accounts
from local_endpoints.access.permissions import ALL_PERMISSIONS, INFER, READ, WRITE
from local_endpoints.access.token import Token
from local_endpoints.access.user import NAMESPACES, ORGANIZATION, USER

__all__ = [
    "ACCOUNTS_FILE",
    "ALL_PERMISSIONS",
    "INFER",
    "NAMESPACES",
    "ORGANIZATION",
    "READ",
    "USER",
    "WRITE",
    "Access",
    "Accounts",
    "Directory",
    "Token",
]
