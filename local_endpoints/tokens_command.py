"""The command ``tokens``: users and tokens of a service, made, listed and revoked by its owner."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, get_args

from local_endpoints.access import ACCOUNTS_FILE, ALL_PERMISSIONS, USER, Accounts
from local_endpoints.access.accounts import Contents, Record
from local_endpoints.access.permissions import MemberRole, TokenRole
from local_endpoints.access.token import Grant
from local_endpoints.access.user import NAME
from local_endpoints.errors import ServiceError
from local_endpoints.state_dir import check_state_dir, make_state_dir

MEMBER_ROLES = get_args(MemberRole)
COLUMNS = ("TOKEN", "USER", "RIGHTS", "ORGANIZATIONS", "ENDS", "MADE")


def add_parser(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command to those of ``python -m local_endpoints``."""
    tokens = commands.add_parser("tokens", help="users, organizations and their tokens")
    verbs = tokens.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", parents=[common], help="who has which tokens; their text is not kept")
    add = verbs.add_parser(
        "add",
        parents=[common],
        help="make a token for each user and print it, this once. It holds until it is revoked",
    )
    add.add_argument("name", type=_name, help="of the token")
    add.add_argument(
        "--user",
        nargs="+",
        type=_name,
        default=[USER],
        metavar="USER",
        help="whose it is; new ones are made (default: %(default)s)",
    )
    add.add_argument(
        "--org",
        action="append",
        default=[],
        type=_membership,
        metavar="ORG:ROLE",
        help=f"make them members of an organization: {', '.join(MEMBER_ROLES)}",
    )
    kind = add.add_mutually_exclusive_group()
    kind.add_argument(
        "--role", choices=("read", "write"), default="write", help="default: %(default)s"
    )
    kind.add_argument(
        "--permission",
        action="append",
        default=[],
        type=_permission,
        metavar="[NAMESPACE:]PERMISSION",
        help="instead of a role, a fine-grained token with these: "
        f"{', '.join(sorted(ALL_PERMISSIONS))}; in the user's own namespace or the one named",
    )
    add.add_argument(
        "--gated",
        action="store_true",
        help="let a fine-grained token read gated repositories; those with a role do",
    )
    add.add_argument(
        "--terms",
        action=argparse.BooleanOptionalAction,
        help="whether the users have agreed to the terms of gated repositories (default: yes)",
    )
    revoke = verbs.add_parser("revoke", parents=[common], help="accept a token no longer")
    revoke.add_argument("name", help="of the token")
    revoke.add_argument("--user", nargs="+", metavar="USER", help="whose (default: everybody's)")


def run(options: argparse.Namespace, state_dir: Path) -> int:
    """Run the command and return 0. Raises: ServiceError, OSError."""
    verbs = {"list": _list, "add": _add, "revoke": _revoke}
    verbs[options.verb](options, state_dir)
    return 0


def _list(options: argparse.Namespace, state_dir: Path) -> None:
    check_state_dir(state_dir)
    contents = Accounts(state_dir / ACCOUNTS_FILE).load()
    if not contents.records:
        print(f"No tokens in {state_dir}, but the service's own. Make some with `tokens add`")
        return
    rows = [COLUMNS, *(_row(contents, record) for record in contents.records)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _row(contents: Contents, record: Record) -> tuple[str, ...]:
    user, grant = contents.user(record.user), record.grant
    rights = [
        grant.role,
        *(
            f"{namespace}:{permission}"
            for namespace, permissions in grant.permissions.items()
            for permission in sorted(permissions)
        ),
        *["gated"] * grant.gated,
        *["no-terms"] * (not user.terms),
    ]
    memberships = [f"{name}:{role}" for name, role in user.organizations.items()]
    places = ",".join(memberships) or "-"
    ending = f"…{record.ending}"
    return grant.name, user.name, ",".join(rights), places, ending, grant.created_at


def _add(options: argparse.Namespace, state_dir: Path) -> None:
    if options.gated and not options.permission:
        raise ServiceError(
            "--gated goes with --permission: a token with a role needs no box for it"
        )
    make_state_dir(state_dir)
    made_at = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    grants = {}
    for user in options.user:
        permissions: dict[str, frozenset[str]] = {}
        for namespace, permission in options.permission:
            place = namespace or user
            permissions[place] = permissions.get(place, frozenset()) | {permission}
        role: TokenRole = "fineGrained" if permissions else options.role
        grants[user] = Grant(options.name, role, permissions, options.gated, made_at)
    accounts = Accounts(state_dir / ACCOUNTS_FILE)
    texts = accounts.add(grants, organizations=dict(options.org), terms=options.terms)
    for user, text in texts.items():
        print(f"{user}  {text}")
    print("Shown this once: only their hashes are kept.", file=sys.stderr)


def _revoke(options: argparse.Namespace, state_dir: Path) -> None:
    make_state_dir(state_dir)
    for record in Accounts(state_dir / ACCOUNTS_FILE).revoke(options.name, options.user):
        print(f"Revoked {record.grant.name} of {record.user}, …{record.ending}")


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no name: up to 42 letters, digits, dots, - and _, not at the ends"
        )
    return text


def _membership(text: str) -> tuple[str, str]:
    organization, _, role = text.rpartition(":")
    if role not in MEMBER_ROLES:
        raise argparse.ArgumentTypeError(f"{text!r}: ORG:ROLE with {', '.join(MEMBER_ROLES)}")
    return _name(organization), role


def _permission(text: str) -> tuple[str, str]:
    namespace, _, permission = text.rpartition(":")
    if permission not in ALL_PERMISSIONS:
        raise argparse.ArgumentTypeError(
            f"{text!r} names none of {', '.join(sorted(ALL_PERMISSIONS))}"
        )
    return namespace, permission
