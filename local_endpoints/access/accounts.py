"""The users and tokens that were made by hand, in one private file of the state directory.

``tokens add`` and ``tokens revoke`` write it, whether a service runs or not; a service that does
looks at it with every request. Of a token, only its hash is in there.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from local_endpoints.access.permissions import MemberRole
from local_endpoints.access.token import Grant, Token, new_token
from local_endpoints.access.user import LOCAL_USER, User
from local_endpoints.door.quiet import AtMost
from local_endpoints.errors import ServiceError
from local_endpoints.proof import digest_of
from local_endpoints.state_dir import write_private

logger = logging.getLogger(__name__)
logger.addFilter(AtMost())

ACCOUNTS_FILE = "accounts.json"
LOCK_SECONDS = 10.0
SHOWN = 4


@dataclass(frozen=True)
class Record:
    """A token that was made by hand.

    Attributes:
        user: its user's name.
        grant: what it is for.
        digest: ``digest_of`` its text.
        ending: the last characters of its text, to recognize it by.
    """

    user: str
    grant: Grant
    digest: str
    ending: str


@dataclass
class Contents:
    """All that the file says. A user is known for as long as they have a token."""

    format: Literal[1] = 1
    users: dict[str, User] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)

    def user(self, name: str) -> User:
        """The user of that name, who may be a new one. The local user is in their class whatever
        the file says."""
        known = self.users.get(name, User(name))
        if name == LOCAL_USER.name:
            return replace(known, organizations=known.organizations | LOCAL_USER.organizations)
        return known

    @property
    def organizations(self) -> set[str]:
        """Those that anybody is in."""
        users = (LOCAL_USER, *self.users.values())
        return {organization for user in users for organization in user.organizations}

    def tokens(self) -> list[tuple[str, Token]]:
        """Each token with its digest."""
        return [(each.digest, Token(self.user(each.user), each.grant)) for each in self.records]


_FILE = TypeAdapter(Contents)


class Accounts:
    """The file, and what it said when it was last read.

    Args:
        path: it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._contents = Contents()
        self._tokens: list[tuple[str, Token]] = []

    @property
    def contents(self) -> Contents:
        """What the file says now. While it cannot be read as what it should be, nobody is known;
        while the system does not let us read it, those are known who were."""
        try:
            seen = _fingerprint(self._path)
            if seen != self._seen:
                self._contents = _read_or_nobody(self._path) if seen else Contents()
                self._tokens, self._seen = self._contents.tokens(), seen
        except OSError as error:
            logger.warning("%s cannot be read now: %s", self._path, error)
        return self._contents

    def load(self) -> Contents:
        """What the file says, for one who wants to change or to see it.

        Raises:
            ServiceError: it is not what it should be.
            OSError: it cannot be read.
        """
        return _read(self._path) if self._path.exists() else Contents()

    def tokens(self) -> Sequence[tuple[str, Token]]:
        """Each token that is accepted now, with its digest."""
        _ = self.contents
        return self._tokens

    def add(
        self,
        grants: Mapping[str, Grant],
        *,
        organizations: Mapping[str, MemberRole] | None = None,
        terms: bool | None = None,
    ) -> dict[str, str]:
        """Make a token for each user; all or none.

        Args:
            grants: by the user's name. A user who is not known yet is made.
            organizations: roles that all these users have from now on.
            terms: whether they have agreed to the terms of gated repositories; ``None``, the
                default, leaves it as it is, and new users have.

        Returns:
            The tokens' texts, by user. Nobody can read them again.

        Raises:
            ServiceError: a user has a token of that name, a name is in use for another thing, or
                a permission is for a namespace that its user is not in.
        """
        with self._changed() as contents:
            texts = {}
            for name, grant in grants.items():
                user = contents.user(name)
                user = replace(
                    user,
                    organizations=user.organizations | dict(organizations or {}),
                    terms=user.terms if terms is None else terms,
                )
                contents.users[name] = user
                texts[name] = new_token()
                _check(contents, user, grant, organizations or {})
                ending = texts[name][-SHOWN:]
                contents.records.append(Record(name, grant, digest_of(texts[name]), ending))
        return texts

    def revoke(self, name: str, users: Collection[str] | None = None) -> list[Record]:
        """Accept the tokens of that name no longer. A user without tokens is forgotten.

        Args:
            users: whose; all who have one by default.

        Returns:
            The tokens that are gone.

        Raises:
            ServiceError: there is none.
        """
        with self._changed() as contents:
            gone = [
                each
                for each in contents.records
                if each.grant.name == name and (users is None or each.user in users)
            ]
            if not gone:
                raise ServiceError(f"no token {name} to revoke: see `tokens list`")
            contents.records = [each for each in contents.records if each not in gone]
            left = {each.user for each in contents.records}
            contents.users = {name: user for name, user in contents.users.items() if name in left}
        return gone

    @contextlib.contextmanager
    def _changed(self) -> Iterator[Contents]:
        """What the file says, to be changed by one process at a time and then written."""
        lock = FileLock(self._path.with_suffix(".lock"), mode=0o600, timeout=LOCK_SECONDS)
        try:
            with lock:
                contents = self.load()
                yield contents
                write_private(self._path, _FILE.dump_json(contents, indent=1).decode())
        except Timeout:
            raise ServiceError(
                f"another process has been changing {self._path} for {LOCK_SECONDS:.0f} s: "
                "try again"
            ) from None


def _fingerprint(path: Path) -> tuple[int, ...] | None:
    """What differs as soon as the file is another one; ``None`` where there is none."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size


def _read_or_nobody(path: Path) -> Contents:
    try:
        return _read(path)
    except ServiceError as error:
        logger.warning("%s. Until then its tokens are refused", error)
        return Contents()


def _read(path: Path) -> Contents:
    try:
        return _FILE.validate_json(path.read_bytes())
    except ValidationError:
        raise ServiceError(
            f"{path} is not what this version writes: repair it, or remove it and all its tokens"
        ) from None


def _check(
    contents: Contents, user: User, grant: Grant, organizations: Mapping[str, MemberRole]
) -> None:
    names = {*contents.users, LOCAL_USER.name}
    for name in names & contents.organizations:
        raise ServiceError(f"{name} cannot be a user and an organization: choose another name")
    if user.name == LOCAL_USER.name and LOCAL_USER.organizations.keys() & organizations.keys():
        raise ServiceError(f"{user.name} is always admin of {', '.join(LOCAL_USER.organizations)}")
    for namespace in set(grant.permissions) - set(user.namespaces):
        raise ServiceError(
            f"{user.name} is not in {namespace}: add --org {namespace}:ROLE to make them a member"
        )
    if any((each.user, each.grant.name) == (user.name, grant.name) for each in contents.records):
        raise ServiceError(f"{user.name} has a token {grant.name}: revoke it, or name another")
